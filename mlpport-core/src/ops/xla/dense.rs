//! The product of a row and a kernel.

use ndarray::{Array1, ArrayView1, ArrayView2};

use super::fused;
use super::sum::sum_of;
use crate::error::{Error, Result};
use crate::ops::activation::numeric::{flush, product};
use crate::tensor::Shape;

/// The columns that XLA computes at once.
const COLUMNS: usize = 8;

/// The steps that are unrolled, in which products are rounded in some columns.
const UNROLLED: usize = 8;

/// The most products that are added one after another in a kernel with one column.
const FUSED: usize = 32;

/// `x · kernel + bias` for one row, as `flax.linen.Dense` and `flax.nnx.Linear` of an array `(k,)` or `(1, k)`, to the bit.
///
/// `x` is `(k,)`, `kernel` is `(k, n)`, `bias` is `(n,)`; the result is `(n,)`. In each column the products are added one after
/// another, from the first on, each with one rounding for product and sum. There are exceptions:
///
/// - With one column and more than 32 products, the products are rounded, and their [`sum`](super::sum()) is taken; from 4096
///   products on this is not to the bit.
/// - In the first of two columns, and in the last where `n` is 9, 17, 25, …, the first eight products are rounded before
///   they are added, unless there are only two.
///
/// ```
/// use mlpport_core::ops::xla::dense;
/// use ndarray::array;
///
/// let kernel = array![[1.0, 2.0, 0.5], [0.0, 10.0, 4.0]];
/// let y = dense(array![3.0, 1.0].view(), kernel.view(), Some(array![0.0, 0.0, 1.0].view()))?;
/// assert_eq!(y, array![3.0, 16.0, 6.5]);
/// # Ok::<(), mlpport_core::Error>(())
/// ```
///
/// # Errors
///
/// [`Error::Input`] where `x` is not as long as the kernel's first axis, [`Error::Shape`] where `bias` is not as long as its last.
pub fn dense(
    x: ArrayView1<'_, f32>,
    kernel: ArrayView2<'_, f32>,
    bias: Option<ArrayView1<'_, f32>>,
) -> Result<Array1<f32>> {
    let (inputs, outputs) = kernel.dim();
    if x.len() != inputs {
        return Err(Error::Input { field: String::new(), expected: inputs, found: Shape::from(x.shape()) });
    }
    let mut y = if outputs == 1 && inputs > FUSED {
        let products: Vec<f32> = x.iter().zip(&kernel).map(|(x, weight)| product(flush(*x), flush(*weight))).collect();
        vec![sum_of(&products)]
    } else {
        by_columns(x, kernel)
    };
    if let Some(bias) = bias {
        if bias.len() != outputs {
            let (expected, found) = (Shape::from([outputs]), Shape::from(bias.shape()));
            return Err(Error::Shape { name: "bias".to_owned(), expected, found });
        }
        for (y, bias) in y.iter_mut().zip(bias) {
            *y = flush(*y + flush(*bias));
        }
    }
    Ok(Array1::from_vec(y))
}

fn by_columns(x: ArrayView1<'_, f32>, kernel: ArrayView2<'_, f32>) -> Vec<f32> {
    let (inputs, outputs) = kernel.dim();
    let rounded = match outputs {
        2 if inputs > 2 => Some(0),
        2.. if inputs > 2 && outputs % COLUMNS == 1 => Some(outputs - 1),
        _ => None,
    };
    // A sum that starts from 0 has no -0; one that starts from a product may.
    let from_zero = match (inputs, outputs) {
        (1, _) => 0,
        (_, 1) => 1,
        _ => outputs - outputs % COLUMNS,
    };
    let mut y = vec![0.0; outputs];
    for (step, (x, weights)) in x.iter().zip(kernel.outer_iter()).enumerate() {
        let x = flush(*x);
        let kept = (step < UNROLLED).then_some(rounded).flatten().and_then(|column| Some((column, *y.get(column)?)));
        if step == 0 {
            for (column, (y, weight)) in y.iter_mut().zip(weights).enumerate() {
                let product = product(x, flush(*weight));
                *y = if column < from_zero { product + 0.0 } else { product };
            }
            continue;
        }
        for (y, weight) in y.iter_mut().zip(weights) {
            *y = fused(x, flush(*weight), *y);
        }
        if let Some((column, sum)) = kept
            && let (Some(y), Some(weight)) = (y.get_mut(column), weights.get(column))
        {
            *y = flush(sum + product(x, flush(*weight)));
        }
    }
    y
}
