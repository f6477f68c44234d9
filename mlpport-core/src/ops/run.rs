//! A derived forward, step by step.

use ndarray::{Array, ArrayView, Dimension};

use super::Forward;
use super::activation::Activation;
use crate::error::Result;

/// An input on its way through the fields of a module.
///
/// The first step that fails ends it; those behind it do nothing.
#[derive(Debug)]
pub enum Run<'x, D: Dimension> {
    /// The input, before the first step.
    Input(ArrayView<'x, f32, D>),
    /// What the last step returned.
    Output(Result<Array<f32, D>>),
}

impl<D: Dimension> Run<'_, D> {
    /// Runs the layer in `field`; an error names the field.
    #[must_use]
    pub fn layer<L: Forward>(self, field: &str, layer: &L) -> Self {
        let output = match self {
            Self::Input(x) => layer.try_forward(x),
            Self::Output(Ok(x)) => layer.try_forward(x.view()),
            Self::Output(error) => return Self::Output(error),
        };
        Self::Output(output.map_err(|error| error.in_field(field)))
    }

    /// Runs an activation, in place where it can.
    #[must_use]
    pub fn activation<A: Activation>(self, activation: &A) -> Self {
        Self::Output(self.finish().and_then(|x| activation.try_apply(x)))
    }

    /// What the last step returned, or the first error.
    ///
    /// # Errors
    ///
    /// What the step that failed returned.
    pub fn finish(self) -> Result<Array<f32, D>> {
        match self {
            Self::Input(x) => Ok(x.to_owned()),
            Self::Output(output) => output,
        }
    }
}
