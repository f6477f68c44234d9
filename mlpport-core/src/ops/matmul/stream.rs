//! The product of few rows and a kernel that is too large for the first cache, for any instruction set.
//!
//! Each slice of the kernel is read from its first element to its last, as fast as memory gives it: its sums are kept until
//! those of all slices are there.
#![allow(unsafe_code)]
#![allow(clippy::needless_range_loop)] // As in `kernel`.

use super::lanes::Lanes;
use super::product::{Product, steps};

/// The columns that are taken at once: their sums fit into the first cache.
const COLUMNS: usize = 4096;

/// The columns from which a row is asked for before it is read.
const LONG: usize = 1024;

/// The rows of the kernel that are read at once.
const AT_ONCE: usize = 8;

/// The sums of `p`, which is one slice of a product: its rows one after another, to `sums`.
///
/// # Safety
///
/// The processor has the instructions of `V`; `p` is valid, and so is `sums` for its rows of its columns.
#[inline(always)]
pub(super) unsafe fn stream<V: Lanes>(p: &Product, sums: *mut f32) {
    for columns in steps(p.columns, COLUMNS) {
        for row in 0..p.rows {
            let sums = sums.wrapping_add(row * p.columns + columns.start);
            // SAFETY: the caller's; a part of what is valid is.
            unsafe { stream_row::<V>(&p.part(row..row + 1, 0..p.inputs, columns.clone()), sums) };
        }
    }
}

/// A row, of at most [`COLUMNS`] columns.
#[inline(always)]
unsafe fn stream_row<V: Lanes>(p: &Product, sums: *mut f32) {
    // SAFETY: the caller's.
    unsafe {
        sums.write_bytes(0, p.columns);
        let mut step = 0;
        while step + AT_ONCE <= p.inputs {
            // From the nearer caches the rows come fast enough without.
            if p.columns >= LONG {
                stream_rows::<V, AT_ONCE, true>(p, step, sums);
            } else {
                stream_rows::<V, AT_ONCE, false>(p, step, sums);
            }
            step += AT_ONCE;
        }
        while step < p.inputs {
            stream_rows::<V, 1, false>(p, step, sums);
            step += 1;
        }
    }
}

/// The output of `p` from the sums of its slices, which lie one slice after another.
///
/// # Safety
///
/// As [`stream`], for as many `slices`.
#[inline(always)]
pub(super) unsafe fn add_up<V: Lanes>(p: &Product, sums: *const f32, slices: usize) {
    let size = p.rows * p.columns;
    // SAFETY: the caller's.
    unsafe {
        for row in 0..p.rows {
            for columns in steps(p.columns, V::LANES) {
                let (column, count) = (columns.start, columns.len());
                let sums = sums.add(row * p.columns + column);
                let mut sum = V::load_first(sums, count);
                if !p.bias.is_null() {
                    sum = V::load_first(p.bias.add(column), count).add(sum);
                }
                for slice in 1..slices {
                    sum = sum.add(V::load_first(sums.add(slice * size), count));
                }
                if p.relu {
                    sum = sum.relu();
                }
                sum.store_first(p.y.add(row * p.y_stride + column), count);
            }
        }
    }
}

#[inline(always)]
unsafe fn stream_rows<V: Lanes, const AT_ONCE: usize, const AHEAD: bool>(p: &Product, step: usize, sums: *mut f32) {
    // SAFETY: the caller's.
    unsafe {
        let mut x = [V::splat(0.0); AT_ONCE];
        let mut weights = [p.kernel; AT_ONCE];
        for r in 0..AT_ONCE {
            x[r] = V::splat(*p.x.add(step + r));
            weights[r] = p.kernel.offset((step + r).cast_signed() * p.kernel_stride);
        }
        let whole = p.columns / V::LANES * V::LANES;
        let mut column = 0;
        while column < whole {
            let mut sum = V::load(sums.add(column));
            for r in 0..AT_ONCE {
                sum = x[r].product_sum(V::load(weights[r].add(column)), sum);
                if AHEAD {
                    V::prefetch(
                        weights[r].wrapping_offset(AT_ONCE.cast_signed() * p.kernel_stride).wrapping_add(column),
                    );
                }
            }
            sum.store(sums.add(column));
            column += V::LANES;
        }
        let rest = p.columns - whole;
        if rest > 0 {
            let mut sum = V::load_first(sums.add(column), rest);
            for r in 0..AT_ONCE {
                sum = x[r].product_sum(V::load_first(weights[r].add(column), rest), sum);
            }
            sum.store_first(sums.add(column), rest);
        }
    }
}
