//! A tile of the output, whose sums stay in registers, for any instruction set.
#![allow(unsafe_code)]
#![allow(clippy::needless_range_loop)] // Loops of a fixed length over registers: iterators may stay calls.

use super::ahead::{ANY, GROUP, PiecesAhead};
use super::lanes::Lanes;
use super::product::{Product, Slice};
use crate::ops::lines::LINE;

/// `MR` rows by `NV` vectors, the last of which may have fewer columns unless `WHOLE`; steps are taken in [`GROUP`]s where that is worth
/// the code, and with each so many lines are asked for, or [`ANY`] number that `ahead` says.
///
/// Rows from `p.rows` on are computed and thrown away.
///
/// # Safety
///
/// As [`tall`](super::kernel::tall), for all of its rows of `x`.
#[inline(always)]
pub(super) unsafe fn tile<
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
            ($step:literal of $lines:expr) => {
                let lines: usize = $lines;
                for line in ($step * lines).div_ceil(GROUP)..(($step + 1) * lines).div_ceil(GROUP) {
                    V::prefetch(ahead.start.wrapping_add(line * LINE));
                }
            };
        }
        macro_rules! groups {
            ($lines:expr) => {
                for _ in 0..p.inputs / GROUP {
                    ask!(0 of $lines);
                    step!(0);
                    ask!(1 of $lines);
                    step!(1 % SUMS);
                    ask!(2 of $lines);
                    step!(0);
                    ask!(3 of $lines);
                    step!(1 % SUMS);
                    ahead.start = ahead.start.wrapping_offset(ahead.stride);
                }
            };
        }
        let mut left = p.inputs;
        if const { WHOLE && SUMS <= 2 && GROUPS } {
            if const { AHEAD != ANY } {
                groups!(AHEAD);
            } else if ahead.lines == 8 {
                groups!(8);
            } else if ahead.lines == 4 {
                groups!(4);
            } else if ahead.lines == 2 {
                groups!(2);
            } else {
                groups!(0);
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
    /// As [`tile`], for the product of which they are.
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
