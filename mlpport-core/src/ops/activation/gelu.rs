//! The Gaussian error linear unit.

use ndarray::{Array, Dimension};

use super::numeric::{erfc, product, tanh};
use super::{Activation, map};

/// `x · Φ(x)`, where Φ is the distribution function of the normal distribution: `flax.linen.gelu`.
///
/// Flax's default approximates `Φ(x) = erfc(-x / √2) / 2` by `(1 + tanh(√(2/π) · (x + 0.044715 x³))) / 2`.
/// `Gelu<false>` is `gelu(x, approximate=False)`.
///
/// ```
/// use mlpport_core::ops::activation::{Activation, Gelu};
/// use ndarray::array;
///
/// let (gelu, exact): (Gelu, Gelu<false>) = (Gelu, Gelu);
/// assert_eq!(gelu.apply(array![1.0]), array![0.841192]);
/// assert_eq!(exact.apply(array![1.0]), array![0.84134474]);
/// ```
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Gelu<const APPROXIMATE: bool = true>;

impl<const APPROXIMATE: bool> Activation for Gelu<APPROXIMATE> {
    const NAME: &'static str = "gelu";
    const PARAMETERS: &'static [(&'static str, f64)] = &[("approximate", if APPROXIMATE { 1.0 } else { 0.0 })];

    #[inline(always)]
    fn apply<D: Dimension>(&self, x: Array<f32, D>) -> Array<f32, D> {
        map(x, |x| gelu(x, APPROXIMATE))
    }
}

/// `x · Φ(x)` of one number: [`Gelu`].
#[inline(always)]
pub fn gelu(x: f32, approximate: bool) -> f32 {
    if approximate {
        const SQRT_2_OVER_PI: f32 = 0.797_884_6;
        let cdf = 0.5 * (1.0 + tanh(SQRT_2_OVER_PI * (x + 0.044_715 * (x * x * x))));
        product(x, cdf)
    } else {
        product(product(0.5, x), erfc(-x * std::f32::consts::FRAC_1_SQRT_2))
    }
}
