//! From a file to its structure, and to variables.

use std::sync::Arc;

use super::node::{List, Map, Node, parse};
use crate::error::Result;
use crate::formats::index::{Index, Slot};
use crate::formats::source::Source;
use crate::variables::{Entry, Path, Variables};

/// The variables in the bytes of a file, as `flax.serialization.msgpack_restore` reads them.
///
/// The elements of an array are copied once, from `bytes` to where they stay. See [the module](crate::formats::msgpack)
/// for what becomes of lists, of keys that are numbers and of an array at the root.
///
/// # Errors
///
/// [`Error::Format`](crate::Error::Format), with the offset, where `bytes` are not what Flax writes: among others, a dtype
/// that is no [`DType`](crate::tensor::DType), a key that stands twice in a map, more than 128 levels, bytes behind the end,
/// or so many entries that they would take much more memory than the bytes.
pub fn from_bytes(bytes: &[u8]) -> Result<Variables> {
    let mut variables = Variables::new();
    for (path, slot) in index(Arc::new(Source::memory(bytes)))?.into_entries() {
        let entry = match slot {
            Slot::Entry(entry) => entry,
            array @ Slot::Array(_) => array.read_at(&path)?,
        };
        variables.insert_unique(path, entry);
    }
    Ok(variables)
}

/// The structure of a file; of its arrays, only where they are.
///
/// # Errors
///
/// As [`from_bytes`], and [`Error::Io`](crate::Error::Io) where the file cannot be read.
pub(in crate::formats) fn index(source: Arc<Source<'_>>) -> Result<Index<'_>> {
    let root = parse(&source)?;
    let mut builder = Builder { source, index: Index::default(), path: Path::root() };
    builder.add(root);
    Ok(builder.index)
}

struct Builder<'a> {
    source: Arc<Source<'a>>,
    index: Index<'a>,
    /// The place of the node being added.
    path: Path,
}

impl Builder<'_> {
    fn add(&mut self, node: Node) {
        let slot = match node {
            Node::Map(Map { entries, .. }) if !entries.is_empty() => {
                return entries.into_iter().for_each(|(name, node)| self.add_below(name, node));
            }
            Node::List(List { nodes, .. }) if !nodes.is_empty() => {
                let named = nodes.into_iter().enumerate();
                return named.for_each(|(index, node)| self.add_below(index.to_string().into(), node));
            }
            Node::Map(_) | Node::List(_) if self.path.is_empty() => return,
            Node::Map(_) | Node::List(_) => Entry::Empty.into(),
            Node::Array(array) | Node::Chunked(array) => array.slot(&self.source).into(),
            Node::Value(value) => Entry::from(value).into(),
        };
        self.index.insert_unique(self.path.clone(), slot);
    }

    fn add_below(&mut self, name: Arc<str>, node: Node) {
        self.path.push(name);
        self.add(node);
        self.path.pop();
    }
}
