//! Which inputs are not zero, for any instruction set.
//!
//! `relu` leaves many zeros: their products with weights that are finite are zeros, which change no sum.
#![allow(unsafe_code)]
#![allow(clippy::needless_range_loop)] // As in `tile`.

use super::lanes::Lanes;
use super::product::{PANEL, Product};

/// The inputs of a mask, the first in the lowest bit.
pub(super) const MASKED: usize = u64::BITS as usize;

/// Which of `count` inputs from `x` on, at most [`MASKED`], are not zero.
///
/// # Safety
///
/// The processor has the instructions of `V`; the inputs may be read.
#[inline(always)]
pub(super) unsafe fn nonzero<V: Lanes>(x: *const f32, count: usize) -> u64 {
    let (mut all, mut input) = (0, 0);
    // SAFETY: the caller's.
    unsafe {
        while input + V::LANES <= count {
            all |= u64::from(V::load(x.add(input)).nonzero()) << input;
            input += V::LANES;
        }
        if input < count {
            all |= u64::from(V::load_first(x.add(input), count - input).nonzero()) << input;
        }
    }
    all
}

/// The first of the inputs that are `left`, which it no longer is.
#[inline(always)]
pub(super) fn take_first(left: &mut u64) -> usize {
    let first = left.trailing_zeros() as usize;
    *left &= left.wrapping_sub(1);
    first
}

/// The products of an input of one row, and its row of the panels; another row is asked for.
///
/// # Safety
///
/// As [`nonzero`]; `p` is valid, and has the input.
#[inline(always)]
pub(super) unsafe fn add_products<V: Lanes, const NV: usize, const ASKS: bool>(
    p: &Product,
    input: usize,
    row_ahead: usize,
    sums: &mut [V; NV],
) {
    // SAFETY: the caller's.
    unsafe {
        let factor = V::splat(*p.x.add(input));
        for v in 0..NV {
            let (panel, column) = (v * V::LANES / PANEL, v * V::LANES % PANEL);
            let weights = p.kernel.wrapping_add(panel * p.panel_stride + column);
            sums[v] = factor.product_sum(V::load(weights.add(input * PANEL)), sums[v]);
            if ASKS {
                V::prefetch_near(weights.wrapping_add(row_ahead * PANEL));
            }
        }
    }
}
