//! `y = (x - mean(x)) / √(variance(x) + epsilon) · scale + bias`

use crate::linen::Submodule;
use crate::ops::activation::parameter;
use crate::params::LayerNormParams;
use crate::tensor::DYN;

/// Normalises each row of its input, as `flax.linen.LayerNorm`:
/// `y = (x - mean(x)) / √(variance(x) + epsilon) · scale + bias`.
///
/// `x` is `(…, FEATURES)` of any rank, mean and variance are those of its last axis; `scale` and `bias` are
/// `(FEATURES,)`, all float32. The layer has both arrays, as Flax makes it by default (`use_scale=True`,
/// `use_bias=True`). How near the outputs are to Flax's: [`layer_norm`](crate::ops::layer_norm).
///
/// `epsilon` stands in the type as [`parameter`] makes it, Flax's default of 1e-6 where it is left out: `LayerNorm<8>`,
/// `LayerNorm<8, { parameter(1e-3) }>`. `LayerNorm<DYN>`, or just `LayerNorm`, takes its size from the checkpoint.
///
/// ```
/// use mlpport_core::linen::LayerNorm;
/// use mlpport_core::ops::Forward;
/// use mlpport_core::ops::activation::parameter;
/// use ndarray::array;
///
/// let norm = LayerNorm::<2, { parameter(7.0) }>::new(array![1.0, 10.0], array![0.0, 5.0])?;
/// assert_eq!(norm.forward(array![1.0, 7.0].view()), array![-0.75, 12.5]);
/// # Ok::<(), mlpport_core::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct LayerNorm<const FEATURES: usize = DYN, const EPSILON: u32 = { parameter(1e-6) }> {
    params: LayerNormParams<FEATURES>,
}

crate::params::norm_layer!(LayerNorm, LayerNormParams, layer_norm(scale, bias));

impl<const FEATURES: usize, const EPSILON: u32> Submodule for LayerNorm<FEATURES, EPSILON> {}
