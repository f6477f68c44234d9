//! Elements from and to the little-endian bytes of a file, with one copy.

use std::borrow::Cow;

use bytemuck::{NoUninit, Pod};

use super::Complex;
use super::float8::{F8E3M4, F8E4M3, F8E4M3B11FNUZ, F8E4M3FN, F8E4M3FNUZ, F8E5M2, F8E5M2FNUZ};

/// Why bytes are not a tensor of the dtype and shape asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum BytesError {
    /// No array can have the shape.
    Shape,
    /// The shape needs another number of bytes.
    Length {
        /// The number that it needs.
        expected: usize,
    },
    /// A bool is neither 0 nor 1.
    Bool {
        /// Its place among the bytes.
        index: usize,
    },
}

/// An element type that has a little-endian form.
pub trait LittleEndian: Copy {
    /// The elements in `parts`, or the index of the first byte that cannot be. What is no whole element is left out.
    fn from_le(parts: &[&[u8]]) -> Result<Vec<Self>, usize>;
    /// The bytes of `elements`.
    fn to_le(elements: &[Self]) -> Cow<'_, [u8]>;
}

/// The values in `parts`; `width` is the size of the numbers in them whose bytes have an order.
fn copy_from_le<T: Pod>(parts: &[&[u8]], width: usize) -> Vec<T> {
    let length: usize = parts.iter().map(|part| part.len()).sum();
    let mut values = vec![T::zeroed(); length / size_of::<T>()];
    let bytes: &mut [u8] = bytemuck::cast_slice_mut(&mut values);
    let mut rest = &mut *bytes;
    for part in parts {
        let length = part.len().min(rest.len());
        let (target, behind) = std::mem::take(&mut rest).split_at_mut(length);
        target.copy_from_slice(part.get(..length).unwrap_or_default());
        rest = behind;
    }
    swap_on_big_endian(bytes, width);
    values
}

fn view_as_le<T: NoUninit>(values: &[T], width: usize) -> Cow<'_, [u8]> {
    let bytes: &[u8] = bytemuck::cast_slice(values);
    if cfg!(target_endian = "little") || width == 1 {
        return Cow::Borrowed(bytes);
    }
    let mut bytes = bytes.to_vec();
    swap_on_big_endian(&mut bytes, width);
    Cow::Owned(bytes)
}

fn swap_on_big_endian(bytes: &mut [u8], width: usize) {
    if cfg!(target_endian = "big") {
        bytes.chunks_exact_mut(width).for_each(<[u8]>::reverse);
    }
}

macro_rules! plain {
    ($($type:ty),*) => {
        $(
            impl LittleEndian for $type {
                fn from_le(parts: &[&[u8]]) -> Result<Vec<Self>, usize> {
                    Ok(copy_from_le(parts, size_of::<Self>()))
                }

                fn to_le(elements: &[Self]) -> Cow<'_, [u8]> {
                    view_as_le(elements, size_of::<Self>())
                }
            }
        )*
    };
}

plain!(f32, f64, half::f16, half::bf16, i8, i16, i32, i64, u8, u16, u32, u64);

impl LittleEndian for bool {
    fn from_le(parts: &[&[u8]]) -> Result<Vec<Self>, usize> {
        let mut values = Vec::with_capacity(parts.iter().map(|part| part.len()).sum());
        for part in parts {
            // One pass that the compiler vectorises; where the byte is matters only when there is one.
            if part.iter().fold(0, |bits, byte| bits | byte) > 1 {
                let index = part.iter().position(|byte| *byte > 1).unwrap_or_default();
                return Err(values.len() + index);
            }
            values.extend(part.iter().map(|byte| *byte == 1));
        }
        Ok(values)
    }

    fn to_le(elements: &[Self]) -> Cow<'_, [u8]> {
        view_as_le(elements, 1)
    }
}

// A type of this crate can be `bytemuck::Pod` only by an `unsafe impl`. What is collected here from a vector of the same
// size and alignment keeps its allocation.
macro_rules! wrapped {
    ($($type:ty, $plain:ty, $width:expr, $wrap:expr, $unwrap:expr;)*) => {
        $(
            impl LittleEndian for $type {
                fn from_le(parts: &[&[u8]]) -> Result<Vec<Self>, usize> {
                    let values: Vec<$plain> = copy_from_le(parts, $width);
                    Ok(values.into_iter().map($wrap).collect())
                }

                fn to_le(elements: &[Self]) -> Cow<'_, [u8]> {
                    let values: Vec<$plain> = elements.iter().map($unwrap).collect();
                    Cow::Owned(view_as_le(&values, $width).into_owned())
                }
            }
        )*
    };
}

wrapped! {
    Complex<f32>, [f32; 2], size_of::<f32>(), |[re, im]| Self { re, im }, |value| [value.re, value.im];
    Complex<f64>, [f64; 2], size_of::<f64>(), |[re, im]| Self { re, im }, |value| [value.re, value.im];
    F8E4M3FN, u8, 1, Self::from_bits, |value| value.to_bits();
    F8E5M2, u8, 1, Self::from_bits, |value| value.to_bits();
    F8E4M3FNUZ, u8, 1, Self::from_bits, |value| value.to_bits();
    F8E5M2FNUZ, u8, 1, Self::from_bits, |value| value.to_bits();
    F8E4M3B11FNUZ, u8, 1, Self::from_bits, |value| value.to_bits();
    F8E4M3, u8, 1, Self::from_bits, |value| value.to_bits();
    F8E3M4, u8, 1, Self::from_bits, |value| value.to_bits();
}
