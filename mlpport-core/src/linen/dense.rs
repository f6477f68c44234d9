//! `y = x · kernel + bias`

use ndarray::{Array1, Array2};

use crate::Result;
use crate::linen::Submodule;
use crate::params::{Bias, LinearParams, NoBias, UseBias};
use crate::tensor::DYN;

/// A linear layer on the last axis, as `flax.linen.Dense`: `y = x · kernel + bias`.
///
/// `x` is `(…, IN)` of any rank, `kernel` is `(IN, FEATURES)`, `bias` is `(FEATURES,)`, all float32. `Dense<4, 8, NoBias>` is
/// `use_bias=False`; `Dense<DYN, DYN>`, or just `Dense`, takes its sizes from the checkpoint.
///
/// ```
/// use mlpport_core::linen::Dense;
/// use mlpport_core::ops::Forward;
/// use ndarray::array;
///
/// let dense = Dense::<2, 1>::new(array![[2.0], [3.0]], array![1.0])?;
/// assert_eq!(dense.forward(array![10.0, 100.0].view()), array![321.0]);
/// # Ok::<(), mlpport_core::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct Dense<const IN: usize = DYN, const FEATURES: usize = DYN, B = Bias> {
    params: LinearParams<IN, FEATURES, B>,
}

impl<const IN: usize, const FEATURES: usize> Dense<IN, FEATURES, Bias> {
    /// A layer with these parameters.
    ///
    /// # Errors
    ///
    /// [`Error::Shape`](crate::Error::Shape) where `kernel` is not `(IN, FEATURES)` or `bias` not `(FEATURES,)`.
    pub fn new(kernel: Array2<f32>, bias: Array1<f32>) -> Result<Self> {
        Ok(Self { params: LinearParams::new(kernel, bias.into())? })
    }
}

impl<const IN: usize, const FEATURES: usize> Dense<IN, FEATURES, NoBias> {
    /// A layer with this kernel and no bias.
    ///
    /// # Errors
    ///
    /// [`Error::Shape`](crate::Error::Shape) where `kernel` is not `(IN, FEATURES)`.
    pub fn without_bias(kernel: Array2<f32>) -> Result<Self> {
        Ok(Self { params: LinearParams::new(kernel, NoBias)? })
    }
}

crate::params::linear_layer!(Dense, "Dense");

impl<const IN: usize, const FEATURES: usize, B: UseBias> Submodule for Dense<IN, FEATURES, B> {}
