//! From the bytes of a file to variables.

use std::sync::Arc;

use super::array::RawArray;
use super::cursor::fault;
use super::node::{List, Map, Node, in_entry, parse};
use super::{CHUNKED, CHUNKED_CHUNKS, CHUNKED_SHAPE};
use crate::error::Result;
use crate::formats::index::Index;
use crate::formats::source::Source;
use crate::tensor::{BytesError, Shape, Tensor};
use crate::variables::{Entry, Path, Value, Variables};

/// Names of all paths together that a file may have for each of its bytes, and for no bytes.
///
/// Variables repeat the names above an entry in its path, so that a small file of one deep list could become very large.
const MOST_NAMES: (usize, usize) = (16, 65_536);

/// The variables in the bytes of a file, as `flax.serialization.msgpack_restore` reads them.
///
/// The elements of an array are copied once, from `bytes` to where they stay. See [the module](crate::formats::msgpack)
/// for what becomes of lists, of keys that are numbers and of an array at the root.
///
/// # Errors
///
/// [`Error::Format`](crate::Error::Format), with the offset, where `bytes` are not what Flax writes: among others, a dtype
/// that is no [`DType`](crate::tensor::DType), a key that stands twice in a map, more than 128 levels, or bytes behind the end.
pub fn from_bytes(bytes: &[u8]) -> Result<Variables> {
    let root = parse(bytes)?;
    let names_left = bytes.len().saturating_mul(MOST_NAMES.0).saturating_add(MOST_NAMES.1);
    let mut builder = Builder { variables: Variables::new(), path: Path::root(), names_left };
    match builder.add(root) {
        Ok(()) => Ok(builder.variables),
        Err(error) => Err(in_entry(error, &builder.path.names().collect::<Vec<_>>())),
    }
}

