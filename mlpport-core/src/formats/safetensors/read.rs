//! From the header of a file to where its arrays are.

use std::sync::Arc;

use super::header::{HeaderError, Info, parse};
use super::{DTYPES, MOST_HEADER, NAME};
use crate::error::{Error, Result};
use crate::formats::index::{ArraySlot, Index, Parts};
use crate::formats::joined::{self, Budget, Refused, shown};
use crate::formats::source::Source;
use crate::tensor::{BytesError, DType, Shape, Tensor};

/// The length of the header, in front of it.
const LENGTH: u64 = 8;

/// The structure of a file.
///
/// # Errors
///
/// As [`tensors`], and where a key stands twice or is above another one.
pub(in crate::formats) fn index<'a>(source: &Arc<Source<'a>>, separator: Option<char>) -> Result<Index<'a>> {
    let mut budget = Budget::new(source.length(), separator);
    let tensors = tensors(source, &mut budget)?;
    joined::index(tensors, separator).map_err(|refused| in_header(source, refused))
}

/// The arrays of a file by key, in the order of their elements; a key that stands twice is there twice.
///
/// # Errors
///
/// [`Error::Format`] where the header is none, where an array is of a dtype that no tensor can have or of another size than
/// its part of the file, or where the parts are not the rest of the file, without gaps and overlaps.
pub(in crate::formats) fn tensors<'a>(
    source: &Arc<Source<'a>>,
    budget: &mut Budget,
) -> Result<Vec<(String, ArraySlot<'a>)>> {
    let start = data_start(source)?;
    let header = source.read(LENGTH..start)?;
    let mut entries = parse(&header, budget).map_err(|error| match error {
        HeaderError::Keys(refused) => in_header(source, refused),
        HeaderError::Json(error) => {
            let offset = LENGTH.saturating_add(offset_of(&header, &error));
            source.fault(NAME, offset, "a header of safetensors", error.to_string())
        }
    })?;
    drop(header);
    entries.sort_unstable_by_key(|(_, info)| info.offsets);

    let mut next = 0;
    let mut tensors = Vec::with_capacity(entries.len());
    for (key, info) in entries {
        let [from, to] = info.offsets;
        if from != next || to < from {
            let expected =
                format!("the parts of the arrays one behind the other, the next from byte {next} of the data on");
            let found = format!("{from} to {to} for {}", shown(&key));
            return Err(source.fault(NAME, start.saturating_add(next), expected, found));
        }
        next = to;
        let (dtype, shape) = check(source, start, &key, info)?;
        let range = start.saturating_add(from)..start.saturating_add(to);
        let data = Parts { source: Arc::clone(source), format: NAME, ranges: vec![range] };
        tensors.push((key, ArraySlot { dtype, shape, data: Box::new(data) }));
    }
    let length = source.length().saturating_sub(start);
    if next != length {
        let last = tensors.last().map_or("no array".to_owned(), |(key, _)| format!("{} as the last array", shown(key)));
        let expected = format!("{next} bytes of data, with {last}");
        return Err(source.fault(NAME, start.saturating_add(next.min(length)), expected, format!("{length}")));
    }
    Ok(tensors)
}

/// Where the header ends and the data begin, within the file.
fn data_start(source: &Source<'_>) -> Result<u64> {
    if source.length() < LENGTH {
        let found = format!("the end after {}", source.length());
        return Err(source.fault(NAME, 0, "8 bytes with the length of the header", found));
    }
    let mut bytes = [0; 8];
    source.read_into(0, &mut bytes)?;
    let length = u64::from_le_bytes(bytes);
    let most = (source.length() - LENGTH).min(MOST_HEADER);
    if length > most {
        return Err(source.fault(NAME, 0, format!("a header of at most {most} bytes"), format!("{length}")));
    }
    Ok(LENGTH.saturating_add(length))
}

/// Dtype and shape of an array, which need as many bytes as it has.
fn check(source: &Source<'_>, start: u64, key: &str, info: Info) -> Result<(DType, Shape)> {
    let Some((_, dtype)) = DTYPES.iter().find(|(name, _)| *name == info.dtype) else {
        let known: Vec<&str> = DTYPES.iter().map(|(name, _)| *name).collect();
        let expected = format!("one of the dtypes {}", known.join(", "));
        return Err(source.fault(NAME, LENGTH, expected, format!("{} of {}", shown(&info.dtype), shown(key))));
    };
    let [from, to] = info.offsets;
    let (shape, length) = (Shape::from(info.shape), to - from);
    let fits = Tensor::check_length(*dtype, &shape, usize::try_from(length).unwrap_or(usize::MAX));
    let fault = |expected, found| Err(source.fault(NAME, start.saturating_add(from), expected, found));
    match fits {
        Ok(()) | Err(BytesError::Bool { .. }) => Ok((*dtype, shape)),
        Err(BytesError::Length { expected }) => fault(
            format!("{expected} bytes for {} {dtype} {shape}", shown(key)),
            format!("{length} in the offsets {from} to {to}"),
        ),
        Err(BytesError::Shape | BytesError::Memory) => {
            fault("a shape that fits into memory".to_owned(), format!("{shape} for {}", shown(key)))
        }
    }
}

fn in_header(source: &Source<'_>, refused: Refused) -> Error {
    source.fault(NAME, LENGTH, refused.expected, refused.found)
}

/// Where in the header serde found a fault: it counts lines, and bytes in them, from 1.
fn offset_of(header: &[u8], error: &serde_json::Error) -> u64 {
    let lines = header.split(|byte| *byte == b'\n').take(error.line().saturating_sub(1));
    let before: usize = lines.map(|line| line.len() + 1).sum();
    u64::try_from(before + error.column().saturating_sub(1)).unwrap_or(u64::MAX)
}
