//! The sigmoids and what they gate.

use super::numeric::{flush, one_plus_exp, product};
use super::pointwise::pointwise;
use super::softplus::softplus;

pub use super::numeric::tanh;

pointwise!(
    /// `1 / (1 + e⁻ˣ)`: `flax.linen.sigmoid`.
    Sigmoid, "sigmoid", sigmoid
);

pointwise!(
    /// `log(sigmoid(x)) = -softplus(-x)`: `flax.linen.log_sigmoid`.
    LogSigmoid, "log_sigmoid", log_sigmoid
);

pointwise!(
    /// `x · sigmoid(x)`: `flax.linen.silu`.
    Silu, "silu", silu
);

/// [`Silu`] by its other name: `flax.linen.swish`.
pub type Swish = Silu;

pointwise!(
    /// `tanh(x)`: `flax.linen.tanh`.
    Tanh, "tanh", tanh
);

pointwise!(
    /// `x / (1 + |x|)`: `flax.linen.soft_sign`.
    SoftSign, "soft_sign", soft_sign
);

/// `1 / (1 + e⁻ˣ)` of one number: [`Sigmoid`].
#[inline(always)]
pub fn sigmoid(x: f32) -> f32 {
    flush(1.0 / one_plus_exp(-x))
}

/// `log(sigmoid(x))` of one number: [`LogSigmoid`].
#[inline(always)]
pub fn log_sigmoid(x: f32) -> f32 {
    -softplus(-x)
}

/// `x · sigmoid(x)` of one number: [`Silu`].
#[inline(always)]
pub fn silu(x: f32) -> f32 {
    product(x, sigmoid(x))
}

/// `x / (1 + |x|)` of one number: [`SoftSign`].
#[inline(always)]
pub fn soft_sign(x: f32) -> f32 {
    flush(x / (x.abs() + 1.0))
}
