//! A tensor: one array, tagged with its dtype.

use std::borrow::Cow;
use std::fmt;

use ndarray::{Array, ArrayD, ArrayViewD, ArrayViewMutD, Dimension, IxDyn};

use super::bytes::{BytesError, Fill, FillError, LittleEndian};
use super::dtype::for_each_dtype;
use super::shape::checked_len;
use super::{DType, Element, Shape};
use crate::error::{Error, Result};

/// An array of any of the [`DType`]s and any rank: a leaf of Flax variables.
///
/// It is in standard (C) layout. Moving it never changes a bit of it, so NaNs keep their payloads.
///
/// Two tensors are equal when dtype, shape and every bit are: a NaN equals itself, and `0.0` is not `-0.0`.
///
/// ```
/// use mlpport_core::tensor::{DType, Tensor};
///
/// let bytes = [0, 0, 128, 63, 0, 0, 0, 64];
/// let bias = Tensor::from_le_bytes(DType::F32, &[2], &bytes)?;
/// assert_eq!(bias.view::<f32>()?.as_slice(), Some(&[1.0, 2.0][..]));
/// assert_eq!(*bias.le_bytes(), bytes);
/// # Ok::<(), mlpport_core::Error>(())
/// ```
#[derive(Clone)]
pub struct Tensor {
    // Behind a pointer, so that an entry of variables that is no tensor is small.
    pub(super) data: Box<Data>,
}

/// An element type that is a variant of [`Data`].
pub trait Stored: Sized {
    /// Tags an array in standard layout.
    fn wrap(array: ArrayD<Self>) -> Data;
    /// The array of this type, or what it is.
    fn unwrap(data: Data) -> Result<ArrayD<Self>, Data>;
    /// The array of this type.
    fn peek(data: &Data) -> Option<&ArrayD<Self>>;
    /// The array of this type.
    fn peek_mut(data: &mut Data) -> Option<&mut ArrayD<Self>>;
}

