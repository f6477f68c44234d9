//! Floats of 32 bits.

use super::{Draw, Float, Key};
use crate::ops::random::{Normal, Uniform, erf, fraction, generate, generate_of_bits};

impl Float for f32 {}

/// What is smaller might, after a few multiplications, be subnormal, which XLA flushes to zero.
const SMALL: f32 = 1.0 / (1_u128 << 80) as f32;

/// The square root of this is an integer, and a number of the size of [`SMALL`] is not small after multiplication by it.
const LIFT: f32 = (1_u128 << 64) as f32;

/// Zero, of the same sign, for a subnormal number.
pub(super) fn flush(x: f32) -> f32 {
    if x.abs() < f32::MIN_POSITIVE { 0f32.copysign(x) } else { x }
}

fn is_small(x: f32) -> bool {
    x != 0.0 && x.abs() < SMALL
}

/// `numbers · factor`.
fn scale(mut numbers: Vec<f32>, factor: f32) -> Vec<f32> {
    numbers.iter_mut().for_each(|number| *number = number.times(factor));
    numbers
}

impl Draw for f32 {
    fn one() -> Self {
        1.0
    }

    #[expect(clippy::cast_possible_truncation, reason = "rounding is what it is for")]
    fn from_number(value: f64) -> Self {
        value as Self
    }

    fn from_argument(value: f64) -> Self {
        Self::from_number(value)
    }

    fn times(self, other: Self) -> Self {
        // x86 asks whether a product is subnormal after rounding it as if it were not.
        let (a, b) = (flush(self), flush(other));
        if (a * LIFT * b).abs() < Self::MIN_POSITIVE * LIFT { 0f32.copysign(a * b) } else { a * b }
    }

    fn over(self, other: Self) -> Self {
        flush(flush(self) / flush(other))
    }

    fn root(self) -> Self {
        flush(self).sqrt()
    }

    fn uniform(key: Key, minval: Self, maxval: Self, factor: Self, length: usize) -> Vec<Self> {
        let (low, high) = (flush(minval), flush(maxval));
        let largest = low.abs().max(high.abs());
        if is_small(largest) {
            // In units of a power of two, nothing is subnormal until the end.
            let lifted = Self::uniform(key, low * LIFT, high * LIFT, 1.0, length);
            return scale(scale(lifted, 1.0 / LIFT), factor);
        }
        if is_small(factor) {
            return scale(Self::uniform(key, minval, maxval, 1.0, length), factor);
        }
        generate(&Uniform { key: key.words(), low, span: high - low, factor }, length)
    }

    fn normal(key: Key, factor: Self, length: usize) -> Vec<Self> {
        if is_small(factor) {
            return scale(Self::normal(key, 1.0, length), factor);
        }
        let low = (-1f32).next_up();
        let bounds = [Self::NEG_INFINITY, Self::INFINITY];
        generate(&Normal { key: key.words(), low, span: 1.0 - low, bounds, factor }, length)
    }

    fn truncated_normal(key: Key, bounds: [Self; 2], factor: Self, length: usize) -> Vec<Self> {
        if is_small(factor) {
            return scale(Self::truncated_normal(key, bounds, 1.0, length), factor);
        }
        // XLA multiplies by the reciprocal of a constant.
        let [low, high] = bounds.map(|bound| erf(bound * std::f32::consts::FRAC_1_SQRT_2));
        let bounds = [bounds[0].next_up(), bounds[1].next_down()];
        generate(&Normal { key: key.words(), low, span: high - low, bounds, factor }, length)
    }

    fn bernoulli(key: Key, p: Self, length: usize) -> Vec<bool> {
        let p = flush(p);
        generate_of_bits([key.words()], length, |[bits]| fraction(bits) < p)
    }
}
