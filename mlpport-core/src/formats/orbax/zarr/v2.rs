//! The structure of arrays of zarr2: `.zarray`.

use super::chunk::{Elements, Encoding};
use super::filter::Filter;
use super::grid::Keys;
use super::{Array, Structure, dtype, fill};
use crate::error::Result;

/// Reads the structure of an array.
pub(super) fn array(structure: &Structure<'_>) -> Result<Array> {
    let format = structure.need("zarr_format")?;
    if format.length() != Some(2) {
        return Err(structure.wrong("zarr_format", "2", format));
    }
    let shape = structure.shape("shape", structure.need("shape")?)?;
    let chunk = structure.shape("chunks", structure.need("chunks")?)?;
    let (dtype, swap) = dtype::of_zarr2(structure, structure.need("dtype")?)?;
    let order = structure.need("order")?;
    let order: Vec<usize> = match order.text() {
        Some("C") => (0..shape.len()).collect(),
        Some("F") => (0..shape.len()).rev().collect(),
        _ => return Err(structure.wrong("order", "`C` or `F`", order)),
    };
    match structure.json.some("filters") {
        Some(filters) if filters.list().is_none_or(|filters| !filters.is_empty()) => {
            return Err(structure.wrong("filters", "null", filters));
        }
        _ => {}
    }
    let separator = match structure.json.some("dimension_separator") {
        None => '.',
        Some(separator) => match separator.text() {
            Some(".") => '.',
            Some("/") => '/',
            _ => return Err(structure.wrong("dimension_separator", "`.` or `/`", separator)),
        },
    };
    let filters = compressor(structure)?.into_iter().collect();
    let fill = structure.json.some("fill_value").and_then(|value| fill::bytes(value, dtype));
    let encoding = Encoding::Elements(Elements { order, swap, filters });
    Ok(Array { dtype, shape, chunk, encoding, keys: Keys { prefix: false, separator }, fill })
}

fn compressor(structure: &Structure<'_>) -> Result<Option<Filter>> {
    let Some(compressor) = structure.json.some("compressor") else { return Ok(None) };
    let id = compressor.get("id").unwrap_or(compressor);
    match id.text() {
        Some("zstd") => Ok(Some(Filter::Zstd)),
        Some("gzip") => Ok(Some(Filter::Gzip)),
        Some("zlib") => Ok(Some(Filter::Zlib)),
        _ => {
            let expected = "zstd, gzip, zlib or null, as Orbax writes it; save it again with Orbax to have it so";
            Err(structure.wrong("compressor", expected, id))
        }
    }
}
