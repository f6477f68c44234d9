//! The syntax of a file: maps, lists and what stands in them, with the arrays still in the file.

use std::collections::HashSet;
use std::sync::Arc;

use super::array::{RawArray, read_array, read_complex};
use super::chunks::array_of_chunks;
use super::cursor::{Cursor, Head};
use super::{CHUNKED, EXT_ARRAY, EXT_COMPLEX, EXT_SCALAR, MOST_LEVELS};
use crate::error::Result;
use crate::formats::index::{in_entry, in_short};
use crate::formats::source::Source;
use crate::tensor::Tensor;
use crate::variables::{Path, Value};

/// Entries that a file may have for nothing, and one more for so many of its bytes; an array counts as two.
///
/// An entry may be one byte in a file, and takes about 500 in memory until all variables are read.
const MOST_ENTRIES: (u64, u64) = (114_688, 512);

/// The same for the names of all paths together.
///
/// Variables repeat the names above an entry in its path, so that a small file of one deep list could become very large.
const MOST_NAMES: (u64, u64) = (262_144, 64);

/// One value of a file.
#[derive(Debug)]
pub(super) enum Node {
    Map(Map),
    List(List),
    Array(Box<RawArray>),
    /// An array that is so large that Flax wrote it in chunks.
    Chunked(Box<RawArray>),
    Value(Value),
}

/// Names, each of them once, with what they stand for.
#[derive(Debug)]
pub(super) struct Map {
    pub(super) offset: u64,
    pub(super) entries: Vec<(Arc<str>, Node)>,
}

#[derive(Debug)]
pub(super) struct List {
    pub(super) offset: u64,
    pub(super) nodes: Vec<Node>,
}

/// Reads a whole file, but for its arrays.
pub(super) fn parse(source: &Arc<Source<'_>>) -> Result<Node> {
    let most = |(free, bytes): (u64, u64)| source.length() / bytes + free;
    let mut parser = Parser {
        source,
        cursor: Cursor::new(source),
        path: Path::root(),
        entries_left: most(MOST_ENTRIES),
        names_left: most(MOST_NAMES),
    };
    let node = parser.value().map_err(|error| in_entry(error, &parser.path))?;
    parser.cursor.finish("the file")?;
    Ok(node)
}

struct Parser<'s, 'a> {
    source: &'s Arc<Source<'a>>,
    cursor: Cursor<'s, 'a>,
    /// The place of the value being read; after an error, of the one that is wrong.
    path: Path,
    entries_left: u64,
    names_left: u64,
}

impl Parser<'_, '_> {
    fn value(&mut self) -> Result<Node> {
        let offset = self.cursor.offset();
        Ok(Node::Value(match self.cursor.head()? {
            Head::Map(length) => return self.map(offset, length),
            Head::List(length) => return self.list(offset, length),
            Head::Ext(kind, length) => return self.extension(offset, kind, length),
            Head::Nil => Value::None,
            Head::Bool(value) => Value::Bool(value),
            Head::Int(value) => Value::Int(value),
            Head::UInt(value) => Value::UInt(value),
            Head::Float(value) => Value::Float(value),
            Head::Str(length) => Value::Str(self.cursor.text(length)?),
            Head::Bin(length) => Value::Bytes(self.cursor.bytes(length)?),
        }))
    }

    fn map(&mut self, offset: u64, length: u64) -> Result<Node> {
        self.check_room(offset, length, 2)?;
        // Grown as entries are read: the length is only a claim.
        let mut entries = Vec::new();
        let mut seen = HashSet::new();
        for _ in 0..length {
            let key_offset = self.cursor.offset();
            let key = self.key()?;
            if !seen.insert(Arc::clone(&key)) {
                let found = format!("`{}` twice", in_short(&Path::from([&*key])));
                return Err(self.cursor.fault(key_offset, "every key once", found));
            }
            let node = self.named(Arc::clone(&key))?;
            entries.push((key, node));
        }
        let map = Map { offset, entries };
        if seen.contains(CHUNKED) {
            return array_of_chunks(map, &self.cursor).map(|array| Node::Chunked(Box::new(array)));
        }
        Ok(Node::Map(map))
    }

    fn list(&mut self, offset: u64, length: u64) -> Result<Node> {
        self.check_room(offset, length, 1)?;
        let mut nodes = Vec::new();
        for index in 0..length {
            nodes.push(self.named(index.to_string().into())?);
        }
        Ok(Node::List(List { offset, nodes }))
    }

    fn named(&mut self, name: Arc<str>) -> Result<Node> {
        self.path.push(name);
        let node = self.value()?;
        self.path.pop();
        Ok(node)
    }

    /// Fails where a map or list claims more entries than the bytes that are left can hold, is too deep, or would take
    /// much more memory than the file has bytes.
    fn check_room(&mut self, offset: u64, length: u64, least_bytes: u64) -> Result<()> {
        let depth = self.path.len();
        if length > 0 && depth >= MOST_LEVELS {
            return Err(self.cursor.fault(offset, format!("at most {MOST_LEVELS} levels"), "another one"));
        }
        let (needed, left) = (length.saturating_mul(least_bytes), self.cursor.remaining());
        if needed > left {
            let found = format!("{left}, up to the end");
            return Err(self.cursor.fault(offset, format!("at least {needed} bytes for {length} entries"), found));
        }
        let names = length.saturating_mul(u64::try_from(depth).unwrap_or(u64::MAX));
        let found = || format!("{length} entries at depth {depth}");
        match self.names_left.checked_sub(names) {
            Some(left) => self.names_left = left,
            None => return Err(self.cursor.fault(offset, "shorter paths in so small a file", found())),
        }
        match self.entries_left.checked_sub(length) {
            Some(left) => self.entries_left = left,
            None => return Err(self.cursor.fault(offset, "fewer entries in so small a file", found())),
        }
        Ok(())
    }

    fn key(&mut self) -> Result<Arc<str>> {
        let offset = self.cursor.offset();
        match self.cursor.head()? {
            Head::Str(length) => self.cursor.text(length).map(Arc::from),
            Head::Int(number) => Ok(number.to_string().into()),
            Head::UInt(number) => Ok(number.to_string().into()),
            other => Err(self.cursor.fault(offset, "a text or an integer as a key", other.in_words())),
        }
    }

    fn extension(&mut self, offset: u64, kind: i8, length: u64) -> Result<Node> {
        if kind == EXT_ARRAY || kind == EXT_SCALAR {
            match self.entries_left.checked_sub(1) {
                Some(left) => self.entries_left = left,
                None => return Err(self.cursor.fault(offset, "fewer arrays in so small a file", "another one")),
            }
        }
        let end = self.cursor.narrow(length)?;
        let node = match kind {
            EXT_ARRAY => Node::Array(Box::new(read_array(&mut self.cursor)?)),
            EXT_COMPLEX => Node::Value(Value::Complex(read_complex(&mut self.cursor)?)),
            EXT_SCALAR => Node::Value(Value::Scalar(self.scalar()?)),
            _ => {
                let expected = "extension 1, 2 or 3: an array, a complex number or a numpy scalar";
                return Err(self.cursor.fault(offset, expected, format!("extension {kind}")));
            }
        };
        self.cursor.widen(end);
        Ok(node)
    }

    fn scalar(&mut self) -> Result<Tensor> {
        let array = read_array(&mut self.cursor)?;
        if !array.shape.is_empty() {
            return Err(self.cursor.fault(array.offset, "the shape () for a numpy scalar", array.shape.to_string()));
        }
        array.slot(self.source).read()
    }
}
