//! From variables to the bytes of a file.

use std::io::{self, Write};

use rmp::encode;

use super::{CHUNKED, CHUNKED_CHUNKS, CHUNKED_SHAPE, EXT_ARRAY, EXT_COMPLEX, EXT_SCALAR, MOST_LEVELS, NAME};
use crate::error::{Error, Result};
use crate::tensor::{DType, Tensor};
use crate::variables::{Entry, Path, Value, Variables};

/// `MAX_CHUNK_SIZE` of `flax.serialization`: an array of more bytes is written in chunks.
const LARGEST_CHUNK: usize = 1 << 30;

/// The bytes of a file with these variables, as `flax.serialization.to_bytes` writes them from sorted dicts.
///
/// # Errors
///
/// [`Error::Unsupported`] for a path of more than 128 names, the name `__msgpack_chunked_array__`, which Flax keeps for
/// itself, a text or byte string of more than 2^32 - 1 bytes, and a [`Value::Scalar`] that has axes.
pub fn to_bytes(variables: &Variables) -> Result<Vec<u8>> {
    check(variables)?;
    let mut bytes = Vec::with_capacity(about(variables));
    write_to(variables, &mut bytes).map_err(|source| Error::Io { file: "memory".into(), action: "write", source })?;
    Ok(bytes)
}

/// No fewer bytes than will be written, lest a vector of many gigabytes grow at the end.
pub(super) fn about(variables: &Variables) -> usize {
    let entry = |(path, entry): (&Path, &Entry)| {
        let names: usize = path.names().map(|name| name.len() + 5).sum();
        let (axes, text) = match entry {
            Entry::Tensor(tensor) => (tensor.shape().len(), 0),
            Entry::Value(Value::Str(text)) => (0, text.len()),
            Entry::Value(Value::Bytes(bytes)) => (0, bytes.len()),
            Entry::Value(_) | Entry::Empty => (0, 0),
        };
        names + 64 + 16 * axes + text
    };
    // Each chunk of an array has a header of its own.
    let chunks = variables.size_in_bytes() / LARGEST_CHUNK * 128;
    16 + variables.size_in_bytes() + chunks + variables.entries().map(entry).sum::<usize>()
}

/// Fails where the format has no place for something.
pub(in crate::formats) fn check(variables: &Variables) -> Result<()> {
    let refuse = |path: &Path, expected: &str, found: String| {
        Err(Error::Unsupported { path: path.in_words(), format: NAME, expected: expected.to_owned(), found })
    };
    for (path, entry) in variables {
        if path.len() > MOST_LEVELS {
            return refuse(path, "paths of at most 128 names", format!("one of {}", path.len()));
        }
        if path.names().any(|name| name == CHUNKED) {
            return refuse(path, "names that Flax does not keep for itself", format!("`{CHUNKED}`"));
        }
        let length = match entry {
            Entry::Value(Value::Str(text)) => text.len(),
            Entry::Value(Value::Bytes(bytes)) => bytes.len(),
            Entry::Value(Value::Scalar(tensor)) if !tensor.shape().is_empty() => {
                return refuse(path, "numpy scalars without axes", tensor.to_string());
            }
            _ => 0,
        };
        let longest = path.names().map(str::len).max().unwrap_or(0).max(length);
        if u32::try_from(longest).is_err() {
            return refuse(path, "texts and byte strings of at most 2^32 - 1 bytes", format!("{longest} bytes"));
        }
    }
    Ok(())
}

/// Writes a whole file, without a copy of the tensors. [`check`] comes first.
pub(in crate::formats) fn write_to(variables: &Variables, out: &mut impl Write) -> io::Result<()> {
    write_in_chunks(variables, LARGEST_CHUNK, out)
}

pub(super) fn write_in_chunks(variables: &Variables, largest: usize, out: &mut impl Write) -> io::Result<()> {
    let entries: Vec<(&Path, &Entry)> = variables.entries().collect();
    Writer { out, largest }.tree(&entries, 0)
}

struct Writer<'a, W> {
    out: &'a mut W,
    largest: usize,
}

