//! A place in a manifest or a node: everything taken from it is checked against what is there.

use std::path::PathBuf;

use super::NAME;
use crate::error::{Error, Result};

/// Where bytes come from, for errors.
#[derive(Debug, Clone)]
pub(super) struct Origin {
    pub(super) file: PathBuf,
    /// Where in the file the manifest or the node begins.
    pub(super) start: u64,
    /// Whether offsets are those after decompression.
    pub(super) compressed: bool,
}

#[derive(Debug, Clone)]
pub(super) struct Cursor<'a> {
    bytes: &'a [u8],
    offset: usize,
    origin: &'a Origin,
}

impl Origin {
    /// An error about the bytes at an offset from where they begin.
    pub(super) fn fault(&self, offset: usize, expected: impl Into<String>, found: impl Into<String>) -> Error {
        let (mut at, mut found) = (self.start, found.into());
        if self.compressed {
            found = format!("{found}, at byte {offset} of what is compressed here");
        } else {
            at = at.saturating_add(u64::try_from(offset).unwrap_or(u64::MAX));
        }
        Error::Format { file: Some(self.file.clone()), format: NAME, offset: at, expected: expected.into(), found }
    }
}

impl<'a> Cursor<'a> {
    pub(super) fn new(bytes: &'a [u8], offset: usize, origin: &'a Origin) -> Self {
        Self { bytes, offset, origin }
    }

    pub(super) fn offset(&self) -> usize {
        self.offset
    }

    pub(super) fn remaining(&self) -> usize {
        self.bytes.len().saturating_sub(self.offset)
    }

    /// An error about what stands here.
    pub(super) fn fault(&self, expected: impl Into<String>, found: impl Into<String>) -> Error {
        self.origin.fault(self.offset, expected, found)
    }

    /// The next `length` bytes.
    pub(super) fn take(&mut self, length: usize) -> Result<&'a [u8]> {
        let rest = self.bytes.get(self.offset..).unwrap_or_default();
        let Some(taken) = rest.get(..length) else {
            return Err(self.fault(format!("{length} bytes"), format!("the end after {}", rest.len())));
        };
        self.offset += length;
        Ok(taken)
    }

    fn fixed<const N: usize>(&mut self) -> Result<[u8; N]> {
        let bytes = self.take(N)?;
        Ok(bytes.first_chunk().copied().unwrap_or([0; N]))
    }

    pub(super) fn u8(&mut self) -> Result<u8> {
        self.fixed().map(|[byte]| byte)
    }

    pub(super) fn u32_le(&mut self) -> Result<u32> {
        self.fixed().map(u32::from_le_bytes)
    }

    pub(super) fn u32_be(&mut self) -> Result<u32> {
        self.fixed().map(u32::from_be_bytes)
    }

    pub(super) fn u64_le(&mut self) -> Result<u64> {
        self.fixed().map(u64::from_le_bytes)
    }

    /// Seven bits a byte, the lowest first.
    pub(super) fn varint(&mut self) -> Result<u64> {
        let at = self.clone();
        let mut value = 0;
        for shift in (0..u64::BITS).step_by(7) {
            let byte = self.u8()?;
            let bits = u64::from(byte & 0x7f);
            if bits << shift >> shift != bits {
                break;
            }
            value |= bits << shift;
            if byte < 0x80 {
                return Ok(value);
            }
        }
        Err(at.fault("a number of at most 64 bits", "a greater one"))
    }

    /// A number that is at most `most`.
    pub(super) fn varint_to(&mut self, most: u64, of: &str) -> Result<u64> {
        let at = self.clone();
        let value = self.varint()?;
        if value > most {
            return Err(at.fault(format!("{of} of at most {most}"), value.to_string()));
        }
        Ok(value)
    }

    /// The length of a key or a path.
    pub(super) fn length_16(&mut self, of: &str) -> Result<usize> {
        self.varint_to(u64::from(u16::MAX), of).map(|length| usize::try_from(length).unwrap_or(usize::MAX))
    }

    /// The number of entries that follow, each one of which takes a byte or more.
    pub(super) fn count(&mut self, most: u64, of: &str) -> Result<usize> {
        let at = self.clone();
        let count = self.varint_to(most, of)?;
        match usize::try_from(count) {
            Ok(count) if count <= self.remaining() => Ok(count),
            _ => Err(at.fault(format!("{of} that fits into {} bytes", self.remaining()), count.to_string())),
        }
    }

    /// Skips a column of numbers, and returns where it begins.
    pub(super) fn column(&mut self, count: usize) -> Result<Self> {
        let column = self.clone();
        for _ in 0..count {
            self.varint()?;
        }
        Ok(column)
    }

    /// Fails where anything is left.
    pub(super) fn finish(&self, of: &str) -> Result<()> {
        match self.remaining() {
            0 => Ok(()),
            more => Err(self.fault(format!("the end of {of}"), format!("{more} more bytes"))),
        }
    }
}
