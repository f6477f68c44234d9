//! Which inputs are not zero, for any instruction set.
//!
//! `relu` leaves many zeros: their products with weights that are finite are zeros, which change no sum.
#![allow(unsafe_code)]
#![allow(clippy::needless_range_loop)] // As in `tile`.

use super::kernel::DEPTH;
use super::lanes::Lanes;
use super::product::{PANEL, Product, Slice, steps};
use super::size;

/// The inputs of a mask, the first in the lowest bit.
pub(super) const MASKED: usize = size(u64::BITS as usize, 4);

/// The rows of a panel that are read between the time when one is asked for and that when it is.
pub(super) const ROWS_AHEAD: usize = size(8, 2);

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

/// Masks of the inputs of some rows: for each slice those of its first [`MASKED`] inputs, then of the next, one for each row.
#[derive(Debug, Clone, Copy)]
pub(super) struct Masks {
    start: *const u64,
    rows: usize,
}

// SAFETY: what is shared is read.
unsafe impl Sync for Masks {}

impl Masks {
    /// Those of one row for a slice.
    const OF_SLICE: usize = DEPTH.div_ceil(MASKED);

    /// How many there are for `p`.
    pub(super) fn count(p: &Product) -> usize {
        p.slice_count() * Self::OF_SLICE * p.rows
    }

    /// Those that [`write_masks`] has written for all slices of `p`.
    pub(super) fn of_all(p: &Product, start: *const u64) -> Self {
        Self { start, rows: p.rows }
    }

    /// Those from this row on.
    pub(super) fn at_row(self, row: usize) -> Self {
        Self { start: self.start.wrapping_add(row), ..self }
    }

    /// That of the inputs of a slice from `index` times [`MASKED`] on, for this row.
    ///
    /// # Safety
    ///
    /// There is such a mask.
    #[inline(always)]
    pub(super) unsafe fn of(self, slice: &Slice, index: usize, row: usize) -> u64 {
        // SAFETY: the caller's.
        unsafe { *self.start.add(Self::place(self.rows, slice, index) + row) }
    }

    /// Where those of a slice from `index` times [`MASKED`] inputs on begin, with so many rows.
    #[inline(always)]
    fn place(rows: usize, slice: &Slice, index: usize) -> usize {
        (slice.index * Self::OF_SLICE + index) * rows
    }
}

/// Writes the masks of the slice of this index, and returns how many inputs are not zero.
///
/// # Safety
///
/// As [`nonzero`]; `p` is valid, and there is room for [the masks](Masks::count) of all slices at `to`.
#[inline(always)]
pub(super) unsafe fn write_masks<V: Lanes>(p: &Product, index: usize, to: *mut u64) -> usize {
    let slice = p.slice(index);
    let mut count = 0;
    for (index, inputs) in steps(slice.inputs.len(), MASKED).enumerate() {
        let place = Masks::place(p.rows, &slice, index);
        let part = p.part(0..p.rows, slice.inputs.start + inputs.start..slice.inputs.start + inputs.end, 0..p.columns);
        for row in 0..p.rows {
            // SAFETY: the caller's; a part of what is valid is.
            unsafe {
                let mask = nonzero::<V>(part.x.offset(row.cast_signed() * p.x_stride), part.inputs);
                to.add(place + row).write(mask);
                count += mask.count_ones() as usize;
            }
        }
    }
    count
}

/// The products of the inputs of `p`, which has one row, that are `left`; the rows of the panels may be asked for: no processor can tell by
/// itself which are skipped.
///
/// # Safety
///
/// As [`nonzero`]; `p` is valid, and has the inputs.
#[inline(always)]
pub(super) unsafe fn add_nonzero<V: Lanes, const NV: usize, const ASKS: bool>(
    p: &Product,
    mut left: u64,
    sums: &mut [V; NV],
) {
    let mut ahead = left;
    for _ in 0..ROWS_AHEAD {
        take_first(&mut ahead);
    }
    while left != 0 {
        let (input, row_ahead) = (take_first(&mut left), take_first(&mut ahead));
        // SAFETY: the caller's.
        unsafe { add_products::<V, NV, ASKS>(p, input, row_ahead, sums) };
    }
}

/// The first of the inputs that are `left`, which it no longer is.
#[inline(always)]
fn take_first(left: &mut u64) -> usize {
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
