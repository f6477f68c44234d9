//! `y = (x - mean) / √(var + epsilon) · scale + bias`

use crate::linen::Submodule;
use crate::ops::activation::parameter;
use crate::params::BatchNormParams;
use crate::tensor::DYN;

/// Normalises each feature by its running statistics, as `flax.linen.BatchNorm` with `use_running_average=True`:
/// `y = (x - mean) / √(var + epsilon) · scale + bias`.
///
/// `x` is `(…, FEATURES)` of any rank, with the features on the last axis (`axis=-1`). `mean` and `var` are the running
/// statistics: leaves of the collection `batch_stats`, where the others are in `params`. All are `(FEATURES,)` and
/// float32. The layer has all four arrays, as Flax makes it by default (`use_scale=True`, `use_bias=True`). How near
/// the outputs are to Flax's: [`batch_norm`](crate::ops::batch_norm).
///
/// `epsilon` stands in the type as [`parameter`] makes it, Flax's default of 1e-5 where it is left out: `BatchNorm<8>`,
/// `BatchNorm<8, { parameter(1e-3) }>`. `BatchNorm<DYN>`, or just `BatchNorm`, takes its size from the checkpoint.
///
/// ```
/// use mlpport_core::linen::BatchNorm;
/// use mlpport_core::ops::Forward;
/// use mlpport_core::ops::activation::parameter;
/// use ndarray::array;
///
/// let (scale, bias, mean, var) = (array![1.0, 10.0], array![0.0, 5.0], array![4.0, 4.0], array![3.0, 8.0]);
/// let norm = BatchNorm::<2, { parameter(1.0) }>::new(scale, bias, mean, var)?;
/// assert_eq!(norm.forward(array![2.0, 7.0].view()), array![-1.0, 15.0]);
/// # Ok::<(), mlpport_core::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct BatchNorm<const FEATURES: usize = DYN, const EPSILON: u32 = { parameter(1e-5) }> {
    params: BatchNormParams<FEATURES>,
}

crate::params::norm_layer!(BatchNorm, BatchNormParams, batch_norm(scale, bias, mean, var));

impl<const FEATURES: usize, const EPSILON: u32> Submodule for BatchNorm<FEATURES, EPSILON> {}
