//! `checkpoint`, which older versions of Orbax wrote beside or instead of `_METADATA`: the tree in the format of Flax,
//! whose leaves are values, or texts that name an array of the directory.

use super::metadata::{Kind, Leaf};
use super::store::Blob;
use crate::error::Result;
use crate::formats::msgpack;
use crate::variables::{Entry, Path, Value};

/// The name of the file.
pub(super) const FILE: &str = "checkpoint";

/// What stands in front of the name of an array.
const PLACEHOLDER: &str = "PLACEHOLDER://";

/// Bytes that the file may have: arrays may stand in it.
const LONGEST: u64 = 1 << 32;

/// Values, and arrays by their names.
#[derive(Debug, Default)]
pub(super) struct Aggregate {
    pub(super) entries: Vec<(Path, Entry)>,
    pub(super) arrays: Vec<(Leaf, String)>,
}

/// Reads the tree.
///
/// # Errors
///
/// [`Error::Format`](crate::Error::Format) where it is not in the format of Flax.
pub(super) fn read(blob: &Blob) -> Result<Aggregate> {
    let bytes = blob.read(LONGEST)?;
    let variables = msgpack::from_bytes(&bytes).map_err(|error| match blob.file() {
        Some(file) => error.in_file(&file),
        None => error,
    })?;
    let mut aggregate = Aggregate::default();
    for (path, entry) in &variables {
        match entry {
            Entry::Value(Value::Str(text)) if text.starts_with(PLACEHOLDER) => {
                let name = text.strip_prefix(PLACEHOLDER).unwrap_or_default().to_owned();
                aggregate.arrays.push((Leaf { path: path.clone(), kind: Kind::Array, aside: false }, name));
            }
            entry => aggregate.entries.push((path.clone(), entry.clone())),
        }
    }
    Ok(aggregate)
}

/// Whether bytes begin like a tree in the format of Flax.
pub(super) fn begins(first: u8) -> bool {
    matches!(first, 0x80..=0x8f | 0xde | 0xdf)
}
