//! Random integers by remainders.

use super::BLOCK;
use super::fused::Fused;
use super::sampler::Sampler;
use super::threefry::block;

/// `low` plus an offset below `span`, wrapping around. The offset is one of 64 random bits, the upper half by one key and the
/// lower half by another; a span of 0 is 2³².
#[derive(Debug, Clone, Copy)]
pub(crate) struct Integers {
    pub(crate) keys: [[u32; 2]; 2],
    pub(crate) low: u32,
    pub(crate) span: u32,
}

/// `a % b`, and `a` where `b` is 0.
fn remainder(a: u32, b: u32) -> u32 {
    a.checked_rem(b).unwrap_or(a)
}

impl Sampler for Integers {
    type Out = u32;

    #[inline(always)]
    fn sample<F: Fused>(&self, first: u64, out: &mut [u32; BLOCK]) {
        let span = self.span;
        let root = remainder(1 << 16, span);
        let multiplier = remainder(root.wrapping_mul(root), span);
        let mut offsets = [0u32; BLOCK];
        // The product and the sum may wrap, as they do in JAX.
        block(self.keys[0], first, &mut offsets, |offset, bits| {
            *offset = remainder(bits, span).wrapping_mul(multiplier)
        });
        block(self.keys[1], first, &mut offsets, |offset, bits| *offset = offset.wrapping_add(remainder(bits, span)));
        for (out, offset) in out.iter_mut().zip(offsets) {
            *out = self.low.wrapping_add(remainder(offset, span));
        }
    }
}
