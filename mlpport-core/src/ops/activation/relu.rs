//! The rectified linear units.

use super::numeric::product;
use super::pointwise::pointwise;

pointwise!(
    /// `max(x, 0)`: `flax.linen.relu`.
    Relu, "relu", relu
);

pointwise!(
    /// `min(max(x, 0), 6)`: `flax.linen.relu6`.
    Relu6, "relu6", relu6
);

pointwise!(
    /// `x` where `x ≥ 0`, else `negative_slope · x`: `flax.linen.leaky_relu`.
    ///
    /// ```
    /// use mlpport_core::ops::activation::{Activation, LeakyRelu, parameter};
    /// use ndarray::array;
    ///
    /// let leaky: LeakyRelu<{ parameter(0.2) }> = LeakyRelu;
    /// assert_eq!(leaky.apply(array![[-5.0], [5.0]]), array![[-1.0], [5.0]]);
    /// assert_eq!(<LeakyRelu>::PARAMETERS, [("negative_slope", 0.01)]);
    /// ```
    LeakyRelu<NEGATIVE_SLOPE: negative_slope = 0.01>, "leaky_relu", leaky_relu
);

pointwise!(
    /// `x`: `flax.nnx.identity`.
    Identity, "identity", std::convert::identity
);

/// `max(x, 0)` of one number: [`Relu`].
#[inline]
pub fn relu(x: f32) -> f32 {
    if x < f32::MIN_POSITIVE { 0.0 } else { x }
}

/// `min(max(x, 0), 6)` of one number: [`Relu6`].
#[inline]
pub fn relu6(x: f32) -> f32 {
    let x = relu(x);
    if x > 6.0 { 6.0 } else { x }
}

/// `x` where `x ≥ 0`, else `negative_slope · x`, of one number: [`LeakyRelu`].
#[inline]
pub fn leaky_relu(x: f32, negative_slope: f32) -> f32 {
    if x > -f32::MIN_POSITIVE { x } else { product(negative_slope, x) }
}