/// The structure of a file.
pub(in crate::formats) fn index(source: Arc<Source<'_>>) -> Result<Index<'_>> {
    let variables = from_bytes(&source.read(0..source.length())?).map_err(|error| match source.file() {
        Some(file) => error.in_file(file),
        None => error,
    })?;
    let mut index = Index::default();
    for (path, entry) in &variables {
        let _ = index.insert(path.clone(), entry.clone().into());
    }
    Ok(index)
}

struct Builder {
    variables: Variables,
    /// The place of the node being added; after an error, of the one that is wrong.
    path: Path,
    names_left: usize,
}

impl Builder {
    fn add(&mut self, node: Node<'_>) -> Result<()> {
        let entry = match node {
            Node::Map(map) if map.entries.iter().any(|(name, _)| name == CHUNKED) => tensor_of_chunks(map)?.into(),
            Node::Map(Map { offset, entries }) if !entries.is_empty() => {
                self.check_names(offset, entries.len())?;
                return entries.into_iter().try_for_each(|(name, node)| self.add_below(name.into(), node));
            }
            Node::List(List { offset, nodes }) if !nodes.is_empty() => {
                self.check_names(offset, nodes.len())?;
                let mut named = nodes.into_iter().enumerate();
                return named.try_for_each(|(index, node)| self.add_below(index.to_string().into(), node));
            }
            Node::Map(_) | Node::List(_) if self.path.is_empty() => return Ok(()),
            Node::Map(_) | Node::List(_) => Entry::Empty,
            Node::Array(array) => tensor(&array)?.into(),
            Node::Scalar(array) => Value::Scalar(tensor(&array)?).into(),
            Node::Value(value) => value.into(),
        };
        self.variables.insert_unique(self.path.clone(), entry);
        Ok(())
    }

    fn add_below(&mut self, name: Arc<str>, node: Node<'_>) -> Result<()> {
        self.path.push(name);
        self.add(node)?;
        self.path.pop();
        Ok(())
    }

    fn check_names(&mut self, offset: usize, entries: usize) -> Result<()> {
        let left = self.names_left.checked_sub(entries.saturating_mul(self.path.len()));
        self.names_left = left.ok_or_else(|| {
            fault(offset, "shorter paths in so small a file", format!("{entries} entries at depth {}", self.path.len()))
        })?;
        Ok(())
    }
}

fn tensor(array: &RawArray<'_>) -> Result<Tensor> {
    decode(&array.shape, &[array], array.offset)
}

/// The tensor of all the bytes of `parts`, which have the dtype of the first.
fn decode(shape: &Shape, parts: &[&RawArray<'_>], offset: usize) -> Result<Tensor> {
    let Some(first) = parts.first() else {
        return Err(fault(offset, "at least one chunk", "none"));
    };
    let bytes: Vec<&[u8]> = parts.iter().map(|part| part.bytes).collect();
    Tensor::decode(first.dtype, shape, &bytes).map_err(|error| match error {
        BytesError::Shape | BytesError::Memory => fault(offset, "a shape that fits into memory", shape.to_string()),
        BytesError::Length { expected } => {
            let found: usize = bytes.iter().map(|part| part.len()).sum();
            fault(offset, format!("{expected} bytes for {} {shape}", first.dtype), format!("{found} bytes"))
        }
        BytesError::Bool { index } => {
            let mut index = index;
            for part in parts {
                if let Some(byte) = part.bytes.get(index) {
                    return fault(part.bytes_offset + index, "0 or 1 for a bool", byte.to_string());
                }
                index -= part.bytes.len();
            }
            fault(offset, "0 or 1 for a bool", "another byte")
        }
    })
}

/// An array that is so large that Flax wrote it in flat chunks.
fn tensor_of_chunks(map: Map<'_>) -> Result<Tensor> {
    let offset = map.offset;
    let (mut shape, mut chunks) = (None, None);
    for (name, node) in map.entries {
        match &*name {
            CHUNKED_SHAPE => shape = Some(in_order(node, offset)?),
            CHUNKED_CHUNKS => chunks = Some(in_order(node, offset)?),
            CHUNKED => {}
            _ => {
                let found = format!("`{}`", Path::from([&*name]));
                return Err(fault(offset, "`shape` and `chunks` alone in an array of chunks", found));
            }
        }
    }
    let (Some(shape), Some(chunks)) = (shape, chunks) else {
        return Err(fault(offset, "`shape` and `chunks` in an array of chunks", "only one of them or none"));
    };
    let axis = |node: &Node<'_>| match node {
        Node::Value(Value::Int(length)) => usize::try_from(*length).ok(),
        _ => None,
    };
    let Some(axes) = shape.nodes.iter().map(axis).collect::<Option<Shape>>() else {
        return Err(fault(shape.offset, "the lengths of the axes", "another value among them"));
    };
    let mut parts = Vec::new();
    for node in &chunks.nodes {
        match node {
            Node::Array(array) if array.shape.len() == 1 => parts.push(&**array),
            _ => return Err(fault(chunks.offset, "arrays of one axis as chunks", "another value among them")),
        }
    }
    if let [first, rest @ ..] = parts.as_slice()
        && let Some(other) = rest.iter().find(|part| part.dtype != first.dtype)
    {
        return Err(fault(other.offset, format!("a chunk of {}", first.dtype), format!("one of {}", other.dtype)));
    }
    decode(&axes, &parts, chunks.offset)
}

/// The nodes of a list, or of a map with the names `0`, `1`, … in the order of these numbers.
fn in_order(node: Node<'_>, chunked: usize) -> Result<List<'_>> {
    let map = match node {
        Node::Map(map) => map,
        Node::List(list) => return Ok(list),
        _ => return Err(fault(chunked, "maps as `shape` and `chunks` of an array of chunks", "another value")),
    };
    let (offset, count) = (map.offset, map.entries.len());
    let mut numbered = Vec::new();
    for (name, node) in map.entries {
        match name.parse::<usize>() {
            Ok(index) if index < count && name == index.to_string() => numbered.push((index, node)),
            _ => {
                let found = format!("`{}`", Path::from([&*name]));
                return Err(fault(offset, format!("the names from 0 on, {count} of them"), found));
            }
        }
    }
    numbered.sort_by_key(|(index, _)| *index);
    Ok(List { offset, nodes: numbered.into_iter().map(|(_, node)| node).collect() })
}
