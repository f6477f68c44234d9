//! `exp`, as Cephes' `expf`: `eˣ = 2ⁿ · eʳ` with `|r| ≤ ln 2 / 2`.

use super::{fused, polynomial, product, tanh};

/// Adding it to a small number rounds that to an integer, which then stands in the lowest bits.
const ROUND: f32 = 12_582_912.0; // 1.5 · 2²³

/// ln 2 in two parts; a product of the first with `n` is exact.
pub(super) const LN_2: [f32; 2] = [0.693_359_4, -0.000_212_194_44];

/// `eʳ` and `2ⁿ`, whose product is `eˣ`.
#[inline(always)]
fn parts(x: f32) -> (f32, f32) {
    let x = clamp(x, -87.8, 88.8);
    let n = clamp(floor(fused(x, std::f32::consts::LOG2_E, 0.5)), -127.0, 127.0);
    let r = fused(-LN_2[0], n, x);
    let r = fused(-LN_2[1], n, r);
    let p = polynomial(r, [0.000_198_756_91, 0.001_398_199_9, 0.008_333_452, 0.041_665_796, 0.166_666_66, 0.5]);
    let power = f32::from_bits(((n + ROUND).to_bits() << 23).wrapping_add(1f32.to_bits()));
    (fused(p, r * r, r) + 1.0, power)
}

/// `eˣ`; 0 where that is subnormal.
#[inline(always)]
pub(crate) fn exp(x: f32) -> f32 {
    let (mantissa, power) = parts(x);
    product(mantissa, power)
}

/// `1 + eˣ`, rounded once.
#[inline(always)]
pub(crate) fn one_plus_exp(x: f32) -> f32 {
    let (mantissa, power) = parts(x);
    fused(mantissa, power, 1.0)
}

/// `eˣ - 1`: near 0 as `tanh(x / 2) · (eˣ + 1)`.
#[inline(always)]
pub(crate) fn expm1(x: f32) -> f32 {
    let power = exp(x);
    let half = product(x, 0.5);
    let y = if x.abs() > 0.5 { power - 1.0 } else { tanh(half) * (power + 1.0) };
    if half == 0.0 { x } else { y }
}

/// `x` within bounds; NaN stays NaN.
#[inline(always)]
fn clamp(x: f32, low: f32, high: f32) -> f32 {
    let x = if x < low { low } else { x };
    if x > high { high } else { x }
}

/// The largest integer that is not above `x`, for `|x| < 2²²`; without SSE4.1, `f32::floor` is a function call.
#[inline(always)]
fn floor(x: f32) -> f32 {
    let nearest = (x + ROUND) - ROUND;
    if nearest > x { nearest - 1.0 } else { nearest }
}
