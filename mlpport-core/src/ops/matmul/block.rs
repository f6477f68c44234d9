//! A product as slices, panels and tiles, for any instruction set.
#![allow(unsafe_code)]

use super::ahead::{Pieces, lines_of_piece};
use super::expand::expand;
use super::kernel::{DEPTH, narrow, tall, vectors, wide};
use super::lanes::Lanes;
use super::product::{PANEL, Product, Slice, steps};
use super::room::{Room, Source};
use super::size;
use crate::ops::lines::LINE;

/// The most rows of a block.
pub(super) const ROWS: usize = size(264, 48);

/// The columns of a kernel that are asked for together where it lies row by row, and whose sums are kept together where it is in panels:
/// wide enough for memory, and narrow enough for a cache in which rows that lie a power of two apart have few places.
pub(super) const BLOCK: usize = size(128, 64);

/// So many rows as tiles of the lowest height have.
#[inline(always)]
pub(super) const fn padded<V: Lanes>(rows: usize) -> usize {
    rows.next_multiple_of(V::ROWS / 3)
}

/// The whole of `p`, which has one row.
///
/// # Safety
///
/// The processor has the instructions of `V`; `p` is valid.
#[inline(always)]
pub(super) unsafe fn row<V: Lanes>(p: &Product) {
    // SAFETY: the caller's; parts of what is valid are.
    unsafe {
        for slice in p.slices() {
            let part = p.part(0..1, slice.inputs.clone(), 0..p.columns);
            match p.sums {
                4 => narrow_part::<V, 1, 1>(&part, &slice),
                2 => wide_part::<V, 2>(&part, &slice),
                _ => wide_part::<V, 1>(&part, &slice),
            }
        }
    }
}

/// The whole of `p`, which has at most [`ROWS`] rows.
///
/// # Safety
///
/// As [`row`]; `room` is valid.
#[inline(always)]
pub(super) unsafe fn block<V: Lanes>(p: &Product, room: Room) {
    // SAFETY: as in `row`.
    unsafe {
        for slice in p.slices() {
            let part = p.part(0..p.rows, slice.inputs.clone(), 0..p.columns);
            match p.sums {
                // As many rows as there are registers for four sums of each.
                4 if const { V::VECTORS == 4 } => narrow_part::<V, 6, 4>(&part, &slice),
                4 => narrow_part::<V, 3, 2>(&part, &slice),
                2 => tall_part::<V, 2>(&part, &slice, room),
                _ => tall_part::<V, 1>(&part, &slice, room),
            }
        }
    }
}

#[inline(always)]
unsafe fn wide_part<V: Lanes, const SUMS: usize>(p: &Product, slice: &Slice) {
    for columns in steps(p.columns, 4 * V::LANES) {
        // SAFETY: the caller's; a part of what is valid is.
        unsafe { wide::<V, SUMS>(&p.part(0..p.rows, 0..p.inputs, columns), slice) };
    }
}

#[inline(always)]
unsafe fn narrow_part<V: Lanes, const HIGH: usize, const LOW: usize>(p: &Product, slice: &Slice) {
    // SAFETY: the caller's.
    unsafe {
        if const { V::Half::LANES < V::LANES } && p.columns <= V::Half::LANES {
            narrow::<V::Half, HIGH, LOW>(p, slice);
        } else {
            for columns in steps(p.columns, V::LANES) {
                narrow::<V, HIGH, LOW>(&p.part(0..p.rows, 0..p.inputs, columns), slice);
            }
        }
    }
}

#[inline(always)]
unsafe fn tall_part<V: Lanes, const SUMS: usize>(p: &Product, slice: &Slice, room: Room) {
    // SAFETY: the caller's; `room` has the rows that `copy` writes.
    unsafe {
        let panel = vectors::<V>(SUMS) * V::LANES;
        let block = if p.is_in_panels() { PANEL } else { BLOCK.next_multiple_of(panel) };
        let copied = |x: *mut f32| Product { x, x_stride: DEPTH.cast_signed(), ..*p };
        let p = match room.x {
            Source::AsTheyLie | Source::Masked(_) => *p,
            Source::Copied(x, step) => copied(x.add(slice.index * step)),
            Source::Copy(x) => {
                copy::<V>(p, x);
                copied(x)
            }
        };
        let mut ahead = Pieces::NONE;
        let lines = lines_of_piece::<V>(p.rows / V::ROWS, room.is_large);
        for columns in steps(p.columns, panel) {
            if const { V::MOST_LINES > 0 } && (p.is_in_panels() || !room.packed.is_null()) && columns.start % block == 0
            {
                ahead = next_block(&p, columns.start, block, lines);
            }
            let column = columns.start;
            let mut part = p.part(0..p.rows, 0..p.inputs, columns);
            let mut packed = room.packed;
            if const { SUMS == 1 } && p.is_compressed() {
                if column % PANEL == 0 {
                    expand::<V>(&part, packed);
                }
                (part.kernel, part.kernel_stride) = (packed.wrapping_add(column % PANEL), PANEL.cast_signed());
                packed = std::ptr::null_mut();
            }
            tall::<V, SUMS>(&part, slice, packed, &mut ahead);
        }
    }
}

/// The block of the kernel behind the one at `column`, which lies beside it or in the next slice.
#[inline(always)]
fn next_block(p: &Product, column: usize, block: usize, lines: usize) -> Pieces {
    let next = column + block;
    let (start, columns) = if next < p.columns {
        (p.part(0..0, 0..0, next..next).kernel, p.columns - next)
    } else {
        (p.kernel.wrapping_offset(p.inputs.cast_signed() * p.kernel_stride), p.columns)
    };
    if p.is_in_panels() {
        // Its rows lie one after another, and so do their pieces.
        let length = lines * LINE;
        let (stride, rows) = (length.cast_signed(), p.inputs * p.kernel_stride.unsigned_abs() / length);
        Pieces { start, stride, rows, columns: length, lines, column: 0 }
    } else {
        Pieces { start, stride: p.kernel_stride, rows: p.inputs, columns: columns.min(block), lines, column: 0 }
    }
}

/// Copies the slice of this index of `x`, for a [`Room`] of copied rows.
///
/// # Safety
///
/// As [`block`]; `to` is valid for the rows of a slice.
#[inline(always)]
pub(super) unsafe fn copy_slice<V: Lanes>(p: &Product, index: usize, to: *mut f32) {
    // SAFETY: the caller's; a part of what is valid is.
    unsafe { copy::<V>(&p.part(0..p.rows, p.slice(index).inputs, 0..p.columns), to) };
}

/// Copies `x` to rows of [`DEPTH`] elements, and adds rows of zeros up to a whole tile.
#[inline(always)]
unsafe fn copy<V: Lanes>(p: &Product, to: *mut f32) {
    // SAFETY: the caller's.
    unsafe {
        for row in 0..p.rows {
            let from = p.x.offset(row.cast_signed() * p.x_stride);
            let to = to.add(row * DEPTH);
            let mut input = 0;
            while input + V::LANES <= p.inputs {
                V::load(from.add(input)).store(to.add(input));
                input += V::LANES;
            }
            if input < p.inputs {
                let count = p.inputs - input;
                V::load_first(from.add(input), count).store_first(to.add(input), count);
            }
        }
        for row in p.rows..padded::<V>(p.rows) {
            to.add(row * DEPTH).write_bytes(0, p.inputs);
        }
    }
}
