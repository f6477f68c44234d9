//! `y = x · kernel + bias`

use ndarray::{Array1, Array2};

use crate::Result;
use crate::params::{Bias, LinearParams, NoBias};
use crate::tensor::DYN;

/// A linear layer on the last axis, as `flax.nnx.Linear`: `y = x · kernel + bias`.
///
/// `x` is `(…, IN)` of any rank, `kernel` is `(IN, OUT)`, `bias` is `(OUT,)`, all float32. `Linear<4, 8, NoBias>` is
/// `use_bias=False`; `Linear<DYN, DYN>`, or just `Linear`, takes its sizes when it runs.
///
/// ```
/// use mlpport_core::nnx::Linear;
/// use mlpport_core::ops::Forward;
/// use ndarray::array;
///
/// let linear = Linear::<2, 1>::new(array![[2.0], [3.0]], array![1.0])?;
/// assert_eq!(linear.forward(array![10.0, 100.0].view()), array![321.0]);
/// # Ok::<(), mlpport_core::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct Linear<const IN: usize = DYN, const OUT: usize = DYN, B = Bias> {
    params: LinearParams<IN, OUT, B>,
}

impl<const IN: usize, const OUT: usize> Linear<IN, OUT, Bias> {
    /// A layer with these parameters.
    ///
    /// # Errors
    ///
    /// [`Error::Shape`](crate::Error::Shape) where `kernel` is not `(IN, OUT)` or `bias` not `(OUT,)`.
    pub fn new(kernel: Array2<f32>, bias: Array1<f32>) -> Result<Self> {
        Ok(Self { params: LinearParams::new(kernel, bias.into())? })
    }
}

impl<const IN: usize, const OUT: usize> Linear<IN, OUT, NoBias> {
    /// A layer with this kernel and no bias.
    ///
    /// # Errors
    ///
    /// [`Error::Shape`](crate::Error::Shape) where `kernel` is not `(IN, OUT)`.
    pub fn without_bias(kernel: Array2<f32>) -> Result<Self> {
        Ok(Self { params: LinearParams::new(kernel, NoBias)? })
    }
}

crate::params::linear_layer!(Linear, "Linear");
