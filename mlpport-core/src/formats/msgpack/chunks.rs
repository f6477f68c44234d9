//! Arrays of more than 2^30 bytes, which Flax writes in flat chunks.

use super::array::{RawArray, check_length};
use super::cursor::Cursor;
use super::node::{List, Map, Node};
use super::{CHUNKED, CHUNKED_CHUNKS, CHUNKED_SHAPE, MOST_AXES};
use crate::error::Result;
use crate::formats::index::in_short;
use crate::tensor::Shape;
use crate::variables::{Path, Value};

/// The array of a map with the keys `__msgpack_chunked_array__`, `shape` and `chunks`.
pub(super) fn array_of_chunks(map: Map, cursor: &Cursor<'_, '_>) -> Result<RawArray> {
    let offset = map.offset;
    let (mut shape, mut chunks) = (None, None);
    for (name, node) in map.entries {
        match &*name {
            CHUNKED_SHAPE => shape = Some(in_order(node, offset, cursor)?),
            CHUNKED_CHUNKS => chunks = Some(in_order(node, offset, cursor)?),
            CHUNKED => {}
            _ => {
                let found = format!("`{}`", in_short(&Path::from([&*name])));
                return Err(cursor.fault(offset, "`shape` and `chunks` alone in an array of chunks", found));
            }
        }
    }
    let (Some(shape), Some(chunks)) = (shape, chunks) else {
        return Err(cursor.fault(offset, "`shape` and `chunks` in an array of chunks", "only one of them or none"));
    };
    let shape_offset = shape.offset;
    let shape = read_shape(&shape, cursor)?;
    let mut chunks_of_one_axis = Vec::new();
    for node in chunks.nodes {
        match node {
            Node::Array(array) if array.shape.len() == 1 => chunks_of_one_axis.push(array),
            _ => return Err(cursor.fault(chunks.offset, "arrays of one axis as chunks", "another value among them")),
        }
    }
    let Some(first) = chunks_of_one_axis.first() else {
        return Err(cursor.fault(chunks.offset, "at least one chunk", "none"));
    };
    let dtype = first.dtype;
    if let Some(other) = chunks_of_one_axis.iter().find(|chunk| chunk.dtype != dtype) {
        return Err(cursor.fault(other.offset, format!("a chunk of {dtype}"), format!("one of {}", other.dtype)));
    }
    let ranges: Vec<_> = chunks_of_one_axis.into_iter().flat_map(|chunk| chunk.ranges).collect();
    let length = ranges.iter().map(|range| range.end - range.start).sum();
    check_length(cursor, dtype, &shape, length, (shape_offset, chunks.offset))?;
    Ok(RawArray { dtype, shape, ranges, offset })
}

fn read_shape(shape: &List, cursor: &Cursor<'_, '_>) -> Result<Shape> {
    if shape.nodes.len() > MOST_AXES {
        let found = shape.nodes.len().to_string();
        return Err(cursor.fault(shape.offset, format!("at most {MOST_AXES} axes"), found));
    }
    let axis = |node: &Node| match node {
        Node::Value(Value::Int(length)) => usize::try_from(*length).ok(),
        _ => None,
    };
    shape
        .nodes
        .iter()
        .map(axis)
        .collect::<Option<Shape>>()
        .ok_or_else(|| cursor.fault(shape.offset, "the lengths of the axes", "another value among them"))
}

/// The nodes of a list, or of a map with the names `0`, `1`, … in the order of these numbers.
fn in_order(node: Node, chunked: u64, cursor: &Cursor<'_, '_>) -> Result<List> {
    let map = match node {
        Node::Map(map) => map,
        Node::List(list) => return Ok(list),
        _ => return Err(cursor.fault(chunked, "maps as `shape` and `chunks` of an array of chunks", "another value")),
    };
    let (offset, count) = (map.offset, map.entries.len());
    let mut numbered = Vec::new();
    for (name, node) in map.entries {
        match name.parse::<usize>() {
            Ok(index) if index < count && *name == *index.to_string() => numbered.push((index, node)),
            _ => {
                let found = format!("`{}`", in_short(&Path::from([&*name])));
                return Err(cursor.fault(offset, format!("the names from 0 on, {count} of them"), found));
            }
        }
    }
    numbered.sort_unstable_by_key(|(index, _)| *index);
    Ok(List { offset, nodes: numbered.into_iter().map(|(_, node)| node).collect() })
}
