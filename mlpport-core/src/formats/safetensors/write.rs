//! From variables to the bytes of a file.

use std::io::{self, Write};

use super::{DTYPES, METADATA, MOST_AXES, MOST_HEADER, NAME};
use crate::error::{Error, Result};
use crate::formats::joined;
use crate::tensor::Tensor;
use crate::variables::{Path, Variables};

/// Fails where the format has no place for something.
///
/// # Errors
///
/// [`Error::Unsupported`] for what is no array, for a dtype that the format does not have, and for names that the keys could
/// not be split into again.
pub(in crate::formats) fn check(variables: &Variables, separator: Option<char>) -> Result<()> {
    prepare(variables, separator).map(drop)
}

/// Writes a whole file, without a copy of the tensors. [`check`] comes first.
pub(in crate::formats) fn write_to(
    variables: &Variables,
    separator: Option<char>,
    out: &mut impl Write,
) -> io::Result<()> {
    let Prepared { header, tensors } = prepare(variables, separator).map_err(io::Error::other)?;
    out.write_all(&u64::try_from(header.len()).map_err(io::Error::other)?.to_le_bytes())?;
    out.write_all(&header)?;
    tensors.into_iter().try_for_each(|tensor| out.write_all(&tensor.le_bytes()))
}

/// The header of a file, and the arrays in the order of their elements.
struct Prepared<'v> {
    header: Vec<u8>,
    tensors: Vec<&'v Tensor>,
}

fn prepare(variables: &Variables, separator: Option<char>) -> Result<Prepared<'_>> {
    let mut arrays = Vec::new();
    for (path, entry) in variables {
        let Some(tensor) = entry.as_tensor() else {
            return Err(refuse(path, "arrays alone", entry.to_string()));
        };
        let Some(place) = DTYPES.iter().position(|(_, dtype)| *dtype == tensor.dtype()) else {
            let known: Vec<&str> = DTYPES.iter().map(|(_, dtype)| dtype.name()).collect();
            return Err(refuse(path, &format!("the dtypes {}", known.join(", ")), tensor.dtype().to_string()));
        };
        if tensor.shape().len() > MOST_AXES {
            return Err(refuse(path, &format!("arrays of at most {MOST_AXES} axes"), tensor.to_string()));
        }
        let key = joined::key(path, separator).map_err(|refused| refuse(path, &refused.expected, refused.found))?;
        if key == METADATA {
            return Err(refuse(path, "keys that it does not keep for itself", format!("`{METADATA}`")));
        }
        arrays.push((place, key, tensor));
    }
    if separator.is_none() {
        let keys = arrays.iter().map(|(_, key, _)| key.as_str());
        joined::check_keys(keys).map_err(|refused| refuse(&Path::root(), &refused.expected, refused.found))?;
    }
    // As the reference does: elements that need a stricter alignment come first.
    arrays.sort_unstable_by(|(a, key, _), (b, other, _)| b.cmp(a).then_with(|| key.cmp(other)));

    let mut header = String::from("{");
    let mut start = 0_usize;
    for (place, key, tensor) in &arrays {
        let end = start.saturating_add(tensor.size_in_bytes());
        let dtype = DTYPES.get(*place).map_or("", |(name, _)| *name);
        let shape: Vec<String> = tensor.shape().iter().map(usize::to_string).collect();
        let comma = if header.len() > 1 { "," } else { "" };
        let (key, shape) = (serde_json::Value::from(key.as_str()), shape.join(","));
        header += &format!(r#"{comma}{key}:{{"dtype":"{dtype}","shape":[{shape}],"data_offsets":[{start},{end}]}}"#);
        start = end;
    }
    header.push('}');
    let length = header.len().next_multiple_of(8);
    if u64::try_from(length).is_ok_and(|length| length > MOST_HEADER) {
        return Err(refuse(&Path::root(), &format!("headers of at most {MOST_HEADER} bytes"), length.to_string()));
    }
    let mut header = header.into_bytes();
    header.resize(length, b' ');
    Ok(Prepared { header, tensors: arrays.into_iter().map(|(_, _, tensor)| tensor).collect() })
}

fn refuse(path: &Path, expected: &str, found: String) -> Error {
    Error::Unsupported { path: path.in_words(), format: NAME, expected: expected.to_owned(), found }
}
