//! Elements from and to the little-endian bytes of a file, with one copy.

use std::borrow::Cow;

use bytemuck::allocation::try_zeroed_vec;
use bytemuck::{NoUninit, Pod};
use half::slice::HalfFloatSliceExt;
use half::vec::HalfBitsVecExt;
use half::{bf16, f16};

use super::Complex;
use super::float8::{F8E3M4, F8E4M3, F8E4M3B11FNUZ, F8E4M3FN, F8E4M3FNUZ, F8E5M2, F8E5M2FNUZ};
use super::pages::prefer_huge;
use crate::error::{Error, Result};

/// Why bytes are not a tensor of the dtype and shape asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BytesError {
    /// No array can have the shape.
    Shape,
    /// There is not enough memory for it.
    Memory,
    /// The shape needs another number of bytes.
    Length {
        /// The number that it needs.
        expected: usize,
    },
    /// A bool is neither 0 nor 1.
    Bool {
        /// Its place among the bytes.
        index: usize,
        /// The byte there.
        found: u8,
    },
}

/// Why a tensor was not filled.
#[derive(Debug)]
pub enum FillError {
    /// What fills it failed.
    Fill(Error),
    /// What it was filled with is not a tensor, or it is too large.
    Bytes(BytesError),
}

/// What writes the bytes of all elements, which are zeros before.
pub(crate) type Fill<'f> = dyn FnOnce(&mut [u8]) -> Result<()> + 'f;

/// An element type that has a little-endian form.
pub trait LittleEndian: Copy {
    /// So many elements, whose bytes `fill` writes.
    fn read_le(length: usize, fill: Box<Fill<'_>>) -> Result<Vec<Self>, FillError>;
    /// The bytes of `elements`.
    fn to_le(elements: &[Self]) -> Cow<'_, [u8]>;
}

/// Elements of a type of which any bytes are one; `width` is the size of the numbers in them whose bytes have an order.
fn read_plain<T: Pod>(length: usize, width: usize, fill: Box<Fill<'_>>) -> Result<Vec<T>, FillError> {
    // Zeros that the operating system provides, page by page when `fill` comes to it.
    let mut values: Vec<T> = try_zeroed_vec(length).map_err(|()| FillError::Bytes(BytesError::Memory))?;
    prefer_huge(&mut values);
    let bytes: &mut [u8] = bytemuck::cast_slice_mut(&mut values);
    fill(bytes).map_err(FillError::Fill)?;
    swap_on_big_endian(bytes, width);
    Ok(values)
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
                fn read_le(length: usize, fill: Box<Fill<'_>>) -> Result<Vec<Self>, FillError> {
                    read_plain(length, size_of::<Self>(), fill)
                }

                fn to_le(elements: &[Self]) -> Cow<'_, [u8]> {
                    view_as_le(elements, size_of::<Self>())
                }
            }
        )*
    };
}

plain!(f32, f64, i8, i16, i32, i64, u8, u16, u32, u64);

// By `half` itself, since its feature `bytemuck` brings a derive into the tree.
macro_rules! half {
    ($($type:ty),*) => {
        $(
            impl LittleEndian for $type {
                fn read_le(length: usize, fill: Box<Fill<'_>>) -> Result<Vec<Self>, FillError> {
                    read_plain::<u16>(length, size_of::<Self>(), fill).map(HalfBitsVecExt::reinterpret_into)
                }

                fn to_le(elements: &[Self]) -> Cow<'_, [u8]> {
                    view_as_le(elements.reinterpret_cast(), size_of::<Self>())
                }
            }
        )*
    };
}

half!(f16, bf16);

impl LittleEndian for bool {
    fn read_le(length: usize, fill: Box<Fill<'_>>) -> Result<Vec<Self>, FillError> {
        let values: Vec<u8> = read_plain(length, 1, fill)?;
        // One pass that the compiler vectorises; where the byte is matters only when there is one.
        if values.iter().fold(0, |bits, byte| bits | byte) > 1
            && let Some((index, found)) = values.iter().enumerate().find(|(_, byte)| **byte > 1)
        {
            return Err(FillError::Bytes(BytesError::Bool { index, found: *found }));
        }
        Ok(values.into_iter().map(|byte| byte == 1).collect())
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
                fn read_le(length: usize, fill: Box<Fill<'_>>) -> Result<Vec<Self>, FillError> {
                    let values: Vec<$plain> = read_plain(length, $width, fill)?;
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
