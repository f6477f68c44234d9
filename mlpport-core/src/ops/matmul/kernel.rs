//! The loops that multiply, for any instruction set.
//!
//! All of them take the same steps for an element of the output: the products of a slice of at most [`DEPTH`] inputs are added
//! one after another to zero, and that sum to what the slices before gave. With few columns there are [several](sums) such
//! sums, which take turns, since a single one would wait for itself where there are few rows as well.
#![allow(unsafe_code)]
#![allow(clippy::needless_range_loop)] // Loops of a fixed length over registers: iterators may stay calls.

use super::ahead::{GROUP, Pieces, PiecesAhead, least_lines};
use super::lanes::Lanes;
use super::product::{Product, Slice};
use super::size;
use crate::ops::lines::LINE;

/// The inputs whose products are added before their sum is added to the output: few, for small errors of rounding.
pub(super) const DEPTH: usize = size(128, 8);

/// The columns up to which there are four sums.
const NARROW: usize = 16;

/// The columns up to which there are two.
const SLIM: usize = 64;

/// The sums for each element of an output with so many columns.
#[inline(always)]
pub(super) const fn sums(columns: usize) -> usize {
    if columns <= NARROW {
        4
    } else if columns <= SLIM {
        2
    } else {
        1
    }
}

/// Rows of a slice of `p` with so many sums, by at most [`vectors`] of columns; `x` has as many rows as `p`, rounded up to
/// a tile of the lowest height.
///
/// The first tile copies the kernel to `packed`, if that is not null; the others read it there. Each asks for some of what is
/// `ahead`.
///
/// # Safety
///
/// The processor has the instructions of `V`; `p` is valid, and so is `packed` for [`DEPTH`] rows of [`vectors`].
#[inline(always)]
pub(super) unsafe fn tall<V: Lanes, const SUMS: usize>(
    p: &Product,
    slice: &Slice,
    packed: *mut f32,
    ahead: &mut Pieces,
) {
    let mut p = *p;
    let mut row = 0;
    // SAFETY: the caller's.
    unsafe {
        // Where the choice is a constant, what another instruction set would take is not even compiled.
        let is_whole = p.columns == V::VECTORS * V::LANES;
        if const { SUMS == 1 } && is_whole && !packed.is_null() && p.rows >= V::ROWS {
            if const { V::VECTORS == 4 } {
                asking::<V, 6, 4, true>(&p, slice, 0, packed, ahead);
            } else if const { V::ROWS == 6 } {
                asking::<V, 6, 2, true>(&p, slice, 0, packed, ahead);
            } else {
                asking::<V, 3, 2, true>(&p, slice, 0, packed, ahead);
            }
            (p.kernel, p.kernel_stride) = (packed, p.columns.cast_signed());
            row = V::ROWS;
        }
        macro_rules! rows {
            ($low:literal, $high:literal) => {
                while row < p.rows {
                    let left = p.rows - row;
                    // Eight rows are two tiles of four rather than six and two, which wait for their sums.
                    row += if const { SUMS == 1 && V::ROWS == 6 } && is_whole && left <= 8 && left.div_ceil(2) % 2 == 0
                    {
                        middle::<V>(&p, slice, row, ahead)
                    } else if const { $low == $high } || left + $low > $high {
                        across::<V, $high, SUMS>(&p, slice, row, ahead)
                    } else {
                        across::<V, $low, SUMS>(&p, slice, row, ahead)
                    };
                }
            };
        }
        if const { rows::<V>(SUMS) == 6 } {
            rows!(2, 6);
        } else if const { rows::<V>(SUMS) == 3 } {
            rows!(1, 3);
        } else {
            rows!(1, 1);
        }
    }
}

