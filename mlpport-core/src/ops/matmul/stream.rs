//! The product of few rows and a kernel that is too large for the first cache, for any instruction set.
//!
//! Each slice of the kernel is read from its first element to its last, as fast as memory gives it: its sums are kept until
//! those of all slices are there.
#![allow(unsafe_code)]
#![allow(clippy::needless_range_loop)] // As in `tile`.

use super::lanes::Lanes;
use super::product::{Product, steps};
use super::size;
use crate::ops::lines::LINE;

/// The most rows: more are multiplied sooner in tiles.
pub(super) const MOST_ROWS: usize = 4;

/// The columns of all rows that are taken at once: their sums fit into the first cache.
const COLUMNS: usize = size(4096, 48);

/// The rows from which there is time to ask for the kernel on each processor.
const ASKED_ROWS: usize = 3;

/// The elements by which a row of the kernel is asked for before it is read.
const ROW_AHEAD: usize = 256;

/// The elements from the sums of one row of so many columns to those of the next: a line more where they would lie whole pages apart,
/// as the rows of the kernel then do as well, for which a cache has few places.
pub(super) const fn stride_of_sums(columns: usize) -> usize {
    const PAGE: usize = size(1024, 32);
    if columns.is_multiple_of(PAGE) { columns + LINE } else { columns }
}

/// The sums of `p`, which is one slice of a product of at most [`MOST_ROWS`] rows: its rows one after another, to `sums`.
///
/// # Safety
///
/// The processor has the instructions of `V`; `p` is valid, and so is `sums` for its rows, a [`stride_of_sums`] apart.
#[inline(always)]
pub(super) unsafe fn stream<V: Lanes>(p: &Product, sums: *mut f32, asks: bool) {
    // SAFETY: the caller's.
    unsafe {
        if const { V::ASKS } && (asks || p.rows >= ASKED_ROWS) {
            stream_columns::<V, true>(p, sums);
        } else {
            stream_columns::<V, false>(p, sums);
        }
    }
}

/// As many rows of the kernel at once as there are registers for, of as many columns as fit.
#[inline(always)]
unsafe fn stream_columns<V: Lanes, const ASKS: bool>(p: &Product, sums: *mut f32) {
    let stride = stride_of_sums(p.columns);
    for columns in steps(p.columns, (COLUMNS / p.rows).next_multiple_of(LINE)) {
        let part = p.part(0..p.rows, 0..p.inputs, columns.clone());
        // SAFETY: the caller's; a part of what is valid is.
        unsafe {
            let sums = sums.add(columns.start);
            match p.rows {
                1 => stream_rows::<V, 1, 8, ASKS>(&part, sums, stride),
                2 => stream_rows::<V, 2, 4, ASKS>(&part, sums, stride),
                3 if const { V::VECTORS == 4 } => stream_rows::<V, 3, 4, ASKS>(&part, sums, stride),
                3 => stream_rows::<V, 3, 2, ASKS>(&part, sums, stride),
                _ if const { V::VECTORS == 4 } => stream_rows::<V, MOST_ROWS, 4, ASKS>(&part, sums, stride),
                _ => stream_rows::<V, MOST_ROWS, 2, ASKS>(&part, sums, stride),
            }
        }
    }
}

/// `MR` rows, whose sums lie this far apart.
#[inline(always)]
unsafe fn stream_rows<V: Lanes, const MR: usize, const AT_ONCE: usize, const ASKS: bool>(
    p: &Product,
    sums: *mut f32,
    stride: usize,
) {
    // SAFETY: the caller's.
    unsafe {
        for row in 0..MR {
            sums.add(row * stride).write_bytes(0, p.columns);
        }
        let mut step = 0;
        while step + AT_ONCE <= p.inputs {
            stream_steps::<V, MR, AT_ONCE, ASKS>(p, step, sums, stride);
            step += AT_ONCE;
        }
        while step < p.inputs {
            for row in 0..MR {
                let part = p.part(row..row + 1, 0..p.inputs, 0..p.columns);
                stream_steps::<V, 1, 1, ASKS>(&part, step, sums.add(row * stride), stride);
            }
            step += 1;
        }
    }
}

/// The products of `AT_ONCE` rows of the kernel, from `step` on.
#[inline(always)]
unsafe fn stream_steps<V: Lanes, const MR: usize, const AT_ONCE: usize, const ASKS: bool>(
    p: &Product,
    step: usize,
    sums: *mut f32,
    stride: usize,
) {
    // SAFETY: the caller's.
    unsafe {
        let mut x = [[V::splat(0.0); MR]; AT_ONCE];
        let mut weights = [p.kernel; AT_ONCE];
        for s in 0..AT_ONCE {
            for r in 0..MR {
                x[s][r] = V::splat(*p.x.offset(r.cast_signed() * p.x_stride).add(step + s));
            }
            weights[s] = p.kernel.offset((step + s).cast_signed() * p.kernel_stride);
        }
        let whole = p.columns / V::LANES * V::LANES;
        let before_end = whole.saturating_sub(ROW_AHEAD);
        let next_rows = AT_ONCE.cast_signed() * p.kernel_stride - before_end.cast_signed();
        let mut column = 0;
        while column < whole {
            // What is asked for lies in the same rows, and at their ends in the next ones.
            let ahead = if column < before_end { ROW_AHEAD.cast_signed() } else { next_rows };
            let mut all = [V::splat(0.0); MR];
            for r in 0..MR {
                all[r] = V::load(sums.add(r * stride + column));
            }
            for s in 0..AT_ONCE {
                let weight = V::load(weights[s].add(column));
                for r in 0..MR {
                    all[r] = x[s][r].product_sum(weight, all[r]);
                }
                if ASKS {
                    V::prefetch_near(weights[s].wrapping_add(column).wrapping_offset(ahead));
                }
            }
            for r in 0..MR {
                all[r].store(sums.add(r * stride + column));
            }
            column += V::LANES;
        }
        let rest = p.columns - whole;
        if rest > 0 {
            for r in 0..MR {
                let mut sum = V::load_first(sums.add(r * stride + column), rest);
                for s in 0..AT_ONCE {
                    sum = x[s][r].product_sum(V::load_first(weights[s].add(column), rest), sum);
                }
                sum.store_first(sums.add(r * stride + column), rest);
            }
        }
    }
}

/// The output of `p`, which has one row, from the sums of so many slices, which lie a `stride` apart.
///
/// # Safety
///
/// As [`stream`], for as many slices.
#[inline(always)]
pub(super) unsafe fn add_up<V: Lanes>(p: &Product, sums: *const f32, stride: usize, slices: usize) {
    // SAFETY: the caller's.
    unsafe {
        for columns in steps(p.columns, V::LANES) {
            let (column, count) = (columns.start, columns.len());
            let sums = sums.add(column);
            let mut sum = V::load_first(sums, count);
            if !p.bias.is_null() {
                sum = V::load_first(p.bias.add(column), count).add(sum);
            }
            for slice in 1..slices {
                sum = sum.add(V::load_first(sums.add(slice * stride), count));
            }
            if p.relu {
                sum = sum.relu();
            }
            sum.store_first(p.y.add(column), count);
        }
    }
}
