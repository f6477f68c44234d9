//! A compressed kernel on its way into registers, for any instruction set.
#![allow(unsafe_code)]
#![allow(clippy::needless_range_loop)] // As in `tile`.

use super::compressed::{STRIDE, Unit};
use super::lanes::Lanes;
use super::panel_row::finish;
use super::product::{PANEL, Product, steps};
use crate::ops::lines::LINE;

/// The place by which a unit is asked for before it is read.
const AHEAD: usize = 640;

/// The rows up to which the next panel is asked for here: their tiles are too few to ask for all of it in time.
const FEW_ROWS: usize = 32;

/// Writes the panel that `p` begins with, row by row.
///
/// # Safety
///
/// The processor has the instructions of `V`; `p` is valid, and its kernel compressed; at `to` there is room for its rows, rounded up to
/// an even number.
#[inline(always)]
pub(super) unsafe fn expand<V: Lanes>(p: &Product, to: *mut f32) {
    // SAFETY: the caller's.
    unsafe {
        match const { PANEL / V::LANES } {
            4 => expand_by::<V, 4>(p, to),
            8 => expand_by::<V, 8>(p, to),
            _ => expand_by::<V, 16>(p, to),
        }
    }
}

#[inline(always)]
unsafe fn expand_by<V: Lanes, const NV: usize>(p: &Product, to: *mut f32) {
    // SAFETY: the caller's.
    unsafe {
        for rows in steps(p.inputs, 2) {
            let place = p.kernel.wrapping_add(rows.start * STRIDE);
            let unit = rows_of::<V, NV>(p, place);
            if p.rows <= FEW_ROWS {
                ask::<V>(place);
            }
            for row in 0..2 {
                for v in 0..NV {
                    unit[row][v].store(to.add((rows.start + row) * PANEL + v * V::LANES));
                }
            }
        }
    }
}

/// The elements of a unit of `p`.
#[inline(always)]
unsafe fn rows_of<V: Lanes, const NV: usize>(p: &Product, unit: *const f32) -> [[V; NV]; 2] {
    // SAFETY: the caller's.
    unsafe {
        let (unit, exponents) = (unit.cast::<Unit>(), &*p.exponents);
        let mut rows = [[V::splat(0.0); NV]; 2];
        let rare = V::expand(unit, exponents, &mut rows);
        if rare != Some([0; 2]) {
            let mut elements = [[0.0; PANEL]; 2];
            if let Some(rare) = rare {
                for row in 0..2 {
                    for v in 0..NV {
                        rows[row][v].store(elements[row].as_mut_ptr().add(v * V::LANES));
                    }
                }
                exponents.put_rare(&*unit, rare, &mut elements);
            } else {
                elements = exponents.elements(&*unit);
            }
            for row in 0..2 {
                for v in 0..NV {
                    rows[row][v] = V::load(elements[row].as_ptr().add(v * V::LANES));
                }
            }
        }
        rows
    }
}

/// Asks for a unit some units behind this one.
#[inline(always)]
fn ask<V: Lanes>(unit: *const f32) {
    for line in steps(2 * STRIDE, LINE) {
        V::prefetch_near(unit.wrapping_add(AHEAD + line.start));
    }
}

/// One row by a compressed kernel: two panels at a time where vectors are as wide as a quarter of one, as in
/// [`panels`](super::panel_row::panels).
///
/// # Safety
///
/// The processor has the instructions of `V`; `p` is valid, and its kernel compressed.
#[inline(always)]
pub(super) unsafe fn compressed_panels<V: Lanes>(p: &Product) {
    let at_once = if const { PANEL == 4 * V::LANES } { 2 * PANEL } else { PANEL };
    for columns in steps(p.columns, at_once) {
        let part = p.part(0..1, 0..p.inputs, columns);
        // SAFETY: the caller's; a part of what is valid is.
        unsafe {
            match const { PANEL / V::LANES } {
                4 if part.columns > PANEL => panels_at_once::<V, 4, 2>(&part),
                4 => panels_at_once::<V, 4, 1>(&part),
                8 => panels_at_once::<V, 8, 1>(&part),
                _ => panels_at_once::<V, 16, 1>(&part),
            }
        }
    }
}

#[inline(always)]
unsafe fn panels_at_once<V: Lanes, const NV: usize, const PANELS: usize>(p: &Product) {
    // SAFETY: the caller's.
    unsafe {
        for slice in p.slices() {
            let part = p.part(0..1, slice.inputs.clone(), 0..p.columns);
            let mut sums = [[V::splat(0.0); NV]; PANELS];
            for rows in steps(part.inputs, 2) {
                let units = part.kernel.wrapping_add(rows.start * STRIDE);
                for panel in 0..PANELS {
                    let unit = units.wrapping_add(panel * p.panel_stride);
                    let weights = rows_of::<V, NV>(p, unit);
                    for row in 0..rows.len() {
                        let factor = V::splat(*part.x.add(rows.start + row));
                        for v in 0..NV {
                            sums[panel][v] = factor.product_sum(weights[row % 2][v], sums[panel][v]);
                        }
                    }
                    ask::<V>(unit);
                }
            }
            for panel in 0..PANELS {
                let columns = panel * PANEL..((panel + 1) * PANEL).min(p.columns);
                finish(&part.part(0..1, 0..part.inputs, columns), &slice, &sums[panel]);
            }
        }
    }
}
