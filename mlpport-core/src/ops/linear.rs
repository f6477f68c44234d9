//! The product of a linear layer.
#![allow(unsafe_code)]

use std::borrow::Cow;
use std::mem::MaybeUninit;

use ndarray::{Array, Array2, ArrayView, ArrayView1, ArrayView2, ArrayViewMut, Dimension};

use super::matmul::{Rows, product};
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
    let (_, outputs) = kernel.dim();
    let mut dimension = x.raw_dim();
    let Some(last) = dimension.slice_mut().last_mut() else { return Err(wrong_input(&x, kernel)) };
    *last = outputs;
    let mut y = Array::<f32, D>::uninit(dimension);
    let Some(elements) = y.as_slice_mut() else { return Err(wrong_input(&x, kernel)) };
    write(&x, kernel, bias, elements)?;
    // SAFETY: `write` has written each element.
    Ok(unsafe { y.assume_init() })
}

/// [`linear`] into an array, without an allocation where the rows of `x` and `kernel` lie in memory as slices, `bias` as one, and
/// `x` of more than two axes and `y` are in standard layout.
///
/// # Errors
///
/// As [`linear`], and [`Error::Shape`] where `y` is not `(…, outputs)`.
pub fn linear_into<D: Dimension>(
    x: ArrayView<'_, f32, D>,
    kernel: ArrayView2<'_, f32>,
    bias: Option<ArrayView1<'_, f32>>,
    mut y: ArrayViewMut<'_, f32, D>,
) -> Result<()> {
    let (_, outputs) = kernel.dim();
    let fits = match (x.shape().split_last(), y.shape().split_last()) {
        (Some((_, batch)), Some((last, y_batch))) => batch == y_batch && *last == outputs,
        _ => return Err(wrong_input(&x, kernel)),
    };
    if !fits {
        let expected: Vec<usize> = x.shape().iter().take(x.ndim() - 1).copied().chain([outputs]).collect();
        let (expected, found) = (Shape::from(expected.as_slice()), Shape::from(y.shape()));
        return Err(Error::Shape { name: "y".to_owned(), expected, found });
    }
    if let Some(elements) = y.as_slice_mut() {
        // SAFETY: the layout is the same, and nothing but float32 is written.
        return write(&x, kernel, bias, unsafe { &mut *(std::ptr::from_mut(elements) as *mut [MaybeUninit<f32>]) });
    }
    y.assign(&linear(x, kernel, bias)?);
    Ok(())
}

/// Writes each element of `y`, in standard order, or fails.
#[inline]
fn write<D: Dimension>(
    x: &ArrayView<'_, f32, D>,
    kernel: ArrayView2<'_, f32>,
    bias: Option<ArrayView1<'_, f32>>,
    y: &mut [MaybeUninit<f32>],
) -> Result<()> {
    let (inputs, outputs) = kernel.dim();
    let Some((&last, batch)) = x.shape().split_last() else { return Err(wrong_input(x, kernel)) };
    if last != inputs {
        return Err(wrong_input(x, kernel));
    }
    let bias = match &bias {
        Some(bias) if bias.len() != outputs => {
            let (expected, found) = (Shape::from([outputs]), Shape::from(bias.shape()));
            return Err(Error::Shape { name: "bias".to_owned(), expected, found });
        }
        Some(bias) => Some(bias.as_slice().map_or_else(|| Cow::Owned(bias.to_vec()), Cow::Borrowed)),
        None => None,
    };
    let (x_copy, kernel_copy);
    let rows = batch.iter().product::<usize>();
    let flat = match x.as_slice() {
        Some(elements) => ArrayView2::from_shape((rows, inputs), elements).ok().and_then(Rows::new),
        None => x.view().into_dimensionality().ok().and_then(Rows::new),
    };
    let flat = match flat {
        Some(rows) => Some(rows),
        None => {
            x_copy = Array2::from_shape_vec((rows, inputs), x.iter().copied().collect())
                .map_err(|_| wrong_input(x, kernel))?;
            Rows::new(x_copy.view())
        }
    };
    let weights = match Rows::new(kernel) {
        Some(rows) => Some(rows),
        None => {
            kernel_copy = kernel.as_standard_layout().into_owned();
            Rows::new(kernel_copy.view())
        }
    };
    match (flat, weights) {
        (Some(flat), Some(weights)) if product(flat, weights, bias.as_deref(), y) => Ok(()),
        _ => Err(wrong_input(x, kernel)),
    }
}

#[cold]
fn wrong_input<D: Dimension>(x: &ArrayView<'_, f32, D>, kernel: ArrayView2<'_, f32>) -> Error {
    Error::Input { field: String::new(), expected: kernel.nrows(), found: Shape::from(x.shape()) }
}
