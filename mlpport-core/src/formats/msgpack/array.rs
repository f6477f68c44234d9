//! The payloads of Flax's extensions.

use super::cursor::{Cursor, Head, fault};
use crate::error::Result;
use crate::tensor::{BytesError, Complex, DType, Shape, Tensor};

/// An array that still is a part of the file.
#[derive(Debug)]
pub(super) struct RawArray<'a> {
    pub(super) dtype: DType,
    pub(super) shape: Shape,
    pub(super) bytes: &'a [u8],
    /// Where the extension is in the file.
    pub(super) offset: usize,
    /// Where `bytes` are in the file.
    pub(super) bytes_offset: usize,
}

/// Extensions 1 and 3: `[shape, dtype name, bytes]`. The number of bytes fits dtype and shape.
pub(super) fn read_array<'a>(payload: &mut Cursor<'a>) -> Result<RawArray<'a>> {
    let offset = payload.offset();
    match payload.head()? {
        Head::List(3) => {}
        other => return Err(fault(offset, "an array's shape, dtype and bytes", other.in_words())),
    }
    let shape_offset = payload.offset();
    let shape = read_shape(payload)?;
    let dtype = read_dtype(payload)?;
    let length_offset = payload.offset();
    let bytes = match payload.head()? {
        Head::Bin(length) | Head::Str(length) => payload.take(length)?,
        other => return Err(fault(length_offset, "the bytes of an array", other.in_words())),
    };
    match Tensor::check_length(dtype, &shape, bytes.len()) {
        Err(BytesError::Shape | BytesError::Memory) => {
            Err(fault(shape_offset, "a shape that fits into memory", shape.to_string()))
        }
        Err(BytesError::Length { expected }) => {
            let found = format!("{} bytes", bytes.len());
            Err(fault(length_offset, format!("{expected} bytes for {dtype} {shape}"), found))
        }
        Ok(()) | Err(BytesError::Bool { .. }) => {
            let bytes_offset = payload.offset() - bytes.len();
            payload.finish("the array")?;
            Ok(RawArray { dtype, shape, bytes, offset, bytes_offset })
        }
    }
}

fn read_shape(payload: &mut Cursor<'_>) -> Result<Shape> {
    let offset = payload.offset();
    let axes = match payload.head()? {
        Head::List(axes) => axes,
        other => return Err(fault(offset, "the list of a shape", other.in_words())),
    };
    (0..axes).map(|_| read_axis(payload)).collect::<Result<Vec<usize>>>().map(Shape::from)
}

fn read_axis(payload: &mut Cursor<'_>) -> Result<usize> {
    let offset = payload.offset();
    let head = payload.head()?;
    let length = match head {
        Head::Int(length) => usize::try_from(length).ok(),
        _ => None,
    };
    length.ok_or_else(|| fault(offset, "the length of an axis", head.in_words()))
}

fn read_dtype(payload: &mut Cursor<'_>) -> Result<DType> {
    let offset = payload.offset();
    let name = match payload.head()? {
        Head::Str(length) | Head::Bin(length) => payload.text(length)?,
        other => return Err(fault(offset, "the name of a dtype", other.in_words())),
    };
    DType::from_name(name).ok_or_else(|| {
        let known: Vec<&str> = DType::ALL.iter().map(|dtype| dtype.name()).collect();
        let shown: String = name.chars().take(32).flat_map(char::escape_debug).collect();
        fault(offset, format!("one of the dtypes {}", known.join(", ")), format!("`{shown}`"))
    })
}

/// Extension 2: `[real, imaginary]`.
pub(super) fn read_complex(payload: &mut Cursor<'_>) -> Result<Complex<f64>> {
    let offset = payload.offset();
    match payload.head()? {
        Head::List(2) => {}
        other => return Err(fault(offset, "the two floats of a complex number", other.in_words())),
    }
    let (re, im) = (read_float(payload)?, read_float(payload)?);
    payload.finish("the complex number")?;
    Ok(Complex { re, im })
}

fn read_float(payload: &mut Cursor<'_>) -> Result<f64> {
    let offset = payload.offset();
    match payload.head()? {
        Head::Float(value) => Ok(value),
        other => Err(fault(offset, "a float", other.in_words())),
    }
}
