//! The floats that can be drawn.

use super::Key;
use crate::tensor::Element;

/// A float that [`Key`] draws: `f32`, [`F16`](crate::tensor::F16) and [`BF16`](crate::tensor::BF16); sealed.
///
/// Each is drawn in its own precision, as JAX does, and not rounded from another.
#[diagnostic::on_unimplemented(
    message = "JAX draws no numbers of type `{Self}`",
    label = "expected `f32`, `F16` or `BF16`",
    note = "without `jax_enable_x64`, JAX has no 64-bit floats"
)]
pub trait Float: Element + PartialOrd + Draw {}

/// The functions of `jax.random` on flat arrays, each with a `factor` that the numbers are multiplied by afterwards, and the
/// arithmetic of the type as XLA does it on a CPU.
pub trait Draw: Copy {
    /// 1.
    fn one() -> Self;

    /// The nearest number, as `jax.numpy.array(value, dtype)` rounds a Python float.
    fn from_number(value: f64) -> Self;

    /// `jax.lax.convert_element_type(value, dtype)` of a float that was passed to a jitted function.
    fn from_argument(value: f64) -> Self;

    /// `self · other`, rounded.
    fn times(self, other: Self) -> Self;

    /// `self / other`, rounded.
    fn over(self, other: Self) -> Self;

    /// The square root, rounded.
    fn root(self) -> Self;

    /// `jax.random.uniform`.
    fn uniform(key: Key, minval: Self, maxval: Self, factor: Self, length: usize) -> Vec<Self>;

    /// `jax.random.normal`.
    fn normal(key: Key, factor: Self, length: usize) -> Vec<Self>;

    /// `jax.random.truncated_normal`.
    fn truncated_normal(key: Key, bounds: [Self; 2], factor: Self, length: usize) -> Vec<Self>;

    /// `jax.random.bernoulli`.
    fn bernoulli(key: Key, p: Self, length: usize) -> Vec<bool>;
}
