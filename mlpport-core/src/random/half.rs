//! Floats of 16 bits.
//!
//! XLA computes them in f32 and rounds after each operation. A number is made of so few random bits that all numbers are
//! computed beforehand.

use bytemuck::allocation::cast_vec;
use bytemuck::{Pod, Zeroable};

use super::single::flush;
use super::{Draw, Float, Key};
use crate::ops::random::{Table, erf, erf_inv, generate_of_bits};
use crate::tensor::{BF16, F16};

impl Float for BF16 {}
impl Float for F16 {}

trait Half: Float + Pod {
    const ONE_BITS: u16;
    const INFINITY_BITS: u16;
    /// The random bits that go into a number: so many, and so far above the lowest.
    const WIDTH: u32;
    const SHIFT: u32;

    fn from_bits(bits: u16) -> Self;
    fn to_bits(self) -> u16;
    fn rounded(value: f32) -> Self;
    fn widened(self) -> f32;
    fn nearest_to(value: f64) -> Self;
    /// `value / √2`.
    fn over_root_2(value: f32) -> Self;
}

macro_rules! half {
    ($type:ty, one: $one:literal, infinity: $infinity:literal, width: $width:literal, shift: $shift:literal, nearest_to: $nearest_to:expr, reciprocal: $reciprocal:expr) => {
        impl Half for $type {
            const ONE_BITS: u16 = $one;
            const INFINITY_BITS: u16 = $infinity;
            const WIDTH: u32 = $width;
            const SHIFT: u32 = $shift;

            fn from_bits(bits: u16) -> Self {
                Self::from_bits(bits)
            }

            fn to_bits(self) -> u16 {
                self.to_bits()
            }

            fn rounded(value: f32) -> Self {
                Self::from_f32(value)
            }

            fn widened(self) -> f32 {
                self.to_f32()
            }

            fn nearest_to(value: f64) -> Self {
                Self::from_f32($nearest_to(value))
            }

            fn over_root_2(value: f32) -> Self {
                Self::from_f32(value * $reciprocal)
            }
        }
    };
}

// JAX draws 16 bits for a `float16`, and 8 for a `bfloat16`; the mantissa is the upper ones of them. numpy rounds a Python float
// once, and ml_dtypes by way of f32. XLA divides by √2 with a reciprocal, which for a `bfloat16` it has in f32.
half!(F16, one: 0x3c00, infinity: 0x7c00, width: 10, shift: 6, nearest_to: to_odd, reciprocal: 0.707_031_25);
half!(BF16, one: 0x3f80, infinity: 0x7f80, width: 7, shift: 1, nearest_to: f32::from_number, reciprocal: 0.707_182_35);

/// An `f32` next to `value`, the odd one unless it is exact: rounding this to 16 bits is as good as rounding `value`.
fn to_odd(value: f64) -> f32 {
    let near = f32::from_number(value);
    let bits = near.to_bits();
    let error = value - f64::from(near);
    if bits & 1 == 1 || error == 0.0 || error.is_nan() {
        return near;
    }
    f32::from_bits(if f64::from(near).abs() < value.abs() { bits + 1 } else { bits - 1 })
}

impl<T: Half> Draw for T {
    fn one() -> Self {
        Self::from_bits(Self::ONE_BITS)
    }

    fn from_number(value: f64) -> Self {
        Self::nearest_to(value)
    }

    fn from_argument(value: f64) -> Self {
        Self::rounded(f32::from_number(value))
    }

    fn times(self, other: Self) -> Self {
        Self::rounded(self.widened().times(other.widened()))
    }

    fn over(self, other: Self) -> Self {
        Self::rounded(self.widened().over(other.widened()))
    }

    fn root(self) -> Self {
        Self::rounded(self.widened().root())
    }

    fn uniform(key: Key, minval: Self, maxval: Self, factor: Self, length: usize) -> Vec<Self> {
        draw(key, length, |bits| uniform(bits, minval, maxval).times(factor))
    }

    fn normal(key: Key, factor: Self, length: usize) -> Vec<Self> {
        let low = next_up(T::rounded(-1.0));
        draw(key, length, |bits| normal(uniform(bits, low, T::one())).times(factor))
    }

    fn truncated_normal(key: Key, bounds: [Self; 2], factor: Self, length: usize) -> Vec<Self> {
        let [low, high] = bounds.map(|bound| T::rounded(erf(T::over_root_2(bound.widened()).widened())));
        let bounds = [next_up(bounds[0]), next_down(bounds[1])];
        draw(key, length, |bits| clamp(normal(uniform(bits, low, high)), bounds).times(factor))
    }

    fn bernoulli(key: Key, p: Self, length: usize) -> Vec<bool> {
        draw_any(key, length, |bits| uniform(bits, T::rounded(0.0), T::one()).widened() < flush(p.widened()))
    }
}

fn draw<T: Half>(key: Key, length: usize, number: impl Fn(T) -> T) -> Vec<T> {
    cast_vec(draw_any(key, length, |fraction| number(fraction).to_bits()))
}

/// What `of_fraction` makes of random numbers in `[0, 1)`.
fn draw_any<T: Half, U: Copy + Zeroable + Send + Sync>(
    key: Key,
    length: usize,
    of_fraction: impl Fn(T) -> U,
) -> Vec<U> {
    let fraction = |mantissa| T::rounded(T::from_bits(T::ONE_BITS | mantissa).widened() - 1.0);
    let table = Table::new(T::SHIFT, T::WIDTH, |mantissa| of_fraction(fraction(mantissa)));
    generate_of_bits([key.words()], length, |[bits]| table.of(bits))
}

/// A number from `low` to `high`, where `fraction` is from 0 to 1.
fn uniform<T: Half>(fraction: T, low: T, high: T) -> T {
    let start = flush(low.widened());
    let span = T::rounded(flush(flush(high.widened()) - start));
    let number = T::rounded(flush(fraction.times(span).widened() + start));
    if number < low { low } else { number }
}

fn normal<T: Half>(uniform: T) -> T {
    T::rounded(erf_inv(uniform.widened())).times(T::rounded(std::f32::consts::SQRT_2))
}

/// `number` within bounds; NaN stays NaN.
fn clamp<T: Half>(number: T, [low, high]: [T; 2]) -> T {
    let number = if number < low { low } else { number };
    if number > high { high } else { number }
}

/// The next larger number.
fn next_up<T: Half>(x: T) -> T {
    const SIGN: u16 = 0x8000;
    let bits = x.to_bits();
    let magnitude = bits & !SIGN;
    if magnitude > T::INFINITY_BITS || bits == T::INFINITY_BITS {
        x
    } else if magnitude == 0 {
        T::from_bits(1)
    } else if bits & SIGN == 0 {
        T::from_bits(bits + 1)
    } else {
        T::from_bits(bits - 1)
    }
}

fn next_down<T: Half>(x: T) -> T {
    negated(next_up(negated(x)))
}

fn negated<T: Half>(x: T) -> T {
    T::from_bits(x.to_bits() ^ 0x8000)
}