/// A tile of four rows by a whole panel; returns its rows.
#[inline(always)]
unsafe fn middle<V: Lanes>(p: &Product, slice: &Slice, row: usize, ahead: &mut Pieces) -> usize {
    let packed = std::ptr::null_mut();
    // Short pieces are left to the highest tiles.
    let asks = ahead.lines == V::MOST_LINES;
    let ahead = if asks { ahead.next(p.inputs / GROUP) } else { PiecesAhead::NONE };
    // SAFETY: the caller's.
    unsafe {
        macro_rules! four {
            ($vectors:literal, $lines:literal) => {
                if const { $lines == V::MOST_LINES } && ahead.lines == $lines {
                    tile::<V, 4, $vectors, 1, true, true, false, $lines>(p, slice, row, packed, ahead);
                } else {
                    tile::<V, 4, $vectors, 1, true, true, false, 0>(p, slice, row, packed, ahead);
                }
            };
        }
        if const { V::VECTORS == 4 } {
            four!(4, 8);
        } else {
            four!(2, 4);
        }
    }
    4
}

/// A tile of a whole panel with one sum for each element, which asks for as much of what is `ahead` as that says.
#[inline(always)]
unsafe fn asking<V: Lanes, const MR: usize, const NV: usize, const PACK: bool>(
    p: &Product,
    slice: &Slice,
    row: usize,
    packed: *mut f32,
    ahead: &mut Pieces,
) {
    let ahead = ahead.next(p.inputs / GROUP);
    // SAFETY: the caller's.
    unsafe {
        macro_rules! lines {
            ($($lines:literal)+) => {
                $(if const { least_lines::<V>() <= $lines && $lines <= V::MOST_LINES } && ahead.lines == $lines {
                    return tile::<V, MR, NV, 1, true, true, PACK, $lines>(p, slice, row, packed, ahead);
                })+
            };
        }
        lines!(1 2 4 8);
        tile::<V, MR, NV, 1, true, true, PACK, 0>(p, slice, row, packed, ahead);
    }
}

/// The vectors of the widest tile with so many sums.
#[inline(always)]
pub(super) const fn vectors<V: Lanes>(sums: usize) -> usize {
    if sums == 1 { V::VECTORS } else { 2 }
}

/// The rows of the highest tile with so many sums.
const fn rows<V: Lanes>(sums: usize) -> usize {
    if sums == 1 || V::VECTORS == 4 {
        V::ROWS
    } else if V::ROWS == 6 {
        3
    } else {
        1
    }
}

/// A tile of as many vectors as the columns take; returns its rows.
#[inline(always)]
unsafe fn across<V: Lanes, const MR: usize, const SUMS: usize>(
    p: &Product,
    slice: &Slice,
    row: usize,
    ahead: &mut Pieces,
) -> usize {
    let (packed, none) = (std::ptr::null_mut(), PiecesAhead::NONE);
    // SAFETY: the caller's.
    unsafe {
        macro_rules! whole {
            ($vectors:literal) => {
                if const { SUMS == 1 } {
                    asking::<V, MR, $vectors, false>(p, slice, row, packed, ahead);
                } else {
                    tile::<V, MR, $vectors, SUMS, true, true, false, 0>(p, slice, row, packed, none);
                }
            };
        }
        macro_rules! part {
            ($vectors:literal) => {
                tile::<V, MR, $vectors, SUMS, true, false, false, 0>(p, slice, row, packed, none)
            };
        }
        let count = p.columns.div_ceil(V::LANES);
        if const { vectors::<V>(SUMS) == 4 && MR == rows::<V>(SUMS) } && p.columns == 4 * V::LANES {
            whole!(4);
        } else if const { vectors::<V>(SUMS) == 4 } && count == 4 {
            part!(4);
        } else if const { vectors::<V>(SUMS) == 4 } && count == 3 {
            part!(3);
        } else if const { vectors::<V>(SUMS) == 2 && MR == rows::<V>(SUMS) } && p.columns == 2 * V::LANES {
            whole!(2);
        } else if count == 2 {
            part!(2);
        } else {
            part!(1);
        }
    }
    MR
}

