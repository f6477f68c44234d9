//! The complement of the error function, as Cephes' `erfcf`.

use super::{exp, fused, polynomial, product};

/// `1 - erf(x)`.
#[inline(always)]
pub(crate) fn erfc(x: f32) -> f32 {
    let near = near(x);
    let far = far(x);
    if x.abs() < 1.0 { near } else { far }
}

/// `1 - x · p(x²)`, for `|x| < 1`.
#[inline(always)]
#[expect(clippy::approx_constant, reason = "Cephes' coefficient is not the float nearest to 2 / √π")]
fn near(x: f32) -> f32 {
    let p = polynomial(
        x * x,
        [7.853_861_5e-5, -0.000_801_019_37, 0.005_188_327_7, -0.026_853_813, 0.112_835_854, -0.376_126_26, 1.128_379_1],
    );
    fused(-x, p, 1.0)
}

/// `exp(-x²) / |x| · p(1 / x²)`, or 2 less that where `x` is negative, for `|x| ≥ 1`.
#[inline(always)]
fn far(x: f32) -> f32 {
    let square = x * x;
    let inverse = 1.0 / square;
    let to_2 = polynomial(
        inverse,
        [
            0.023_268_2,
            -0.138_703_94,
            0.368_742_47,
            -0.582_473_3,
            0.621_000_47,
            -0.494_451_52,
            0.340_488,
            -0.274_112_7,
            0.563_825_96,
        ],
    );
    let from_2 = polynomial(
        inverse,
        [-10.477_664, 12.977_2, -7.495_518_7, 2.921_019, -1.015_265_2, 0.421_846_33, -0.282_076_75, 0.564_189_5],
    );
    let magnitude = x.abs();
    let p = if magnitude < 2.0 { to_2 } else { from_2 };
    let y = product(product(exp(-square), 1.0 / magnitude), p);
    // XLA ends where exp(-x²) would be below the reciprocal of the largest float.
    let y = if -square < -88.722_84 { 0.0 } else { y };
    if x < 0.0 { 2.0 - y } else { y }
}
