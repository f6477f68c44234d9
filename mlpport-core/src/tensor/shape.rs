//! The lengths of a tensor's axes.

use std::fmt;
use std::ops::Deref;

/// An axis whose length is known only when the program runs, where a shape is a demand and not a fact.
pub const DYN: usize = usize::MAX;

/// The length that a type states; `None` for [`DYN`].
pub const fn fixed_size(length: usize) -> Option<usize> {
    if length == DYN { None } else { Some(length) }
}

/// The lengths of the axes, shown as Python shows a tuple.
///
/// An axis of [`DYN`] is shown as `?`.
///
/// ```
/// use mlpport_core::tensor::{DYN, Shape};
///
/// assert_eq!(Shape::from([64, 32]).to_string(), "(64, 32)");
/// assert_eq!(Shape::from([5]).to_string(), "(5,)");
/// assert_eq!(Shape::from([]).to_string(), "()");
/// assert_eq!(Shape::from([DYN, 32]).to_string(), "(?, 32)");
/// assert_eq!(Shape::from([64, 32]).checked_len(), Some(2048));
/// ```
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
pub struct Shape(Vec<usize>);

impl Shape {
    /// The number of elements: the product of the lengths, 1 for `()`.
    ///
    /// `None` where the product of the lengths that are not 0 exceeds `isize::MAX`: no array can have such a shape, as
    /// in numpy and ndarray.
    #[must_use]
    pub fn checked_len(&self) -> Option<usize> {
        checked_len(&self.0)
    }
}

pub(super) fn checked_len(shape: &[usize]) -> Option<usize> {
    let mut nonzero = shape.iter().filter(|length| **length != 0);
    let product = nonzero.try_fold(1_usize, |product, length| product.checked_mul(*length))?;
    isize::try_from(product).ok()?;
    Some(if shape.contains(&0) { 0 } else { product })
}

impl Deref for Shape {
    type Target = [usize];

    fn deref(&self) -> &[usize] {
        &self.0
    }
}

impl From<Vec<usize>> for Shape {
    fn from(lengths: Vec<usize>) -> Self {
        Self(lengths)
    }
}

impl From<&[usize]> for Shape {
    fn from(lengths: &[usize]) -> Self {
        Self(lengths.to_vec())
    }
}

impl<const N: usize> From<[usize; N]> for Shape {
    fn from(lengths: [usize; N]) -> Self {
        Self(lengths.to_vec())
    }
}

impl<const N: usize> From<&[usize; N]> for Shape {
    fn from(lengths: &[usize; N]) -> Self {
        Self(lengths.to_vec())
    }
}

impl FromIterator<usize> for Shape {
    fn from_iter<I: IntoIterator<Item = usize>>(lengths: I) -> Self {
        Self(lengths.into_iter().collect())
    }
}

impl fmt::Display for Shape {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let axis = |length: &usize| if *length == DYN { "?".to_owned() } else { length.to_string() };
        match self.0.as_slice() {
            [length] => write!(f, "({},)", axis(length)),
            lengths => write!(f, "({})", lengths.iter().map(axis).collect::<Vec<_>>().join(", ")),
        }
    }
}
