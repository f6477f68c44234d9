//! Activations: the functions without parameters that stand between layers.
//!
//! Each is a type, so that the compiler can compare a port with its source, and each of one element is a plain function as
//! well: [`Relu`] and [`relu`]. They are all those of `flax.linen`, `flax.nnx` and `jax.nn`. [`logsumexp`] is a function
//! only, since it takes an axis away; `PReLU` has a parameter, and is a layer.
//!
//! A number that Flax takes as an argument stands in the type, wrapped in [`parameter`]; an axis or a flag as it is:
//!
//! ```
//! use mlpport_core::ops::activation::{Activation, Gelu, LeakyRelu, Softmax, parameter};
//! use ndarray::array;
//!
//! let leaky: LeakyRelu<{ parameter(0.2) }> = LeakyRelu;
//! assert_eq!(leaky.apply(array![-1.0, 3.0]), array![-0.2, 3.0]);
//!
//! let default: LeakyRelu = LeakyRelu; // negative_slope=0.01
//! let exact: Gelu<false> = Gelu; // approximate=False
//! let columns: Softmax<0> = Softmax; // axis=0
//! # let _ = (default, exact, columns);
//! ```
//!
//! # Accuracy
//!
//! The functions are computed in float32 by the algorithms that XLA has for a CPU with fused multiply-add, in plain
//! arithmetic without the platform's math library: every machine returns the same bits. Those of one element return the
//! bits of JAX 0.10.2 for each of the 2³² inputs, with Flax's default arguments and called outside of another `jit`: NaN,
//! infinities, signed zeros and subnormal numbers, which XLA flushes to zero, included. Inside of one, XLA fuses the steps of
//! [`Gelu`] with each other, which moves its left tail.
//!
//! The functions over an axis add as XLA does where it adds one element after another, as it does fewer than 16 in a small
//! array. Longer sums, whose order in XLA depends on the machine, are taken in float64.
//!
//! Compiled for processors that may lack fused multiply-add, as `x86_64` is by default, the smooth functions take about ten
//! times as long as with `-C target-cpu=native`, to the same bits.

mod axis;
mod elu;
mod gelu;
mod hard;
pub(super) mod numeric;
mod parameter;
mod pointwise;
mod relu;
mod sigmoid;
mod softplus;
#[cfg(test)]
mod tests;

use ndarray::{Array, Dimension};

use crate::error::Result;

pub use axis::{Glu, LogSoftmax, Softmax, Standardize, logsumexp};
pub use elu::{Celu, Elu, Selu, celu, elu, selu};
pub use gelu::{Gelu, gelu};
pub use hard::{
    HardSigmoid, HardSilu, HardSwish, HardTanh, SparsePlus, SparseSigmoid, hard_sigmoid, hard_silu, hard_tanh,
    sparse_plus, sparse_sigmoid,
};
pub use parameter::parameter;
pub use pointwise::map;
pub use relu::{Identity, LeakyRelu, Relu, Relu6, leaky_relu, relu, relu6};
pub use sigmoid::{LogSigmoid, Sigmoid, Silu, SoftSign, Swish, Tanh, log_sigmoid, sigmoid, silu, soft_sign, tanh};
pub use softplus::{Mish, Softplus, SquarePlus, mish, softplus, squareplus};

/// The names of the activation types, aliases included, in alphabetical order.
pub const NAMES: &[&str] = &[
    "Celu",
    "Elu",
    "Gelu",
    "Glu",
    "HardSigmoid",
    "HardSilu",
    "HardSwish",
    "HardTanh",
    "Identity",
    "LeakyRelu",
    "LogSigmoid",
    "LogSoftmax",
    "Mish",
    "Relu",
    "Relu6",
    "Selu",
    "Sigmoid",
    "Silu",
    "SoftSign",
    "Softmax",
    "Softplus",
    "SparsePlus",
    "SparseSigmoid",
    "SquarePlus",
    "Standardize",
    "Swish",
    "Tanh",
];

/// A function between layers that has no parameters to train.
///
/// The number of axes stays; their lengths may change, as with [`Glu`]. Threads that share a batch share the activation. One of your own takes a few lines, with
/// [`map`] where it works on each element:
///
/// ```
/// use mlpport_core::ops::activation::{Activation, map};
/// use ndarray::{Array, Dimension, array};
///
/// /// `x²`
/// #[derive(Default)]
/// struct Square;
///
/// impl Activation for Square {
///     const NAME: &'static str = "square";
///
///     fn apply<D: Dimension>(&self, x: Array<f32, D>) -> Array<f32, D> {
///         map(x, |x| x * x)
///     }
/// }
///
/// assert_eq!(Square.apply(array![[1.0, -2.0], [3.0, 4.0]]), array![[1.0, 4.0], [9.0, 16.0]]);
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not an activation",
    label = "expected an activation, such as `Relu`",
    note = "implement `Activation` for `{Self}`: its `NAME` in Flax, and `apply`"
)]
pub trait Activation: Default + Sync + 'static {
    /// Flax's name of the function, as `flax.linen` or `jax.nn` exports it: `"relu"`, `"leaky_relu"`.
    const NAME: &'static str;

    /// The arguments that tell two uses of the function apart, by their names in Flax: `&[("negative_slope", 0.01)]`.
    const PARAMETERS: &'static [(&'static str, f64)] = &[];

    /// Whether the output always has the shape of the input.
    const KEEPS_SHAPE: bool = true;

    /// The function of `x`, float32 of any rank; takes the array so that it can work in place.
    ///
    /// # Panics
    ///
    /// Where the function does not take an array of this shape, as ndarray's `dot` does: [`Glu`] on an axis of odd
    /// length, a function over an axis that the array does not have. [`try_apply`](Activation::try_apply) returns it as an
    /// error.
    #[track_caller]
    fn apply<D: Dimension>(&self, x: Array<f32, D>) -> Array<f32, D>;

    /// The function of `x`, float32 of any rank.
    ///
    /// # Errors
    ///
    /// [`Error::Argument`](crate::Error::Argument) where the function does not take an array of this shape.
    fn try_apply<D: Dimension>(&self, x: Array<f32, D>) -> Result<Array<f32, D>> {
        Ok(self.apply(x))
    }

    /// Puts the function of each element in its place and returns true, where the function is one of single elements; else
    /// does nothing.
    fn apply_to_each(&self, _elements: &mut [f32]) -> bool {
        false
    }
}
