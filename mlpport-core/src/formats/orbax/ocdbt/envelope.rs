//! What is around a manifest and a node: magic, length, version, compression, and a CRC-32C.

use super::budget::Budget;
use super::cursor::{Cursor, Origin};
use super::zstd::decompress;
use crate::error::Result;

/// What the bytes are.
#[derive(Debug, Clone, Copy)]
pub(super) struct Kind {
    pub(super) magic: u32,
    pub(super) name: &'static str,
}

pub(super) const MANIFEST: Kind = Kind { magic: 0x0cdb_3a2a, name: "a manifest" };
pub(super) const NODE: Kind = Kind { magic: 0x0cdb_20de, name: "a node of the tree" };

const CRC: usize = 4;

/// What is inside.
#[derive(Debug)]
pub(super) struct Body {
    bytes: Vec<u8>,
    /// Where it begins in the bytes; it ends with them.
    offset: usize,
    origin: Origin,
}

impl Body {
    /// Opens an envelope that is all of `bytes`.
    ///
    /// # Errors
    ///
    /// [`Error::Format`](crate::Error::Format) where it is damaged, or what is compressed exceeds the budget.
    pub(super) fn open(kind: Kind, mut bytes: Vec<u8>, mut origin: Origin, budget: &Budget) -> Result<Self> {
        let total = bytes.len();
        let mut header = Cursor::new(&bytes, 0, &origin);
        let magic = header.u32_be()?;
        if magic != kind.magic {
            let expected = format!("{}, which begins with {:08x}", kind.name, kind.magic);
            return Err(origin.fault(0, expected, format!("{magic:08x}")));
        }
        let length = header.u64_le()?;
        if usize::try_from(length) != Ok(total) {
            let expected = format!("the length of {}, {total}", kind.name);
            return Err(origin.fault(4, expected, format!("{length}")));
        }
        let end = total.saturating_sub(CRC).max(header.offset());
        let (covered, crc) = bytes.split_at_checked(end).unwrap_or((&bytes, &[]));
        let written = Cursor::new(&bytes, end, &origin).u32_le()?;
        let computed = crc32c::crc32c(covered);
        if written != computed || crc.len() != CRC {
            let expected = format!("{} with the CRC-32C {written:08x}", kind.name);
            return Err(origin.fault(end, expected, format!("{computed:08x}; the file is damaged, copy it anew")));
        }

        let mut header = Cursor::new(covered, header.offset(), &origin);
        let at = header.clone();
        let version = header.varint()?;
        if version != 0 {
            return Err(at.fault("version 0 of the format", version.to_string()));
        }
        let at = header.clone();
        let compression = header.varint()?;
        let offset = header.offset();
        match compression {
            0 => {
                bytes.truncate(end);
                Ok(Self { bytes, offset, origin })
            }
            1 => {
                let rest = header.take(header.remaining())?;
                let bytes = decompress(rest, budget.most_decompressed())
                    .map_err(|(expected, found)| origin.fault(offset, expected, found))?;
                origin.compressed = true;
                Ok(Self { bytes, offset: 0, origin })
            }
            other => Err(at.fault("compression 0 (none) or 1 (zstd)", other.to_string())),
        }
    }

    pub(super) fn cursor(&self) -> Cursor<'_> {
        Cursor::new(&self.bytes, self.offset, &self.origin)
    }

    pub(super) fn origin(&self) -> &Origin {
        &self.origin
    }

    /// The number of bytes that it takes beyond those of the file.
    pub(super) fn decompressed(&self) -> usize {
        if self.origin.compressed { self.bytes.len() } else { 0 }
    }

    pub(super) fn into_bytes(self) -> Vec<u8> {
        self.bytes
    }
}
