//! The syntax of a file: maps, lists and what stands in them, with the arrays still being parts of the file.

use std::borrow::Cow;
use std::collections::HashSet;

use super::array::{RawArray, read_array, read_complex};
use super::cursor::{Cursor, Head, fault};
use super::{EXT_ARRAY, EXT_COMPLEX, EXT_SCALAR, MOST_LEVELS};
use crate::error::{Error, Result};
use crate::variables::{Path, Value};

/// One value of a file.
#[derive(Debug)]
pub(super) enum Node<'a> {
    Map(Map<'a>),
    List(List<'a>),
    Array(Box<RawArray<'a>>),
    /// A numpy scalar, of no axes.
    Scalar(Box<RawArray<'a>>),
    Value(Value),
}

/// Names, each of them once, with what they stand for.
#[derive(Debug)]
pub(super) struct Map<'a> {
    pub(super) offset: usize,
    pub(super) entries: Vec<(Cow<'a, str>, Node<'a>)>,
}

#[derive(Debug)]
pub(super) struct List<'a> {
    pub(super) offset: usize,
    pub(super) nodes: Vec<Node<'a>>,
}

/// Reads a whole file.
pub(super) fn parse(bytes: &[u8]) -> Result<Node<'_>> {
    let mut parser = Parser { cursor: Cursor::new(bytes), names: Vec::new() };
    let node = parser.value().map_err(|error| in_entry(error, &parser.names))?;
    parser.cursor.finish("the file")?;
    Ok(node)
}

struct Parser<'a> {
    cursor: Cursor<'a>,
    /// The names on the way to the value being read; after an error, to the value that is wrong.
    names: Vec<Cow<'a, str>>,
}

impl<'a> Parser<'a> {
    fn value(&mut self) -> Result<Node<'a>> {
        let offset = self.cursor.offset();
        let head = self.cursor.head()?;
        Ok(match head {
            Head::Map(length) => Node::Map(self.map(offset, length)?),
            Head::List(length) => Node::List(self.list(offset, length)?),
            Head::Ext(kind, length) => self.extension(offset, kind, length)?,
            Head::Nil => Node::Value(Value::None),
            Head::Bool(value) => Node::Value(Value::Bool(value)),
            Head::Int(value) => Node::Value(Value::Int(value)),
            Head::UInt(value) => Node::Value(Value::UInt(value)),
            Head::Float(value) => Node::Value(Value::Float(value)),
            Head::Str(length) => Node::Value(Value::Str(self.cursor.text(length)?.to_owned())),
            Head::Bin(length) => Node::Value(Value::Bytes(self.cursor.take(length)?.to_owned())),
        })
    }

    fn map(&mut self, offset: usize, length: usize) -> Result<Map<'a>> {
        self.check_room(offset, length, 2)?;
        // Grown as entries are read: the length is only a claim.
        let mut entries = Vec::new();
        let mut seen = HashSet::new();
        for _ in 0..length {
            let key_offset = self.cursor.offset();
            let key = self.key()?;
            if !seen.insert(key.clone()) {
                let found = format!("`{}` twice", Path::from([&*key]));
                return Err(fault(key_offset, "every key once", found));
            }
            let node = self.named(key.clone())?;
            entries.push((key, node));
        }
        Ok(Map { offset, entries })
    }

    fn list(&mut self, offset: usize, length: usize) -> Result<List<'a>> {
        self.check_room(offset, length, 1)?;
        let mut nodes = Vec::new();
        for index in 0..length {
            nodes.push(self.named(Cow::Owned(index.to_string()))?);
        }
        Ok(List { offset, nodes })
    }

    fn named(&mut self, name: Cow<'a, str>) -> Result<Node<'a>> {
        self.names.push(name);
        let node = self.value()?;
        self.names.pop();
        Ok(node)
    }

    /// Fails where a map or list claims more entries than the bytes that are left can hold, or is too deep.
    fn check_room(&self, offset: usize, length: usize, least_bytes: usize) -> Result<()> {
        if length > 0 && self.names.len() >= MOST_LEVELS {
            return Err(fault(offset, format!("at most {MOST_LEVELS} levels"), "another one"));
        }
        let (needed, left) = (length.saturating_mul(least_bytes), self.cursor.remaining());
        if needed > left {
            let found = format!("{left}, up to the end");
            return Err(fault(offset, format!("at least {needed} bytes for {length} entries"), found));
        }
        Ok(())
    }

    fn key(&mut self) -> Result<Cow<'a, str>> {
        let offset = self.cursor.offset();
        match self.cursor.head()? {
            Head::Str(length) => self.cursor.text(length).map(Cow::Borrowed),
            Head::Int(number) => Ok(Cow::Owned(number.to_string())),
            Head::UInt(number) => Ok(Cow::Owned(number.to_string())),
            other => Err(fault(offset, "a text or an integer as a key", other.in_words())),
        }
    }

    fn extension(&mut self, offset: usize, kind: i8, length: usize) -> Result<Node<'a>> {
        let payload = &mut self.cursor.part(length)?;
        match kind {
            EXT_ARRAY => Ok(Node::Array(Box::new(read_array(payload)?))),
            EXT_COMPLEX => read_complex(payload).map(|value| Node::Value(Value::Complex(value))),
            EXT_SCALAR => {
                let array = read_array(payload)?;
                if array.shape.is_empty() {
                    return Ok(Node::Scalar(Box::new(array)));
                }
                Err(fault(array.offset, "the shape () for a numpy scalar", array.shape.to_string()))
            }
            _ => {
                let expected = "extension 1, 2 or 3: an array, a complex number or a numpy scalar";
                Err(fault(offset, expected, format!("extension {kind}")))
            }
        }
    }
}

/// Says in an error about bytes which entry they belong to.
pub(super) fn in_entry<S: AsRef<str>>(error: Error, names: &[S]) -> Error {
    match error {
        Error::Format { file, format, offset, expected, found } if !names.is_empty() => {
            let found = format!("{found} (in {})", Path::from_names(names));
            Error::Format { file, format, offset, expected, found }
        }
        other => other,
    }
}
