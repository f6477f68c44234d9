//! What runs: a layer, an activation's neighbour, a module.

use ndarray::{Array, ArrayView, Dimension};

use crate::error::Result;

/// Computes outputs from inputs, as `module.apply(variables, x)` in Linen and `model(x)` in NNX.
///
/// The derives implement it for a struct whose forward is the sequence of its fields. With `manual_forward` you write
/// the sequence, and may implement this trait or a method of your own.
#[diagnostic::on_unimplemented(
    message = "`{Self}` has no `forward` that a derived one could call",
    label = "expected a layer or a module whose forward is derived",
    note = "write `manual_forward` on the struct and its forward by hand, or implement `Forward` for `{Self}`"
)]
pub trait Forward {
    /// The length of the last axis of the input, where the type fixes it.
    const INPUTS: Option<usize> = None;
    /// The length of the last axis of the output, likewise.
    const OUTPUTS: Option<usize> = None;

    /// The output for `x`, float32 of any rank, whose last axis holds the inputs.
    ///
    /// # Errors
    ///
    /// [`Error::Input`](crate::Error::Input), which names the field, where the last axis has another length than the layer takes.
    fn try_forward<D: Dimension>(&self, x: ArrayView<'_, f32, D>) -> Result<Array<f32, D>>;

    /// The output for `x`, float32 of any rank, whose last axis holds the inputs.
    ///
    /// # Panics
    ///
    /// Where the last axis has another length than the layer takes, as ndarray's `dot` does; the message names the
    /// field. [`try_forward`](Forward::try_forward) returns it as an error.
    #[track_caller]
    #[allow(clippy::panic)] // The documented contract of this method.
    fn forward<D: Dimension>(&self, x: ArrayView<'_, f32, D>) -> Array<f32, D> {
        match self.try_forward(x) {
            Ok(y) => y,
            Err(error) => panic!("{error}"),
        }
    }
}
