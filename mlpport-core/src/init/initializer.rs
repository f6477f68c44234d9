//! Any initialiser, and those that do not look at the shape.

use ndarray::ArrayD;

use super::{DeltaOrthogonal, Orthogonal, VarianceScaling};
use crate::error::Result;
use crate::random::{Float, Key, array};

/// How a parameter is initialised: a `jax.nn.initializers.Initializer`.
///
/// It is made by the functions of this module; those that take axes return a type of their own, which converts:
///
/// ```
/// use mlpport_core::init::{Initializer, lecun_normal, normal};
///
/// let kernel_init: Initializer = lecun_normal().into();
/// let embedding_init = normal(0.02);
/// assert_ne!(kernel_init, embedding_init);
/// ```
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub enum Initializer {
    /// See [`constant`].
    Constant {
        /// The value of every element.
        value: f64,
    },
    /// See [`uniform`].
    Uniform {
        /// The end of the range from 0.
        scale: f64,
    },
    /// See [`normal`].
    Normal {
        /// The standard deviation.
        stddev: f64,
    },
    /// See [`truncated_normal`].
    TruncatedNormal {
        /// The standard deviation before the truncation.
        stddev: f64,
        /// The least value, in units of `stddev`.
        lower: f64,
        /// The greatest value, likewise.
        upper: f64,
    },
    /// See [`variance_scaling`](super::variance_scaling).
    VarianceScaling(VarianceScaling),
    /// See [`orthogonal`](super::orthogonal).
    Orthogonal(Orthogonal),
    /// See [`delta_orthogonal`](super::delta_orthogonal).
    DeltaOrthogonal(DeltaOrthogonal),
}

impl Initializer {
    /// An array of `shape`, of `f32`, [`BF16`](crate::tensor::BF16) or [`F16`](crate::tensor::F16): `initializer(key, shape, dtype)`.
    ///
    /// # Errors
    ///
    /// [`Error::Argument`](crate::Error::Argument) where no array can have the shape, and where this initialiser is not for
    /// such a shape or element type; see the function that makes it.
    pub fn init<T: Float>(&self, key: Key, shape: &[usize]) -> Result<ArrayD<T>> {
        match *self {
            Self::Constant { value } => array(shape, |length| vec![T::from_number(value); length]),
            Self::Uniform { scale } => {
                let range = [0.0, 1.0].map(T::from_number);
                array(shape, |length| T::uniform(key, range[0], range[1], T::from_number(scale), length))
            }
            Self::Normal { stddev } => array(shape, |length| T::normal(key, T::from_number(stddev), length)),
            Self::TruncatedNormal { stddev, lower, upper } => {
                let bounds = [lower, upper].map(T::from_argument);
                array(shape, |length| T::truncated_normal(key, bounds, T::from_number(stddev), length))
            }
            Self::VarianceScaling(ref scaling) => scaling.init(key, shape),
            Self::Orthogonal(orthogonal) => orthogonal.init(key, shape),
            Self::DeltaOrthogonal(orthogonal) => orthogonal.init(key, shape),
        }
    }
}

/// Every element is 0: `jax.nn.initializers.zeros`, Flax's default for a `bias`. The key is not used.
#[must_use]
pub fn zeros() -> Initializer {
    constant(0.0)
}

/// Every element is 1: `jax.nn.initializers.ones`, Flax's default for the `scale` of a norm. The key is not used.
#[must_use]
pub fn ones() -> Initializer {
    constant(1.0)
}

/// Every element is `value`: `jax.nn.initializers.constant(value)`. The key is not used.
#[must_use]
pub fn constant(value: f64) -> Initializer {
    Initializer::Constant { value }
}

/// Uniform numbers in `[0, scale)`: `jax.nn.initializers.uniform(scale)`. JAX's default is 0.01.
#[must_use]
pub fn uniform(scale: f64) -> Initializer {
    Initializer::Uniform { scale }
}

/// Normal numbers of mean 0 and this standard deviation: `jax.nn.initializers.normal(stddev)`. JAX's default is 0.01.
///
/// ```
/// use mlpport_core::init::normal;
/// use mlpport_core::random::Key;
///
/// let x = normal(1e-2).init::<f32>(Key::from_seed(0), &[2, 3])?;
/// assert_eq!(x, Key::from_seed(0).normal::<f32>(&[2, 3])? * 1e-2);
/// # Ok::<(), mlpport_core::Error>(())
/// ```
#[must_use]
pub fn normal(stddev: f64) -> Initializer {
    Initializer::Normal { stddev }
}

/// Normal numbers between `lower · stddev` and `upper · stddev`, whose standard deviation is `stddev` before they are
/// truncated: `jax.nn.initializers.truncated_normal(stddev, lower=lower, upper=upper)`.
///
/// JAX's defaults are 0.01, -2 and 2.
#[must_use]
pub fn truncated_normal(stddev: f64, lower: f64, upper: f64) -> Initializer {
    Initializer::TruncatedNormal { stddev, lower, upper }
}

impl From<VarianceScaling> for Initializer {
    fn from(scaling: VarianceScaling) -> Self {
        Self::VarianceScaling(scaling)
    }
}

impl From<Orthogonal> for Initializer {
    fn from(orthogonal: Orthogonal) -> Self {
        Self::Orthogonal(orthogonal)
    }
}

impl From<DeltaOrthogonal> for Initializer {
    fn from(orthogonal: DeltaOrthogonal) -> Self {
        Self::DeltaOrthogonal(orthogonal)
    }
}
