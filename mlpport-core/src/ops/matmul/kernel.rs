//! The loops that multiply, for any instruction set.
//!
//! All of them take the same steps for an element of the output: the products of a slice of at most [`DEPTH`] inputs are added
//! one after another to zero, and that sum to what the slices before gave. With at most [`NARROW`] columns there are four such
//! sums, of every fourth input, since a single one would wait for itself.
#![allow(unsafe_code)]
#![allow(clippy::needless_range_loop)] // Loops of a fixed length over registers: iterators may stay calls.

use super::lanes::Lanes;
use super::product::{Product, Slice};

/// The inputs whose products are added before their sum is added to the output: few, for small errors of rounding.
pub(super) const DEPTH: usize = 128;

/// The columns of a kernel up to which [`narrow`] takes it.
pub(super) const NARROW: usize = 16;

/// The sums of [`narrow`].
const SUMS: usize = 4;

/// Rows of a slice of `p`, by at most two vectors of columns; `x` lies in rows of [`DEPTH`] elements, as many as `rows` rounded
/// up to a tile of the lowest height.
///
/// The first tile copies the kernel to `packed`, if that is not null, and asks for what lies at `next`; the others read it there.
///
/// # Safety
///
/// The processor has the instructions of `V`; `p` is valid, and so is `packed` for [`DEPTH`] rows of two vectors.
#[inline(always)]
pub(super) unsafe fn tall<V: Lanes>(p: &Product, slice: &Slice, packed: *mut f32, next: *const f32) {
    let mut p = *p;
    let mut row = 0;
    // SAFETY: the caller's.
    unsafe {
        if !packed.is_null() && p.rows >= V::ROWS {
            if V::ROWS == 12 {
                packing::<V, 12>(&p, slice, packed, next);
            } else {
                packing::<V, 6>(&p, slice, packed, next);
            }
            (p.kernel, p.kernel_stride) = (packed, (2 * V::LANES).cast_signed());
            row = V::ROWS;
        }
        while row < p.rows {
            let left = p.rows - row;
            if V::ROWS == 12 {
                match left {
                    ..=4 => tall_of::<V, 4>(&p, slice, row),
                    5..=8 => tall_of::<V, 8>(&p, slice, row),
                    _ => tall_of::<V, 12>(&p, slice, row),
                }
                row += match left {
                    ..=4 => 4,
                    5..=8 => 8,
                    _ => 12,
                };
            } else {
                match left {
                    ..=2 => tall_of::<V, 2>(&p, slice, row),
                    3..=4 => tall_of::<V, 4>(&p, slice, row),
                    _ => tall_of::<V, 6>(&p, slice, row),
                }
                row += match left {
                    ..=2 => 2,
                    3..=4 => 4,
                    _ => 6,
                };
            }
        }
    }
}

#[inline(always)]
unsafe fn packing<V: Lanes, const MR: usize>(p: &Product, slice: &Slice, packed: *mut f32, next: *const f32) {
    // SAFETY: the caller's.
    unsafe {
        if p.columns == 2 * V::LANES {
            tile::<V, MR, 2, DEPTH, true, true>(p, slice, 0, packed, next);
        } else {
            // Where there is one vector, the second in the panel stays as it was: it is not read.
            if p.columns > V::LANES {
                tile::<V, MR, 2, DEPTH, false, true>(p, slice, 0, packed, next);
            } else {
                tile::<V, MR, 1, DEPTH, false, true>(p, slice, 0, packed, next);
            }
        }
    }
}

#[inline(always)]
unsafe fn tall_of<V: Lanes, const MR: usize>(p: &Product, slice: &Slice, row: usize) {
    let (packed, next) = (std::ptr::null_mut(), std::ptr::null());
    // SAFETY: the caller's.
    unsafe {
        if p.columns == 2 * V::LANES {
            tile::<V, MR, 2, DEPTH, true, false>(p, slice, row, packed, next);
        } else if p.columns > V::LANES {
            tile::<V, MR, 2, DEPTH, false, false>(p, slice, row, packed, next);
        } else {
            tile::<V, MR, 1, DEPTH, false, false>(p, slice, row, packed, next);
        }
    }
}

/// One or two rows of a slice of `p`, by at most four vectors of columns.
///
/// # Safety
///
/// As [`tall`].
#[inline(always)]
pub(super) unsafe fn wide<V: Lanes>(p: &Product, slice: &Slice) {
    // SAFETY: the caller's.
    unsafe {
        if p.rows == 2 {
            wide_of::<V, 2>(p, slice);
        } else {
            wide_of::<V, 1>(p, slice);
        }
    }
}

#[inline(always)]
unsafe fn wide_of<V: Lanes, const MR: usize>(p: &Product, slice: &Slice) {
    let (packed, next) = (std::ptr::null_mut(), std::ptr::null());
    // SAFETY: the caller's.
    unsafe {
        match p.columns.div_ceil(V::LANES) {
            _ if p.columns == 4 * V::LANES => tile::<V, MR, 4, 0, true, false>(p, slice, 0, packed, next),
            1 => tile::<V, MR, 1, 0, false, false>(p, slice, 0, packed, next),
            2 => tile::<V, MR, 2, 0, false, false>(p, slice, 0, packed, next),
            3 => tile::<V, MR, 3, 0, false, false>(p, slice, 0, packed, next),
            _ => tile::<V, MR, 4, 0, false, false>(p, slice, 0, packed, next),
        }
    }
}

