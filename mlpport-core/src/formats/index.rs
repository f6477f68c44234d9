//! The structure of a checkpoint: what stands where, with the arrays still in their files.

use std::collections::BTreeMap;
use std::fmt::{self, Write};
use std::ops::Range;
use std::sync::Arc;

use super::source::Source;
use crate::error::{Error, Result};
use crate::tensor::{BytesError, DType, FillError, Shape, Tensor};
use crate::variables::{Entry, Path};

/// Everything in a checkpoint, by path, each path once.
#[derive(Debug, Default)]
pub(super) struct Index<'a> {
    entries: BTreeMap<Path, Slot<'a>>,
}

/// What stands at a path.
#[derive(Debug)]
pub(super) enum Slot<'a> {
    /// An array that is still in its file.
    Array(ArraySlot<'a>),
    /// Anything else: it is small, and was read with the structure.
    Entry(Entry),
}

/// An array that is still in its file. Shape and dtype were compared with the number of bytes that are there,
/// or are by [`ArrayData::check`].
#[derive(Debug)]
pub(super) struct ArraySlot<'a> {
    pub(super) dtype: DType,
    pub(super) shape: Shape,
    pub(super) data: Box<dyn ArrayData + 'a>,
}

/// Where the elements of an array are, and how they are read.
pub(super) trait ArrayData: std::fmt::Debug + Send + Sync {
    /// Looks, before memory is asked for, whether there are as many elements as dtype and shape claim.
    ///
    /// # Errors
    ///
    /// As [`read_into`](Self::read_into).
    fn check(&self) -> Result<()> {
        Ok(())
    }

    /// Writes the elements to `out`, in C order and little endian, and nothing but all of it.
    ///
    /// `out` is as long as dtype and shape demand, and zeros before.
    ///
    /// # Errors
    ///
    /// [`Error::Io`] where a file cannot be read, [`Error::Format`] where it is damaged.
    fn read_into(&self, out: &mut [u8]) -> Result<()>;

    /// The error of an element that is not what its dtype allows, which begins at byte `index` of `out`.
    fn fault(&self, index: usize, expected: String, found: String) -> Error;
}

impl ArraySlot<'_> {
    /// The array, read from its file to where it stays.
    ///
    /// # Errors
    ///
    /// Those of [`ArrayData::read_into`]; also where there is not enough memory.
    pub(super) fn read(&self) -> Result<Tensor> {
        self.data.check()?;
        let read = Tensor::filled_by(self.dtype, &self.shape, Box::new(|out| self.data.read_into(out)));
        read.map_err(|error| match error {
            FillError::Fill(error) => error,
            FillError::Bytes(BytesError::Bool { index, found }) => {
                self.data.fault(index, "0 or 1 for a bool".to_owned(), found.to_string())
            }
            FillError::Bytes(_) => {
                let expected = "a shape that fits into memory".to_owned();
                self.data.fault(0, expected, format!("{} {}", self.dtype, self.shape))
            }
        })
    }
}

/// Elements that stand in a file as they stand in memory, in one or several parts.
#[derive(Debug)]
pub(super) struct Parts<'a> {
    pub(super) source: Arc<Source<'a>>,
    pub(super) format: &'static str,
    /// Ranges of whole elements, each within the source.
    pub(super) ranges: Vec<Range<u64>>,
}

impl ArrayData for Parts<'_> {
    fn read_into(&self, mut out: &mut [u8]) -> Result<()> {
        for range in &self.ranges {
            let length = usize::try_from(range.end.saturating_sub(range.start)).unwrap_or(usize::MAX).min(out.len());
            let (part, rest) = std::mem::take(&mut out).split_at_mut(length);
            self.source.read_into(range.start, part)?;
            out = rest;
        }
        Ok(())
    }

    fn fault(&self, index: usize, expected: String, found: String) -> Error {
        let mut left = u64::try_from(index).unwrap_or(u64::MAX);
        let mut offset = 0;
        for range in &self.ranges {
            let length = range.end.saturating_sub(range.start);
            offset = range.start.saturating_add(left.min(length));
            if left < length {
                break;
            }
            left -= length;
        }
        self.source.fault(self.format, offset, expected, found)
    }
}

