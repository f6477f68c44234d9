//! The normalisations, which have one name on both sides.

use ndarray::Array1;

use crate::port::same::{SameEpsilon, SameFeatures, Sizes};
use crate::port::{Mapped, PortFrom, Problems, TryPortFrom};
use crate::{linen, nnx};

impl<const J: usize, const D: u32, const I: usize, const E: u32> PortFrom<linen::LayerNorm<J, D>>
    for nnx::LayerNorm<I, E>
where
    Sizes: SameFeatures<J, I, Then: SameEpsilon<D, E>>,
{
    fn port_from(source: linen::LayerNorm<J, D>) -> Self {
        source.into_params().same_as().into()
    }
}

impl<'a, const J: usize, const D: u32, const I: usize, const E: u32> PortFrom<&'a linen::LayerNorm<J, D>>
    for nnx::LayerNorm<I, E>
where
    Self: PortFrom<linen::LayerNorm<J, D>>,
{
    fn port_from(source: &'a linen::LayerNorm<J, D>) -> Self {
        Self::port_from(source.clone())
    }
}

impl<const J: usize, const D: u32, const I: usize, const E: u32> TryPortFrom<linen::LayerNorm<J, D>>
    for nnx::LayerNorm<I, E>
where
    Sizes: SameEpsilon<D, E>,
{
    fn checked_port(source: linen::LayerNorm<J, D>, problems: &mut Problems<'_>) -> Option<Self> {
        let (scale, bias) = source.into_params().into_parts();
        if !all_fit([("scale", &scale), ("bias", &bias)], I, problems) {
            return None;
        }
        Self::new(scale, bias).ok()
    }
}

impl<const FEATURES: usize, const EPSILON: u32> Mapped for nnx::LayerNorm<FEATURES, EPSILON> {}

impl<const J: usize, const D: u32, const I: usize, const E: u32> PortFrom<linen::BatchNorm<J, D>>
    for nnx::BatchNorm<I, E>
where
    Sizes: SameFeatures<J, I, Then: SameEpsilon<D, E>>,
{
    fn port_from(source: linen::BatchNorm<J, D>) -> Self {
        source.into_params().same_as().into()
    }
}

impl<'a, const J: usize, const D: u32, const I: usize, const E: u32> PortFrom<&'a linen::BatchNorm<J, D>>
    for nnx::BatchNorm<I, E>
where
    Self: PortFrom<linen::BatchNorm<J, D>>,
{
    fn port_from(source: &'a linen::BatchNorm<J, D>) -> Self {
        Self::port_from(source.clone())
    }
}

impl<const J: usize, const D: u32, const I: usize, const E: u32> TryPortFrom<linen::BatchNorm<J, D>>
    for nnx::BatchNorm<I, E>
where
    Sizes: SameEpsilon<D, E>,
{
    fn checked_port(source: linen::BatchNorm<J, D>, problems: &mut Problems<'_>) -> Option<Self> {
        let (scale, bias, mean, var) = source.into_params().into_parts();
        if !all_fit([("scale", &scale), ("bias", &bias), ("mean", &mean), ("var", &var)], I, problems) {
            return None;
        }
        Self::new(scale, bias, mean, var).ok()
    }
}

impl<const FEATURES: usize, const EPSILON: u32> Mapped for nnx::BatchNorm<FEATURES, EPSILON> {}

/// Whether each array is as long as the layer has features; all that are not are noted.
fn all_fit<const N: usize>(arrays: [(&str, &Array1<f32>); N], features: usize, problems: &mut Problems<'_>) -> bool {
    arrays.map(|(leaf, array)| problems.fits(leaf, &[features], array.shape())).iter().all(|fits| *fits)
}
