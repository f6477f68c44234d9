//! The loops that multiply, for any instruction set.
//!
//! All of them take the same steps for an element of the output: the products of a slice of [`DEPTH`] inputs are added one
//! after another to zero, and that sum to what the slices before gave.
#![allow(unsafe_code)]
#![allow(clippy::needless_range_loop)] // Loops of a fixed length over registers: iterators may stay calls.

use super::Product;
use super::lanes::Lanes;

/// The inputs whose products are added before their sum is added to the output: few, for small errors of rounding.
pub(super) const DEPTH: usize = 128;

/// The columns of the widest row that [`stream`] takes.
pub(super) const STREAM: usize = 1024;

/// The elements of a line of a cache.
const LINE: usize = 16;

/// The rows between one that is read and one that is asked for.
const AHEAD: isize = 12;

/// The rows of a tile.
const ROWS: usize = 6;

/// The output of a panel: at most [`DEPTH`] inputs, and at most `VECTORS` vectors of columns.
///
/// # Safety
///
/// The processor has the instructions of `V`; `p` is valid.
#[inline(always)]
pub(super) unsafe fn panel<V: Lanes, const VECTORS: usize>(p: &Product, is_first: bool) {
    let mut row = 0;
    while row < p.rows {
        let count = (p.rows - row).min(ROWS);
        // SAFETY: the caller's; `row + count` is at most `p.rows`.
        unsafe {
            match count {
                1 => tiles::<V, 1, VECTORS>(p, is_first, row),
                2 => tiles::<V, 2, VECTORS>(p, is_first, row),
                3 => tiles::<V, 3, VECTORS>(p, is_first, row),
                4 => tiles::<V, 4, VECTORS>(p, is_first, row),
                5 => tiles::<V, 5, VECTORS>(p, is_first, row),
                _ => tiles::<V, ROWS, VECTORS>(p, is_first, row),
            }
        }
        row += count;
    }
}

#[inline(always)]
unsafe fn tiles<V: Lanes, const MR: usize, const VECTORS: usize>(p: &Product, is_first: bool, row: usize) {
    // SAFETY: the caller's.
    unsafe {
        if p.columns == VECTORS * V::LANES {
            return tile::<V, MR, VECTORS, true>(p, is_first, row);
        }
        match p.columns.div_ceil(V::LANES) {
            1 => tile::<V, MR, 1, false>(p, is_first, row),
            2 => tile::<V, MR, 2, false>(p, is_first, row),
            3 if VECTORS > 2 => tile::<V, MR, 3, false>(p, is_first, row),
            _ if VECTORS > 2 => tile::<V, MR, 4, false>(p, is_first, row),
            _ => {}
        }
    }
}

