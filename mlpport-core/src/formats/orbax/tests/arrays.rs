//! Structures of arrays, and chunks that do not fit them.

use ndarray::array;
use serde_json::json;

use super::{Item, changed, zarray};
use crate::tensor::Tensor;

const STRUCTURE: &str = "a/.zarray";

#[test]
fn the_sample_is_read() {
    assert_eq!(Item::zarr2().array(), Tensor::from_array(array![1_i32, 2]));
}

#[test]
fn structures_are_checked() {
    let refused = |key, value, expected, found| {
        Item::zarr2().with(STRUCTURE, changed(key, value)).assert_fault(STRUCTURE, expected, found);
    };
    refused("zarr_format", json!(3), "as `zarr_format` 2", "3");
    refused("shape", json!([-1]), "the lengths of at most 64 axes", "[-1]");
    refused("shape", json!([2.0]), "the lengths of at most 64 axes", "[2]");
    refused("shape", json!(vec![1; 65]), "the lengths of at most 64 axes", "a list of 65");
    refused(
        "shape",
        json!([1_u64 << 40, 1_u64 << 40]),
        "a shape that fits into memory",
        "(1099511627776, 1099511627776)",
    );
    refused("shape", json!([1_u64 << 40, 1_u64 << 40, 0]), "a shape that fits into memory", "0)");
    refused("chunks", json!([0]), "chunks of 1 axes", "(0,)");
    refused("chunks", json!([1, 1]), "chunks of 1 axes", "(1, 1)");
    refused("chunks", json!([1_u64 << 62]), "chunks of 1 axes that fit into memory", "4611686018427387904");
    refused("chunks", json!([1 << 30]), "chunks that are not much larger than the array", "1073741824");
    refused("dtype", json!("|O"), "a dtype such as `<f4`", "`|O`");
    refused("dtype", json!("<i16"), "a dtype such as `<f4`", "`<i16`");
    refused("dtype", json!([["x", "<f4"]]), "a dtype such as `<f4`", "[[`x`, `<f4`]]");
    refused("order", json!("K"), "`C` or `F`", "`K`");
    refused("filters", json!([{"id": "delta"}]), "null", "[a map of 1]");
    refused("compressor", json!({"id": "blosc"}), "save it again with Orbax", "`blosc`");
    refused("dimension_separator", json!("-"), "`.` or `/`", "`-`");
}

#[test]
fn structures_are_json() {
    let refused = |text: &str, expected, found| {
        Item::zarr2().with(STRUCTURE, text).assert_fault(STRUCTURE, expected, found);
    };
    refused("{", "JSON", "EOF");
    refused("{}", "`zarr_format`", "none");
    refused("{\"shape\": [1], \"shape\": [2]}", "JSON", "`shape` twice");
    refused("{\"\\u202ea\": 1, \"\\u202ea\": 2}", "JSON", "`\\u{202e}a` twice");
    refused(&"[".repeat(10_000), "JSON", "recursion limit");
    refused(&" ".repeat(2 << 20), "at most 1048576 bytes", "2097152");
    let many = format!("[{}0]", "0,".repeat(600_000));
    Item::zarr2().with("_METADATA", many).assert_fault("_METADATA", "JSON", "too many values");
    Item::zarr2().with(STRUCTURE, b"\"\xff\"").assert_fault(STRUCTURE, "JSON", "");
}

#[test]
fn chunks_are_as_long_as_their_structure_says() {
    let item = Item::zarr2().with("a/0", [0; 7]);
    item.assert_fault("a/0", "8 bytes of elements", "7 (in `a/0`)");
    Item::zarr2().with("a/0", [0; 9]).assert_fault("a/0", "8 bytes of elements", "9");
    let item = Item::zarr2().with(STRUCTURE, changed("dtype", json!("|b1"))).with("a/0", [1, 2]);
    item.assert_fault(STRUCTURE, "0 or 1 for a bool", "element 1");
}

#[test]
fn missing_chunks_are_not_filled_unless_the_array_says_so() {
    let without = |structure: String, metadata: &str| {
        let item = Item::zarr2().with(STRUCTURE, structure);
        std::fs::remove_file(item.path("a/0")).unwrap();
        let text = std::fs::read_to_string(item.path("_METADATA")).unwrap();
        item.write("_METADATA", text.replace("\"use_ocdbt\"", metadata));
        item
    };
    let stored = "\"store_array_data_equal_to_fill_value\":true,\"use_ocdbt\"";
    let filled = || changed("fill_value", json!(7));
    without(zarray().to_string(), "\"use_ocdbt\"").assert_fault(
        STRUCTURE,
        "the chunk `a/0`",
        "copy the directory whole",
    );
    without(filled(), stored).assert_fault(STRUCTURE, "the chunk `a/0`", "nothing there");
    assert_eq!(without(filled(), "\"use_ocdbt\"").array(), Tensor::from_array(array![7_i32, 7]));

    let mut structure = zarray();
    structure["fill_value"] = json!(0);
    structure["shape"] = json!([1 << 28]);
    structure["chunks"] = json!([1 << 28]);
    let item = without(structure.to_string(), "\"use_ocdbt\"");
    item.assert_fault("_METADATA", "chunks that are there", "1073741824 bytes of chunks that are not there");
    structure["chunks"] = json!([2]);
    let item = without(structure.to_string(), "\"use_ocdbt\"");
    item.assert_fault(STRUCTURE, "at most 65536 chunks that are not there", "more");
}

#[test]
fn claims_are_checked_before_memory_is_asked_for() {
    let mut structure = zarray();
    structure["shape"] = json!([1_u64 << 40]);
    structure["chunks"] = json!([1_u64 << 40]);
    let item = Item::zarr2().with(STRUCTURE, structure.to_string());
    item.assert_fault("a/0", "4398046511104 bytes of elements", "8");
    structure["compressor"] = json!({"id": "zstd"});
    let zeros = zstd::bulk::compress(&[0; 1 << 20], 3).unwrap();
    let item = Item::zarr2().with(STRUCTURE, structure.to_string()).with("a/0", zeros);
    item.assert_fault("a/0", "4398046511104 bytes of elements", "1048576 when decompressed");
}
