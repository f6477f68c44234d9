//! `√(scale / n) · number`, where `n` is a number of inputs or outputs, which the shape tells.

use ndarray::ArrayD;

use super::Axes;
use crate::error::{Error, Result};
use crate::random::{Float, Key, array};
use crate::tensor::Shape;

/// The standard deviation of the standard normal distribution between -2 and 2.
const TRUNCATED_STDDEV: f64 = 0.879_625_661_034_239_8;

/// Random numbers whose variance depends on the shape; made by [`variance_scaling`] and its special cases.
///
/// Inputs are along `in_axis`, outputs along `out_axis`, and any other axis but `batch_axis` is of the window of a
/// convolution, so that `fan_in` is the number of inputs times the size of the window.
#[derive(Debug, Clone, PartialEq)]
pub struct VarianceScaling {
    scale: f64,
    mode: Mode,
    distribution: Distribution,
    in_axis: Axes,
    out_axis: Axes,
    batch_axis: Axes,
}

/// What the variance is inversely proportional to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mode {
    /// `"fan_in"`: the number of inputs.
    FanIn,
    /// `"fan_out"`: the number of outputs.
    FanOut,
    /// `"fan_avg"`: the arithmetic mean of both.
    FanAvg,
    /// `"fan_geo_avg"`: the geometric mean of both.
    FanGeoAvg,
}

/// What the numbers are drawn from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Distribution {
    /// `"truncated_normal"`: a normal distribution between two standard deviations; the variance is that after truncation.
    TruncatedNormal,
    /// `"normal"`: a normal distribution.
    Normal,
    /// `"uniform"`: a uniform distribution around 0.
    Uniform,
}

/// `jax.nn.initializers.variance_scaling(scale, mode, distribution)`, with the axes of a kernel: inputs on the last but
/// one, outputs on the last.
///
/// ```
/// use mlpport_core::init::{Distribution, Mode, variance_scaling};
/// use mlpport_core::random::Key;
///
/// // The default of flax.linen.Embed and flax.nnx.Embed.
/// let embedding_init = variance_scaling(1.0, Mode::FanIn, Distribution::Normal).out_axis(0);
/// let embedding = embedding_init.init::<f32>(Key::from_seed(0), &[1000, 16])?;
/// # Ok::<(), mlpport_core::Error>(())
/// ```
#[must_use]
pub fn variance_scaling(scale: f64, mode: Mode, distribution: Distribution) -> VarianceScaling {
    let [in_axis, out_axis] = [-2, -1].map(Axes::from);
    VarianceScaling { scale, mode, distribution, in_axis, out_axis, batch_axis: Axes::from([]) }
}

macro_rules! special_cases {
    ($($name:ident, $scale:expr, $mode:ident, $distribution:ident;)*) => {
        $(
            #[doc = concat!("`jax.nn.initializers.", stringify!($name), "()`: [`variance_scaling`] with the scale ",
                stringify!($scale), ", [`Mode::", stringify!($mode), "`] and [`Distribution::",
                stringify!($distribution), "`].")]
            #[must_use]
            pub fn $name() -> VarianceScaling {
                variance_scaling($scale, Mode::$mode, Distribution::$distribution)
            }
        )*
    };
}

special_cases! {
    lecun_normal, 1.0, FanIn, TruncatedNormal;
    lecun_uniform, 1.0, FanIn, Uniform;
    glorot_normal, 1.0, FanAvg, TruncatedNormal;
    glorot_uniform, 1.0, FanAvg, Uniform;
    he_normal, 2.0, FanIn, TruncatedNormal;
    he_uniform, 2.0, FanIn, Uniform;
}

pub use glorot_normal as xavier_normal;
pub use glorot_uniform as xavier_uniform;
pub use he_normal as kaiming_normal;
pub use he_uniform as kaiming_uniform;

impl VarianceScaling {
    /// The axes of the inputs instead of -2.
    #[must_use]
    pub fn in_axis(self, axes: impl Into<Axes>) -> Self {
        Self { in_axis: axes.into(), ..self }
    }

    /// The axes of the outputs instead of -1.
    #[must_use]
    pub fn out_axis(self, axes: impl Into<Axes>) -> Self {
        Self { out_axis: axes.into(), ..self }
    }

    /// Axes over which there are several kernels, which do not count; none unless they are set.
    #[must_use]
    pub fn batch_axis(self, axes: impl Into<Axes>) -> Self {
        Self { batch_axis: axes.into(), ..self }
    }

    /// An array of `shape`, of `f32`, [`BF16`](crate::tensor::BF16) or [`F16`](crate::tensor::F16).
    ///
    /// # Errors
    ///
    /// [`Error::Argument`] where JAX raises an error: where the shape is of a rank below 2 and `in_axis` is not set, where
    /// an axis is not one of the shape, or where the shape has an axis of length 0, which is a division by zero; where no
    /// array can have the shape; and where the scale is NaN or negative, of which JAX makes an array of NaN.
    pub fn init<T: Float>(&self, key: Key, shape: &[usize]) -> Result<ArrayD<T>> {
        let variance = T::from_number(self.variance(shape)?);
        array(shape, |length| match self.distribution {
            Distribution::TruncatedNormal => {
                let stddev = variance.root().over(T::from_number(TRUNCATED_STDDEV));
                T::truncated_normal(key, [-2.0, 2.0].map(T::from_number), stddev, length)
            }
            Distribution::Normal => T::normal(key, variance.root(), length),
            Distribution::Uniform => {
                let [low, high] = [-1.0, 1.0].map(T::from_number);
                T::uniform(key, low, high, T::from_number(3.0).times(variance).root(), length)
            }
        })
    }

    fn variance(&self, shape: &[usize]) -> Result<f64> {
        if self.scale.is_nan() || self.scale < 0.0 {
            let expected = "a number that is not negative".to_owned();
            return Err(Error::Argument { argument: "scale", expected, found: self.scale.to_string() });
        }
        if shape.len() < 2 && self.in_axis.is(-2) {
            let expected = "a shape of rank 2 or more, unless `in_axis` is set".to_owned();
            return Err(Error::Argument { argument: "shape", expected, found: Shape::from(shape).to_string() });
        }
        let inputs = self.in_axis.length("in_axis", shape)?;
        let outputs = self.out_axis.length("out_axis", shape)?;
        let batch = self.batch_axis.length("batch_axis", shape)?;
        if shape.contains(&0) {
            let expected = "a shape without an axis of length 0".to_owned();
            return Err(Error::Argument { argument: "shape", expected, found: Shape::from(shape).to_string() });
        }
        let all: f64 = shape.iter().map(|length| *length as f64).product();
        let window = all / inputs / outputs / batch;
        let (fan_in, fan_out) = (inputs * window, outputs * window);
        let fan = match self.mode {
            Mode::FanIn => fan_in,
            Mode::FanOut => fan_out,
            Mode::FanAvg => (fan_in + fan_out) / 2.0,
            Mode::FanGeoAvg => (fan_in * fan_out).sqrt(),
        };
        Ok(self.scale / fan)
    }
}
