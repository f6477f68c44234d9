//! Where the values of an Orbax checkpoint are: in the files of its directory, or in an OCDBT store.

use std::ops::Range;
use std::path::{Path as FilePath, PathBuf};
use std::sync::Arc;

use super::NAME;
use super::ocdbt::Ocdbt;
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

/// A file that is opened where it is read, so that the values of many files can be held at a time.
pub(super) trait Opener: std::fmt::Debug + Send + Sync {
    /// # Errors
    ///
    /// [`Error::Io`] where it cannot be opened.
    fn source(&self) -> Result<Arc<Source<'static>>>;

    /// Its path, for errors.
    fn path(&self) -> PathBuf;
}

/// A value: a range of bytes that lies within its source.
#[derive(Debug, Clone)]
pub(super) struct Blob {
    place: Place,
    range: Range<u64>,
}

#[derive(Debug, Clone)]
enum Place {
    Source(Arc<Source<'static>>),
    File(Arc<dyn Opener>),
}

impl Blob {
    /// # Errors
    ///
    /// [`Error::Format`] where the range is not within the source.
    pub(super) fn new(source: Arc<Source<'static>>, range: Range<u64>) -> Result<Self> {
        within(&source, &range)?;
        Ok(Self { place: Place::Source(source), range })
    }

    /// A range of a file, which is not kept open.
    ///
    /// # Errors
    ///
    /// [`Error::Format`] where the range is not within the file, [`Error::Io`] where it cannot be opened.
    pub(super) fn in_file(file: Arc<dyn Opener>, range: Range<u64>) -> Result<Self> {
        within(&*file.source()?, &range)?;
        Ok(Self { place: Place::File(file), range })
    }

    /// Bytes that were decoded from others.
    pub(super) fn memory(bytes: Vec<u8>) -> Self {
        let source = Source::memory(bytes);
        let range = 0..source.length();
        Self { place: Place::Source(Arc::new(source)), range }
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
        Ok(Self { place: self.place.clone(), range: start + part.start..start + part.end })
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
        self.source()?.read(self.range.clone())
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
        self.source()?.read_into(self.range.start + offset, out)
    }

    /// Names the file of this value in an error about its bytes.
    pub(super) fn name_in(&self, error: Error) -> Error {
        match self.file() {
            Some(file) => error.in_file(&file),
            None => error,
        }
    }

    /// The file of this value, where it is in one.
    pub(super) fn file(&self) -> Option<PathBuf> {
        match &self.place {
            Place::Source(source) => source.file().map(FilePath::to_owned),
            Place::File(file) => Some(file.path()),
        }
    }

    /// An error about the bytes at an offset in the value.
    pub(super) fn fault(&self, offset: u64, expected: impl Into<String>, found: impl Into<String>) -> Error {
        let offset = self.range.start.saturating_add(offset);
        match &self.place {
            Place::Source(source) => source.fault(NAME, offset, expected, found),
            Place::File(file) => {
                let (expected, found) = (expected.into(), found.into());
                Error::Format { file: Some(file.path()), format: NAME, offset, expected, found }
            }
        }
    }

    fn source(&self) -> Result<Arc<Source<'static>>> {
        match &self.place {
            Place::Source(source) => Ok(Arc::clone(source)),
            Place::File(file) => file.source(),
        }
    }
}

fn within(source: &Source, range: &Range<u64>) -> Result<()> {
    if range.start > range.end || range.end > source.length() {
        let (expected, found) = (format!("bytes within {}", source.length()), format!("{range:?}"));
        return Err(source.fault(NAME, range.start, expected, found));
    }
    Ok(())
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
    Ok(Arc::new(Ocdbt::open(folder)?))
}
