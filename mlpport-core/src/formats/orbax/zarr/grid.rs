//! Where chunks are: their keys, and their places in the array.

use std::ops::Range;

use crate::tensor::Shape;

/// How the key of a chunk is written.
#[derive(Debug, Clone, Copy)]
pub(super) struct Keys {
    /// Whether a `c` stands in front.
    pub(super) prefix: bool,
    pub(super) separator: char,
}

impl Keys {
    /// The key of the chunk at a place in the grid.
    pub(super) fn key(self, place: &[usize]) -> String {
        let mut key = String::from(if self.prefix { "c" } else { "" });
        for index in place {
            if !key.is_empty() {
                key.push(self.separator);
            }
            key.push_str(&index.to_string());
        }
        if key.is_empty() {
            key.push('0');
        }
        key
    }
}

/// The places of chunks in a grid, in C order.
#[derive(Debug)]
pub(super) struct Places {
    counts: Vec<usize>,
    next: Option<Vec<usize>>,
}

impl Places {
    /// Those of chunks that cover an array.
    pub(super) fn new(shape: &[usize], chunk: &[usize]) -> Self {
        let counts: Vec<usize> =
            shape.iter().zip(chunk).map(|(length, chunk)| length.div_ceil((*chunk).max(1))).collect();
        let next = (!counts.contains(&0)).then(|| vec![0; counts.len()]);
        Self { counts, next }
    }

    /// How many there are from the first on.
    pub(super) fn count_all(&self) -> Option<usize> {
        self.counts.iter().try_fold(1_usize, |product, count| product.checked_mul(*count))
    }
}

impl Iterator for Places {
    type Item = Vec<usize>;

    fn next(&mut self) -> Option<Vec<usize>> {
        let place = self.next.take()?;
        let mut following = place.clone();
        for (index, count) in following.iter_mut().zip(&self.counts).rev() {
            *index += 1;
            if *index < *count {
                self.next = Some(following);
                break;
            }
            *index = 0;
        }
        Some(place)
    }
}

/// The first element of the chunk at a place.
pub(super) fn origin(place: &[usize], chunk: &[usize]) -> Vec<usize> {
    place.iter().zip(chunk).map(|(index, length)| index.saturating_mul(*length)).collect()
}

/// The whole array, whose elements are written in C order.
pub(super) struct Target<'o> {
    pub(super) out: &'o mut [u8],
    pub(super) shape: &'o Shape,
    /// Bytes of an element.
    pub(super) size: usize,
}

impl Target<'_> {
    /// The bytes of a chunk, where all of it is within the array and stands there in one piece.
    pub(super) fn piece(&self, origin: &[usize], chunk: &[usize]) -> Option<Range<usize>> {
        // From the last axis on, chunks as wide as the array; before that, one axis of any length, and then lengths of 1.
        let mut whole = true;
        for ((start, length), axis) in origin.iter().zip(chunk).zip(self.shape.iter()).rev() {
            if start.checked_add(*length)? > *axis || !whole && *length != 1 {
                return None;
            }
            whole = whole && length == axis;
        }
        let first = origin.iter().zip(strides(self.shape)).map(|(start, stride)| start * stride).sum::<usize>();
        let start = first.checked_mul(self.size)?;
        let end = start.checked_add(chunk.iter().product::<usize>().checked_mul(self.size)?)?;
        (end <= self.out.len()).then_some(start..end)
    }

    /// Copies the elements of a chunk that are within the array; `strides` are those of the chunk's elements, by axis.
    ///
    /// `None` where `elements` has fewer than that.
    pub(super) fn place(&mut self, origin: &[usize], chunk: &[usize], from: &[usize], elements: &[u8]) -> Option<()> {
        let size = self.size;
        let to = strides(self.shape);
        let clipped: Vec<usize> = origin
            .iter()
            .zip(chunk)
            .zip(self.shape.iter())
            .map(|((start, length), axis)| (*length).min(axis.saturating_sub(*start)))
            .collect();
        let offset = |place: &[usize], strides: &[usize]| -> usize {
            place.iter().zip(strides).map(|(index, stride)| index * stride).sum()
        };
        let (last, row) = match (from.last(), clipped.last()) {
            (Some(stride), Some(length)) => (*stride, *length),
            _ => (1, 1),
        };
        let start = offset(origin, &to);
        let mut rows = clipped.clone();
        if let Some(last) = rows.last_mut() {
            *last = 1;
        }
        let ones = vec![1; rows.len()];
        for place in Places::new(if clipped.contains(&0) { &clipped } else { &rows }, &ones) {
            let source = elements.get(offset(&place, from).checked_mul(size)?..)?;
            let target = self.out.get_mut((start + offset(&place, &to)).checked_mul(size)?..)?;
            if last == 1 {
                let bytes = row.checked_mul(size)?;
                target.get_mut(..bytes)?.copy_from_slice(source.get(..bytes)?);
                continue;
            }
            for (index, target) in target.chunks_exact_mut(size).take(row).enumerate() {
                let start = index.checked_mul(last)?.checked_mul(size)?;
                target.copy_from_slice(source.get(start..)?.get(..size)?);
            }
        }
        Some(())
    }

    /// Writes an element to all places of a chunk that are within the array.
    pub(super) fn fill(&mut self, origin: &[usize], chunk: &[usize], element: &[u8]) -> Option<()> {
        if element.iter().all(|byte| *byte == 0) {
            // So they are before anything is written.
            return Some(());
        }
        self.place(origin, chunk, &vec![0; chunk.len()], element)
    }
}

/// The distances of elements along each axis, in C order.
pub(super) fn strides(shape: &[usize]) -> Vec<usize> {
    let mut strides = vec![1; shape.len()];
    let mut product = 1_usize;
    for (stride, length) in strides.iter_mut().zip(shape).rev() {
        *stride = product;
        product = product.saturating_mul(*length);
    }
    strides
}