/// One row of a slice of `p`, by at most four vectors of columns.
///
/// # Safety
///
/// As [`tall`].
#[inline(always)]
pub(super) unsafe fn wide<V: Lanes, const SUMS: usize>(p: &Product, slice: &Slice) {
    let (packed, ahead) = (std::ptr::null_mut(), PiecesAhead::NONE);
    // SAFETY: the caller's.
    unsafe {
        if p.columns == 4 * V::LANES {
            tile::<V, 1, 4, SUMS, false, true, false, 0>(p, slice, 0, packed, ahead);
        } else if p.columns > 3 * V::LANES {
            tile::<V, 1, 4, SUMS, false, false, false, 0>(p, slice, 0, packed, ahead);
        } else if p.columns > 2 * V::LANES {
            tile::<V, 1, 3, SUMS, false, false, false, 0>(p, slice, 0, packed, ahead);
        } else if p.columns > V::LANES {
            tile::<V, 1, 2, SUMS, false, false, false, 0>(p, slice, 0, packed, ahead);
        } else {
            tile::<V, 1, 1, SUMS, false, false, false, 0>(p, slice, 0, packed, ahead);
        }
    }
}

/// A slice of `p` by one vector of columns, or fewer, of a kernel that has at most [`NARROW`]; `MR` rows at a time.
///
/// # Safety
///
/// As [`tall`].
#[inline(always)]
pub(super) unsafe fn narrow<V: Lanes, const MR: usize>(p: &Product, slice: &Slice) {
    let mut row = 0;
    // SAFETY: the caller's.
    unsafe {
        while const { MR > 1 } && row + MR <= p.rows {
            tile::<V, MR, 1, 4, false, false, false, 0>(p, slice, row, std::ptr::null_mut(), PiecesAhead::NONE);
            row += MR;
        }
        while row < p.rows {
            tile::<V, 1, 1, 4, false, false, false, 0>(p, slice, row, std::ptr::null_mut(), PiecesAhead::NONE);
            row += 1;
        }
    }
}

/// `MR` rows by `NV` vectors, the last of which may have fewer columns unless `WHOLE`; steps are taken in [`GROUP`]s where that is worth
/// the code, and with each so many lines are asked for.
///
/// Rows from `p.rows` on are computed and thrown away.
#[inline(always)]
unsafe fn tile<
    V: Lanes,
    const MR: usize,
    const NV: usize,
    const SUMS: usize,
    const GROUPS: bool,
    const WHOLE: bool,
    const PACK: bool,
    const AHEAD: usize,
>(
    p: &Product,
    slice: &Slice,
    row: usize,
    mut packed: *mut f32,
    mut ahead: PiecesAhead,
) {
    // SAFETY: the places are those of rows `row..row + MR` of `x` and `y` and of the columns of `p`, by the caller's contract.
    unsafe {
        let stride = p.x_stride;
        let rest = if WHOLE { V::LANES } else { p.columns - (NV - 1) * V::LANES };
        let mut sums = [[[V::splat(0.0); NV]; MR]; SUMS];
        let mut weights = p.kernel;
        let mut x = p.x.offset(row.cast_signed() * stride);
        macro_rules! step {
            ($sum:expr) => {
                let mut weight = [V::splat(0.0); NV];
                for v in 0..NV {
                    weight[v] = load::<V, NV, WHOLE>(weights, v, rest);
                    if PACK {
                        weight[v].store(packed.add(v * V::LANES));
                    }
                }
                for r in 0..MR {
                    let x = V::splat(*x.offset(r.cast_signed() * stride));
                    for v in 0..NV {
                        sums[$sum][r][v] = x.product_sum(weight[v], sums[$sum][r][v]);
                    }
                }
                x = x.wrapping_add(1);
                weights = weights.wrapping_offset(p.kernel_stride);
                if PACK {
                    packed = packed.wrapping_add(NV * V::LANES);
                }
            };
        }
        macro_rules! ask {
            ($step:literal) => {
                for line in ($step * AHEAD).div_ceil(GROUP)..(($step + 1) * AHEAD).div_ceil(GROUP) {
                    V::prefetch(ahead.start.wrapping_add(line * LINE));
                }
            };
        }
        let mut left = p.inputs;
        if const { WHOLE && SUMS <= 2 && GROUPS } {
            for _ in 0..left / GROUP {
                ask!(0);
                step!(0);
                ask!(1);
                step!(1 % SUMS);
                ask!(2);
                step!(0);
                ask!(3);
                step!(1 % SUMS);
                if const { AHEAD > 0 } {
                    ahead.start = ahead.start.wrapping_offset(ahead.stride);
                }
            }
            left %= GROUP;
        }
        for _ in 0..left / SUMS {
            for s in 0..SUMS {
                step!(s);
            }
        }
        // Sums at places that are known when this is compiled stay in registers.
        left %= SUMS;
        if const { SUMS > 1 } && left > 0 {
            step!(0);
        }
        if const { SUMS > 2 } && left > 1 {
            step!(1 % SUMS);
        }
        if const { SUMS > 2 } && left > 2 {
            step!(2 % SUMS);
        }
        let ends = TileEnds::of(p, slice, row);
        // So does what a loop is not left to be.
        macro_rules! finish_rows {
            ($($r:literal)+) => {
                $(if const { $r < MR } && row + $r < p.rows {
                    let mut all = sums[0][$r % MR];
                    for v in 0..NV {
                        if const { SUMS == 2 } {
                            all[v] = all[v].add(sums[1 % SUMS][$r % MR][v]);
                        } else if const { SUMS == 4 } {
                            let others = sums[2 % SUMS][$r % MR][v].add(sums[3 % SUMS][$r % MR][v]);
                            all[v] = all[v].add(sums[1 % SUMS][$r % MR][v]).add(others);
                        }
                    }
                    ends.finish::<V, NV, WHOLE>($r, &all, rest);
                })+
            };
        }
        finish_rows!(0 1 2 3 4 5);
        let _ = (x, weights, packed, ahead);
    }
}

