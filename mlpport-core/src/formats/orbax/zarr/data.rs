//! The elements of an array, chunk by chunk.

use std::path::PathBuf;
use std::sync::Arc;

use super::chunk::{Elements, Encoding, length};
use super::grid::{Places, Target, origin};
use super::{Array, in_key};
use crate::error::{Error, Result};
use crate::formats::index::ArrayData;
use crate::formats::orbax::NAME;
use crate::formats::orbax::json::quoted;
use crate::formats::orbax::store::{Blob, Store};

/// Bytes that an array may claim before its chunks are looked at.
const CLAIM: u64 = 64 << 20;

/// Chunks that need not be there.
const MOST_MISSING: usize = 65_536;

/// An array in a store.
#[derive(Debug)]
pub(super) struct Chunks {
    pub(super) store: Arc<dyn Store>,
    /// What stands in front of the keys of the chunks.
    pub(super) front: String,
    /// The file of the structure, for errors. It is not kept open, as there may be thousands.
    pub(super) file: Option<PathBuf>,
    pub(super) array: Array,
}

/// A chunk of elements of which some are within the array; of a shard that is not there, all in one.
struct Chunk<'c> {
    origin: &'c [usize],
    shape: &'c [usize],
    blob: Option<Blob>,
}

/// How many bytes of an array there are.
#[derive(Debug, Default, Clone, Copy)]
pub(in crate::formats::orbax) struct Stored {
    /// In the store.
    pub(in crate::formats::orbax) bytes: u64,
    /// Those of elements that are not there, and have the fill value.
    pub(in crate::formats::orbax) filled: u64,
    /// Whether some are compressed.
    packed: bool,
}

impl Chunks {
    fn each(&self, mut take: impl FnMut(Chunk<'_>) -> Result<()>) -> Result<()> {
        let array = &self.array;
        for place in Places::new(&array.shape, &array.chunk) {
            let key = format!("{}{}", self.front, array.keys.key(&place));
            let named = |error| in_key(error, &key);
            let outer = origin(&place, &array.chunk);
            let blob = self.store.get(&key)?;
            let (Encoding::Shards(shards), Some(shard)) = (&array.encoding, &blob) else {
                self.may_be_missing(&blob, &key)?;
                take(Chunk { origin: &outer, shape: &array.chunk, blob }).map_err(named)?;
                continue;
            };
            for (place, blob) in shards.inner(shard, &array.chunk).map_err(named)? {
                let inner = origin(&place, &shards.chunk);
                let origin: Vec<usize> =
                    outer.iter().zip(inner).map(|(outer, inner)| outer.saturating_add(inner)).collect();
                if origin.iter().zip(array.shape.iter()).any(|(start, length)| start >= length) {
                    continue;
                }
                self.may_be_missing(&blob, &key)?;
                take(Chunk { origin: &origin, shape: &shards.chunk, blob }).map_err(named)?;
            }
        }
        Ok(())
    }

    /// An error about the array as a whole.
    fn fault_of(&self, expected: impl Into<String>, found: impl Into<String>) -> Error {
        let (expected, found) = (expected.into(), found.into());
        Error::Format { file: self.file.clone(), format: NAME, offset: 0, expected, found }
    }

    fn may_be_missing(&self, blob: &Option<Blob>, key: &str) -> Result<()> {
        if blob.is_some() || self.array.fill.is_some() {
            return Ok(());
        }
        let found = "nothing there, and nothing that says that the fill value stands for it; copy the directory whole";
        Err(self.fault_of(format!("the chunk `{}`", quoted(key)), found))
    }

    fn elements(&self) -> &Elements {
        match &self.array.encoding {
            Encoding::Elements(elements) => elements,
            Encoding::Shards(shards) => &shards.elements,
        }
    }

    /// Looks at all chunks, and at how long they are; what is compressed is decompressed, and left, where `unpacked`.
    ///
    /// # Errors
    ///
    /// [`Error::Format`] where a chunk is not there, has another length, or more than 65,536 are not there.
    pub(super) fn stored(&self, unpacked: bool) -> Result<Stored> {
        let (mut stored, mut missing) = (Stored::default(), 0);
        let size = self.array.dtype.size();
        self.each(|chunk| {
            let length = length(chunk.shape, size);
            let Some(blob) = chunk.blob else {
                missing += 1;
                stored.filled = stored.filled.saturating_add(u64::try_from(length).unwrap_or(u64::MAX));
                if missing > MOST_MISSING {
                    let expected = format!("at most {MOST_MISSING} chunks that are not there");
                    return Err(self.fault_of(expected, "more"));
                }
                return Ok(());
            };
            let (bytes, packed) = self.elements().check(blob, length, unpacked)?;
            stored.bytes = stored.bytes.saturating_add(bytes);
            stored.packed |= packed;
            Ok(())
        })?;
        Ok(stored)
    }
}

impl ArrayData for Chunks {
    /// A claim is believed where it is small. A larger one is where the store holds nearly as much; and where the chunks
    /// are much smaller than the array, they are decompressed once to see that it is all there.
    fn check(&self) -> Result<()> {
        let size = u64::try_from(length(&self.array.shape, self.array.dtype.size())).unwrap_or(u64::MAX);
        if size <= CLAIM {
            return Ok(());
        }
        let stored = self.stored(false)?;
        if stored.packed && size > CLAIM.saturating_add(stored.bytes.saturating_mul(2)) {
            self.stored(true)?;
        }
        Ok(())
    }

    fn read_into(&self, out: &mut [u8]) -> Result<()> {
        let array = &self.array;
        let mut target = Target { out, shape: &array.shape, size: array.dtype.size() };
        self.each(|chunk| match (chunk.blob, &array.fill) {
            (Some(blob), _) => self.elements().read(&blob, &mut target, chunk.origin, chunk.shape),
            (None, Some(fill)) => {
                let filled = target.fill(chunk.origin, chunk.shape, fill);
                filled.ok_or_else(|| self.fault_of("a chunk within the array", "one outside of it"))
            }
            (None, None) => Ok(()),
        })
    }

    fn fault(&self, index: usize, expected: String, found: String) -> Error {
        let element = index / self.array.dtype.size().max(1);
        let error = self.fault_of(expected, format!("{found}, as element {element}"));
        in_key(error, &self.front)
    }
}
