//! `a · b + c`, rounded once, with the instruction and without.

/// How a kernel computes `a · b + c` with one rounding; both ways give the same bits.
pub(crate) trait Fused: Copy {
    /// `a · b + c`, rounded once.
    fn fused(a: f32, b: f32, c: f32) -> f32;
}

/// By the instruction. Where the target lacks it this is a call of the math library: right, but slow.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Instruction;

impl Fused for Instruction {
    #[inline(always)]
    fn fused(a: f32, b: f32, c: f32) -> f32 {
        a.mul_add(b, c)
    }
}

/// By arithmetic in f64.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Emulated;

impl Fused for Emulated {
    #[inline(always)]
    #[expect(clippy::cast_possible_truncation, reason = "rounding is what it is for")]
    fn fused(a: f32, b: f32, c: f32) -> f32 {
        // The product is exact. The sum is rounded to odd, from where a second rounding, to at least two bits less, is as
        // good as one of the exact sum: Boldo and Melquiond, "Emulation of FMA and correctly rounded sums", 2008.
        let product = f64::from(a) * f64::from(b);
        let c = f64::from(c);
        let sum = product + c;
        let from_c = sum - product;
        let error = (product - (sum - from_c)) + (c - from_c);
        let bits = sum.to_bits();
        // Towards the exact sum: away from zero where the error has the sign of the sum. A NaN is an error of neither sign.
        let inexact = error.abs() > 0.0;
        let outwards = (error > 0.0) == (sum > 0.0);
        let odd = if outwards { bits.wrapping_add(1) } else { bits.wrapping_sub(1) };
        f64::from_bits(if inexact && bits & 1 == 0 { odd } else { bits }) as f32
    }
}