/// Where the sums of a tile go: from what is before to the output, rows of these strides.
pub(super) struct TileEnds {
    before: *const f32,
    before_stride: usize,
    to: *mut f32,
    to_stride: usize,
    relu: bool,
}

impl TileEnds {
    #[inline(always)]
    pub(super) fn of(p: &Product, slice: &Slice, row: usize) -> Self {
        let partial = p.partial.wrapping_add(row * p.partial_stride);
        let (before, before_stride) =
            if slice.is_first() { (p.bias, 0) } else { (partial.cast_const(), p.partial_stride) };
        let (to, to_stride) =
            if slice.is_last { (p.y.wrapping_add(row * p.y_stride), p.y_stride) } else { (partial, p.partial_stride) };
        Self { before, before_stride, to, to_stride, relu: p.relu && slice.is_last }
    }

    /// Adds the sums of a slice to a row of the output; the last vector has `rest` columns unless they are `WHOLE`.
    ///
    /// # Safety
    ///
    /// As [`tall`], for the product of which they are.
    #[inline(always)]
    pub(super) unsafe fn finish<V: Lanes, const NV: usize, const WHOLE: bool>(
        &self,
        row: usize,
        sums: &[V; NV],
        rest: usize,
    ) {
        // SAFETY: the caller's.
        unsafe {
            let to = self.to.wrapping_add(row * self.to_stride);
            let mut all = *sums;
            if !self.before.is_null() {
                let before = self.before.wrapping_add(row * self.before_stride);
                for v in 0..NV {
                    all[v] = load::<V, NV, WHOLE>(before, v, rest).add(all[v]);
                }
            }
            if self.relu {
                for v in 0..NV {
                    all[v] = all[v].relu();
                }
            }
            for v in 0..NV {
                if WHOLE || v + 1 < NV {
                    all[v].store(to.add(v * V::LANES));
                } else {
                    all[v].store_first(to.add(v * V::LANES), rest);
                }
            }
        }
    }
}

/// Vector `v` of `NV`.
#[inline(always)]
unsafe fn load<V: Lanes, const NV: usize, const WHOLE: bool>(from: *const f32, v: usize, rest: usize) -> V {
    // SAFETY: the caller's.
    unsafe {
        if WHOLE || v + 1 < NV { V::load(from.add(v * V::LANES)) } else { V::load_first(from.add(v * V::LANES), rest) }
    }
}
