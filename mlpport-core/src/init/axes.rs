//! Axes of an array, as Python counts them.

use crate::error::{Error, Result};
use crate::tensor::Shape;

/// Some axes of a shape, of which negative ones are counted from the last: -1 is the last.
///
/// ```
/// use mlpport_core::init::Axes;
///
/// assert_eq!(Axes::from(-2), Axes::from([-2]));
/// let none = Axes::from([]);
/// # let _ = none;
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Axes(Vec<isize>);

impl From<isize> for Axes {
    fn from(axis: isize) -> Self {
        Self(vec![axis])
    }
}

impl<const N: usize> From<[isize; N]> for Axes {
    fn from(axes: [isize; N]) -> Self {
        Self(axes.to_vec())
    }
}

impl From<Vec<isize>> for Axes {
    fn from(axes: Vec<isize>) -> Self {
        Self(axes)
    }
}

impl Axes {
    /// Whether it is this one axis.
    pub(super) fn is(&self, axis: isize) -> bool {
        self.0 == [axis]
    }

    /// The product of the lengths of these axes of `shape`.
    pub(super) fn length(&self, name: &'static str, shape: &[usize]) -> Result<f64> {
        self.0.iter().try_fold(1.0, |product, axis| Ok(product * shape[resolve(name, *axis, shape)?] as f64))
    }
}

/// The index of an axis of `shape`.
pub(super) fn resolve(argument: &'static str, axis: isize, shape: &[usize]) -> Result<usize> {
    let from_last = if axis < 0 { shape.len() } else { 0 };
    from_last.checked_add_signed(axis).filter(|index| *index < shape.len()).ok_or_else(|| Error::Argument {
        argument,
        expected: format!("an axis of a shape of rank {}", shape.len()),
        found: format!("{axis} for {}", Shape::from(shape)),
    })
}