/// `MR` rows by `NV` vectors, the last of which may have fewer columns unless `WHOLE`.
#[inline(always)]
unsafe fn tile<V: Lanes, const MR: usize, const NV: usize, const WHOLE: bool>(p: &Product, is_first: bool, row: usize) {
    // SAFETY: the places are those of rows `row..row + MR` of `x` and `y` and of the columns of `p`, by the caller's contract.
    unsafe {
        let rest = if WHOLE { V::LANES } else { p.columns - (NV - 1) * V::LANES };
        let mut sums = [[V::splat(0.0); NV]; MR];
        let mut weights = p.kernel;
        let x = p.x.offset(row.cast_signed() * p.x_stride);
        for step in 0..p.inputs {
            let mut weight = [V::splat(0.0); NV];
            for v in 0..NV {
                weight[v] = load::<V, NV, WHOLE>(weights, v, rest);
            }
            for r in 0..MR {
                let x = V::splat(*x.offset(r.cast_signed() * p.x_stride).add(step));
                for v in 0..NV {
                    sums[r][v] = x.product_sum(weight[v], sums[r][v]);
                }
            }
            weights = weights.wrapping_offset(p.kernel_stride);
        }
        for r in 0..MR {
            let y = p.y.add((row + r) * p.y_stride);
            let before = if is_first { p.bias } else { y.cast_const() };
            for v in 0..NV {
                let mut sum = sums[r][v];
                if !before.is_null() {
                    sum = load::<V, NV, WHOLE>(before, v, rest).add(sum);
                }
                if WHOLE || v + 1 < NV {
                    sum.store(y.add(v * V::LANES));
                } else {
                    sum.store_first(y.add(v * V::LANES), rest);
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

/// The first row of the output, for at most [`DEPTH`] inputs and [`STREAM`] columns: reads the rows of the kernel as they lie.
///
/// # Safety
///
/// As [`panel`].
#[inline(always)]
pub(super) unsafe fn stream<V: Lanes>(p: &Product, is_first: bool) {
    const AT_ONCE: usize = 8;
    let mut sums = [0.0_f32; STREAM];
    let mut step = 0;
    // SAFETY: as in `tile`; `sums` has a place for each of the columns.
    unsafe {
        while step + AT_ONCE <= p.inputs {
            // From the cache of the second level the rows come fast enough without.
            if p.columns == STREAM {
                stream_rows::<V, AT_ONCE, true>(p, step, sums.as_mut_ptr());
            } else {
                stream_rows::<V, AT_ONCE, false>(p, step, sums.as_mut_ptr());
            }
            step += AT_ONCE;
        }
        while step < p.inputs {
            stream_rows::<V, 1, false>(p, step, sums.as_mut_ptr());
            step += 1;
        }
        let before = if is_first { p.bias } else { p.y.cast_const() };
        let mut column = 0;
        while column < p.columns {
            let count = (p.columns - column).min(V::LANES);
            let mut sum = V::load_first(sums.as_ptr().add(column), count);
            if !before.is_null() {
                sum = V::load_first(before.add(column), count).add(sum);
            }
            sum.store_first(p.y.add(column), count);
            column += count;
        }
    }
}

#[inline(always)]
unsafe fn stream_rows<V: Lanes, const AT_ONCE: usize, const AHEAD: bool>(p: &Product, step: usize, sums: *mut f32) {
    // SAFETY: the caller's.
    unsafe {
        let mut x = [V::splat(0.0); AT_ONCE];
        let mut weights = [p.kernel; AT_ONCE];
        for r in 0..AT_ONCE {
            x[r] = V::splat(*p.x.add(step + r));
            weights[r] = p.kernel.offset((step + r).cast_signed() * p.kernel_stride);
        }
        let whole = p.columns / V::LANES * V::LANES;
        let mut column = 0;
        while column < whole {
            let mut sum = V::load(sums.add(column));
            for r in 0..AT_ONCE {
                sum = x[r].product_sum(V::load(weights[r].add(column)), sum);
                if AHEAD {
                    V::prefetch(
                        weights[r].wrapping_offset(AT_ONCE.cast_signed() * p.kernel_stride).wrapping_add(column),
                    );
                }
            }
            sum.store(sums.add(column));
            column += V::LANES;
        }
        let rest = p.columns - whole;
        if rest > 0 {
            let mut sum = V::load_first(sums.add(column), rest);
            for r in 0..AT_ONCE {
                sum = x[r].product_sum(V::load_first(weights[r].add(column), rest), sum);
            }
            sum.store_first(sums.add(column), rest);
        }
    }
}

/// Copies a panel of the kernel, `inputs` rows of `columns`, to rows of `width` that lie one after another.
///
/// # Safety
///
/// As [`panel`]; `to` has the room, and `columns` is at most `width`.
#[inline(always)]
pub(super) unsafe fn pack<V: Lanes>(p: &Product, width: usize, to: *mut f32) {
    // SAFETY: the caller's.
    unsafe {
        for step in 0..p.inputs {
            let from = p.kernel.offset(step.cast_signed() * p.kernel_stride);
            // A row of a panel is shorter than what the processor foresees by itself.
            let ahead = from.wrapping_offset(AHEAD * p.kernel_stride);
            for line in (0..p.columns).step_by(LINE) {
                V::prefetch(ahead.wrapping_add(line));
            }
            let mut first = 0;
            let mut place = to.add(step * width);
            while first < p.columns {
                let count = (p.columns - first).min(width);
                let mut column = 0;
                while column + V::LANES <= count {
                    V::load(from.add(first + column)).store(place.add(column));
                    column += V::LANES;
                }
                if column < count {
                    V::load_first(from.add(first + column), count - column)
                        .store_first(place.add(column), count - column);
                }
                place = place.add(p.inputs * width);
                first += count;
            }
        }
    }
}
