//! The exponential linear units.

use super::numeric::{expm1, flush, product};
use super::pointwise::pointwise;
use super::relu::relu;

pointwise!(
    /// `x` where `x > 0`, else `alpha · (eˣ - 1)`: `flax.linen.elu`.
    ///
    /// ```
    /// use mlpport_core::ops::activation::{Activation, Elu, parameter};
    /// use ndarray::array;
    ///
    /// let elu: Elu<{ parameter(0.5) }> = Elu;
    /// assert_eq!(elu.apply(array![2.0, -100.0]), array![2.0, -0.5]);
    /// ```
    Elu<ALPHA: alpha = 1.0>, "elu", elu
);

pointwise!(
    /// `max(x, 0) + alpha · (exp(min(x, 0) / alpha) - 1)`: `flax.linen.celu`.
    ///
    /// ```
    /// use mlpport_core::ops::activation::{Activation, Celu, parameter};
    /// use ndarray::array;
    ///
    /// let celu: Celu<{ parameter(0.5) }> = Celu;
    /// assert_eq!(celu.apply(array![2.0, -100.0]), array![2.0, -0.5]);
    /// ```
    Celu<ALPHA: alpha = 1.0>, "celu", celu
);

pointwise!(
    /// `1.0507… · elu(x, 1.6733…)`, which keeps mean and variance: `flax.linen.selu`.
    Selu, "selu", selu
);

/// `x` where `x > 0`, else `alpha · (eˣ - 1)`, of one number: [`Elu`].
#[inline(always)]
pub fn elu(x: f32, alpha: f32) -> f32 {
    let x = flush(x);
    if x > 0.0 { x } else { product(alpha, expm1(x)) }
}

/// `max(x, 0) + alpha · (exp(min(x, 0) / alpha) - 1)` of one number: [`Celu`].
#[inline(always)]
pub fn celu(x: f32, alpha: f32) -> f32 {
    let x = flush(x);
    let negative = if x > 0.0 { 0.0 } else { x };
    relu(x) + product(alpha, expm1(flush(negative / alpha)))
}

/// `1.0507… · elu(x, 1.6733…)` of one number: [`Selu`].
#[inline(always)]
pub fn selu(x: f32) -> f32 {
    product(1.050_701, elu(x, 1.673_263_2))
}
