//! The B+ tree: from the root, all keys and where their values are.

use std::collections::BTreeMap;
use std::mem::size_of;
use std::ops::Range;
use std::sync::Arc;

use super::NAME;
use super::budget::Budget;
use super::cursor::{Cursor, Origin};
use super::envelope::{Body, NODE};
use super::files::{Files, Table};
use super::keys::{Keys, in_words};
use super::manifest::Root;
use crate::error::Result;
use crate::formats::source::Source;

/// A node has two children or more where TensorStore made it: no tree is higher than keys can be counted.
const HIGHEST: u8 = 64;

/// By the format.
const MOST_ENTRIES: u64 = 1 << 20;

/// What a node takes that was visited.
const VISITED: usize = 64;

/// What a key takes beside its text: twice an entry, as a vector that grows may have half of it free.
const ENTRY: usize = 2 * size_of::<Entry>() + 16;

/// A key and its value.
#[derive(Debug)]
pub(super) struct Entry {
    pub(super) key: Box<str>,
    pub(super) value: Value,
}

/// Where a value is.
#[derive(Debug)]
pub(super) enum Value {
    /// In a data file; it was not asked yet whether the file is that long.
    InFile { file: usize, offset: u64, length: u64 },
    /// In a node that was compressed.
    InNode { node: usize, range: Range<u64> },
}

/// Where a node is.
#[derive(Debug)]
pub(super) struct Place {
    pub(super) file: usize,
    /// What paths in the node are relative to.
    pub(super) base: String,
    pub(super) offset: u64,
    pub(super) length: u64,
}

/// A node, up to its keys.
#[derive(Debug)]
struct Node<'a> {
    file: usize,
    origin: &'a Origin,
    table: &'a Table,
    count: usize,
    keys: Keys<'a>,
    /// No key is before this one.
    least: &'a [u8],
    /// Behind the keys.
    cursor: Cursor<'a>,
}

/// A tree while it is read.
#[derive(Debug)]
pub(super) struct Tree<'f> {
    files: &'f mut Files,
    budget: Budget,
    /// The parts of files that are nodes: file and start, and the end.
    visited: BTreeMap<(usize, u64), u64>,
    nodes: Vec<Arc<Source<'static>>>,
    entries: Vec<Entry>,
}

impl<'f> Tree<'f> {
    /// The nodes that have values in them, and the entries of all, in the order of their keys.
    pub(super) fn read(
        root: &Root,
        files: &'f mut Files,
        budget: Budget,
    ) -> Result<(Vec<Arc<Source<'static>>>, Vec<Entry>)> {
        let mut tree = Self { files, budget, visited: BTreeMap::new(), nodes: Vec::new(), entries: Vec::new() };
        if root.height > HIGHEST {
            let source = tree.files.open_counted(root.place.file, &mut tree.budget)?;
            let expected = format!("a tree whose height is at most {HIGHEST}");
            return Err(source.fault(NAME, root.place.offset, expected, root.height.to_string()));
        }
        tree.node(&root.place, root.height, &[], &[])?;
        Ok((tree.nodes, tree.entries))
    }

    /// Reads a node of a height and all below it; keys begin with `prefix`, and none is less than `least`.
    fn node(&mut self, place: &Place, height: u8, prefix: &[u8], least: &[u8]) -> Result<()> {
        let source = self.files.open_counted(place.file, &mut self.budget)?;
        let end = self.visit(&source, place)?;
        let origin = Origin { file: self.files.path(place.file), start: place.offset, compressed: false };
        let body = Body::open(NODE, source.read(place.offset..end)?, origin, &self.budget)?;
        drop(source);
        let mut cursor = body.cursor();
        self.take(body.decompressed(), &cursor)?;

        let at = cursor.clone();
        let found = cursor.u8()?;
        if found != height {
            return Err(at.fault(format!("a node of height {height}"), found.to_string()));
        }
        let table = self.files.table(&mut cursor, &place.base, &mut self.budget)?;
        let at = cursor.clone();
        let count = cursor.count(MOST_ENTRIES, "a number of keys")?;
        if count == 0 {
            return Err(at.fault("a node with keys", "none"));
        }
        let keys = Keys::new(&mut cursor, count, prefix, height > 0)?;
        let node = Node { file: place.file, origin: body.origin(), table: &table, count, keys, least, cursor };
        let has_values = match height.checked_sub(1) {
            Some(below) => self.interior(node, below).map(|()| false)?,
            None => self.leaf(node)?,
        };
        if has_values && body.origin().compressed {
            let file = body.origin().file.clone();
            self.nodes.push(Arc::new(Source::memory(body.into_bytes()).made_from(file)));
        } else {
            self.budget.give_back(body.decompressed());
        }
        table.release(&mut self.budget);
        Ok(())
    }

