//! How a slice is cut into tiles, for any instruction set.
//!
//! All tiles take the same steps for an element of the output: the products of a slice of at most [`DEPTH`] inputs are added
//! one after another to zero, and that sum to what the slices before gave. With few columns there are [several](sums) such
//! sums, which take turns, since a single one would wait for itself where there are few rows as well.
#![allow(unsafe_code)]

use super::ahead::{ANY, GROUP, Pieces, PiecesAhead};
use super::lanes::Lanes;
use super::product::{Product, Slice};
use super::size;
use super::tile::tile;

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
            let ahead = ahead.next(p.inputs / GROUP);
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
    let asks = ahead.lines == V::MOST_LINES;
    let ahead = if asks { ahead.next(p.inputs / GROUP) } else { PiecesAhead::NONE };
    // SAFETY: the caller's.
    unsafe {
        if const { V::VECTORS == 4 } {
            asking::<V, 4, 4, false>(p, slice, row, packed, ahead);
        } else {
            asking::<V, 4, 2, false>(p, slice, row, packed, ahead);
        }
    }
    4
}

/// A tile of a whole panel with one sum for each element, which asks for what is `ahead`.
///
/// Where there are registers enough, one tile has a loop for each number of lines, since its ends take long to compile; where there are
/// not, its sums would be moved from one to another in each of them. Tiles that are not the highest ask for the longest pieces alone.
#[inline(always)]
unsafe fn asking<V: Lanes, const MR: usize, const NV: usize, const PACK: bool>(
    p: &Product,
    slice: &Slice,
    row: usize,
    packed: *mut f32,
    ahead: PiecesAhead,
) {
    // SAFETY: the caller's.
    unsafe {
        macro_rules! lines {
            ($($lines:literal)+) => {
                $(if const { $lines == V::MOST_LINES || $lines < V::MOST_LINES && MR == V::ROWS } && ahead.lines == $lines {
                    return tile::<V, MR, NV, 1, true, true, PACK, $lines>(p, slice, row, packed, ahead);
                })+
            };
        }
        if const { V::VECTORS == 4 } {
            tile::<V, MR, NV, 1, true, true, PACK, ANY>(p, slice, row, packed, ahead);
        } else {
            lines!(1 2 4);
            tile::<V, MR, NV, 1, true, true, PACK, 0>(p, slice, row, packed, ahead);
        }
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
                    let ahead = ahead.next(p.inputs / GROUP);
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

/// A slice of `p` by one vector of columns, or fewer, of a kernel that has at most [`NARROW`]; `HIGH` rows at a time, or `LOW` of those
/// that are left.
///
/// # Safety
///
/// As [`tall`].
#[inline(always)]
pub(super) unsafe fn narrow<V: Lanes, const HIGH: usize, const LOW: usize>(p: &Product, slice: &Slice) {
    let (packed, ahead) = (std::ptr::null_mut(), PiecesAhead::NONE);
    let mut row = 0;
    // SAFETY: the caller's.
    unsafe {
        while const { HIGH > 1 } && row + LOW <= p.rows {
            let left = p.rows - row;
            // No rows are left over that two of the lower tiles would take.
            row += if left >= HIGH && (left == HIGH || left >= HIGH + LOW || left < 2 * LOW) {
                tile::<V, HIGH, 1, 4, false, false, false, 0>(p, slice, row, packed, ahead);
                HIGH
            } else {
                tile::<V, LOW, 1, 4, false, false, false, 0>(p, slice, row, packed, ahead);
                LOW
            };
        }
        while row < p.rows {
            tile::<V, 1, 1, 4, false, false, false, 0>(p, slice, row, packed, ahead);
            row += 1;
        }
    }
}