macro_rules! define_data {
    ([] $($variant:ident: $type:ty, $name:literal, $doc:literal;)*) => {
        /// The array of a tensor, in standard layout.
        #[derive(Clone)]
        pub enum Data {
            $(#[doc = $doc] $variant(ArrayD<$type>),)*
        }

        impl Data {
            fn dtype(&self) -> DType {
                match self {
                    $(Self::$variant(_) => DType::$variant,)*
                }
            }
        }

        $(
            impl Stored for $type {
                fn wrap(array: ArrayD<Self>) -> Data {
                    Data::$variant(array)
                }

                fn unwrap(data: Data) -> Result<ArrayD<Self>, Data> {
                    match data {
                        Data::$variant(array) => Ok(array),
                        other => Err(other),
                    }
                }

                fn peek(data: &Data) -> Option<&ArrayD<Self>> {
                    match data {
                        Data::$variant(array) => Some(array),
                        _ => None,
                    }
                }

                fn peek_mut(data: &mut Data) -> Option<&mut ArrayD<Self>> {
                    match data {
                        Data::$variant(array) => Some(array),
                        _ => None,
                    }
                }
            }
        )*
    };
}

for_each_dtype!(define_data!);

macro_rules! on_array_arms {
    ([$data:expr, $array:ident => $body:expr] $($variant:ident: $type:ty, $name:literal, $doc:literal;)*) => {
        match $data {
            $(crate::tensor::data::Data::$variant($array) => $body,)*
        }
    };
}
pub(super) use on_array_arms;

/// Evaluates an expression with the array of whatever type it is: `on_array!(&*tensor.data, array => array.len())`.
macro_rules! on_array {
    ($data:expr, $array:ident => $body:expr) => {
        for_each_dtype!(on_array_arms! $data, $array => $body)
    };
}
pub(super) use on_array;

macro_rules! on_dtype_arms {
    ([$dtype:expr, $element:ident => $body:expr] $($variant:ident: $type:ty, $name:literal, $doc:literal;)*) => {
        match $dtype {
            $(DType::$variant => {
                type $element = $type;
                $body
            })*
        }
    };
}
pub(super) use on_dtype_arms;

/// Evaluates an expression with the element type of a dtype: `on_dtype!(dtype, T => size_of::<T>())`.
macro_rules! on_dtype {
    ($dtype:expr, $element:ident => $body:expr) => {
        for_each_dtype!(on_dtype_arms! $dtype, $element => $body)
    };
}
pub(super) use on_dtype;

impl Tensor {
    /// The tensor of an array, which is moved; it is copied only where it is not in standard (C) layout.
    #[must_use]
    pub fn from_array<T: Element, D: Dimension>(array: Array<T, D>) -> Self {
        let array = array.into_dyn();
        Self::of_standard(if array.is_standard_layout() { array } else { array.as_standard_layout().into_owned() })
    }

    /// The tensor of a shape whose elements stand in `bytes`, in C order and little endian; one copy.
    ///
    /// # Errors
    ///
    /// [`Error::Argument`] where no array can have the shape, where `bytes` has another length than the shape needs, or
    /// where a bool is neither 0 nor 1.
    pub fn from_le_bytes(dtype: DType, shape: &[usize], bytes: &[u8]) -> Result<Self> {
        Self::decode(dtype, shape, &[bytes]).map_err(|error| match error {
            BytesError::Shape | BytesError::Memory => too_large(shape),
            BytesError::Length { expected } => {
                let expected = format!("{expected} bytes for {dtype} {}", Shape::from(shape));
                Error::Argument { argument: "bytes", expected, found: bytes.len().to_string() }
            }
            BytesError::Bool { index, found } => {
                let found = format!("{found} at byte {index}");
                Error::Argument { argument: "bytes", expected: "0 or 1 for a bool".to_owned(), found }
            }
        })
    }

    /// [`Tensor::from_le_bytes`] for readers of files, which know better what to tell. The bytes may come in parts, each
    /// one of whole elements.
    pub(crate) fn decode(dtype: DType, shape: &[usize], parts: &[&[u8]]) -> Result<Self, BytesError> {
        Self::check_length(dtype, shape, parts.iter().map(|part| part.len()).sum())?;
        let copy = |mut out: &mut [u8]| {
            for part in parts {
                let (target, rest) = std::mem::take(&mut out).split_at_mut(part.len());
                target.copy_from_slice(part);
                out = rest;
            }
            Ok(())
        };
        Self::filled_by(dtype, shape, Box::new(copy)).map_err(|error| match error {
            FillError::Bytes(error) => error,
            // A copy cannot fail but for that.
            FillError::Fill(_) => BytesError::Memory,
        })
    }

    /// A tensor whose elements `fill` writes, in C order and little endian, to bytes that are zeros before.
    pub(crate) fn filled_by(dtype: DType, shape: &[usize], fill: Box<Fill<'_>>) -> Result<Self, FillError> {
        size_in_bytes(dtype, shape).ok_or(FillError::Bytes(BytesError::Shape))?;
        let length = shape.iter().product();
        on_dtype!(dtype, T => {
            let elements = <T as LittleEndian>::read_le(length, fill)?;
            Self::from_elements::<T>(shape, elements).map_err(FillError::Bytes)
        })
    }

    /// Whether a tensor of this dtype and shape has so many bytes.
    pub(crate) fn check_length(dtype: DType, shape: &[usize], length: usize) -> Result<(), BytesError> {
        let expected = size_in_bytes(dtype, shape).ok_or(BytesError::Shape)?;
        if expected == length { Ok(()) } else { Err(BytesError::Length { expected }) }
    }

    fn from_elements<T: Element>(shape: &[usize], elements: Vec<T>) -> Result<Self, BytesError> {
        ArrayD::from_shape_vec(IxDyn(shape), elements).map(Self::of_standard).map_err(|_| BytesError::Shape)
    }

    /// [`Tensor::from_array`] of an array in standard layout, which compiles no copy for each type of element.
    pub(super) fn of_standard<T: Element>(array: ArrayD<T>) -> Self {
        Self { data: Box::new(T::wrap(array)) }
    }

    /// A tensor with `value` in every place.
    ///
    /// # Errors
    ///
    /// [`Error::Argument`] where no array can have the shape.
    pub fn filled<T: Element>(shape: &[usize], value: T) -> Result<Self> {
        size_in_bytes(T::DTYPE, shape).ok_or_else(|| too_large(shape))?;
        Ok(Self::of_standard(ArrayD::from_elem(IxDyn(shape), value)))
    }

    /// A tensor of zeros, or of `false`.
    ///
    /// # Errors
    ///
    /// [`Error::Argument`] where no array can have the shape, or where there is not enough memory for it.
    pub fn zeros(dtype: DType, shape: &[usize]) -> Result<Self> {
        Self::filled_by(dtype, shape, Box::new(|_| Ok(()))).map_err(|_| too_large(shape))
    }

    /// The type of the elements.
    #[must_use]
    pub fn dtype(&self) -> DType {
        self.data.dtype()
    }

    /// The lengths of the axes, outermost first; empty for a scalar.
    #[must_use]
    pub fn shape(&self) -> &[usize] {
        on_array!(&*self.data, array => array.shape())
    }

    /// The number of elements, 1 for a scalar.
    #[must_use]
    pub fn len(&self) -> usize {
        on_array!(&*self.data, array => array.len())
    }

    /// Whether there are no elements, because an axis has length 0.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The size of the elements in bytes.
    #[must_use]
    pub fn size_in_bytes(&self) -> usize {
        self.len() * self.dtype().size()
    }

    /// The elements in C order, little endian, a bool as 0 or 1: `numpy.ndarray.tobytes` on the machines that run JAX.
    ///
    /// Borrowed on little-endian machines, but for the types of this crate: complex numbers and 8-bit floats.
    #[must_use]
    pub fn le_bytes(&self) -> Cow<'_, [u8]> {
        on_array!(&*self.data, array => LittleEndian::to_le(elements(array)))
    }

    /// The array, borrowed.
    ///
    /// # Errors
    ///
    /// [`Error::DType`] where the elements are of another type.
    pub fn view<T: Element>(&self) -> Result<ArrayViewD<'_, T>> {
        let wrong = Error::DType { expected: T::DTYPE, found: self.dtype() };
        T::peek(&self.data).map(|array| array.view()).ok_or(wrong)
    }

    /// The array, borrowed to be changed.
    ///
    /// # Errors
    ///
    /// [`Error::DType`] where the elements are of another type.
    pub fn view_mut<T: Element>(&mut self) -> Result<ArrayViewMutD<'_, T>> {
        let wrong = Error::DType { expected: T::DTYPE, found: self.dtype() };
        T::peek_mut(&mut self.data).map(|array| array.view_mut()).ok_or(wrong)
    }

    /// The array itself; nothing is copied.
    ///
    /// # Errors
    ///
    /// [`Error::DType`] where the elements are of another type.
    pub fn into_array<T: Element>(self) -> Result<ArrayD<T>> {
        T::unwrap(*self.data).map_err(|data| Error::DType { expected: T::DTYPE, found: data.dtype() })
    }

    /// A copy of the array.
    ///
    /// # Errors
    ///
    /// [`Error::DType`] where the elements are of another type.
    pub fn to_array<T: Element>(&self) -> Result<ArrayD<T>> {
        self.view::<T>().map(|view| view.to_owned())
    }
}

