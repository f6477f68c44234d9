//! A derived forward, step by step.

use ndarray::{Array, ArrayView, ArrayViewMut, Dimension};

use super::Forward;
use super::activation::Activation;
use super::scratch::{self, InScratch};
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
    /// Input or output of a [`forward_into`](Forward::forward_into).
    Scratch(InScratch<'x, D>),
}

impl<D: Dimension> Run<'_, D> {
    /// Runs the layer in `field`; an error names the field.
    #[must_use]
    #[inline]
    pub fn layer<L: Forward>(mut self, field: &str, layer: &L) -> Self {
        // In its place: to move it from step to step takes longer than a small layer.
        if let Self::Scratch(run) = &mut self {
            run.layer(field, layer);
            return self;
        }
        let output = match self {
            Self::Input(x) => layer.try_forward(x),
            Self::Output(Ok(x)) => layer.try_forward(x.view()),
            Self::Output(error) => return Self::Output(error),
            Self::Scratch(run) => return Self::Scratch(run),
        };
        Self::Output(output.map_err(|error| error.in_field(field)))
    }

    /// Runs what has no steps of its own.
    pub(super) fn whole<L: Forward + ?Sized>(self, layer: &L) -> Self {
        match self {
            Self::Scratch(run) => Self::Output(run.whole(layer)),
            Self::Input(x) => Self::Output(layer.try_forward(x)),
            Self::Output(x) => Self::Output(x.and_then(|x| layer.try_forward(x.view()))),
        }
    }

    /// Runs an activation, in place where it can.
    #[must_use]
    #[inline]
    pub fn activation<A: Activation>(mut self, activation: &A) -> Self {
        if let Self::Scratch(run) = &mut self {
            run.activation(activation);
            return self;
        }
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
            Self::Scratch(run) => run.finish(),
        }
    }

    /// Writes what the last step returned to `y`.
    ///
    /// # Errors
    ///
    /// What the step that failed returned; [`Error::Shape`](crate::Error::Shape) where `y` has another shape.
    pub fn finish_into(self, y: ArrayViewMut<'_, f32, D>) -> Result<()> {
        match self {
            Self::Input(x) => scratch::assign(y, x),
            Self::Output(output) => scratch::assign(y, output?.view()),
            Self::Scratch(run) => run.finish_into(y),
        }
    }
}
