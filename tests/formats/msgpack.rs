//! The files of `tests/fixtures/msgpack`, which Flax wrote, against the manifest of what Flax reads in them.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

use std::fs;
use std::path::PathBuf;

use mlpport::formats::Checkpoint;
use mlpport::formats::msgpack::{from_bytes, to_bytes};
use mlpport::variables::{Entry, Value};
use mlpport::{DType, Path, Tensor, Variables};
use serde_json::Value as Json;
use sha2::{Digest, Sha256};

/// The files that are not written again byte by byte, with what is different then.
const WRITTEN_OTHERWISE: &[(&str, &str)] = &[
    ("chunked.msgpack", "chunks smaller than 1 GiB become one array"),
    ("chunked_root.msgpack", "chunks smaller than 1 GiB become one array"),
    ("empty.msgpack", "an empty list becomes an empty map"),
    ("list_root.msgpack", "a list becomes a map"),
    ("lists_raw.msgpack", "lists become maps, and integer keys texts"),
    ("lists_to_bytes.msgpack", "names are sorted"),
    ("partitioned.msgpack", "names are sorted"),
    ("train_state.msgpack", "names are sorted"),
    ("unsorted.msgpack", "names are sorted"),
    ("weight_norm.msgpack", "names are sorted"),
];

pub(super) fn folder() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/msgpack")
}

/// The names of the files, and for each one the leaves.
fn manifest() -> Vec<(String, Vec<Json>)> {
    leaves_of("manifest.json")
}

/// The leaves of each file or directory in a manifest.
pub(super) fn leaves_of(manifest: &str) -> Vec<(String, Vec<Json>)> {
    let text = fs::read_to_string(folder().join(manifest)).unwrap();
    let files: serde_json::Map<String, Json> = serde_json::from_str(&text).unwrap();
    files.into_iter().map(|(name, leaves)| (name, leaves.as_array().unwrap().clone())).collect()
}

pub(super) fn path_of(leaf: &Json) -> Path {
    let name = |name: &Json| name.as_str().map_or_else(|| name.to_string(), str::to_owned);
    Path::from_names(leaf["path"].as_array().unwrap().iter().map(name))
}

fn number(value: &Json) -> f64 {
    value.as_f64().unwrap_or_else(|| value.as_str().unwrap().parse().unwrap())
}

fn assert_tensor(tensor: &Tensor, leaf: &Json) {
    assert_eq!(tensor.dtype().name(), leaf["dtype"]);
    let shape: Vec<_> = leaf["shape"].as_array().unwrap().iter().map(|length| length.as_u64().unwrap()).collect();
    assert_eq!(tensor.shape().iter().map(|length| *length as u64).collect::<Vec<_>>(), shape);
    let digest: String = Sha256::digest(&*tensor.le_bytes()).iter().map(|byte| format!("{byte:02x}")).collect();
    assert_eq!(digest, leaf["sha256"]);
}

pub(super) fn assert_entry(entry: &Entry, leaf: &Json) {
    let value = &leaf["value"];
    match (leaf["kind"].as_str().unwrap(), entry) {
        ("array", Entry::Tensor(tensor)) | ("numpy_scalar", Entry::Value(Value::Scalar(tensor))) => {
            assert_tensor(tensor, leaf);
        }
        ("empty_dict" | "empty_list", Entry::Empty) | ("none", Entry::Value(Value::None)) => {}
        ("int", Entry::Value(Value::Int(found))) => assert_eq!(Some(*found), value.as_i64()),
        ("int", Entry::Value(Value::UInt(found))) => assert_eq!(Some(*found), value.as_u64()),
        ("bool", Entry::Value(Value::Bool(found))) => assert_eq!(Some(*found), value.as_bool()),
        ("str", Entry::Value(Value::Str(found))) => assert_eq!(Some(found.as_str()), value.as_str()),
        ("float", Entry::Value(Value::Float(found))) => {
            assert!(found.to_bits() == number(value).to_bits() || found.is_nan() && number(value).is_nan());
        }
        ("complex", Entry::Value(Value::Complex(found))) => {
            assert_eq!([found.re, found.im], [number(&value[0]), number(&value[1])]);
        }
        ("bytes", Entry::Value(Value::Bytes(found))) => {
            let hex: String = found.iter().map(|byte| format!("{byte:02x}")).collect();
            assert_eq!(Some(hex.as_str()), value.as_str());
        }
        (kind, entry) => panic!("expected {kind}, found {entry}"),
    }
}

