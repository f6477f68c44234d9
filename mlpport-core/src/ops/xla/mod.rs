//! Sums in the order in which XLA adds on a CPU, for outputs that are those of JAX to the bit.
//!
//! These are for comparisons, and are slower than [`linear`](super::linear). They follow jaxlib 0.10.2 on x86-64, outside of
//! `jax.jit`, and were found by experiments; another release may add in another order. With the instruction sets of AVX2 and
//! AVX-512 XLA gives the same bits; without FMA it does not. From 4096 terms of a [`sum`] on, where XLA's own order
//! depends on the processor, these are near but not equal.
//!
//! Subnormal numbers are zeros, as XLA has them.

mod dense;
mod sum;
#[cfg(test)]
mod tests;

pub use dense::dense;
pub use sum::sum;

use super::activation::numeric::flush;
use super::random::fused::{Emulated, Fused, Instruction};

/// `a · b + c`, rounded once, by the faster of two ways that give the same bits.
#[inline]
fn fused(a: f32, b: f32, c: f32) -> f32 {
    flush(if cfg!(any(target_feature = "fma", target_arch = "aarch64")) {
        Instruction::fused(a, b, c)
    } else {
        Emulated::fused(a, b, c)
    })
}
