//! The inverse of the error function, as Giles' approximation in single precision, in the steps of XLA.
//!
//! The steps stand apart, so that a kernel takes many elements through one before the next: as a whole they are a chain so
//! long that a processor would wait for its links.

use super::fused::Fused;

/// Where `log(1 - u²)` is at most this, `u` is in a tail, which another polynomial is for.
pub(super) const TAIL: f32 = -5.0;

/// The polynomial with these coefficients, the highest power first, by Horner's rule.
#[inline(always)]
pub(super) fn polynomial<F: Fused, const N: usize>(x: f32, coefficients: [u32; N]) -> f32 {
    let mut sum = f32::from_bits(coefficients[0]);
    for coefficient in &coefficients[1..] {
        sum = F::fused(sum, x, f32::from_bits(*coefficient));
    }
    sum
}

/// `erf⁻¹(u)`.
pub(super) fn erf_inv<F: Fused>(u: f32) -> f32 {
    let log = log::<F>(u, log_in_tails::<F>(u));
    if log <= TAIL { in_tails::<F>(u, log) } else { between_tails::<F>(u, log) }
}

/// `log(1 - u²)`, given [`log_in_tails`]: near 0 by the rational function of Cephes' `log1pf`.
#[inline(always)]
pub(super) fn log<F: Fused>(u: f32, log_in_tails: f32) -> f32 {
    let x = u * -u;
    let numerator = polynomial::<F, 7>(
        x,
        [0x383d_e04b, 0x3eff_40c5, 0x40d2_84fa, 0x41ef_4b9c, 0x4273_cc76, 0x4264_73ad, 0x41a0_5101],
    );
    let denominator = polynomial::<F, 7>(
        x,
        [0x3f80_0000, 0x4171_01ad, 0x42a6_185b, 0x435d_c32d, 0x439a_8ca3, 0x4358_6d8a, 0x4270_7982],
    );
    let square = x * x;
    let near_0 = x + F::fused(-0.5, square, (x * square) * (numerator / denominator));
    // 0.41421357
    if x.abs() < f32::from_bits(0x3ed4_13cd) { near_0 } else { log_in_tails }
}

/// `log(1 - u²)` for `u` far from 0: Cephes' `logf`, in the form that Eigen gave it. Below -80 where `|u|` is 1.
///
/// `log(2ⁿ · (1 + y)) = n · ln 2 + y - y² / 2 + y³ · p(y)` with `√½ ≤ 1 + y < √2`.
#[inline(always)]
pub(super) fn log_in_tails<F: Fused>(u: f32) -> f32 {
    let bits = (u * -u + 1.0).to_bits();
    let fraction = f32::from_bits(bits & 0x007f_ffff | 0.5f32.to_bits());
    let n = (bits >> 23).cast_signed() as f32 - 126.0;
    let is_small = fraction < std::f32::consts::FRAC_1_SQRT_2;
    let n = if is_small { n - 1.0 } else { n };
    let y = fraction - 1.0;
    let y = if is_small { y + fraction } else { y };

    let square = y * y;
    let cube = square * y;
    let p = [
        polynomial::<F, 3>(y, [0x3d90_21bb, 0xbdeb_d1b8, 0x3def_251a]),
        polynomial::<F, 3>(y, [0xbdfe_5d4f, 0x3e11_e9bf, 0xbe2a_ae50]),
        polynomial::<F, 3>(y, [0x3e4c_ceac, 0xbe7f_fffc, 0x3eaa_aaaa]),
    ];
    let p = F::fused(F::fused(p[0], cube, p[1]), cube, p[2]);
    // ln 2 in two parts, of which the product of the upper one with `n` is exact.
    let rest = F::fused(p, cube, n * f32::from_bits(0xb95e_8083));
    F::fused(n, f32::from_bits(0x3f31_8000), (y - 0.5 * square) + rest)
}

/// `erf⁻¹(u)` where `log` is `log(1 - u²)` and above [`TAIL`], or both are NaN.
#[inline(always)]
pub(super) fn between_tails<F: Fused>(u: f32, log: f32) -> f32 {
    let p = polynomial::<F, 9>(
        -2.5 - log,
        [
            0x32f1_6588,
            0x34b8_4b36,
            0xb66c_7357,
            0xb693_5ac1,
            0x3965_32db,
            0xbaa4_5408,
            0xbb88_e4ef,
            0x3e7c_8f63,
            0x3fc0_2e2f,
        ],
    );
    u * p
}

/// `erf⁻¹(u)` where `log` is `log(1 - u²)` and at most [`TAIL`].
#[inline(always)]
pub(super) fn in_tails<F: Fused>(u: f32, log: f32) -> f32 {
    let p = polynomial::<F, 9>(
        (-log).sqrt() - 3.0,
        [
            0xb951_f09b,
            0x38d3_b56b,
            0x3ab0_dc72,
            0xbb70_bde7,
            0x3bbc_127b,
            0xbbf9_c5d7,
            0x3c1a_a57e,
            0x3f80_36db,
            0x4035_4f7e,
        ],
    );
    u * if u.abs() == 1.0 { f32::INFINITY } else { p }
}
