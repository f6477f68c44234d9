//! A parameter that a module owns itself, outside of any layer.

use ndarray::{ArrayD, ArrayViewD};

use super::{Init, Reader, State, Writer};
use crate::error::{Error, Result};
use crate::tensor::{DYN, Shape};

/// The value of an axis that a [`Param`] does not have.
pub const NO_AXIS: usize = usize::MAX - 1;

/// A raw parameter, named by its field: `self.param("log_std", …)` in Linen, `nnx.Param` in NNX.
///
/// The axes stand in the type, up to four: `Param<5>` is `(5,)`, `Param<4, 32, 32>` is `(4, 32, 32)`, `Param` alone is a
/// scalar `()`. An axis of [`DYN`] takes any size. The elements are float32.
///
/// ```
/// use mlpport_core::params::Param;
/// use ndarray::array;
///
/// let log_std = Param::<2>::new(array![-0.5, 0.5].into_dyn())?;
/// assert_eq!(log_std.value().shape(), [2]);
/// # Ok::<(), mlpport_core::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct Param<const A: usize = NO_AXIS, const B: usize = NO_AXIS, const C: usize = NO_AXIS, const D: usize = NO_AXIS>
{
    value: ArrayD<f32>,
}

impl<const A: usize, const B: usize, const C: usize, const D: usize> Param<A, B, C, D> {
    /// A parameter with this value.
    ///
    /// # Errors
    ///
    /// [`Error::Shape`] where the shape is not the one in the type.
    pub fn new(value: ArrayD<f32>) -> Result<Self> {
        let axes = Self::axes();
        let fits = value.ndim() == axes.len()
            && value.shape().iter().zip(&axes).all(|(found, axis)| *axis == DYN || found == axis);
        if fits {
            return Ok(Self { value });
        }
        let (expected, found) = (Shape::from(axes), Shape::from(value.shape()));
        Err(Error::Shape { name: "parameter".to_owned(), expected, found })
    }

    /// The value.
    pub fn value(&self) -> ArrayViewD<'_, f32> {
        self.value.view()
    }

    /// The value itself.
    pub fn into_value(self) -> ArrayD<f32> {
        self.value
    }

    /// The same value under axes that are known to be equal.
    pub(crate) fn same_as<const E: usize, const F: usize, const G: usize, const H: usize>(self) -> Param<E, F, G, H> {
        Param { value: self.value }
    }

    pub(crate) fn axes() -> Vec<usize> {
        [A, B, C, D].into_iter().take_while(|axis| *axis != NO_AXIS).collect()
    }
}

impl<const A: usize, const B: usize, const C: usize, const D: usize> State for Param<A, B, C, D> {
    const CLASS: &'static str = "Param";

    fn read(reader: &mut Reader<'_>) -> Self {
        Self { value: reader.own_leaf("params", &Self::axes()) }
    }

    fn write(&self, writer: &mut Writer<'_>) {
        writer.own_leaf("params", self.value());
    }

    fn draw(init: &mut Init<'_>) -> Result<Self> {
        let axes = Self::axes();
        let shape = init.sizes_of(&axes).unwrap_or_else(|| vec![0; axes.len()]);
        Ok(Self { value: init.own_param(&shape) })
    }
}
