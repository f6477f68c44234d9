//! `log` as Cephes' `logf`, in the form that Eigen gave it, and `log1p` as Cephes' rational function.

use std::f32::consts::FRAC_1_SQRT_2;

use super::exp::LN_2;
use super::{fused, polynomial};

/// The natural logarithm; a subnormal number is taken for zero.
#[inline(always)]
pub(crate) fn log(x: f32) -> f32 {
    let y = log_normal(if x > f32::MIN_POSITIVE { x } else { f32::MIN_POSITIVE });
    let y = if x == f32::INFINITY { x } else { y };
    let y = if x < f32::MIN_POSITIVE { f32::NEG_INFINITY } else { y };
    if x > -f32::MIN_POSITIVE { y } else { f32::NAN }
}

/// `log(2ⁿ · (1 + m)) = n · ln 2 + m - m² / 2 + m³ · p(m)` with `√½ ≤ 1 + m < √2`.
#[inline(always)]
fn log_normal(x: f32) -> f32 {
    let bits = x.to_bits();
    let fraction = f32::from_bits(bits & 0x007f_ffff | 0.5f32.to_bits());
    let n = (bits >> 23).cast_signed() as f32 - 126.0;
    let small = fraction < FRAC_1_SQRT_2;
    let n = if small { n - 1.0 } else { n };
    let m = fraction - 1.0;
    let m = if small { m + fraction } else { m };

    let square = m * m;
    let cube = square * m;
    let p = [
        polynomial(m, [0.070_376_836, -0.115_146_1, 0.116_769_984]),
        polynomial(m, [-0.124_201_41, 0.142_493_23, -0.166_680_57]),
        polynomial(m, [0.200_007_14, -0.249_999_94, 0.333_333_3]),
    ];
    let tail = fused(polynomial(cube, p), cube, LN_2[1] * n);
    fused(LN_2[0], n, (m - square * 0.5) + tail)
}

/// `log(1 + x)`: `x - x² / 2 + x³ · p(x) / q(x)` near 0.
#[inline(always)]
pub(crate) fn log1p(x: f32) -> f32 {
    let square = x * x;
    let p = polynomial(x, [4.527e-5, 0.498_541_03, 6.578_732_5, 29.911_919, 60.949_67, 57.112_965, 20.039_553]);
    let q = polynomial(x, [1.0, 15.062_909, 83.047_57, 221.762_4, 309.098_72, 216.427_89, 60.118_66]);
    let near = x + fused(square, -0.5, x * square * (p / q));
    let far = log(x + 1.0);
    if x.abs() < 0.414_213_57 { near } else { far }
}