/// Everything in a file.
fn raw(name: &str) -> Variables {
    Checkpoint::open(folder().join(name)).unwrap().raw().unwrap()
}

#[test]
fn the_manifest_lists_every_file() {
    let mut listed: Vec<String> = manifest().into_iter().map(|(name, _)| name).collect();
    let files = fs::read_dir(folder()).unwrap().map(|file| file.unwrap().file_name().into_string().unwrap());
    let mut files: Vec<String> = files.filter(|name| name.ends_with(".msgpack")).collect();
    listed.sort();
    files.sort();
    assert_eq!(listed, files);
}

#[test]
fn every_leaf_is_what_flax_reads() {
    for (name, leaves) in manifest() {
        let variables = raw(&name);
        let mut found = 0;
        for leaf in &leaves {
            let path = path_of(leaf);
            match variables.entry(&path) {
                Some(entry) => {
                    found += 1;
                    assert_entry(entry, leaf);
                }
                // The whole file is an empty dict.
                None => assert!(path.is_empty() && leaf["kind"] == "empty_dict", "{name}: {path}"),
            }
        }
        assert_eq!(variables.len(), found, "{name}");
    }
}

#[test]
fn files_with_sorted_names_are_written_again_byte_by_byte() {
    for (name, _) in manifest() {
        let bytes = fs::read(folder().join(&name)).unwrap();
        let variables = from_bytes(&bytes).unwrap();
        let written = to_bytes(&variables).unwrap();
        assert_eq!(from_bytes(&written).unwrap(), variables, "{name}");
        match WRITTEN_OTHERWISE.iter().find(|(other, _)| *other == name) {
            None => assert!(written == bytes, "{name} is written otherwise"),
            Some((_, why)) => assert!(written != bytes, "{name} is written byte by byte, though {why}"),
        }
    }
}

#[test]
fn saved_files_hold_what_was_loaded() {
    let target = tempfile::tempdir().unwrap();
    for (name, _) in manifest() {
        let variables = raw(&name);
        let file = target.path().join(&name);
        mlpport::save(&variables, &file).unwrap();
        assert_eq!(fs::read(&file).unwrap(), to_bytes(&variables).unwrap());
        assert_eq!(Checkpoint::open(&file).unwrap().raw().unwrap(), variables);
    }
}

#[test]
fn every_dtype_of_the_fixtures_is_known() {
    let variables = mlpport::load(folder().join("dtypes.msgpack")).unwrap();
    for (path, tensor) in variables.leaves() {
        assert_eq!(path.last().and_then(DType::from_name), Some(tensor.dtype()));
    }
    assert_eq!(variables.len(), 17);
}

#[test]
fn a_file_is_read_as_its_bytes_are() {
    for (name, _) in manifest() {
        let bytes = fs::read(folder().join(&name)).unwrap();
        assert_eq!(raw(&name), from_bytes(&bytes).unwrap(), "{name}");
    }
}

#[test]
fn every_truncation_of_every_file_is_an_error() {
    for (name, _) in manifest().into_iter().filter(|(name, _)| name != "sizes.msgpack") {
        let bytes = fs::read(folder().join(&name)).unwrap();
        for length in 0..bytes.len() {
            assert!(from_bytes(&bytes[..length]).is_err(), "{name}, {length} bytes of {}", bytes.len());
        }
    }
}

#[test]
fn bare_parameters_become_variables() {
    let state = raw("train_state.msgpack");
    assert_eq!(state.collections(), ["opt_state", "params", "step"]);
    let params: Variables = state.select("params").unwrap();
    assert_eq!(params.get("params/kernel").unwrap().to_string(), "float32 (2, 3)");
    let bare = params.clone().subtree("params").unwrap();
    assert_eq!(bare.nest("params"), params);
}
