//! A place in bytes that nobody vouches for: everything taken from it is checked against what is there.

use std::ops::Range;

use rmp::Marker;

use super::NAME;
use crate::error::{Error, Result};
use crate::formats::source::Source;

/// Bytes that are read at once: more than what stands between two arrays of a model.
const WINDOW: u64 = 8192;

#[derive(Debug)]
pub(super) struct Cursor<'s, 'a> {
    source: &'s Source<'a>,
    offset: u64,
    /// The end of what may be taken.
    end: u64,
    /// Bytes of the source from `window_start` on.
    window: Vec<u8>,
    window_start: u64,
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
    Str(u64),
    Bin(u64),
    List(u64),
    Map(u64),
    Ext(i8, u64),
}

impl<'s, 'a> Cursor<'s, 'a> {
    pub(super) fn new(source: &'s Source<'a>) -> Self {
        Self { source, offset: 0, end: source.length(), window: Vec::new(), window_start: 0 }
    }

    /// The offset from the start of the file.
    pub(super) fn offset(&self) -> u64 {
        self.offset
    }

    /// The number of bytes that are left.
    pub(super) fn remaining(&self) -> u64 {
        self.end.saturating_sub(self.offset)
    }

    /// An error about the bytes at an offset.
    pub(super) fn fault(&self, offset: u64, expected: impl Into<String>, found: impl Into<String>) -> Error {
        self.source.fault(NAME, offset, expected, found)
    }

    /// Passes the next `length` bytes, which are not read: the range of them.
    pub(super) fn skip(&mut self, length: u64) -> Result<Range<u64>> {
        let (start, left) = (self.offset, self.remaining());
        if length > left {
            return Err(self.fault(start, format!("{length} bytes"), format!("the end after {left}")));
        }
        self.offset += length;
        Ok(start..self.offset)
    }

    /// Keeps from what is behind the next `length` bytes until [`widen`](Self::widen) is given what this returns.
    pub(super) fn narrow(&mut self, length: u64) -> Result<u64> {
        let part = self.skip(length)?;
        self.offset = part.start;
        Ok(std::mem::replace(&mut self.end, part.end))
    }

    pub(super) fn widen(&mut self, end: u64) {
        self.end = end;
    }

    /// Fails where anything is left.
    pub(super) fn finish(&self, of: &str) -> Result<()> {
        match self.remaining() {
            0 => Ok(()),
            more => Err(self.fault(self.offset, format!("the end of {of}"), format!("{more} more bytes"))),
        }
    }

    /// The next `length` bytes.
    pub(super) fn bytes(&mut self, length: u64) -> Result<Vec<u8>> {
        let range = self.skip(length)?;
        if length > WINDOW {
            return self.source.read(range);
        }
        self.see(range).map(<[u8]>::to_vec)
    }

    /// The next `length` bytes as a text.
    pub(super) fn text(&mut self, length: u64) -> Result<String> {
        let offset = self.offset;
        String::from_utf8(self.bytes(length)?).map_err(|error| {
            let valid = u64::try_from(error.utf8_error().valid_up_to()).unwrap_or(u64::MAX);
            self.fault(offset.saturating_add(valid), "UTF-8", "bytes that are none")
        })
    }

    /// The bytes of a range within the source of at most [`WINDOW`] bytes.
    fn see(&mut self, range: Range<u64>) -> Result<&[u8]> {
        let place = |start: u64, window: &[u8]| {
            let from = usize::try_from(range.start.checked_sub(start)?).ok()?;
            let to = usize::try_from(range.end.checked_sub(start)?).ok()?;
            (to <= window.len()).then_some(from..to)
        };
        if place(self.window_start, &self.window).is_none() {
            let end = range.start.saturating_add(WINDOW).min(self.source.length());
            self.window = self.source.read(range.start..end)?;
            self.window_start = range.start;
        }
        let place = place(self.window_start, &self.window);
        Ok(place.and_then(|place| self.window.get(place)).unwrap_or_default())
    }

    fn fixed<const N: usize>(&mut self) -> Result<[u8; N]> {
        let range = self.skip(u64::try_from(N).unwrap_or(u64::MAX))?;
        Ok(self.see(range)?.first_chunk().copied().unwrap_or([0; N]))
    }

    fn length_8(&mut self) -> Result<u64> {
        self.fixed::<1>().map(|[length]| u64::from(length))
    }

    fn length_16(&mut self) -> Result<u64> {
        self.fixed().map(|bytes| u64::from(u16::from_be_bytes(bytes)))
    }

    fn length_32(&mut self) -> Result<u64> {
        self.fixed().map(|bytes| u64::from(u32::from_be_bytes(bytes)))
    }

    fn ext(&mut self, length: u64) -> Result<Head> {
        self.fixed().map(|kind| Head::Ext(i8::from_be_bytes(kind), length))
    }

    /// The beginning of the next value.
    pub(super) fn head(&mut self) -> Result<Head> {
        let offset = self.offset;
        if self.remaining() == 0 {
            return Err(self.fault(offset, "a value", "the end"));
        }
        let [marker] = self.fixed()?;
        let marker = Marker::from_u8(marker);
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
            Marker::FixStr(length) => Head::Str(u64::from(length)),
            Marker::Str8 => Head::Str(self.length_8()?),
            Marker::Str16 => Head::Str(self.length_16()?),
            Marker::Str32 => Head::Str(self.length_32()?),
            Marker::Bin8 => Head::Bin(self.length_8()?),
            Marker::Bin16 => Head::Bin(self.length_16()?),
            Marker::Bin32 => Head::Bin(self.length_32()?),
            Marker::FixArray(length) => Head::List(u64::from(length)),
            Marker::Array16 => Head::List(self.length_16()?),
            Marker::Array32 => Head::List(self.length_32()?),
            Marker::FixMap(length) => Head::Map(u64::from(length)),
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
            Marker::Reserved => return Err(self.fault(offset, "a value", "the byte c1, which msgpack does not use")),
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
