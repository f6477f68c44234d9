//! The product of one row and a kernel in panels, for any instruction set.
//!
//! Rows of the kernel whose input is zero are not read where all weights are finite.
#![allow(unsafe_code)]
#![allow(clippy::needless_range_loop)] // As in `tile`.

use super::lanes::Lanes;
use super::nonzero::{MASKED, ROWS_AHEAD, add_nonzero, add_products, nonzero};
use super::product::{PANEL, Product, Slice, steps};
use super::tile::TileEnds;
use crate::ops::lines::LINE;

/// The vectors of columns that are multiplied at once: their sums stay in registers.
pub(super) const VECTORS: usize = 8;

/// The columns of a task: as many as the widest vectors have.
pub(super) const COLUMNS_AT_ONCE: usize = 2 * PANEL;

/// Inputs are skipped where at most so many eighths are not zero: to find few takes longer than to multiply by all.
const EIGHTHS: usize = 7;

/// The most elements of `x` that are asked for before all else.
const ASKED: usize = 1024;

/// One row by a kernel in panels: two at a time where the vectors are so wide, as two streams that memory gives faster than one.
///
/// # Safety
///
/// The processor has the instructions of `V`; `p` is valid.
#[inline(always)]
pub(super) unsafe fn panels<V: Lanes>(p: &Product, asks: bool) {
    // Another thread has just written half of what a hidden layer gives: all lines come at once, and not one after another.
    for line in steps(p.inputs.min(ASKED), LINE) {
        V::prefetch_near(p.x.wrapping_add(line.start));
    }
    for columns in steps(p.columns, VECTORS * V::LANES) {
        let part = p.part(0..1, 0..p.inputs, columns);
        // SAFETY: the caller's; a part of what is valid is.
        unsafe {
            if const { V::ASKS } && asks {
                two_panels::<V, true>(&part);
            } else {
                two_panels::<V, false>(&part);
            }
        }
    }
}

/// Two panels, or what is left of them.
#[inline(always)]
unsafe fn two_panels<V: Lanes, const ASKS: bool>(p: &Product) {
    // SAFETY: the caller's.
    unsafe {
        if const { VECTORS * V::LANES > PANEL } && p.columns <= PANEL {
            panels_at_once::<V, { VECTORS / 2 }, ASKS>(p);
        } else {
            panels_at_once::<V, VECTORS, ASKS>(p);
        }
    }
}

#[inline(always)]
unsafe fn panels_at_once<V: Lanes, const NV: usize, const ASKS: bool>(p: &Product) {
    let mut skips = p.is_finite;
    // SAFETY: the caller's.
    unsafe {
        for slice in p.slices() {
            let part = p.part(0..1, slice.inputs.clone(), 0..p.columns);
            let mut sums = [V::splat(0.0); NV];
            skips = skips && has_many_zeros::<V>(&part);
            if skips {
                for inputs in steps(part.inputs, MASKED) {
                    let part = part.part(0..1, inputs, 0..p.columns);
                    add_nonzero::<V, NV, true>(&part, nonzero::<V>(part.x, part.inputs), &mut sums);
                }
            } else {
                for input in 0..part.inputs {
                    add_products::<V, NV, ASKS>(&part, input, input + ROWS_AHEAD, &mut sums);
                }
            }
            finish(&part, &slice, &sums);
        }
    }
}

/// Whether so many of the first inputs of `p` are zero that the others are looked for.
#[inline(always)]
unsafe fn has_many_zeros<V: Lanes>(p: &Product) -> bool {
    let first = p.inputs.min(MASKED);
    // SAFETY: the caller's.
    let count = unsafe { nonzero::<V>(p.x, first) }.count_ones() as usize;
    count * 8 <= first * EIGHTHS
}

/// Adds the sums of a slice to the row of the output, of which `p` has as many columns, or fewer.
///
/// # Safety
///
/// As [`panels`], for a part of one row.
#[inline(always)]
pub(super) unsafe fn finish<V: Lanes, const NV: usize>(p: &Product, slice: &Slice, sums: &[V; NV]) {
    // SAFETY: the caller's; a part of what is valid is.
    unsafe {
        if p.columns == NV * V::LANES {
            return TileEnds::of(p, slice, 0).finish::<V, NV, true>(0, sums, 0);
        }
        // A copy, of which places need not be known when this is compiled.
        let sums = *sums;
        for (columns, sum) in steps(p.columns, V::LANES).zip(sums) {
            let count = columns.len();
            let ends = TileEnds::of(&p.part(0..1, 0..p.inputs, columns), slice, 0);
            ends.finish::<V, 1, false>(0, &[sum], count);
        }
    }
}
