//! The product of a linear layer.

use ndarray::{Array, ArrayView, ArrayView1, ArrayView2, ArrayViewMut, CowArray, Dimension, Ix2};

use super::matmul::Rows;
use super::{Run, Scratch};
use crate::error::{Error, Result};
use crate::tensor::Shape;

/// `x · kernel + bias` on the last axis, as `jax.lax.dot_general` in `flax.linen.Dense`.
///
/// `x` is `(…, inputs)`, `kernel` is `(inputs, outputs)`, `bias` is `(outputs,)`; the result is `(…, outputs)`. All of them may be
/// of any memory layout, and any axis may be empty.
///
/// An element is within `1e-6 · Σ|x · kernel|` of the exact product, for up to some thousands of inputs, and has the same
/// bits in every call on one machine, whatever the rest of the batch, the layout, and the number of threads.
///
/// # Errors
///
/// [`Error::Input`] where `x` is a scalar or its last axis is not as long as the kernel's first, [`Error::Shape`] where `bias` is
/// not as long as its last.
pub fn linear<D: Dimension>(
    x: ArrayView<'_, f32, D>,
    kernel: ArrayView2<'_, f32>,
    bias: Option<ArrayView1<'_, f32>>,
) -> Result<Array<f32, D>> {
    check(&bias, kernel)?;
    // Where the elements lie as a layer wants them, nothing is copied.
    let (kernel, bias) = (in_rows(&kernel), bias.as_ref().map(|bias| bias.as_standard_layout()));
    Scratch::of_thread(|scratch| {
        let mut run = Run::new(x, scratch);
        run.linear(kernel.view(), bias.as_ref().map(|bias| bias.view()));
        run.finish()
    })
}

/// [`linear`] into an array, without an allocation where the rows of `kernel` lie in memory as slices, `bias` as one, and `y` is in
/// standard layout; an `x` whose rows are no slices is copied to memory that the thread keeps.
///
/// # Errors
///
/// As [`linear`], and [`Error::Shape`] where `y` is not `(…, outputs)`.
pub fn linear_into<D: Dimension>(
    x: ArrayView<'_, f32, D>,
    kernel: ArrayView2<'_, f32>,
    bias: Option<ArrayView1<'_, f32>>,
    y: ArrayViewMut<'_, f32, D>,
) -> Result<()> {
    check(&bias, kernel)?;
    let (kernel, bias) = (in_rows(&kernel), bias.as_ref().map(|bias| bias.as_standard_layout()));
    Scratch::of_thread(|scratch| {
        let mut run = Run::new(x, scratch);
        run.linear(kernel.view(), bias.as_ref().map(|bias| bias.view()));
        run.finish_into(y)
    })
}

fn check(bias: &Option<ArrayView1<'_, f32>>, kernel: ArrayView2<'_, f32>) -> Result<()> {
    match bias {
        Some(bias) if bias.len() != kernel.ncols() => {
            let (expected, found) = (Shape::from([kernel.ncols()]), Shape::from(bias.shape()));
            Err(Error::Shape { name: "bias".to_owned(), expected, found })
        }
        _ => Ok(()),
    }
}

/// The kernel, with rows that are slices.
fn in_rows<'a>(kernel: &'a ArrayView2<'_, f32>) -> CowArray<'a, f32, Ix2> {
    if Rows::new(kernel.view()).is_some() { kernel.view().into() } else { kernel.as_standard_layout() }
}
