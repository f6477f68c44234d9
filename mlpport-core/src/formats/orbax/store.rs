//! Where the values of an Orbax checkpoint are: in the files of its directory, or in an OCDBT store.

use std::ops::Range;
use std::path::PathBuf;
use std::sync::Arc;

use super::NAME;
use crate::error::{Error, Result};
use crate::formats::folder::Folder;
use crate::formats::source::Source;

/// Values by key, such as `params.Dense_0.kernel/.zarray`.
pub(super) trait Store: std::fmt::Debug + Send + Sync {
    /// The value of a key; `None` where there is none.
    ///
    /// # Errors
    ///
    /// Where the store cannot be read or is damaged, and for a key that leads out of it.
    fn get(&self, key: &str) -> Result<Option<Blob>>;
}

/// A value: a range of bytes that lies within its source.
#[derive(Debug, Clone)]
pub(super) struct Blob {
    source: Arc<Source<'static>>,
    range: Range<u64>,
}

impl Blob {
    /// # Errors
    ///
    /// [`Error::Format`] where the range is not within the source.
    pub(super) fn new(source: Arc<Source<'static>>, range: Range<u64>) -> Result<Self> {
        if range.start > range.end || range.end > source.length() {
            let (expected, found) = (format!("bytes within {}", source.length()), format!("{range:?}"));
            return Err(source.fault(NAME, range.start, expected, found));
        }
        Ok(Self { source, range })
    }

    /// Bytes that were decoded from others.
    pub(super) fn memory(bytes: Vec<u8>) -> Self {
        let source = Source::memory(bytes);
        let range = 0..source.length();
        Self { source: Arc::new(source), range }
    }

    pub(super) fn length(&self) -> u64 {
        self.range.end - self.range.start
    }

    /// A part of this value.
    ///
    /// # Errors
    ///
    /// [`Error::Format`] where the value ends before.
    pub(super) fn part(&self, part: Range<u64>) -> Result<Self> {
        if part.start > part.end || part.end > self.length() {
            let (expected, found) = (format!("bytes within {}", self.length()), format!("{part:?}"));
            return Err(self.fault(0, expected, found));
        }
        let start = self.range.start;
        Ok(Self { source: Arc::clone(&self.source), range: start + part.start..start + part.end })
    }

    /// All bytes, of a value that is at most `most` long.
    ///
    /// # Errors
    ///
    /// [`Error::Format`] where it is longer, [`Error::Io`] where it cannot be read.
    pub(super) fn read(&self, most: u64) -> Result<Vec<u8>> {
        if self.length() > most {
            return Err(self.fault(0, format!("at most {most} bytes"), self.length().to_string()));
        }
        self.source.read(self.range.clone())
    }

    /// Fills `out` with the bytes from `offset` on.
    ///
    /// # Errors
    ///
    /// [`Error::Format`] where the value ends before, [`Error::Io`] where it cannot be read.
    pub(super) fn read_into(&self, offset: u64, out: &mut [u8]) -> Result<()> {
        let wanted = u64::try_from(out.len()).unwrap_or(u64::MAX);
        let end = offset.checked_add(wanted).filter(|end| *end <= self.length());
        if end.is_none() {
            return Err(self.fault(offset, format!("{wanted} bytes"), format!("the end, at {}", self.length())));
        }
        self.source.read_into(self.range.start + offset, out)
    }

    /// The file of this value, where it is in one.
    pub(super) fn file(&self) -> Option<PathBuf> {
        match self.fault(0, "", "") {
            Error::Format { file, .. } => file,
            _ => None,
        }
    }

    /// An error about the bytes at an offset in the value.
    pub(super) fn fault(&self, offset: u64, expected: impl Into<String>, found: impl Into<String>) -> Error {
        self.source.fault(NAME, self.range.start.saturating_add(offset), expected, found)
    }
}

impl Store for Folder {
    fn get(&self, key: &str) -> Result<Option<Blob>> {
        let Some(source) = self.file_if_there(key)? else { return Ok(None) };
        let range = 0..source.length();
        Blob::new(Arc::new(source), range).map(Some)
    }
}

/// The store of a directory that has `manifest.ocdbt`.
///
/// # Errors
///
/// Where it cannot be read.
pub(super) fn open_ocdbt(folder: &Folder) -> Result<Arc<dyn Store>> {
    let expected = "arrays as files".to_owned();
    Err(Error::UnknownFormat { file: folder.path().to_owned(), expected, found: "an OCDBT store".to_owned() })
}
