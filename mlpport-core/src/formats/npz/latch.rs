//! A writer that keeps its first error.

use std::io::{self, Seek, SeekFrom, Write};

/// Writes until something fails, keeps that error, and takes all that follows without writing it.
///
/// A `ZipWriter` goes on after an error when it is dropped, and asserts then that what it wrote stands where it was put.
pub(super) struct Latch<'w, W> {
    out: &'w mut W,
    position: u64,
    length: u64,
    error: &'w mut Option<io::Error>,
}

impl<'w, W: Write + Seek> Latch<'w, W> {
    pub(super) fn new(out: &'w mut W, error: &'w mut Option<io::Error>) -> Self {
        Self { out, position: 0, length: 0, error }
    }

    /// What `step` returns, or `otherwise` after an error.
    fn run<T>(&mut self, otherwise: T, step: impl FnOnce(&mut W) -> io::Result<T>) -> io::Result<T> {
        if self.error.is_some() {
            return Ok(otherwise);
        }
        match step(self.out) {
            Err(error) if error.kind() != io::ErrorKind::Interrupted => {
                *self.error = Some(error);
                Ok(otherwise)
            }
            result => result,
        }
    }
}

impl<W: Write + Seek> Write for Latch<'_, W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let written = self.run(bytes.len(), |out| out.write(bytes))?;
        self.position = self.position.saturating_add(u64::try_from(written).unwrap_or(u64::MAX));
        self.length = self.length.max(self.position);
        Ok(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.run((), W::flush)
    }
}

impl<W: Write + Seek> Seek for Latch<'_, W> {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        let position = match to {
            SeekFrom::Start(position) => Some(position),
            SeekFrom::Current(step) => self.position.checked_add_signed(step),
            SeekFrom::End(step) => self.length.checked_add_signed(step),
        };
        let position = position.ok_or_else(|| io::Error::from(io::ErrorKind::InvalidInput))?;
        if position != self.position {
            self.run(position, |out| out.seek(SeekFrom::Start(position)))?;
            self.position = position;
        }
        Ok(position)
    }
}