    /// Notes that a part of a file is a node, which no other node is, and returns its end. So no node is visited
    /// twice, and the time is bounded by the length of the files.
    fn visit(&mut self, source: &Source, place: &Place) -> Result<u64> {
        let Place { file, offset, length, .. } = *place;
        let end = offset.checked_add(length).filter(|end| *end <= source.length());
        let Some(end) = end else {
            let expected = format!("a node within {} bytes", source.length());
            return Err(source.fault(NAME, offset, expected, format!("one of {length}")));
        };
        let before = self.visited.range(..=(file, offset)).next_back();
        let overlaps_before = before.is_some_and(|(start, end)| start.0 == file && *end > offset);
        let overlaps_after = self.visited.range((file, offset)..).next().is_some_and(|(start, _)| *start < (file, end));
        if overlaps_before || overlaps_after {
            return Err(source.fault(NAME, offset, "a node that is in the tree once", "one that is in it twice"));
        }
        let exceeded = |_| source.fault(NAME, offset, "as many nodes as the files have", "more");
        self.budget.take(VISITED).map_err(exceeded)?;
        self.visited.insert((file, offset), end);
        Ok(end)
    }

    /// Reads the nodes below one.
    fn interior(&mut self, node: Node, below: u8) -> Result<()> {
        let Node { table, count, mut keys, least, mut cursor, .. } = node;
        let mut files = cursor.column(count)?;
        let mut offsets = cursor.column(count)?;
        let mut lengths = cursor.column(count)?;
        // Statistics: keys, bytes of nodes, bytes of values.
        for _ in 0..3 {
            cursor.column(count)?;
        }
        cursor.finish("the node")?;
        for _ in 0..count {
            keys.advance()?;
            self.check_order(&keys, least)?;
            let at = files.clone();
            let (file, offset, length) = (files.varint()?, offsets.varint()?, lengths.varint()?);
            let place = table.place(file, offset, length, self.files);
            let place = place.map_err(|(expected, found)| at.fault(expected, found))?;
            let prefix = keys.common()?.to_vec();
            self.node(&place, below, &prefix, keys.key())?;
        }
        Ok(())
    }

    /// Reads a leaf; whether there are values in it.
    fn leaf(&mut self, node: Node) -> Result<bool> {
        let Node { file: own, origin, table, count, mut keys, least, mut cursor } = node;
        let mut lengths = cursor.column(count)?;
        let at = cursor.clone();
        let kinds = cursor.take(count)?;
        if let Some(kind) = kinds.iter().find(|kind| **kind > 1) {
            return Err(at.fault("values of kind 0 (in the node) and 1 (in a file)", format!("kind {kind}")));
        }
        let in_files = kinds.iter().filter(|kind| **kind == 1).count();
        let mut files = cursor.column(in_files)?;
        let mut offsets = cursor.column(in_files)?;
        for kind in kinds {
            keys.advance()?;
            self.check_order(&keys, least)?;
            let length = lengths.varint()?;
            let value = if *kind == 1 {
                let at = files.clone();
                let file = table.file(files.varint()?).map_err(|(expected, found)| at.fault(expected, found))?;
                self.files.count(file, &mut self.budget)?;
                Value::InFile { file, offset: offsets.varint()?, length }
            } else {
                let start = position(cursor.offset());
                cursor.take(usize::try_from(length).unwrap_or(usize::MAX))?;
                if origin.compressed {
                    Value::InNode { node: self.nodes.len(), range: start..position(cursor.offset()) }
                } else {
                    // As it is in the file.
                    Value::InFile { file: own, offset: origin.start.saturating_add(start), length }
                }
            };
            self.take(ENTRY + keys.key().len(), &cursor)?;
            let Ok(key) = str::from_utf8(keys.key()) else {
                return Err(keys.fault("a key in UTF-8", in_words(keys.key())));
            };
            self.entries.push(Entry { key: key.into(), value });
        }
        cursor.finish("the node")?;
        Ok(in_files < count)
    }

    /// Keys are in order, over all nodes: each one is after those of the nodes before, and not before its node.
    fn check_order(&self, keys: &Keys, least: &[u8]) -> Result<()> {
        let key = keys.key();
        let last = self.entries.last().map(|entry| entry.key.as_bytes());
        if let Some(last) = last.filter(|last| *last >= key) {
            return Err(keys.fault(format!("a key after {}", in_words(last)), in_words(key)));
        }
        if key < least {
            return Err(keys.fault(format!("a key not before {}", in_words(least)), in_words(key)));
        }
        Ok(())
    }

    fn take(&mut self, bytes: usize, at: &Cursor) -> Result<()> {
        let exceeded = |_| at.fault("keys that take less memory than the files account for", "more");
        self.budget.take(bytes).map_err(exceeded)
    }
}

fn position(offset: usize) -> u64 {
    u64::try_from(offset).unwrap_or(u64::MAX)
}
