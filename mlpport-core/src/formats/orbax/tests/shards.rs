//! Shards whose index is wrong.

use ndarray::array;
use serde_json::{Value as Json, json};

use super::Item;
use crate::tensor::Tensor;

fn structure(checksum: bool) -> Json {
    let bytes = json!({"name": "bytes", "configuration": {"endian": "little"}});
    let index = if checksum { json!([bytes, "crc32c"]) } else { json!([bytes]) };
    let configuration = json!({"chunk_shape": [1], "codecs": [bytes], "index_codecs": index});
    json!({
        "zarr_format": 3, "node_type": "array", "shape": [2], "data_type": "int32", "fill_value": 0,
        "chunk_grid": {"name": "regular", "configuration": {"chunk_shape": [2]}},
        "chunk_key_encoding": {"name": "default"},
        "codecs": [{"name": "sharding_indexed", "configuration": configuration}],
    })
}

/// Two elements, and where they are.
fn shard(places: [(u64, u64); 2]) -> Vec<u8> {
    let mut bytes = vec![1, 0, 0, 0, 2, 0, 0, 0];
    for (offset, length) in places {
        bytes.extend(offset.to_le_bytes());
        bytes.extend(length.to_le_bytes());
    }
    bytes
}

fn item(structure: &Json, shard: &[u8]) -> Item {
    let item = Item::new().with("a/zarr.json", structure.to_string()).with("a/c/0", shard);
    item.metadata(&[&["a"]], true);
    item
}

#[test]
fn places_are_within_the_shard() {
    let raw = |places| item(&structure(false), &shard(places));
    assert_eq!(raw([(4, 4), (0, 4)]).array(), Tensor::from_array(array![2_i32, 1]));
    raw([(0, 4), (38, 4)]).assert_fault("a/c/0", "bytes within 40", "38..42");
    raw([(0, 4), (u64::MAX - 2, 4)]).assert_fault("a/c/0", "offsets within the shard", "18446744073709551613");
    raw([(0, 4), (2, 4)]).assert_fault("a/c/0", "chunks that do not overlap", "0..4 and 2..6");
    raw([(0, 4), (0, 4)]).assert_fault("a/c/0", "chunks that do not overlap", "0..4 and 0..4");
    raw([(0, 4), (6, 4)]).assert_fault("a/c/0", "chunks that do not overlap", "6..10 and 8..40");
    raw([(0, 4), (4, 3)]).assert_fault("a/c/0", "4 bytes of elements", "3");
    item(&structure(false), &[0; 31]).assert_fault("a/c/0", "the index of chunks (1,) in a shard (2,)", "31 bytes");
}

#[test]
fn the_checksum_of_the_index_is_checked() {
    let mut bytes = shard([(0, 4), (4, 4)]);
    let crc = crc32c::crc32c(&bytes[8..]).to_le_bytes();
    bytes.extend(crc);
    assert_eq!(item(&structure(true), &bytes).array(), Tensor::from_array(array![1_i32, 2]));
    bytes[8] = 4;
    item(&structure(true), &bytes).assert_fault("a/c/0", "the CRC-32C of the bytes before it", "");
}

#[test]
fn missing_chunks_are_errors() {
    let bytes = shard([(0, 4), (u64::MAX, u64::MAX)]);
    let stored = item(&structure(false), &bytes);
    let text = std::fs::read_to_string(stored.path("_METADATA")).unwrap();
    let text = text.replace("\"use_ocdbt\"", "\"store_array_data_equal_to_fill_value\":true,\"use_ocdbt\"");
    stored.with("_METADATA", text).assert_fault("a/zarr.json", "the chunk `a/c/0`", "nothing there");
    let mut without = structure(false);
    without["fill_value"] = json!(null);
    item(&without, &bytes).assert_fault("a/zarr.json", "the chunk `a/c/0`", "nothing there");
    assert_eq!(item(&structure(false), &bytes).array(), Tensor::from_array(array![1_i32, 0]));
}

#[test]
fn structures_are_checked() {
    let good = shard([(0, 4), (4, 4)]);
    let refused = |pointer: &str, value: Json, expected: &str, found: &str| {
        let mut structure = structure(false);
        *structure.pointer_mut(pointer).unwrap() = value;
        item(&structure, &good).assert_fault("a/zarr.json", expected, found);
    };
    refused("/data_type", json!("string"), "as `data_type` float32", "`string`");
    refused("/node_type", json!("group"), "as `node_type` `array`", "`group`");
    refused("/chunk_grid/name", json!("rectilinear"), "a chunk grid `regular`", "rectilinear");
    refused("/chunk_key_encoding/name", json!("other"), "`default` or `v2`", "a map of 1");
    let sharding = "/codecs/0/configuration";
    refused(&format!("{sharding}/chunk_shape"), json!([0]), "chunks that divide the shards of (2,)", "(0,)");
    refused(&format!("{sharding}/chunk_shape"), json!([3]), "chunks that divide the shards of (2,)", "(3,)");
    refused(&format!("{sharding}/codecs"), json!([{"name": "blosc"}]), "save it again with Orbax", "a map of 1");
    refused(&format!("{sharding}/codecs"), json!(["sharding_indexed"]), "`sharding_indexed` alone", "sharding_indexed");
    refused(&format!("{sharding}/codecs"), json!([]), "`bytes`", "[]");
    let twice = json!([{"name": "transpose", "configuration": {"order": [1]}}, "bytes"]);
    refused(&format!("{sharding}/codecs"), twice, "each axis once", "a map of 2");
    refused(&format!("{sharding}/index_codecs"), json!(["bytes", "zstd"]), "`bytes` and `crc32c`", "");
}
