#![allow(clippy::unwrap_used, clippy::panic, clippy::cast_possible_truncation, reason = "a test fails by panicking")]

mod build;
mod damage;
mod envelopes;
mod files;
mod keys;
mod zstd;

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path as FilePath, PathBuf};

use sha2::{Digest, Sha256};

use super::Ocdbt;
use crate::error::{Error, Result};
use crate::formats::folder::Folder;
use crate::formats::orbax::store::Store;

/// The databases that TensorStore wrote.
fn fixtures() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../tests/fixtures/ocdbt")
}

/// What is in them: for each one its keys, and of their values the length and SHA-256.
fn manifest() -> BTreeMap<String, BTreeMap<String, (u64, String)>> {
    let text = fs::read_to_string(fixtures().join("manifest.json")).unwrap();
    let json: BTreeMap<String, serde_json::Map<String, serde_json::Value>> = serde_json::from_str(&text).unwrap();
    let value = |value: &serde_json::Value| (value[0].as_u64().unwrap(), value[1].as_str().unwrap().to_owned());
    let database = |keys: serde_json::Map<_, _>| keys.iter().map(|(key, json)| (key.clone(), value(json))).collect();
    json.into_iter().map(|(name, keys)| (name, database(keys))).collect()
}

fn open(path: &FilePath) -> Result<Ocdbt> {
    Ocdbt::open(&Folder::open(path)?)
}

/// All keys and values.
fn read(path: &FilePath) -> Result<Vec<(String, Vec<u8>)>> {
    let database = open(path)?;
    let blobs = database.blobs()?;
    blobs.into_iter().map(|(key, blob)| Ok((key.to_owned(), blob.read(1 << 20)?))).collect()
}

/// Where a format error is, and what it says.
fn fault<T: std::fmt::Debug>(result: Result<T>) -> (u64, String) {
    match result.unwrap_err() {
        Error::Format { file: Some(_), offset, expected, found, .. } => (offset, format!("{expected}; {found}")),
        other => panic!("{other}"),
    }
}

#[test]
fn every_value_is_what_tensorstore_reads() {
    for (name, keys) in manifest() {
        let database = open(&fixtures().join(&name)).unwrap();
        assert!(database.keys().eq(keys.keys()), "{name}");
        for (key, (length, digest)) in keys {
            let blob = database.get(&key).unwrap().unwrap();
            assert_eq!(blob.length(), length, "{name}: {key}");
            let bytes = blob.read(length).unwrap();
            let found: String = Sha256::digest(&bytes).iter().map(|byte| format!("{byte:02x}")).collect();
            assert_eq!(found, digest, "{name}: {key}");
        }
        assert!(database.get("no such key").unwrap().is_none(), "{name}");
    }
}

#[test]
fn the_manifest_lists_every_database() {
    let folders = fs::read_dir(fixtures()).unwrap().map(|entry| entry.unwrap());
    let folders = folders.filter(|entry| entry.path().is_dir()).map(|entry| entry.file_name().into_string().unwrap());
    let mut folders: Vec<_> = folders.collect();
    folders.sort();
    assert!(manifest().into_keys().eq(folders));
}

#[test]
fn a_directory_without_a_manifest_is_an_error() {
    let folder = tempfile::tempdir().unwrap();
    let error = open(folder.path()).unwrap_err().to_string();
    assert!(error.contains("manifest.ocdbt: cannot read"), "{error}");
}
