//! The product of a linear layer.

use ndarray::{Array, ArrayView, ArrayView1, ArrayView2, Dimension};

use crate::error::{Error, Result};
use crate::tensor::Shape;

/// `x · kernel + bias` on the last axis, as `jax.lax.dot_general` in `flax.linen.Dense`.
///
/// `x` is `(…, inputs)`, `kernel` is `(inputs, outputs)`, `bias` is `(outputs,)`; the result is `(…, outputs)`. All of them may be
/// of any memory layout, and any axis may be empty.
///
/// # Errors
///
/// [`Error::Input`] where `x` is a scalar or its last axis is not as long as the kernel's first.
pub fn linear<D: Dimension>(
    x: ArrayView<'_, f32, D>,
    kernel: ArrayView2<'_, f32>,
    bias: Option<ArrayView1<'_, f32>>,
) -> Result<Array<f32, D>> {
    let (inputs, outputs) = kernel.dim();
    let wrong_input = |x: &ArrayView<'_, f32, D>| Error::Input {
        field: String::new(),
        expected: inputs,
        found: Shape::from(x.shape()),
    };
    let Some((&last, batch)) = x.shape().split_last() else { return Err(wrong_input(&x)) };
    if last != inputs {
        return Err(wrong_input(&x));
    }
    let rows = batch.iter().product::<usize>();
    let mut dimension = x.raw_dim();
    let axis = dimension.ndim() - 1;
    dimension[axis] = outputs;

    let flat = x.to_shape((rows, inputs)).map_err(|_| wrong_input(&x))?;
    let mut y = flat.dot(&kernel);
    if let Some(bias) = bias {
        y += &bias;
    }
    y.into_shape_with_order(dimension).map_err(|_| wrong_input(&x))
}
