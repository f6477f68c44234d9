//! Smooth forms of the rectified linear unit.

use super::numeric::{exp, fused, log1p, product, tanh};
use super::pointwise::pointwise;
use super::relu::relu;

pointwise!(
    /// `log(1 + eˣ)`: `flax.linen.softplus`.
    Softplus, "softplus", softplus
);

pointwise!(
    /// `x · tanh(softplus(x))`: `jax.nn.mish`.
    Mish, "mish", mish
);

pointwise!(
    /// `(x + √(x² + b)) / 2`: `jax.nn.squareplus`.
    ///
    /// ```
    /// use mlpport_core::ops::activation::{Activation, SquarePlus, parameter};
    /// use ndarray::array;
    ///
    /// let squareplus: SquarePlus<{ parameter(9.0) }> = SquarePlus;
    /// assert_eq!(squareplus.apply(array![0.0, 4.0]), array![1.5, 4.5]);
    /// ```
    SquarePlus<B: b = 4.0>, "squareplus", squareplus
);

/// `log(1 + eˣ)` of one number: [`Softplus`].
#[inline(always)]
pub fn softplus(x: f32) -> f32 {
    relu(x) + log1p(exp(-x.abs()))
}

/// `x · tanh(softplus(x))` of one number: [`Mish`].
#[inline(always)]
pub fn mish(x: f32) -> f32 {
    product(x, tanh(softplus(x)))
}

/// `(x + √(x² + b)) / 2` of one number: [`SquarePlus`].
#[inline(always)]
pub fn squareplus(x: f32, b: f32) -> f32 {
    product(x + fused(x, x, b).sqrt(), 0.5)
}