/// `MR` rows by `NV` vectors, the last of which may have fewer columns unless `WHOLE`; the rows of `x` are `STRIDE` apart, or
/// where that is zero as `p` says.
///
/// Rows from `p.rows` on are computed and thrown away.
#[inline(always)]
unsafe fn tile<
    V: Lanes,
    const MR: usize,
    const NV: usize,
    const STRIDE: usize,
    const WHOLE: bool,
    const PACK: bool,
>(
    p: &Product,
    slice: &Slice,
    row: usize,
    packed: *mut f32,
    next: *const f32,
) {
    // SAFETY: the places are those of rows `row..row + MR` of `x` and `y` and of the columns of `p`, by the caller's contract.
    unsafe {
        let stride = if STRIDE == 0 { p.x_stride } else { STRIDE.cast_signed() };
        let rest = if WHOLE { V::LANES } else { p.columns - (NV - 1) * V::LANES };
        let mut sums = [[V::splat(0.0); NV]; MR];
        let (mut weights, mut packed, mut next) = (p.kernel, packed, next);
        let mut x = p.x.offset(row.cast_signed() * stride);
        for _ in 0..p.inputs {
            let mut weight = [V::splat(0.0); NV];
            for v in 0..NV {
                weight[v] = load::<V, NV, WHOLE>(weights, v, rest);
                if PACK {
                    weight[v].store(packed.add(v * V::LANES));
                    V::prefetch(next.wrapping_add(v * V::LANES));
                }
            }
            for r in 0..MR {
                let x = V::splat(*x.offset(r.cast_signed() * stride));
                for v in 0..NV {
                    sums[r][v] = x.product_sum(weight[v], sums[r][v]);
                }
            }
            x = x.add(1);
            weights = weights.wrapping_offset(p.kernel_stride);
            if PACK {
                packed = packed.wrapping_add(2 * V::LANES);
                next = next.wrapping_offset(p.kernel_stride);
            }
        }
        // By hand: in a loop that stays one, the sums would live in memory all the time.
        macro_rules! finish_rows {
            ($($r:literal)+) => {
                $(if $r < MR && row + $r < p.rows {
                    finish::<V, NV, WHOLE>(p, slice, row + $r, &sums[$r % MR], rest);
                })+
            };
        }
        finish_rows!(0 1 2 3 4 5 6 7 8 9 10 11);
    }
}

/// Adds the sums of a slice to a row of the output.
#[inline(always)]
unsafe fn finish<V: Lanes, const NV: usize, const WHOLE: bool>(
    p: &Product,
    slice: &Slice,
    row: usize,
    sums: &[V; NV],
    rest: usize,
) {
    // SAFETY: the caller's.
    unsafe {
        let y = p.y.add(row * p.y_stride);
        let before = if slice.is_first { p.bias } else { y.cast_const() };
        for v in 0..NV {
            let mut sum = sums[v];
            if !before.is_null() {
                sum = load::<V, NV, WHOLE>(before, v, rest).add(sum);
            }
            if p.relu && slice.is_last {
                sum = sum.relu();
            }
            if WHOLE || v + 1 < NV {
                sum.store(y.add(v * V::LANES));
            } else {
                sum.store_first(y.add(v * V::LANES), rest);
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

/// A slice of `p` by one vector of columns, or fewer, of a kernel that has at most [`NARROW`].
///
/// # Safety
///
/// As [`tall`].
#[inline(always)]
pub(super) unsafe fn narrow<V: Lanes>(p: &Product, slice: &Slice) {
    const ROWS: usize = 4;
    let mut row = 0;
    // SAFETY: the caller's.
    unsafe {
        while row + ROWS <= p.rows {
            narrow_of::<V, ROWS>(p, slice, row);
            row += ROWS;
        }
        while row < p.rows {
            narrow_of::<V, 1>(p, slice, row);
            row += 1;
        }
    }
}

#[inline(always)]
unsafe fn narrow_of<V: Lanes, const MR: usize>(p: &Product, slice: &Slice, row: usize) {
    // SAFETY: as in `tile`.
    unsafe {
        let mut sums = [[V::splat(0.0); SUMS]; MR];
        let mut weights = p.kernel;
        let mut x = p.x.offset(row.cast_signed() * p.x_stride);
        for _ in 0..p.inputs / SUMS {
            for s in 0..SUMS {
                let weight = V::load_first(weights, p.columns);
                for r in 0..MR {
                    let x = V::splat(*x.offset(r.cast_signed() * p.x_stride).add(s));
                    sums[r][s] = x.product_sum(weight, sums[r][s]);
                }
                weights = weights.wrapping_offset(p.kernel_stride);
            }
            x = x.wrapping_add(SUMS);
        }
        for s in 0..p.inputs % SUMS {
            let weight = V::load_first(weights, p.columns);
            for r in 0..MR {
                let x = V::splat(*x.offset(r.cast_signed() * p.x_stride).add(s));
                // A place that the compiler knows keeps the sums in registers.
                match s {
                    0 => sums[r][0] = x.product_sum(weight, sums[r][0]),
                    1 => sums[r][1] = x.product_sum(weight, sums[r][1]),
                    _ => sums[r][2] = x.product_sum(weight, sums[r][2]),
                }
            }
            weights = weights.wrapping_offset(p.kernel_stride);
        }
        for r in 0..MR {
            let [a, b, c, d] = sums[r];
            finish::<V, 1, false>(p, slice, row + r, &[a.add(b).add(c.add(d))], p.columns);
        }
    }
}
