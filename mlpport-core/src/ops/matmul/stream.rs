//! The product of a row and a kernel that is too large for the caches, for any instruction set.
#![allow(unsafe_code)]
#![allow(clippy::needless_range_loop)] // As in `kernel`.

use super::lanes::Lanes;
use super::product::{Product, Slice, steps};

/// The columns of the widest row that is taken at once.
pub(super) const STREAM: usize = 1024;

/// The whole of `p`, whose rows are few: reads the rows of the kernel as they lie.
///
/// # Safety
///
/// As [`block`](super::block::block).
#[inline(always)]
pub(super) unsafe fn stream<V: Lanes>(p: &Product) {
    for columns in steps(p.columns, STREAM) {
        for slice in p.slices() {
            for row in 0..p.rows {
                let part = p.part(row..row + 1, slice.inputs.clone(), columns.clone());
                // SAFETY: the caller's; a part of what is valid is.
                unsafe { stream_row::<V>(&part, &slice) };
            }
        }
    }
}

/// A row, of at most [`STREAM`] columns, for a slice.
#[inline(always)]
unsafe fn stream_row<V: Lanes>(p: &Product, slice: &Slice) {
    const AT_ONCE: usize = 8;
    let mut sums = [0.0_f32; STREAM];
    let mut step = 0;
    // SAFETY: the caller's; `sums` has a place for each of the columns.
    unsafe {
        while step + AT_ONCE <= p.inputs {
            // From the cache of the second level the rows come fast enough without.
            if p.columns == STREAM {
                stream_rows::<V, AT_ONCE, true>(p, step, sums.as_mut_ptr());
            } else {
                stream_rows::<V, AT_ONCE, false>(p, step, sums.as_mut_ptr());
            }
            step += AT_ONCE;
        }
        while step < p.inputs {
            stream_rows::<V, 1, false>(p, step, sums.as_mut_ptr());
            step += 1;
        }
        let before = if slice.is_first { p.bias } else { p.y.cast_const() };
        let mut column = 0;
        while column < p.columns {
            let count = (p.columns - column).min(V::LANES);
            let mut sum = V::load_first(sums.as_ptr().add(column), count);
            if !before.is_null() {
                sum = V::load_first(before.add(column), count).add(sum);
            }
            if p.relu && slice.is_last {
                sum = sum.relu();
            }
            sum.store_first(p.y.add(column), count);
            column += count;
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
