//! Random integers by remainders.

/// `low` plus an offset below `span`, wrapping around. The offset is one of 64 random bits, the upper half by one key and the
/// lower half by another; a span of 0 is 2³².
#[derive(Debug, Clone, Copy)]
pub(crate) struct Integers {
    low: u32,
    span: u32,
    /// What the upper half counts.
    multiplier: u32,
}

impl Integers {
    pub(crate) fn new(low: u32, span: u32) -> Self {
        let root = remainder(1 << 16, span);
        Self { low, span, multiplier: remainder(root.wrapping_mul(root), span) }
    }

    /// The integer of the two halves. The product and the sum may wrap, as they do in JAX.
    pub(crate) fn of(self, [upper, lower]: [u32; 2]) -> u32 {
        let upper = remainder(upper, self.span).wrapping_mul(self.multiplier);
        let offset = upper.wrapping_add(remainder(lower, self.span));
        self.low.wrapping_add(remainder(offset, self.span))
    }
}

/// `a % b`, and `a` where `b` is 0.
fn remainder(a: u32, b: u32) -> u32 {
    a.checked_rem(b).unwrap_or(a)
}
