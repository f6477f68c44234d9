//! Numbers between one element type and another: each element becomes a [`Number`] exactly, and is rounded once from it.

use super::Complex;
use super::float8::{F8E3M4, F8E4M3, F8E4M3B11FNUZ, F8E4M3FN, F8E4M3FNUZ, F8E5M2, F8E5M2FNUZ};
use super::float16::{BF16, F16};

/// The value of an element of any type, exactly.
#[derive(Debug, Clone, Copy)]
pub enum Number {
    /// An integer, or a bool as 0 or 1.
    Integer(i128),
    /// A float.
    Float(f64),
    /// A complex number: real, imaginary.
    Complex(f64, f64),
}

impl Number {
    /// The nearest `f64`; the real part of a complex number.
    fn real(self) -> f64 {
        match self {
            Self::Integer(value) => value as f64,
            Self::Float(value) | Self::Complex(value, _) => value,
        }
    }
}

/// An element type whose values convert as with `numpy.ndarray.astype`.
pub trait Numeric: Copy {
    /// The exact value.
    fn number(self) -> Number;
    /// The nearest value of this type.
    fn nearest(number: Number) -> Self;
}

macro_rules! integers {
    ($($type:ty),*) => {
        $(
            impl Numeric for $type {
                fn number(self) -> Number {
                    Number::Integer(i128::from(self))
                }

                #[expect(clippy::cast_possible_truncation, reason = "integers wrap and floats are truncated, as in numpy")]
                fn nearest(number: Number) -> Self {
                    match number {
                        Number::Integer(value) => value as Self,
                        Number::Float(_) | Number::Complex(..) => number.real() as Self,
                    }
                }
            }
        )*
    };
}

integers!(i8, i16, i32, i64, u8, u16, u32, u64);

macro_rules! small_floats {
    ($($type:ty),*) => {
        $(
            impl Numeric for $type {
                fn number(self) -> Number {
                    Number::Float(self.to_f64())
                }

                fn nearest(number: Number) -> Self {
                    match number {
                        Number::Integer(value) => Self::from_integer(value),
                        Number::Float(_) | Number::Complex(..) => Self::from_f64(number.real()),
                    }
                }
            }
        )*
    };
}

small_floats!(F16, BF16, F8E4M3FN, F8E5M2, F8E4M3FNUZ, F8E5M2FNUZ, F8E4M3B11FNUZ, F8E4M3, F8E3M4);

impl Numeric for f32 {
    fn number(self) -> Number {
        Number::Float(f64::from(self))
    }

    #[expect(clippy::cast_possible_truncation, reason = "rounds to nearest, ties to even")]
    fn nearest(number: Number) -> Self {
        match number {
            Number::Integer(value) => value as Self,
            Number::Float(_) | Number::Complex(..) => number.real() as Self,
        }
    }
}

impl Numeric for f64 {
    fn number(self) -> Number {
        Number::Float(self)
    }

    fn nearest(number: Number) -> Self {
        number.real()
    }
}

impl Numeric for bool {
    fn number(self) -> Number {
        Number::Integer(i128::from(self))
    }

    fn nearest(number: Number) -> Self {
        match number {
            Number::Integer(value) => value != 0,
            Number::Float(value) => value != 0.0,
            Number::Complex(re, im) => re != 0.0 || im != 0.0,
        }
    }
}

macro_rules! complexes {
    ($($part:ty),*) => {
        $(
            impl Numeric for Complex<$part> {
                fn number(self) -> Number {
                    Number::Complex(f64::from(self.re), f64::from(self.im))
                }

                fn nearest(number: Number) -> Self {
                    let im = match number {
                        Number::Integer(_) | Number::Float(_) => 0.0,
                        Number::Complex(_, im) => <$part>::nearest(Number::Float(im)),
                    };
                    Self { re: <$part>::nearest(number), im }
                }
            }
        )*
    };
}

complexes!(f32, f64);
