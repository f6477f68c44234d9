//! What stands at a path: a tensor, or what else Flax writes.

use std::fmt;

use ndarray::{Array, Dimension};

use super::path::disturbs;
use crate::tensor::{Complex, Element, Tensor};

/// Characters of a text or bytes of a byte string that are shown.
const SHOWN: usize = 24;

/// One entry of [`Variables`](super::Variables).
///
/// Its [`Display`](fmt::Display) is short: `float32 (64, 32)`, `None`, `3`, `{}`.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub enum Entry {
    /// An array: a parameter, a statistic, a state of an optimizer.
    Tensor(Tensor),
    /// A Python or numpy scalar.
    Value(Value),
    /// A dict, tuple or list without entries, such as optax's `EmptyState`.
    Empty,
}

impl Entry {
    /// The tensor, where this is one; a numpy scalar is, of no axes.
    #[must_use]
    pub fn as_tensor(&self) -> Option<&Tensor> {
        match self {
            Self::Tensor(tensor) | Self::Value(Value::Scalar(tensor)) => Some(tensor),
            Self::Value(_) | Self::Empty => None,
        }
    }

    /// The tensor to be changed, where this is one; a numpy scalar is, of no axes.
    #[must_use]
    pub fn as_tensor_mut(&mut self) -> Option<&mut Tensor> {
        match self {
            Self::Tensor(tensor) | Self::Value(Value::Scalar(tensor)) => Some(tensor),
            Self::Value(_) | Self::Empty => None,
        }
    }

    /// The tensor itself, where this is one; a numpy scalar is, of no axes.
    ///
    /// # Errors
    ///
    /// The entry, unchanged, where it is none.
    pub fn into_tensor(self) -> Result<Tensor, Self> {
        match self {
            Self::Tensor(tensor) | Self::Value(Value::Scalar(tensor)) => Ok(tensor),
            other => Err(other),
        }
    }
}

/// What Flax's msgpack files hold beside arrays.
///
/// Two values are equal when their bits are: a NaN equals itself.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub enum Value {
    /// `None`.
    None,
    /// `True` or `False`.
    Bool(bool),
    /// An integer; one above `i64::MAX` is a [`Value::UInt`].
    Int(i64),
    /// An integer above `i64::MAX`.
    UInt(u64),
    /// A Python float.
    Float(f64),
    /// A Python complex number.
    Complex(Complex<f64>),
    /// A text.
    Str(String),
    /// A byte string.
    Bytes(Vec<u8>),
    /// A numpy scalar, such as `np.float32(1)`: a tensor of no axes, which Flax marks as not an array.
    Scalar(Tensor),
}

impl PartialEq for Value {
    fn eq(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::None, Self::None) => true,
            (Self::Bool(a), Self::Bool(b)) => a == b,
            (Self::Int(a), Self::Int(b)) => a == b,
            (Self::UInt(a), Self::UInt(b)) => a == b,
            (Self::Float(a), Self::Float(b)) => a.to_bits() == b.to_bits(),
            (Self::Complex(a), Self::Complex(b)) => {
                a.re.to_bits() == b.re.to_bits() && a.im.to_bits() == b.im.to_bits()
            }
            (Self::Str(a), Self::Str(b)) => a == b,
            (Self::Bytes(a), Self::Bytes(b)) => a == b,
            (Self::Scalar(a), Self::Scalar(b)) => a == b,
            _ => false,
        }
    }
}

impl From<Tensor> for Entry {
    fn from(tensor: Tensor) -> Self {
        Self::Tensor(tensor)
    }
}

impl<T: Element, D: Dimension> From<Array<T, D>> for Entry {
    fn from(array: Array<T, D>) -> Self {
        Self::Tensor(Tensor::from_array(array))
    }
}

impl From<Value> for Entry {
    fn from(value: Value) -> Self {
        Self::Value(value)
    }
}

impl From<bool> for Value {
    fn from(value: bool) -> Self {
        Self::Bool(value)
    }
}

impl From<i64> for Value {
    fn from(value: i64) -> Self {
        Self::Int(value)
    }
}

impl From<u64> for Value {
    fn from(value: u64) -> Self {
        i64::try_from(value).map_or(Self::UInt(value), Self::Int)
    }
}

impl From<f64> for Value {
    fn from(value: f64) -> Self {
        Self::Float(value)
    }
}

impl From<&str> for Value {
    fn from(value: &str) -> Self {
        Self::Str(value.to_owned())
    }
}

impl fmt::Display for Entry {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Tensor(tensor) => write!(f, "{tensor}"),
            Self::Value(value) => write!(f, "{value}"),
            Self::Empty => f.write_str("{}"),
        }
    }
}

/// As Python shows it; a long text or byte string is cut, and of a numpy scalar only the dtype is shown.
impl fmt::Display for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::None => f.write_str("None"),
            Self::Bool(true) => f.write_str("True"),
            Self::Bool(false) => f.write_str("False"),
            Self::Int(value) => write!(f, "{value}"),
            Self::UInt(value) => write!(f, "{value}"),
            Self::Float(value) if value.is_nan() => f.write_str("nan"),
            Self::Float(value) => write!(f, "{value:?}"),
            Self::Complex(value) => write!(f, "{value}"),
            Self::Str(text) => write_text(f, text),
            Self::Bytes(bytes) => {
                let shown = bytes.get(..SHOWN).unwrap_or(bytes);
                write!(f, "b\"{}\"", shown.escape_ascii())?;
                if shown.len() < bytes.len() { write!(f, "… ({} bytes)", bytes.len()) } else { Ok(()) }
            }
            Self::Scalar(tensor) => write!(f, "{} scalar", tensor.dtype()),
        }
    }
}

fn write_text(f: &mut fmt::Formatter<'_>, text: &str) -> fmt::Result {
    f.write_str("\"")?;
    for character in text.chars().take(SHOWN) {
        match character {
            '"' | '\\' => write!(f, "\\{character}")?,
            _ if disturbs(character) => write!(f, "{}", character.escape_unicode())?,
            _ => write!(f, "{character}")?,
        }
    }
    let length = text.chars().count();
    if length > SHOWN { write!(f, "\"… ({length} characters)") } else { f.write_str("\"") }
}
