//! The product of several rows and a kernel in panels, for any instruction set, where many inputs are zero: each row takes as many steps as
//! it has inputs that are not.
#![allow(unsafe_code)]
#![allow(clippy::needless_range_loop)] // As in `tile`.

use super::lanes::Lanes;
use super::nonzero::{MASKED, Masks, add_nonzero};
use super::panel_row::{COLUMNS_AT_ONCE, VECTORS, finish};
use super::product::{PANEL, Product, Slice, steps};
use crate::ops::lines::LINE;

/// The elements of room for the sums of a row.
pub(super) const SUMS: usize = COLUMNS_AT_ONCE;

/// The whole of `p`, of which the kernel is in panels and finite, by the inputs that are not zero; a kernel that `is_large` is asked for
/// between rows.
///
/// # Safety
///
/// The processor has the instructions of `V`; `p` is valid, the masks are those of its rows, and at `sums` there is room for [`SUMS`] of each.
#[inline(always)]
pub(super) unsafe fn panel_rows<V: Lanes>(p: &Product, masks: Masks, sums: *mut f32, is_large: bool) {
    let asks = const { V::MOST_LINES > 0 } && is_large;
    for columns in steps(p.columns, VECTORS * V::LANES) {
        let panels = p.part(0..p.rows, 0..p.inputs, columns);
        for slice in p.slices() {
            let part = panels.part(0..p.rows, slice.inputs.clone(), 0..panels.columns);
            // SAFETY: the caller's; a part of what is valid is.
            unsafe {
                if const { VECTORS * V::LANES > PANEL } && part.columns <= PANEL {
                    panels_at_once::<V, { VECTORS / 2 }>(&part, &slice, masks, sums, asks);
                } else {
                    panels_at_once::<V, VECTORS>(&part, &slice, masks, sums, asks);
                }
            }
        }
    }
}

/// A slice, by so few inputs at a time that the first cache has their rows of the kernel.
#[inline(always)]
unsafe fn panels_at_once<V: Lanes, const NV: usize>(
    p: &Product,
    slice: &Slice,
    masks: Masks,
    sums: *mut f32,
    asks: bool,
) {
    for (index, inputs) in steps(p.inputs, MASKED).enumerate() {
        let (is_first, is_last) = (inputs.start == 0, inputs.end == p.inputs);
        let part = p.part(0..p.rows, inputs, 0..p.columns);
        // What comes next of a panel lies behind it.
        let mut ahead = part.kernel.wrapping_add(part.inputs * PANEL);
        let lines = if asks { (part.inputs * PANEL / LINE).div_ceil(p.rows) } else { 0 };
        for row in 0..p.rows {
            let part = part.part(row..row + 1, 0..part.inputs, 0..p.columns);
            let place = sums.wrapping_add(row * NV * V::LANES);
            // SAFETY: the caller's; a part of what is valid is.
            unsafe {
                let mut sums = [V::splat(0.0); NV];
                if !is_first {
                    for v in 0..NV {
                        sums[v] = V::load(place.add(v * V::LANES));
                    }
                }
                add_nonzero::<V, NV, false>(&part, masks.of(slice, index, row), &mut sums);
                for _ in 0..lines {
                    for panel in 0..const { (NV * V::LANES).div_ceil(PANEL) } {
                        V::prefetch(ahead.wrapping_add(panel * p.panel_stride));
                    }
                    ahead = ahead.wrapping_add(LINE);
                }
                if is_last {
                    finish(&part, slice, &sums);
                } else {
                    for v in 0..NV {
                        sums[v].store(place.add(v * V::LANES));
                    }
                }
            }
        }
    }
}
