//! zarr, the arrays of TensorStore: a small JSON text of the structure, and chunks of elements, each a value of the store.
//!
//! | | zarr2 | zarr3 |
//! |---|---|---|
//! | structure | `<name>/.zarray` | `<name>/zarr.json` |
//! | chunks | `<name>/0.0` | `<name>/c/0/0` |
//! | compressed by | zstd, gzip, zlib or nothing | zstd, gzip or nothing, with a CRC-32C |
//! | several chunks in one value | | `sharding_indexed` |
//!
//! A chunk that is not there is an error. It has the fill value only where the array has one and `_METADATA` says that
//! chunks of nothing but it were left out: in the versions of Orbax before `store_array_data_equal_to_fill_value`.

mod chunk;
mod data;
mod dtype;
mod fill;
mod filter;
mod grid;
mod shard;
mod v2;
mod v3;

use std::sync::Arc;

use self::chunk::Encoding;
use self::data::Chunks;
pub(super) use self::data::Stored;
use self::grid::Keys;
use super::json::Json;
use super::store::{Blob, Store};
use crate::error::{Error, Result};
use crate::formats::index::ArraySlot;
use crate::tensor::{DType, Shape};

/// Bytes that the structure of one array may have.
const LONGEST: u64 = 1 << 20;

/// Axes that an array may have, as in numpy.
const MOST_AXES: usize = 64;

/// Bytes that a chunk may always have; one that is larger may be at most twice as large as the array.
const SMALL: usize = 1 << 24;

/// The structure of an array.
#[derive(Debug)]
struct Array {
    dtype: DType,
    shape: Shape,
    /// The lengths of the axes of a chunk; those at the edges are as large, and reach beyond the array.
    chunk: Shape,
    encoding: Encoding,
    keys: Keys,
    /// The bytes of the element that stands for those of a chunk that is not there.
    fill: Option<Vec<u8>>,
}

/// The structure of the array of a name, and how its chunks are read.
///
/// `fills` tells whether chunks of the fill value alone were left out when the array was written.
///
/// # Errors
///
/// [`Error::Format`] where there is none, or where it is not one that is read here.
pub(super) fn open(store: &Arc<dyn Store>, name: &str, zarr3: bool, fills: bool) -> Result<Option<Opened>> {
    let front = if name.is_empty() { String::new() } else { format!("{name}/") };
    let key = format!("{front}{}", if zarr3 { "zarr.json" } else { ".zarray" });
    let Some(blob) = store.get(&key)? else { return Ok(None) };
    let named = |error| in_key(error, &key);
    let json = Json::read(&blob, LONGEST).map_err(named)?;
    let structure = Structure { json: &json, blob: &blob };
    let read = if zarr3 { v3::array(&structure) } else { v2::array(&structure) };
    let mut array = read.map_err(named)?;
    array.check(&structure).map_err(named)?;
    array.fill = array.fill.filter(|_| fills);
    let (dtype, shape, may_be_filled) = (array.dtype, array.shape.clone(), array.fill.is_some());
    let data = Chunks { store: Arc::clone(store), front, file: blob.file(), array };
    let stored = if may_be_filled { data.stored(false)? } else { Stored::default() };
    Ok(Some((ArraySlot { dtype, shape, data: Box::new(data) }, stored)))
}

/// An array; and what of it is there, where some of it need not be.
pub(super) type Opened = (ArraySlot<'static>, Stored);

/// Says in an error about bytes to which key of the store they belong.
fn in_key(error: Error, key: &str) -> Error {
    match error {
        Error::Format { file, format, offset, expected, found } => {
            let found = format!("{found} (in `{}`)", super::json::quoted(key));
            Error::Format { file, format, offset, expected, found }
        }
        other => other,
    }
}

/// The JSON text of an array, and where it is.
struct Structure<'s> {
    json: &'s Json,
    blob: &'s Blob,
}

impl Structure<'_> {
    fn fault(&self, expected: impl Into<String>, found: impl Into<String>) -> Error {
        self.blob.fault(0, expected, found)
    }

    /// The value of a key.
    fn need(&self, key: &str) -> Result<&Json> {
        self.json.get(key).ok_or_else(|| self.fault(format!("`{key}`"), "none"))
    }

    fn wrong(&self, key: &str, expected: &str, found: &Json) -> Error {
        self.fault(format!("as `{key}` {expected}"), found.in_words())
    }

    fn shape(&self, key: &str, json: &Json) -> Result<Shape> {
        let shape = json.shape().filter(|shape| shape.len() <= MOST_AXES);
        shape.ok_or_else(|| self.wrong(key, "the lengths of at most 64 axes", json))
    }
}

impl Array {
    /// Fails where the sizes are not those of arrays that fit into memory.
    fn check(&self, structure: &Structure<'_>) -> Result<()> {
        let size_of = |shape: &Shape| shape.checked_len().and_then(|length| length.checked_mul(self.dtype.size()));
        let Some(size) = size_of(&self.shape) else {
            return Err(structure.fault("a shape that fits into memory", self.shape.to_string()));
        };
        let chunk = self.encoding.chunk(&self.chunk);
        for shape in [&self.chunk, chunk] {
            if shape.len() != self.shape.len() || shape.contains(&0) || size_of(shape).is_none() {
                let expected = format!("chunks of {} axes that fit into memory", self.shape.len());
                return Err(structure.fault(expected, shape.to_string()));
            }
        }
        if size_of(chunk).is_none_or(|chunk| chunk > SMALL.max(size.saturating_mul(2))) {
            let expected = format!("chunks that are not much larger than the array, {}", self.shape);
            return Err(structure.fault(expected, chunk.to_string()));
        }
        Ok(())
    }
}
