//! The product of one row and a kernel in panels, for any instruction set.
#![allow(unsafe_code)]
#![allow(clippy::needless_range_loop)] // As in `tile`.

use super::lanes::Lanes;
use super::product::{PANEL, Product, Slice, steps};
use super::tile::TileEnds;
use crate::ops::lines::LINE;

/// The vectors of columns that are multiplied at once: their sums stay in registers.
const VECTORS: usize = 8;

/// The columns of a task: as many as the widest vectors have.
pub(super) const COLUMNS_AT_ONCE: usize = 2 * PANEL;

/// The elements by which a panel is asked for before it is read.
const PANEL_AHEAD: usize = 512;

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
    // SAFETY: the caller's.
    unsafe {
        for slice in p.slices() {
            let part = p.part(0..1, slice.inputs.clone(), 0..p.columns);
            let mut sums = [V::splat(0.0); NV];
            let (mut x, mut weights) = (part.x, part.kernel);
            for _ in 0..part.inputs {
                let factor = V::splat(*x);
                for v in 0..NV {
                    let (panel, column) = (v * V::LANES / PANEL, v * V::LANES % PANEL);
                    let weights = weights.wrapping_add(panel * p.panel_stride + column);
                    sums[v] = factor.product_sum(V::load(weights), sums[v]);
                    if ASKS {
                        V::prefetch_near(weights.wrapping_add(PANEL_AHEAD));
                    }
                }
                x = x.wrapping_add(1);
                weights = weights.wrapping_add(PANEL);
            }
            for v in 0..NV {
                finish::<V>(&part, &slice, v * V::LANES, sums[v]);
            }
        }
    }
}

/// Adds a vector of sums of a slice to the row of the output, from `column` on, if there is such a column.
///
/// # Safety
///
/// As [`panels`], for a part of one row.
#[inline(always)]
pub(super) unsafe fn finish<V: Lanes>(p: &Product, slice: &Slice, column: usize, sum: V) {
    if column < p.columns {
        let count = (p.columns - column).min(V::LANES);
        let columns = p.part(0..1, 0..p.inputs, column..column + count);
        // SAFETY: the caller's; a part of what is valid is.
        unsafe { TileEnds::of(&columns, slice, 0).finish::<V, 1, false>(0, &[sum], count) };
    }
}