/// The number of bytes of a shape; `None` where no array can have it.
fn size_in_bytes(dtype: DType, shape: &[usize]) -> Option<usize> {
    let size = checked_len(shape)?.checked_mul(dtype.size())?;
    isize::try_from(size).is_ok().then_some(size)
}

fn too_large(shape: &[usize]) -> Error {
    let expected = "a shape whose size in bytes is at most isize::MAX".to_owned();
    Error::Argument { argument: "shape", expected, found: Shape::from(shape).to_string() }
}

/// The elements of an array in standard layout, where they always are a slice.
pub(super) fn elements<T>(array: &ArrayD<T>) -> &[T] {
    debug_assert!(array.is_standard_layout(), "the array of a tensor");
    array.as_slice().unwrap_or_default()
}

impl<T: Element, D: Dimension> From<Array<T, D>> for Tensor {
    fn from(array: Array<T, D>) -> Self {
        Self::from_array(array)
    }
}

impl PartialEq for Tensor {
    fn eq(&self, other: &Self) -> bool {
        self.dtype() == other.dtype() && self.shape() == other.shape() && self.le_bytes() == other.le_bytes()
    }
}

impl Eq for Tensor {}

/// Dtype and shape: `float32 (64, 32)`.
impl fmt::Display for Tensor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.dtype(), Shape::from(self.shape()))
    }
}

/// Dtype and shape, never the elements.
impl fmt::Debug for Tensor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Tensor({self})")
    }
}
