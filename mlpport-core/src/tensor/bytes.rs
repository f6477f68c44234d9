//! Elements from and to the little-endian bytes of a file, with one copy.
#![allow(unsafe_code)]

use std::borrow::Cow;

use bytemuck::allocation::try_zeroed_vec;
use bytemuck::{Pod, Zeroable, must_cast_slice, must_cast_slice_mut};

use super::Complex;
use super::float8::{F8E3M4, F8E4M3, F8E4M3B11FNUZ, F8E4M3FN, F8E4M3FNUZ, F8E5M2, F8E5M2FNUZ};
use super::float16::{BF16, F16};
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
    fill_as_le(must_cast_slice_mut(&mut values), width, fill)?;
    Ok(values)
}

/// The bytes of all elements, compiled once for all types.
fn fill_as_le(bytes: &mut [u8], width: usize, fill: Box<Fill<'_>>) -> Result<(), FillError> {
    prefer_huge(bytes);
    fill(bytes).map_err(FillError::Fill)?;
    swap_on_big_endian(bytes, width);
    Ok(())
}

fn view_as_le(bytes: &[u8], width: usize) -> Cow<'_, [u8]> {
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
    ($($width:ty: $($type:ty),*;)*) => {
        $($(
            impl LittleEndian for $type {
                fn read_le(length: usize, fill: Box<Fill<'_>>) -> Result<Vec<Self>, FillError> {
                    read_plain(length, size_of::<$width>(), fill)
                }

                fn to_le(elements: &[Self]) -> Cow<'_, [u8]> {
                    view_as_le(must_cast_slice(elements), size_of::<$width>())
                }
            }
        )*)*
    };
}

plain! {
    u8: i8, u8, F8E4M3FN, F8E5M2, F8E4M3FNUZ, F8E5M2FNUZ, F8E4M3B11FNUZ, F8E4M3, F8E3M4;
    u16: i16, u16, F16, BF16;
    u32: i32, u32, f32, Complex<f32>;
    u64: i64, u64, f64, Complex<f64>;
}

macro_rules! pod {
    ($($type:ty),*) => {
        $(
            // SAFETY: numbers in a `repr(transparent)` or `repr(C)` struct, of one type and so without padding: any bytes are one.
            unsafe impl Zeroable for $type {}
            // SAFETY: likewise.
            unsafe impl Pod for $type {}
        )*
    };
}

pod!(F16, BF16, F8E4M3FN, F8E5M2, F8E4M3FNUZ, F8E5M2FNUZ, F8E4M3B11FNUZ, F8E4M3, F8E3M4, Complex<f32>, Complex<f64>);

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
        view_as_le(must_cast_slice(elements), 1)
    }
}
