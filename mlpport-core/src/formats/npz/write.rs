//! From variables to the bytes of an archive.

use std::io::{self, Seek, Write};

use zip::write::{SimpleFileOptions, ZipWriter};
use zip::{CompressionMethod, DateTime, System};

use super::latch::Latch;
use super::{EXTENSION, MAGIC, MOST_AXES, NAME, descr};
use crate::error::{Error, Result};
use crate::formats::joined;
use crate::tensor::Tensor;
use crate::variables::{Path, Variables};

/// Where the elements begin is a multiple of this.
const ALIGNMENT: usize = 64;

/// What numpy leaves free for a longer first axis.
const LONGEST_AXIS: usize = 21;

/// Fails where the format has no place for something.
///
/// # Errors
///
/// [`Error::Unsupported`] for what is no array, for a dtype that numpy cannot read, and for names that the keys could not be
/// split into again.
pub(in crate::formats) fn check(variables: &Variables, separator: Option<char>) -> Result<()> {
    prepare(variables, separator).map(drop)
}

/// Writes a whole file, without a copy of the tensors. [`check`] comes first.
pub(in crate::formats) fn write_to(
    variables: &Variables,
    separator: Option<char>,
    out: &mut (impl Write + Seek),
) -> io::Result<()> {
    let mut failed = None;
    let mut archive = ZipWriter::new(Latch::new(out, &mut failed));
    for (key, header, tensor) in prepare(variables, separator).map_err(io::Error::other)? {
        let size = header.len().saturating_add(tensor.size_in_bytes());
        let options = SimpleFileOptions::DEFAULT
            .compression_method(CompressionMethod::Stored)
            .last_modified_time(DateTime::DEFAULT)
            // The same on every machine.
            .system(System::Unix)
            .large_file(u32::try_from(size).is_err());
        archive.start_file(key + EXTENSION, options)?;
        archive.write_all(&header)?;
        archive.write_all(&tensor.le_bytes())?;
    }
    archive.finish()?;
    failed.map_or(Ok(()), Err)
}

/// The key, the header and the array of each member.
fn prepare(variables: &Variables, separator: Option<char>) -> Result<Vec<(String, Vec<u8>, &Tensor)>> {
    let mut members = Vec::new();
    for (path, entry) in variables {
        let Some(tensor) = entry.as_tensor() else {
            return Err(refuse(path, "arrays alone", entry.to_string()));
        };
        let Some(descr) = descr::of(tensor.dtype()) else {
            return Err(refuse(path, &format!("the dtypes {}", descr::written()), tensor.dtype().to_string()));
        };
        if tensor.shape().len() > MOST_AXES {
            return Err(refuse(path, &format!("arrays of at most {MOST_AXES} axes"), tensor.to_string()));
        }
        let key = joined::key(path, separator).map_err(|refused| refuse(path, &refused.expected, refused.found))?;
        if key.contains('\0') || u16::try_from(key.len() + EXTENSION.len()).is_err() {
            let expected = "keys of at most 65531 bytes, without the character 0, at which Python ends them";
            return Err(refuse(path, expected, format!("one of {} bytes", key.len())));
        }
        members.push((key, header(&descr, tensor.shape()), tensor));
    }
    if separator.is_none() {
        let keys = members.iter().map(|(key, ..)| key.as_str());
        joined::check_keys(keys).map_err(|refused| refuse(&Path::root(), &refused.expected, refused.found))?;
    }
    Ok(members)
}

/// The header of an array file, as `numpy.save` writes it.
pub(super) fn header(descr: &str, shape: &[usize]) -> Vec<u8> {
    let axes: Vec<String> = shape.iter().map(usize::to_string).collect();
    let comma = if axes.len() == 1 { "," } else { "" };
    let mut header = format!("{{'descr': '{descr}', 'fortran_order': False, 'shape': ({}{comma}), }}", axes.join(", "));
    if let Some(first) = axes.first() {
        header += &" ".repeat(LONGEST_AXIS.saturating_sub(first.len()));
    }
    let wide = MAGIC.len() + 2 + 2 + header.len() + ALIGNMENT > usize::from(u16::MAX);
    let (version, width) = if wide { (2, 4) } else { (1, 2) };
    let start = MAGIC.len() + 2 + width;
    // numpy adds a whole block where none is needed.
    let blanks = ALIGNMENT - (start + header.len() + 1) % ALIGNMENT;
    let length = u32::try_from(header.len() + blanks + 1).unwrap_or(u32::MAX).to_le_bytes();
    let mut bytes = MAGIC.to_vec();
    bytes.extend([version, 0]);
    bytes.extend(length.iter().take(width));
    bytes.extend(header.bytes());
    bytes.resize(bytes.len() + blanks, b' ');
    bytes.push(b'\n');
    bytes
}

fn refuse(path: &Path, expected: &str, found: String) -> Error {
    Error::Unsupported { path: path.in_words(), format: NAME, expected: expected.to_owned(), found }
}
