//! The bytes of a file, read where they are needed and never all at once.

use std::borrow::Cow;
use std::fs::File;
use std::io;
use std::ops::Range;
use std::path::{Path as FilePath, PathBuf};

use super::shares::{SHARE, in_shares};
use crate::error::{Error, Result};

/// Bytes of known length: those of a file, or of memory.
#[derive(Debug)]
pub(super) struct Source<'a> {
    bytes: Bytes<'a>,
    length: u64,
    /// The file, where there is one, for errors.
    file: Option<PathBuf>,
}

#[derive(Debug)]
enum Bytes<'a> {
    File(File),
    Memory(Cow<'a, [u8]>),
}

impl Source<'static> {
    /// Opens a regular file; what is none, such as a FIFO, could be read without an end, or not at all.
    ///
    /// # Errors
    ///
    /// [`Error::Io`] where it cannot be opened, or is no regular file.
    pub(super) fn open(path: &FilePath) -> Result<Self> {
        let failed = |source| Error::Io { file: path.to_owned(), action: "read", source };
        // Asked first: to open a FIFO is to wait for who writes into it.
        regular(&std::fs::metadata(path).map_err(failed)?).map_err(failed)?;
        let file = File::open(path).map_err(failed)?;
        let metadata = file.metadata().map_err(failed)?;
        regular(&metadata).map_err(failed)?;
        Ok(Self { bytes: Bytes::File(file), length: metadata.len(), file: Some(path.to_owned()) })
    }
}

fn regular(metadata: &std::fs::Metadata) -> io::Result<()> {
    if metadata.is_dir() {
        return Err(io::Error::new(io::ErrorKind::IsADirectory, "it is a directory"));
    }
    if metadata.is_file() {
        return Ok(());
    }
    Err(io::Error::new(io::ErrorKind::InvalidInput, "it is not a regular file"))
}

impl<'a> Source<'a> {
    pub(super) fn memory(bytes: impl Into<Cow<'a, [u8]>>) -> Self {
        let bytes = bytes.into();
        let length = u64::try_from(bytes.len()).unwrap_or(u64::MAX);
        Self { bytes: Bytes::Memory(bytes), length, file: None }
    }

    /// The same bytes, which were made from those of a file; errors name it.
    #[cfg(feature = "orbax")]
    pub(super) fn made_from(self, file: PathBuf) -> Self {
        Self { file: Some(file), ..self }
    }

    /// The number of bytes.
    pub(super) fn length(&self) -> u64 {
        self.length
    }

    /// The file, where the bytes are those of one.
    #[cfg(any(feature = "npz", feature = "orbax"))]
    pub(super) fn file(&self) -> Option<&FilePath> {
        self.file.as_deref()
    }

    /// Fills `out` with the bytes from `offset` on, on several threads where there are many.
    ///
    /// # Errors
    ///
    /// [`Error::Io`] where the file cannot be read, or has become shorter.
    pub(super) fn read_into(&self, offset: u64, out: &mut [u8]) -> Result<()> {
        in_shares(SHARE, offset, out, |offset, out| self.read_share(offset, out))
    }

    fn read_share(&self, offset: u64, out: &mut [u8]) -> Result<()> {
        let result = match &self.bytes {
            Bytes::File(file) => read_exact_at(file, offset, out),
            Bytes::Memory(bytes) => usize::try_from(offset)
                .ok()
                .and_then(|offset| bytes.get(offset..)?.get(..out.len()))
                .map(|bytes| out.copy_from_slice(bytes))
                .ok_or_else(|| io::Error::from(io::ErrorKind::UnexpectedEof)),
        };
        result.map_err(|source| {
            let file = self.file.clone().unwrap_or_else(|| "memory".into());
            Error::Io { file, action: "read", source }
        })
    }

    /// The bytes of a range, which must lie within the source: a copy, for parts of a file that are small.
    ///
    /// # Errors
    ///
    /// As [`read_into`](Self::read_into); also where the range is not within the source.
    pub(super) fn read(&self, range: Range<u64>) -> Result<Vec<u8>> {
        let inside = range.start <= range.end && range.end <= self.length;
        let length = usize::try_from(range.end.saturating_sub(range.start)).ok().filter(|_| inside);
        let mut bytes = vec![0; length.unwrap_or_default()];
        if length.is_none() {
            let source = io::Error::from(io::ErrorKind::UnexpectedEof);
            let file = self.file.clone().unwrap_or_else(|| "memory".into());
            return Err(Error::Io { file, action: "read", source });
        }
        self.read_into(range.start, &mut bytes)?;
        Ok(bytes)
    }

    /// All bytes of a source that is at most `most` long.
    ///
    /// # Errors
    ///
    /// [`Error::Format`] where it is longer, and as [`read`](Self::read).
    pub(super) fn read_all(&self, format: &'static str, most: u64) -> Result<Vec<u8>> {
        if self.length > most {
            return Err(self.fault(format, most, format!("at most {most} bytes"), format!("{}", self.length)));
        }
        self.read(0..self.length)
    }

    /// An error about the bytes at an offset.
    pub(super) fn fault(
        &self,
        format: &'static str,
        offset: u64,
        expected: impl Into<String>,
        found: impl Into<String>,
    ) -> Error {
        Error::Format { file: self.file.clone(), format, offset, expected: expected.into(), found: found.into() }
    }
}

#[cfg(unix)]
fn read_exact_at(file: &File, offset: u64, out: &mut [u8]) -> io::Result<()> {
    std::os::unix::fs::FileExt::read_exact_at(file, out, offset)
}

#[cfg(windows)]
fn read_exact_at(file: &File, mut offset: u64, mut out: &mut [u8]) -> io::Result<()> {
    while !out.is_empty() {
        match std::os::windows::fs::FileExt::seek_read(file, out, offset) {
            Ok(0) => return Err(io::ErrorKind::UnexpectedEof.into()),
            Ok(read) => {
                out = &mut std::mem::take(&mut out)[read..];
                offset += read as u64;
            }
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    Ok(())
}
