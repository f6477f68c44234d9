//! The Rust types that a tensor's elements can have.

use std::fmt;

use super::DType;
use super::bytes::LittleEndian;
use super::data::Stored;
use super::dtype::for_each_dtype;
use super::number::Numeric;

/// A Rust type that a [`Tensor`](super::Tensor) can hold; sealed.
///
/// `f32`, `f64`, the floats of 8 and 16 bits of this module, the integers of 8 to 64 bits, `bool`,
/// `Complex<f32>` and `Complex<f64>`.
#[diagnostic::on_unimplemented(
    message = "a tensor cannot hold elements of type `{Self}`",
    label = "not an element type",
    note = "elements are floats, integers, bool and complex numbers; see `mlpport_core::tensor::Element`"
)]
pub trait Element:
    Copy + Default + fmt::Debug + PartialEq + Send + Sync + 'static + Stored + LittleEndian + Numeric
{
    /// The dtype of a tensor with these elements.
    const DTYPE: DType;
}

macro_rules! impl_element {
    ([] $($variant:ident: $type:ty, $name:literal, $doc:literal;)*) => {
        $(
            impl Element for $type {
                const DTYPE: DType = DType::$variant;
            }
        )*
    };
}

for_each_dtype!(impl_element!);

/// A complex number, shown as Python shows it.
///
/// ```
/// use mlpport_core::tensor::Complex;
///
/// assert_eq!(Complex { re: 1.5, im: -2.0 }.to_string(), "(1.5-2j)");
/// ```
#[derive(Debug, Clone, Copy, Default, PartialEq)]
#[repr(C)]
pub struct Complex<T> {
    /// The real part.
    pub re: T,
    /// The imaginary part.
    pub im: T,
}

impl<T: fmt::Debug> fmt::Display for Complex<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let part = |part: &T| format!("{part:?}").trim_end_matches(".0").replace("NaN", "nan");
        let (re, im) = (part(&self.re), part(&self.im));
        let plus = if im.starts_with('-') { "" } else { "+" };
        write!(f, "({re}{plus}{im}j)")
    }
}
