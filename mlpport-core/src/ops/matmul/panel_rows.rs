//! The product of several rows and a panel of a kernel, for any instruction set, where many inputs are zero: each row takes its own steps,
//! as many as it has inputs that are not.
#![allow(unsafe_code)]
#![allow(clippy::needless_range_loop)] // As in `tile`.

use super::lanes::Lanes;
use super::nonzero::{MASKED, Masks, add_products, take_first};
use super::panel_row::finish;
use super::product::{PANEL, Product, Slice, steps};
use crate::ops::lines::LINE;

/// The vectors of sums that are added to at once: as many as keep all multipliers busy, although each waits for itself.
const VECTORS: usize = 8;

/// The whole of `p`, of which the kernel is in panels and finite, by the inputs that are not zero; a kernel that `is_large` is asked for
/// between rows.
///
/// # Safety
///
/// The processor has the instructions of `V`; `p` is valid, and the masks are those of its rows.
#[inline(always)]
pub(super) unsafe fn panel_rows<V: Lanes>(p: &Product, masks: Masks, is_large: bool) {
    let asks = const { V::MOST_LINES > 0 } && is_large;
    for columns in steps(p.columns, PANEL) {
        let panel = p.part(0..p.rows, 0..p.inputs, columns);
        for slice in p.slices() {
            let part = panel.part(0..p.rows, slice.inputs.clone(), 0..panel.columns);
            // SAFETY: the caller's; a part of what is valid is.
            unsafe {
                if const { VECTORS * V::LANES == 2 * PANEL } {
                    rows_at_once::<V, 2, { VECTORS / 2 }>(&part, &slice, masks, asks);
                } else {
                    for columns in steps(part.columns, VECTORS * V::LANES) {
                        let part = part.part(0..p.rows, 0..part.inputs, columns);
                        rows_at_once::<V, 1, VECTORS>(&part, &slice, masks, asks);
                    }
                }
            }
        }
    }
}

/// Rows of a slice, some at a time.
#[inline(always)]
unsafe fn rows_at_once<V: Lanes, const ROWS: usize, const NV: usize>(
    p: &Product,
    slice: &Slice,
    masks: Masks,
    asks: bool,
) {
    // What comes next of the panel lies behind it.
    let mut ahead = p.kernel.wrapping_add(p.inputs * PANEL);
    let lines = if asks { (p.inputs * PANEL / LINE).div_ceil(p.rows.div_ceil(ROWS)) } else { 0 };
    // SAFETY: the caller's; a part of what is valid is.
    unsafe {
        for rows in steps(p.rows, ROWS) {
            let mut sums = [[V::splat(0.0); NV]; ROWS];
            for (index, inputs) in steps(p.inputs, MASKED).enumerate() {
                let mut left = [0; ROWS];
                for row in 0..ROWS {
                    if row < rows.len() {
                        left[row] = masks.of(slice, index, rows.start + row);
                    }
                }
                add_rows(&p.part(rows.clone(), inputs, 0..p.columns), left, &mut sums);
            }
            for _ in 0..lines {
                V::prefetch(ahead);
                ahead = ahead.wrapping_add(LINE);
            }
            for row in 0..ROWS {
                if row < rows.len() {
                    let part = p.part(rows.start + row..rows.start + row + 1, 0..p.inputs, 0..p.columns);
                    finish(&part, slice, &sums[row]);
                }
            }
        }
    }
}

/// The products of the inputs that are `left` of each row.
#[inline(always)]
unsafe fn add_rows<V: Lanes, const ROWS: usize, const NV: usize>(
    p: &Product,
    mut left: [u64; ROWS],
    sums: &mut [[V; NV]; ROWS],
) {
    macro_rules! add {
        ($row:expr) => {
            let part = p.part($row..$row + 1, 0..p.inputs, 0..p.columns);
            // SAFETY: the caller's; a part of what is valid is.
            unsafe { add_products::<V, NV, false>(&part, take_first(&mut left[$row]), 0, &mut sums[$row]) };
        };
    }
    while left.iter().all(|left| *left != 0) {
        for row in 0..ROWS {
            add!(row);
        }
    }
    for row in 0..ROWS {
        while const { ROWS > 1 } && left[row] != 0 {
            add!(row);
        }
    }
}
