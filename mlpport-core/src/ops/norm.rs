//! The normalisations over the last axis.

use ndarray::{Array, ArrayView, ArrayView1, Dimension};

use crate::error::{Error, Result};
use crate::tensor::Shape;

/// `(x - mean) / √(variance + epsilon) · scale + bias` over the last axis, as `flax.linen.LayerNorm`.
///
/// `x` is `(…, features)`, `scale` and `bias` are `(features,)`; the result has the shape of `x`. All of them may be of
/// any memory layout, and any axis may be empty. Mean and variance are those of each row of `x`, the variance by Flax's
/// `use_fast_variance`: `max(mean(x²) - mean(x)², 0)`. An infinity or NaN makes its whole row NaN.
///
/// ```
/// use mlpport_core::ops::layer_norm;
/// use ndarray::array;
///
/// let (scale, bias) = (array![1.0, 10.0], array![0.0, 5.0]);
/// let y = layer_norm(array![[1.0, 7.0], [2.0, 2.0]].view(), scale.view(), bias.view(), 7.0)?;
/// assert_eq!(y, array![[-0.75, 12.5], [0.0, 5.0]]);
/// # Ok::<(), mlpport_core::Error>(())
/// ```
///
/// # Accuracy
///
/// The operations are those of Flax in float32, each rounded on its own, as Flax computes outside of `jax.jit`. The
/// reciprocal root may be 2 ulp away, since XLA starts it from an estimate by the processor. Fewer than 16 elements are
/// added one after another, as XLA does in a small array; more, whose order in XLA depends on the machine, in float64.
///
/// Where the order of the sums is XLA's, a value is within 5·10⁻⁷ of Flax's, in units of the largest of its row.
/// Otherwise the difference may reach about `2⁻²² · mean(x²) / (variance + epsilon)`: the difference of two squares
/// loses digits where the mean of a row is large beside its spread. With a mean of 1000 and a variance of 1, one digit
/// is left, and Flax itself returns another result inside of `jax.jit` than outside.
///
/// # Errors
///
/// [`Error::Input`] where `x` is a scalar or its last axis is not as long as `scale`, [`Error::Shape`] where `bias` is
/// not.
pub fn layer_norm<D: Dimension>(
    x: ArrayView<'_, f32, D>,
    scale: ArrayView1<'_, f32>,
    bias: ArrayView1<'_, f32>,
    epsilon: f32,
) -> Result<Array<f32, D>> {
    let features = scale.len();
    check("bias", bias, features)?;
    let (scale, bias) = (scale.to_vec(), bias.to_vec());
    by_rows(x, features, |row| {
        let mean = mean_of(row, |x| x);
        let variance = mean_of(row, |x| x * x) - mean * mean;
        // Unlike `f32::max`, this keeps a NaN.
        let variance = if variance < 0.0 { 0.0 } else { variance };
        let factor = reciprocal_root(variance + epsilon);
        for ((x, scale), bias) in row.iter_mut().zip(&scale).zip(&bias) {
            *x = (*x - mean) * (factor * scale) + bias;
        }
    })
}

/// `(x - mean) / √(var + epsilon) · scale + bias` on the last axis, as `flax.linen.BatchNorm` with
/// `use_running_average=True`.
///
/// `x` is `(…, features)`, all others are `(features,)`; the result has the shape of `x`. All of them may be of any
/// memory layout, and any axis may be empty.
///
/// The operations are those of Flax in float32, each rounded on its own, as Flax computes outside of `jax.jit`. Only
/// the reciprocal root may be 2 ulp away, since XLA starts it from an estimate by the processor: a value is within
/// 5·10⁻⁷ of Flax's, in units of the largest of its row.
///
/// ```
/// use mlpport_core::ops::batch_norm;
/// use ndarray::array;
///
/// let (scale, bias) = (array![1.0, 10.0], array![0.0, 5.0]);
/// let (mean, var) = (array![4.0, 4.0], array![3.0, 8.0]);
/// let x = array![[2.0, 7.0], [4.0, 4.0]];
/// let y = batch_norm(x.view(), scale.view(), bias.view(), mean.view(), var.view(), 1.0)?;
/// assert_eq!(y, array![[-1.0, 15.0], [0.0, 5.0]]);
/// # Ok::<(), mlpport_core::Error>(())
/// ```
///
/// # Errors
///
/// [`Error::Input`] where `x` is a scalar or its last axis is not as long as `scale`, [`Error::Shape`] where one of the
/// others is not.
pub fn batch_norm<D: Dimension>(
    x: ArrayView<'_, f32, D>,
    scale: ArrayView1<'_, f32>,
    bias: ArrayView1<'_, f32>,
    mean: ArrayView1<'_, f32>,
    var: ArrayView1<'_, f32>,
    epsilon: f32,
) -> Result<Array<f32, D>> {
    let features = scale.len();
    for (name, array) in [("bias", bias), ("mean", mean), ("var", var)] {
        check(name, array, features)?;
    }
    let factor: Vec<f32> = var.iter().zip(scale).map(|(var, scale)| reciprocal_root(var + epsilon) * scale).collect();
    let (mean, bias) = (mean.to_vec(), bias.to_vec());
    by_rows(x, features, |row| {
        for (((x, mean), factor), bias) in row.iter_mut().zip(&mean).zip(&factor).zip(&bias) {
            *x = (*x - mean) * factor + bias;
        }
    })
}

fn check(name: &str, array: ArrayView1<'_, f32>, features: usize) -> Result<()> {
    if array.len() == features {
        return Ok(());
    }
    Err(Error::Shape { name: name.to_owned(), expected: Shape::from([features]), found: Shape::from(array.shape()) })
}

/// A copy of `x` whose rows along the last axis have gone through `normalize`.
fn by_rows<D: Dimension>(
    x: ArrayView<'_, f32, D>,
    features: usize,
    normalize: impl Fn(&mut [f32]),
) -> Result<Array<f32, D>> {
    if x.shape().last() != Some(&features) {
        return Err(Error::Input { field: String::new(), expected: features, found: Shape::from(x.shape()) });
    }
    let mut y = x.as_standard_layout().into_owned();
    let elements = y.as_slice_mut().unwrap_or_default();
    // A row of no features is not a length that chunks can have; there are no elements then.
    elements.chunks_exact_mut(features.max(1)).for_each(normalize);
    Ok(y)
}

/// The mean of `term` of each element.
#[inline]
fn mean_of(row: &[f32], term: impl Fn(f32) -> f32) -> f32 {
    // XLA multiplies by the reciprocal of a constant.
    let share = 1.0 / row.len() as f32;
    if row.len() < 16 {
        // So does XLA in a small array; the order of longer sums depends on the machine.
        return row.iter().fold(0.0, |sum, x| sum + term(*x)) * share;
    }
    let (chunks, rest) = row.as_chunks::<8>();
    let mut sums = [0.0; 8];
    for chunk in chunks {
        for (sum, x) in sums.iter_mut().zip(chunk) {
            *sum += f64::from(term(*x));
        }
    }
    narrow(rest.iter().map(|x| f64::from(term(*x))).chain(sums).sum()) * share
}

/// `1 / √x`, computed in float64.
fn reciprocal_root(x: f32) -> f32 {
    narrow(1.0 / f64::from(x).sqrt())
}

/// The nearest `f32`.
#[expect(clippy::cast_possible_truncation, reason = "rounding is what it is for")]
fn narrow(x: f64) -> f32 {
    x as f32
}