impl<'a> Index<'a> {
    /// Adds what stands at a path.
    ///
    /// # Errors
    ///
    /// What stands there already, where the path is taken or one is below the other.
    pub(super) fn insert(&mut self, path: Path, slot: Slot<'a>) -> Result<(), Path> {
        if let Some(taken) = self.taken(&path) {
            return Err(taken);
        }
        self.entries.insert(path, slot);
        Ok(())
    }

    /// Adds what stands at a path of which the caller knows that it is free.
    pub(super) fn insert_unique(&mut self, path: Path, slot: Slot<'a>) {
        self.entries.insert(path, slot);
    }

    /// The path that keeps another one from being added: the same, one above, or one below.
    fn taken(&self, path: &Path) -> Option<Path> {
        let mut above = Some(path.clone());
        while let Some(place) = above {
            if self.entries.contains_key(&place) {
                return Some(place);
            }
            above = place.parent();
        }
        let (below, _) = self.entries.range(path..).next()?;
        below.starts_with(path).then(|| below.clone())
    }

    pub(super) fn entries(&self) -> impl ExactSizeIterator<Item = (&Path, &Slot<'a>)> + DoubleEndedIterator {
        self.entries.iter()
    }

    pub(super) fn get(&self, path: &Path) -> Option<&Slot<'a>> {
        self.entries.get(path)
    }

    /// What stands below a path, and at it.
    pub(super) fn below<'i>(&'i self, front: &'i Path) -> impl Iterator<Item = (&'i Path, &'i Slot<'a>)> {
        self.entries.range(front..).take_while(move |(path, _)| path.starts_with(front))
    }

    /// Everything, each entry given away, in path order.
    pub(super) fn into_entries(self) -> impl Iterator<Item = (Path, Slot<'a>)> {
        self.entries.into_iter()
    }
}

impl Slot<'_> {
    /// What stands here, read if it is an array.
    ///
    /// # Errors
    ///
    /// As [`ArraySlot::read`].
    pub(super) fn read(&self) -> Result<Entry> {
        match self {
            Self::Array(array) => array.read().map(Entry::Tensor),
            Self::Entry(entry) => Ok(entry.clone()),
        }
    }

    /// The same of what stands at `path`, which errors name.
    ///
    /// # Errors
    ///
    /// As [`ArraySlot::read`].
    pub(super) fn read_at(&self, path: &Path) -> Result<Entry> {
        self.read().map_err(|error| in_entry(error, path))
    }
}

/// Says in an error about bytes which entry they belong to.
pub(super) fn in_entry(error: Error, path: &Path) -> Error {
    match error {
        Error::Format { file, format, offset, expected, found } if !path.is_empty() => {
            let found = format!("{found} (in {})", in_short(path));
            Error::Format { file, format, offset, expected, found }
        }
        other => other,
    }
}

/// Bytes of a path that an error shows.
const SHOWN: usize = 400;

/// A path as an error shows it: cut where it is long, lest a name of many megabytes become several times as many.
pub(super) fn in_short(path: &Path) -> String {
    struct Short(String);

    impl fmt::Write for Short {
        fn write_str(&mut self, text: &str) -> fmt::Result {
            if self.0.len() + text.len() > SHOWN {
                self.0.push('…');
                return Err(fmt::Error);
            }
            self.0.push_str(text);
            Ok(())
        }
    }

    let mut short = Short(String::new());
    // It fails where the path is cut.
    let _ = write!(short, "{path}");
    short.0
}

impl<'a> From<ArraySlot<'a>> for Slot<'a> {
    fn from(array: ArraySlot<'a>) -> Self {
        Self::Array(array)
    }
}

impl From<Entry> for Slot<'_> {
    fn from(entry: Entry) -> Self {
        Self::Entry(entry)
    }
}
