//! What becomes of a block of random bits: bits, uniform and normal numbers.

use std::f32::consts::SQRT_2;

use bytemuck::Zeroable;

use super::BLOCK;
use super::erf_inv::{self, TAIL, between_tails, in_tails, log_in_tails};
use super::fused::Fused;
use super::threefry::block;

/// Makes the elements of an array of their indices.
pub(crate) trait Sampler: Sync {
    /// The type of the elements.
    type Out: Copy + Zeroable + Send;

    /// Writes the elements from index `first`, a multiple of [`BLOCK`].
    fn sample<F: Fused>(&self, first: u64, out: &mut [Self::Out; BLOCK]);
}

/// The bits of a key.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Bits {
    pub(crate) key: [u32; 2],
}

impl Sampler for Bits {
    type Out = u32;

    #[inline(always)]
    fn sample<F: Fused>(&self, first: u64, out: &mut [u32; BLOCK]) {
        block(self.key, first, out, |out, bits| *out = bits);
    }
}

/// Uniform numbers from `low` on over `span`, times `factor`.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Uniform {
    pub(crate) key: [u32; 2],
    pub(crate) low: f32,
    pub(crate) span: f32,
    pub(crate) factor: f32,
}

/// A number in `[0, 1)`, a multiple of 2⁻²³.
#[inline(always)]
pub(crate) fn fraction(bits: u32) -> f32 {
    f32::from_bits(bits >> 9 | 1f32.to_bits()) - 1.0
}

/// A number from `low` on over `span`.
#[inline(always)]
fn uniform<F: Fused>(bits: u32, low: f32, span: f32) -> f32 {
    at_least(low, F::fused(fraction(bits), span, low))
}

/// The larger of two; unlike `f32::max`, this keeps a NaN.
#[inline(always)]
fn at_least(low: f32, number: f32) -> f32 {
    if number < low { low } else { number }
}

/// The smaller of two, likewise.
#[inline(always)]
fn at_most(high: f32, number: f32) -> f32 {
    if number > high { high } else { number }
}

impl Sampler for Uniform {
    type Out = f32;

    #[inline(always)]
    fn sample<F: Fused>(&self, first: u64, out: &mut [f32; BLOCK]) {
        block(self.key, first, out, |out, bits| *out = uniform::<F>(bits, self.low, self.span) * self.factor);
    }
}

/// `√2 · erf⁻¹` of uniform numbers, within bounds, times `factor`.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Normal {
    pub(crate) key: [u32; 2],
    /// The uniform numbers are from here on.
    pub(crate) low: f32,
    pub(crate) span: f32,
    pub(crate) bounds: [f32; 2],
    pub(crate) factor: f32,
}

impl Sampler for Normal {
    type Out = f32;

    #[inline(always)]
    fn sample<F: Fused>(&self, first: u64, out: &mut [f32; BLOCK]) {
        let mut uniforms = [0.0; BLOCK];
        let mut logs = [0.0; BLOCK];
        block(self.key, first, &mut uniforms, |out, bits| *out = uniform::<F>(bits, self.low, self.span));
        let mut some_in_tails = false;
        for (log, u) in logs.iter_mut().zip(&uniforms) {
            *log = log_in_tails::<F>(*u);
            some_in_tails |= *log <= TAIL;
        }
        for (log, u) in logs.iter_mut().zip(&uniforms) {
            *log = erf_inv::log::<F>(*u, *log);
        }
        for ((out, u), log) in out.iter_mut().zip(&uniforms).zip(&logs) {
            *out = self.finish(between_tails::<F>(*u, *log));
        }
        // A third of a percent of the numbers are in the tails, which only a block with one of them pays for.
        if some_in_tails {
            for ((out, u), log) in out.iter_mut().zip(&uniforms).zip(&logs) {
                if *log <= TAIL {
                    *out = self.finish(in_tails::<F>(*u, *log));
                }
            }
        }
    }
}

impl Normal {
    #[inline(always)]
    fn finish(&self, number: f32) -> f32 {
        let [low, high] = self.bounds;
        at_most(high, at_least(low, number * SQRT_2)) * self.factor
    }
}
