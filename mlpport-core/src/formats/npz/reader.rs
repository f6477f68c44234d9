//! A file as the zip crate reads it.

use std::io::{self, Read, Seek, SeekFrom};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};

use crate::error::Error;
use crate::formats::source::Source;

/// A place in a file, from which bytes are read straight to where they are asked for.
#[derive(Debug, Clone)]
pub(super) struct Reader<'a> {
    source: Arc<Source<'a>>,
    position: u64,
    /// Bytes that all clones together may still read.
    left: Arc<AtomicU64>,
}

impl<'a> Reader<'a> {
    /// Reads from `position` on, and at most `most` bytes.
    pub(super) fn new(source: &Arc<Source<'a>>, position: u64, most: u64) -> Self {
        Self { source: Arc::clone(source), position, left: Arc::new(most.into()) }
    }

    /// What lets this and its clones read as much as they are asked for.
    pub(super) fn limit(&self) -> Limit {
        Limit(Arc::clone(&self.left))
    }
}

/// The limit of a reader that was handed on.
#[derive(Debug)]
pub(super) struct Limit(Arc<AtomicU64>);

impl Limit {
    pub(super) fn lift(&self) {
        self.0.store(u64::MAX, Relaxed);
    }
}

impl Read for Reader<'_> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        let there = self.source.length().saturating_sub(self.position);
        let length = usize::try_from(there).unwrap_or(usize::MAX).min(out.len());
        let size = u64::try_from(length).map_err(io::Error::other)?;
        let left = self.left.fetch_update(Relaxed, Relaxed, |left| left.checked_sub(size));
        left.map_err(|_| {
            io::Error::new(io::ErrorKind::QuotaExceeded, "a smaller directory of members in so small a file")
        })?;
        let out = out.get_mut(..length).unwrap_or_default();
        self.source.read_into(self.position, out).map_err(|error| match error {
            Error::Io { source, .. } => source,
            other => io::Error::other(other),
        })?;
        self.position = self.position.saturating_add(size);
        Ok(length)
    }
}

impl Seek for Reader<'_> {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        let position = match to {
            SeekFrom::Start(position) => Some(position),
            SeekFrom::End(by) => self.source.length().checked_add_signed(by),
            SeekFrom::Current(by) => self.position.checked_add_signed(by),
        };
        self.position = position.ok_or(io::ErrorKind::InvalidInput)?;
        Ok(self.position)
    }
}
