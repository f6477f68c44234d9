//! One chunk: from its value in the store to its place in the array.

use super::filter::{Filter, Stream};
use super::grid::{Target, strides};
use super::shard::Shards;
use crate::error::Result;
use crate::formats::orbax::store::Blob;
use crate::tensor::Shape;

/// What the values of the store hold.
#[derive(Debug)]
pub(super) enum Encoding {
    Elements(Elements),
    Shards(Shards),
}

/// How the elements of a chunk become bytes.
#[derive(Debug)]
pub(super) struct Elements {
    /// The axes of the array in the order in which they are written, the slowest first.
    pub(super) order: Vec<usize>,
    /// The size of the numbers that are in big-endian order.
    pub(super) swap: Option<usize>,
    pub(super) filters: Vec<Filter>,
}

impl Encoding {
    /// The chunks of elements, where the values of the store have chunks as large as `outer`.
    pub(super) fn chunk<'s>(&'s self, outer: &'s Shape) -> &'s Shape {
        match self {
            Self::Elements(_) => outer,
            Self::Shards(shards) => &shards.chunk,
        }
    }
}

impl Elements {
    /// Reads a chunk to its place; what of it is beyond the array is left out.
    pub(super) fn read(&self, blob: &Blob, target: &mut Target<'_>, origin: &[usize], chunk: &[usize]) -> Result<()> {
        let length = length(chunk, target.size);
        let stream = Stream::new(blob.clone(), &self.filters, length)?;
        if self.in_order()
            && let Some(piece) = target.piece(origin, chunk)
            && let Some(out) = target.out.get_mut(piece)
        {
            stream.read_into(out)?;
            swap(out, self.swap);
            return Ok(());
        }
        let mut elements = stream.read(length)?;
        swap(&mut elements, self.swap);
        let placed = target.place(origin, chunk, &self.strides(chunk), &elements);
        placed.ok_or_else(|| blob.fault(0, "a chunk within the array", "one outside of it"))
    }

    /// Fails where a chunk has another length; the bytes in the store, and whether they are compressed.
    pub(super) fn check(&self, blob: Blob, length: usize, unpacked: bool) -> Result<(u64, bool)> {
        let stream = Stream::new(blob, &self.filters, length)?;
        stream.check(length, unpacked)?;
        Ok(stream.stored())
    }

    fn in_order(&self) -> bool {
        self.order.iter().enumerate().all(|(place, axis)| place == *axis)
    }

    /// The distances of elements in a chunk, by axis of the array.
    fn strides(&self, chunk: &[usize]) -> Vec<usize> {
        let written: Vec<usize> = self.order.iter().filter_map(|axis| chunk.get(*axis).copied()).collect();
        let mut by_axis = vec![1; chunk.len()];
        for (axis, stride) in self.order.iter().zip(strides(&written)) {
            if let Some(place) = by_axis.get_mut(*axis) {
                *place = stride;
            }
        }
        by_axis
    }
}

/// The bytes of a chunk, whose product was checked.
pub(super) fn length(chunk: &[usize], size: usize) -> usize {
    chunk.iter().fold(size, |product, length| product.saturating_mul(*length))
}

fn swap(bytes: &mut [u8], width: Option<usize>) {
    if let Some(width) = width.filter(|width| *width > 1) {
        bytes.chunks_exact_mut(width).for_each(<[u8]>::reverse);
    }
}