impl<W: Write> Writer<'_, W> {
    /// Writes what stands below a place: `entries` have the same first `depth` names.
    fn tree(&mut self, entries: &[(&Path, &Entry)], depth: usize) -> io::Result<()> {
        if let [(path, entry)] = entries
            && path.len() == depth
        {
            return self.entry(entry);
        }
        let children = || entries.chunk_by(|(a, _), (b, _)| a.name(depth) == b.name(depth));
        encode::write_map_len(self.out, length(children().count())?)?;
        for child in children() {
            let name = child.first().and_then(|(path, _)| path.name(depth)).unwrap_or_default();
            encode::write_str(self.out, name)?;
            self.tree(child, depth + 1)?;
        }
        Ok(())
    }

    fn entry(&mut self, entry: &Entry) -> io::Result<()> {
        match entry {
            Entry::Tensor(tensor) if tensor.size_in_bytes() > self.largest => self.chunked(tensor),
            Entry::Tensor(tensor) => self.array(EXT_ARRAY, tensor.dtype(), tensor.shape(), &tensor.le_bytes()),
            Entry::Value(value) => self.value(value),
            Entry::Empty => Ok(encode::write_map_len(self.out, 0).map(drop)?),
        }
    }

    fn value(&mut self, value: &Value) -> io::Result<()> {
        match value {
            Value::None => encode::write_nil(self.out)?,
            Value::Bool(value) => encode::write_bool(self.out, *value)?,
            Value::Int(value) => drop(encode::write_sint(self.out, *value)?),
            Value::UInt(value) => drop(encode::write_uint(self.out, *value)?),
            Value::Float(value) => encode::write_f64(self.out, *value)?,
            Value::Str(text) => encode::write_str(self.out, text)?,
            Value::Bytes(bytes) => encode::write_bin(self.out, bytes)?,
            Value::Complex(value) => {
                let mut payload = Vec::new();
                encode::write_array_len(&mut payload, 2)?;
                encode::write_f64(&mut payload, value.re)?;
                encode::write_f64(&mut payload, value.im)?;
                encode::write_ext_meta(self.out, length(payload.len())?, EXT_COMPLEX)?;
                self.out.write_all(&payload)?;
            }
            Value::Scalar(tensor) => self.array(EXT_SCALAR, tensor.dtype(), tensor.shape(), &tensor.le_bytes())?,
        }
        Ok(())
    }

    fn array(&mut self, kind: i8, dtype: DType, shape: &[usize], bytes: &[u8]) -> io::Result<()> {
        let mut header = Vec::new();
        encode::write_array_len(&mut header, 3)?;
        encode::write_array_len(&mut header, length(shape.len())?)?;
        for axis in shape {
            write_length(&mut header, *axis)?;
        }
        encode::write_str(&mut header, dtype.name())?;
        encode::write_bin_len(&mut header, length(bytes.len())?)?;
        encode::write_ext_meta(self.out, length(header.len() + bytes.len())?, kind)?;
        self.out.write_all(&header)?;
        self.out.write_all(bytes)
    }

    fn chunked(&mut self, tensor: &Tensor) -> io::Result<()> {
        encode::write_map_len(self.out, 3)?;
        encode::write_str(self.out, CHUNKED)?;
        encode::write_bool(self.out, true)?;

        encode::write_str(self.out, CHUNKED_SHAPE)?;
        encode::write_map_len(self.out, length(tensor.shape().len())?)?;
        for (index, axis) in tensor.shape().iter().enumerate() {
            encode::write_str(self.out, &index.to_string())?;
            write_length(self.out, *axis)?;
        }

        let (bytes, size) = (tensor.le_bytes(), tensor.dtype().size());
        let elements = (self.largest / size).max(1);
        let chunks = bytes.chunks(elements * size);
        encode::write_str(self.out, CHUNKED_CHUNKS)?;
        encode::write_map_len(self.out, length(chunks.len())?)?;
        for (index, chunk) in chunks.enumerate() {
            encode::write_str(self.out, &index.to_string())?;
            self.array(EXT_ARRAY, tensor.dtype(), &[chunk.len() / size], chunk)?;
        }
        Ok(())
    }
}

fn write_length(out: &mut impl Write, length: usize) -> io::Result<()> {
    let length = u64::try_from(length).map_err(io::Error::other)?;
    encode::write_uint(out, length)?;
    Ok(())
}

/// A length as msgpack has it.
fn length(length: usize) -> io::Result<u32> {
    u32::try_from(length).map_err(io::Error::other)
}
