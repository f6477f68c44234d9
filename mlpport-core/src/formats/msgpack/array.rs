//! The payloads of Flax's extensions.

use std::ops::Range;
use std::sync::Arc;

use super::cursor::{Cursor, Head};
use super::{MOST_AXES, NAME};
use crate::error::Result;
use crate::formats::index::{ArraySlot, Parts};
use crate::formats::source::Source;
use crate::tensor::{BytesError, Complex, DType, Shape, Tensor};

/// An array that still is in the file.
#[derive(Debug)]
pub(super) struct RawArray {
    pub(super) dtype: DType,
    pub(super) shape: Shape,
    /// Where its elements are in the file, one range after the other. Their number fits dtype and shape.
    pub(super) ranges: Vec<Range<u64>>,
    /// Where the extension is in the file.
    pub(super) offset: u64,
}

impl RawArray {
    /// The array, with the file that it is in.
    pub(super) fn slot<'a>(self, source: &Arc<Source<'a>>) -> ArraySlot<'a> {
        let data = Parts { source: Arc::clone(source), format: NAME, ranges: self.ranges };
        ArraySlot { dtype: self.dtype, shape: self.shape, data: Box::new(data) }
    }
}

/// Extensions 1 and 3: `[shape, dtype name, bytes]`, in a cursor that ends behind it.
pub(super) fn read_array(payload: &mut Cursor<'_, '_>) -> Result<RawArray> {
    let offset = payload.offset();
    match payload.head()? {
        Head::List(3) => {}
        other => return Err(payload.fault(offset, "an array's shape, dtype and bytes", other.in_words())),
    }
    let shape_offset = payload.offset();
    let shape = read_shape(payload)?;
    let dtype = read_dtype(payload)?;
    let length_offset = payload.offset();
    let bytes = match payload.head()? {
        Head::Bin(length) | Head::Str(length) => payload.skip(length)?,
        other => return Err(payload.fault(length_offset, "the bytes of an array", other.in_words())),
    };
    check_length(payload, dtype, &shape, bytes.end - bytes.start, (shape_offset, length_offset))?;
    payload.finish("the array")?;
    Ok(RawArray { dtype, shape, ranges: vec![bytes], offset })
}

/// Fails where an array of this dtype and shape has not so many bytes: where the shape is, or where the length is.
pub(super) fn check_length(
    cursor: &Cursor<'_, '_>,
    dtype: DType,
    shape: &Shape,
    length: u64,
    (shape_offset, length_offset): (u64, u64),
) -> Result<()> {
    match Tensor::check_length(dtype, shape, usize::try_from(length).unwrap_or(usize::MAX)) {
        Err(BytesError::Shape | BytesError::Memory) => {
            Err(cursor.fault(shape_offset, "a shape that fits into memory", shape.to_string()))
        }
        Err(BytesError::Length { expected }) => {
            let expected = format!("{expected} bytes for {dtype} {shape}");
            Err(cursor.fault(length_offset, expected, format!("{length} bytes")))
        }
        Ok(()) | Err(BytesError::Bool { .. }) => Ok(()),
    }
}

fn read_shape(payload: &mut Cursor<'_, '_>) -> Result<Shape> {
    let offset = payload.offset();
    let axes = match payload.head()? {
        Head::List(axes) => axes,
        other => return Err(payload.fault(offset, "the list of a shape", other.in_words())),
    };
    if usize::try_from(axes).is_ok_and(|axes| axes <= MOST_AXES) {
        return (0..axes).map(|_| read_axis(payload)).collect::<Result<Vec<usize>>>().map(Shape::from);
    }
    Err(payload.fault(offset, format!("at most {MOST_AXES} axes"), axes.to_string()))
}

fn read_axis(payload: &mut Cursor<'_, '_>) -> Result<usize> {
    let offset = payload.offset();
    let head = payload.head()?;
    let length = match head {
        Head::Int(length) => usize::try_from(length).ok(),
        _ => None,
    };
    length.ok_or_else(|| payload.fault(offset, "the length of an axis", head.in_words()))
}

fn read_dtype(payload: &mut Cursor<'_, '_>) -> Result<DType> {
    let offset = payload.offset();
    let name = match payload.head()? {
        Head::Str(length) | Head::Bin(length) => payload.text(length)?,
        other => return Err(payload.fault(offset, "the name of a dtype", other.in_words())),
    };
    DType::from_name(&name).ok_or_else(|| {
        let known: Vec<&str> = DType::ALL.iter().map(|dtype| dtype.name()).collect();
        let shown: String = name.chars().take(32).flat_map(char::escape_debug).collect();
        payload.fault(offset, format!("one of the dtypes {}", known.join(", ")), format!("`{shown}`"))
    })
}

/// Extension 2: `[real, imaginary]`, in a cursor that ends behind it.
pub(super) fn read_complex(payload: &mut Cursor<'_, '_>) -> Result<Complex<f64>> {
    let offset = payload.offset();
    match payload.head()? {
        Head::List(2) => {}
        other => return Err(payload.fault(offset, "the two floats of a complex number", other.in_words())),
    }
    let (re, im) = (read_float(payload)?, read_float(payload)?);
    payload.finish("the complex number")?;
    Ok(Complex { re, im })
}

fn read_float(payload: &mut Cursor<'_, '_>) -> Result<f64> {
    let offset = payload.offset();
    match payload.head()? {
        Head::Float(value) => Ok(value),
        other => Err(payload.fault(offset, "a float", other.in_words())),
    }
}
