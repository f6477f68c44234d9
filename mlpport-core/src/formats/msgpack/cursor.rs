//! A place in bytes that nobody vouches for: everything taken from it is checked against what is there.

use rmp::Marker;

use super::NAME;
use crate::error::{Error, Result};

#[derive(Debug, Clone)]
pub(super) struct Cursor<'a> {
    bytes: &'a [u8],
    offset: usize,
}

/// What a value begins with: the value itself where it is small, or the length of what follows.
#[derive(Debug, Clone, Copy)]
pub(super) enum Head {
    Nil,
    Bool(bool),
    Int(i64),
    /// Above `i64::MAX`.
    UInt(u64),
    Float(f64),
    Str(usize),
    Bin(usize),
    List(usize),
    Map(usize),
    Ext(i8, usize),
}

/// An error about the bytes at an offset.
pub(super) fn fault(offset: usize, expected: impl Into<String>, found: impl Into<String>) -> Error {
    let offset = u64::try_from(offset).unwrap_or(u64::MAX);
    Error::Format { file: None, format: NAME, offset, expected: expected.into(), found: found.into() }
}

impl<'a> Cursor<'a> {
    pub(super) fn new(bytes: &'a [u8]) -> Self {
        Self { bytes, offset: 0 }
    }

    /// The offset from the start of the file.
    pub(super) fn offset(&self) -> usize {
        self.offset
    }

    /// The number of bytes that are left.
    pub(super) fn remaining(&self) -> usize {
        self.bytes.len().saturating_sub(self.offset)
    }

    /// The next `length` bytes.
    pub(super) fn take(&mut self, length: usize) -> Result<&'a [u8]> {
        let rest = self.bytes.get(self.offset..).unwrap_or_default();
        let Some(taken) = rest.get(..length) else {
            return Err(fault(self.offset, format!("{length} bytes"), format!("the end after {}", rest.len())));
        };
        self.offset += length;
        Ok(taken)
    }

    /// A cursor over the next `length` bytes alone, with the same offsets.
    pub(super) fn part(&mut self, length: usize) -> Result<Self> {
        let offset = self.offset;
        self.take(length)?;
        Ok(Self { bytes: self.bytes.get(..self.offset).unwrap_or_default(), offset })
    }

    /// Fails where anything is left.
    pub(super) fn finish(&self, of: &str) -> Result<()> {
        match self.remaining() {
            0 => Ok(()),
            more => Err(fault(self.offset, format!("the end of {of}"), format!("{more} more bytes"))),
        }
    }

    /// The next `length` bytes as a text.
    pub(super) fn text(&mut self, length: usize) -> Result<&'a str> {
        let offset = self.offset;
        std::str::from_utf8(self.take(length)?)
            .map_err(|error| fault(offset + error.valid_up_to(), "UTF-8", "bytes that are none"))
    }

    fn fixed<const N: usize>(&mut self) -> Result<[u8; N]> {
        let bytes = self.take(N)?;
        Ok(bytes.first_chunk().copied().unwrap_or([0; N]))
    }

    fn length_8(&mut self) -> Result<usize> {
        self.fixed::<1>().map(|[length]| usize::from(length))
    }

    fn length_16(&mut self) -> Result<usize> {
        self.fixed().map(|bytes| usize::from(u16::from_be_bytes(bytes)))
    }

    fn length_32(&mut self) -> Result<usize> {
        self.fixed().map(|bytes| usize::try_from(u32::from_be_bytes(bytes)).unwrap_or(usize::MAX))
    }

    fn ext(&mut self, length: usize) -> Result<Head> {
        self.fixed().map(|kind| Head::Ext(i8::from_be_bytes(kind), length))
    }

    /// The beginning of the next value.
    pub(super) fn head(&mut self) -> Result<Head> {
        let offset = self.offset;
        let marker = match self.take(1) {
            Ok([marker]) => Marker::from_u8(*marker),
            _ => return Err(fault(offset, "a value", "the end")),
        };
        Ok(match marker {
            Marker::Null => Head::Nil,
            Marker::False => Head::Bool(false),
            Marker::True => Head::Bool(true),
            Marker::FixPos(value) => Head::Int(i64::from(value)),
            Marker::FixNeg(value) => Head::Int(i64::from(value)),
            Marker::U8 => Head::Int(i64::from(u8::from_be_bytes(self.fixed()?))),
            Marker::U16 => Head::Int(i64::from(u16::from_be_bytes(self.fixed()?))),
            Marker::U32 => Head::Int(i64::from(u32::from_be_bytes(self.fixed()?))),
            Marker::U64 => {
                let value = u64::from_be_bytes(self.fixed()?);
                i64::try_from(value).map_or(Head::UInt(value), Head::Int)
            }
            Marker::I8 => Head::Int(i64::from(i8::from_be_bytes(self.fixed()?))),
            Marker::I16 => Head::Int(i64::from(i16::from_be_bytes(self.fixed()?))),
            Marker::I32 => Head::Int(i64::from(i32::from_be_bytes(self.fixed()?))),
            Marker::I64 => Head::Int(i64::from_be_bytes(self.fixed()?)),
            Marker::F32 => Head::Float(f64::from(f32::from_be_bytes(self.fixed()?))),
            Marker::F64 => Head::Float(f64::from_be_bytes(self.fixed()?)),
            Marker::FixStr(length) => Head::Str(usize::from(length)),
            Marker::Str8 => Head::Str(self.length_8()?),
            Marker::Str16 => Head::Str(self.length_16()?),
            Marker::Str32 => Head::Str(self.length_32()?),
            Marker::Bin8 => Head::Bin(self.length_8()?),
            Marker::Bin16 => Head::Bin(self.length_16()?),
            Marker::Bin32 => Head::Bin(self.length_32()?),
            Marker::FixArray(length) => Head::List(usize::from(length)),
            Marker::Array16 => Head::List(self.length_16()?),
            Marker::Array32 => Head::List(self.length_32()?),
            Marker::FixMap(length) => Head::Map(usize::from(length)),
            Marker::Map16 => Head::Map(self.length_16()?),
            Marker::Map32 => Head::Map(self.length_32()?),
            Marker::FixExt1 => self.ext(1)?,
            Marker::FixExt2 => self.ext(2)?,
            Marker::FixExt4 => self.ext(4)?,
            Marker::FixExt8 => self.ext(8)?,
            Marker::FixExt16 => self.ext(16)?,
            Marker::Ext8 => {
                let length = self.length_8()?;
                self.ext(length)?
            }
            Marker::Ext16 => {
                let length = self.length_16()?;
                self.ext(length)?
            }
            Marker::Ext32 => {
                let length = self.length_32()?;
                self.ext(length)?
            }
            Marker::Reserved => return Err(fault(offset, "a value", "the byte c1, which msgpack does not use")),
        })
    }
}

impl Head {
    /// What an error says of it.
    pub(super) fn in_words(self) -> String {
        match self {
            Self::Nil => "nil".to_owned(),
            Self::Bool(value) => value.to_string(),
            Self::Int(value) => format!("the integer {value}"),
            Self::UInt(value) => format!("the integer {value}"),
            Self::Float(value) => format!("the float {value:?}"),
            Self::Str(length) => format!("a text of {length} bytes"),
            Self::Bin(length) => format!("a byte string of {length} bytes"),
            Self::List(length) => format!("a list of {length}"),
            Self::Map(length) => format!("a map of {length}"),
            Self::Ext(kind, length) => format!("extension {kind} of {length} bytes"),
        }
    }
}
