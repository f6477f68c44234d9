//! Piecewise polynomials in place of the smooth functions.

use super::numeric::{flush, product};
use super::pointwise::pointwise;
use super::relu::relu6;

pointwise!(
    /// `relu6(x + 3) / 6`: `flax.linen.hard_sigmoid`.
    HardSigmoid, "hard_sigmoid", hard_sigmoid
);

pointwise!(
    /// `x · relu6(x + 3) / 6`: `flax.linen.hard_silu`.
    HardSilu, "hard_silu", hard_silu
);

/// [`HardSilu`] by its other name: `flax.linen.hard_swish`.
pub type HardSwish = HardSilu;

pointwise!(
    /// `min(max(x, -1), 1)`: `flax.linen.hard_tanh`.
    HardTanh, "hard_tanh", hard_tanh
);

pointwise!(
    /// 0 where `x ≤ -1`, `x` where `x ≥ 1`, else `(x + 1)² / 4`: `jax.nn.sparse_plus`.
    SparsePlus, "sparse_plus", sparse_plus
);

pointwise!(
    /// `min(max(x + 1, 0), 2) / 2`: `jax.nn.sparse_sigmoid`.
    SparseSigmoid, "sparse_sigmoid", sparse_sigmoid
);

/// `relu6(x + 3) / 6` of one number: [`HardSigmoid`].
#[inline]
pub fn hard_sigmoid(x: f32) -> f32 {
    // XLA multiplies by the reciprocal of a constant.
    relu6(x + 3.0) * (1.0 / 6.0)
}

/// `x · relu6(x + 3) / 6` of one number: [`HardSilu`].
#[inline]
pub fn hard_silu(x: f32) -> f32 {
    product(x, hard_sigmoid(x))
}

/// `min(max(x, -1), 1)` of one number: [`HardTanh`].
#[inline]
pub fn hard_tanh(x: f32) -> f32 {
    flush(x.clamp(-1.0, 1.0))
}

/// 0 where `x ≤ -1`, `x` where `x ≥ 1`, else `(x + 1)² / 4`, of one number: [`SparsePlus`].
#[inline]
pub fn sparse_plus(x: f32) -> f32 {
    if x <= -1.0 {
        0.0
    } else if x >= 1.0 {
        x
    } else {
        (x + 1.0) * (x + 1.0) * 0.25
    }
}

/// `min(max(x + 1, 0), 2) / 2` of one number: [`SparseSigmoid`].
#[inline]
pub fn sparse_sigmoid(x: f32) -> f32 {
    (x + 1.0).clamp(0.0, 2.0) * 0.5
}
