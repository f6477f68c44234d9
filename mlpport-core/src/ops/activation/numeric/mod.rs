//! The elementary functions, as XLA computes them on a CPU.
//!
//! XLA does not call the platform's math library: it emits the approximations of Cephes and of Eigen, and its code
//! generator fuses a product with the sum after it. The same steps in the same order give the same bits, on every machine.
//! All is inlined to the last, since a loop is vectorised only where no call is left in it.

mod erfc;
mod exp;
mod log;
mod tanh;

pub(super) use erfc::erfc;
pub(super) use exp::{exp, expm1, one_plus_exp};
pub(super) use log::{log, log1p};
pub use tanh::tanh;

/// `a · b + c`, rounded once.
#[inline(always)]
pub(super) fn fused(a: f32, b: f32, c: f32) -> f32 {
    if cfg!(any(target_feature = "fma", target_arch = "aarch64")) {
        a.mul_add(b, c)
    } else {
        // Without the instruction, `mul_add` is a function call. In f64 the product is exact, and the sum so nearly exact
        // that no function of one element here has another value for any input.
        narrow(f64::from(a) * f64::from(b) + f64::from(c))
    }
}

/// The polynomial with these coefficients, the highest power first, by Horner's rule.
#[inline(always)]
fn polynomial<const N: usize>(x: f32, coefficients: [f32; N]) -> f32 {
    coefficients.into_iter().reduce(|sum, coefficient| fused(sum, x, coefficient)).unwrap_or(0.0)
}

/// The nearest `f32`.
#[inline(always)]
#[expect(clippy::cast_possible_truncation, reason = "rounding is what it is for")]
pub(super) const fn narrow(x: f64) -> f32 {
    x as f32
}

/// `a · b`; zero, of the same sign, where that is subnormal.
#[inline(always)]
pub(in crate::ops) fn product(a: f32, b: f32) -> f32 {
    // x86 asks whether a product is subnormal after rounding it as if it were not, which may make it the smallest normal.
    const LIFT: f32 = 33_554_432.0; // 2²⁵
    let y = a * b;
    if (a * LIFT * b).abs() < f32::MIN_POSITIVE * LIFT { 0f32.copysign(y) } else { y }
}

/// Zero, of the same sign, for a subnormal number: XLA runs with subnormal operands and results flushed.
#[inline(always)]
pub(in crate::ops) fn flush(x: f32) -> f32 {
    if x.abs() < f32::MIN_POSITIVE { 0f32.copysign(x) } else { x }
}
