//! The structure of arrays of zarr3: `zarr.json`.

use super::chunk::{Elements, Encoding};
use super::filter::Filter;
use super::grid::Keys;
use super::shard::{Index, Shards};
use super::{Array, Structure, dtype, fill};
use crate::error::Result;
use crate::formats::orbax::json::Json;
use crate::tensor::{DType, Shape};

/// Reads the structure of an array.
pub(super) fn array(structure: &Structure<'_>) -> Result<Array> {
    for (key, expected, found) in [
        ("zarr_format", "3", structure.need("zarr_format")?.length() == Some(3)),
        ("node_type", "`array`", structure.need("node_type")?.text() == Some("array")),
    ] {
        if !found {
            return Err(structure.wrong(key, expected, structure.need(key)?));
        }
    }
    if let Some(transformers) = structure.json.some("storage_transformers")
        && transformers.list().is_none_or(|list| !list.is_empty())
    {
        return Err(structure.wrong("storage_transformers", "none", transformers));
    }
    let shape = structure.shape("shape", structure.need("shape")?)?;
    let dtype = dtype::of_zarr3(structure, structure.need("data_type")?)?;
    let (grid, configuration) = named(structure, "chunk_grid", structure.need("chunk_grid")?)?;
    let chunk = match (grid, configuration.and_then(|configuration| configuration.get("chunk_shape"))) {
        ("regular", Some(chunk)) => structure.shape("chunk_shape", chunk)?,
        _ => return Err(structure.fault("a chunk grid `regular` with a `chunk_shape`", format!("`{grid}`"))),
    };
    let encoding = codecs(structure, structure.need("codecs")?, dtype, &chunk)?;
    let fill = structure.json.some("fill_value").and_then(|value| fill::bytes(value, dtype));
    Ok(Array { dtype, shape, chunk, encoding, keys: keys(structure)?, fill })
}

/// A name, and what is set beside it: `"bytes"`, or `{"name": "bytes", "configuration": {…}}`.
fn named<'j>(structure: &Structure<'_>, key: &str, json: &'j Json) -> Result<(&'j str, Option<&'j Json>)> {
    if let Some(name) = json.text() {
        return Ok((name, None));
    }
    match json.get("name").and_then(Json::text) {
        Some(name) => Ok((name, json.some("configuration"))),
        None => Err(structure.wrong(key, "a name", json)),
    }
}

fn keys(structure: &Structure<'_>) -> Result<Keys> {
    let key = "chunk_key_encoding";
    let json = structure.need(key)?;
    let (name, configuration) = named(structure, key, json)?;
    let separator = configuration.and_then(|configuration| configuration.some("separator")).map(Json::text);
    match (name, separator) {
        ("default", None | Some(Some("/"))) => Ok(Keys { prefix: true, separator: '/' }),
        ("default", Some(Some("."))) => Ok(Keys { prefix: true, separator: '.' }),
        ("v2", None | Some(Some("."))) => Ok(Keys { prefix: false, separator: '.' }),
        ("v2", Some(Some("/"))) => Ok(Keys { prefix: false, separator: '/' }),
        _ => Err(structure.wrong(key, "`default` or `v2`", json)),
    }
}

/// The codecs of the values of the store.
fn codecs(structure: &Structure<'_>, json: &Json, dtype: DType, outer: &Shape) -> Result<Encoding> {
    let list = json.list().unwrap_or_default();
    if let [only] = list
        && let ("sharding_indexed", configuration) = named(structure, "codecs", only)?
    {
        return shards(structure, configuration.unwrap_or(only), dtype, outer).map(Encoding::Shards);
    }
    elements(structure, json, dtype, outer.len()).map(Encoding::Elements)
}

fn shards(structure: &Structure<'_>, configuration: &Json, dtype: DType, outer: &Shape) -> Result<Shards> {
    let need = |key: &str| {
        configuration.get(key).ok_or_else(|| structure.fault(format!("`{key}` of `sharding_indexed`"), "none"))
    };
    let chunk = structure.shape("chunk_shape", need("chunk_shape")?)?;
    let divides = |(outer, inner): (&usize, &usize)| outer.checked_rem(*inner) == Some(0);
    if chunk.len() != outer.len() || !outer.iter().zip(chunk.iter()).all(divides) {
        return Err(structure.fault(format!("chunks that divide the shards of {outer}"), chunk.to_string()));
    }
    let at_end = match configuration.some("index_location").map(Json::text) {
        None | Some(Some("end")) => true,
        Some(Some("start")) => false,
        Some(_) => return Err(structure.wrong("index_location", "`start` or `end`", need("index_location")?)),
    };
    let inner = elements(structure, need("codecs")?, dtype, outer.len())?;
    // The index is an array of u64 itself, of pairs.
    let index = elements(structure, need("index_codecs")?, DType::U64, outer.len().saturating_add(1))?;
    let checksum = match index.filters.as_slice() {
        [] => false,
        [Filter::Crc32c] => true,
        _ => return Err(structure.wrong("index_codecs", "`bytes` and `crc32c`", need("index_codecs")?)),
    };
    if !index.order.is_sorted() {
        return Err(structure.wrong("index_codecs", "`bytes` and `crc32c`", need("index_codecs")?));
    }
    let index = Index { big_endian: index.swap.is_some(), checksum, at_end };
    Ok(Shards { chunk, elements: inner, index })
}

/// `transpose`, then `bytes`, then what compresses or checks them.
fn elements(structure: &Structure<'_>, json: &Json, dtype: DType, axes: usize) -> Result<Elements> {
    let unknown = |codec: &Json| {
        let expected = "`transpose`, `bytes`, `zstd`, `gzip`, `crc32c`, or `sharding_indexed` alone, as Orbax writes \
                        them; save it again with Orbax to have it so";
        Err(structure.wrong("codecs", expected, codec))
    };
    let mut elements = Elements { order: (0..axes).collect(), swap: None, filters: Vec::new() };
    let mut as_bytes = false;
    let Some(list) = json.list() else { return unknown(json) };
    for codec in list {
        let (name, configuration) = named(structure, "codecs", codec)?;
        match name {
            "transpose" if !as_bytes => {
                let order = configuration.and_then(|configuration| configuration.get("order")).and_then(Json::shape);
                let Some(order) = order.filter(|order| order.len() == axes) else { return unknown(codec) };
                let reordered: Option<Vec<usize>> =
                    order.iter().map(|axis| elements.order.get(*axis).copied()).collect();
                let mut sorted = reordered.clone().unwrap_or_default();
                sorted.sort_unstable();
                match reordered.filter(|_| sorted.iter().copied().eq(0..axes)) {
                    Some(reordered) => elements.order = reordered,
                    None => return Err(structure.wrong("order", "each axis once", codec)),
                }
            }
            "bytes" if !as_bytes => {
                as_bytes = true;
                let width = dtype::width(dtype);
                match configuration.and_then(|configuration| configuration.some("endian")).map(Json::text) {
                    None | Some(Some("little")) => {}
                    Some(Some("big")) => elements.swap = Some(width).filter(|width| *width > 1),
                    Some(_) => return Err(structure.wrong("endian", "`little` or `big`", codec)),
                }
            }
            "zstd" if as_bytes => elements.filters.push(Filter::Zstd),
            "gzip" if as_bytes => elements.filters.push(Filter::Gzip),
            "crc32c" if as_bytes => elements.filters.push(Filter::Crc32c),
            _ => return unknown(codec),
        }
    }
    if as_bytes && elements.filters.len() <= 4 { Ok(elements) } else { unknown(json) }
}
