//! Directories that are not what Orbax writes.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

mod arrays;
mod directories;
mod packed;
mod shards;

use std::fs;
use std::path::PathBuf;

use serde_json::{Value as Json, json};
use tempfile::TempDir;

use crate::error::Error;
use crate::formats::Checkpoint;
use crate::tensor::Tensor;
use crate::variables::Variables;

/// A directory of an item that is put together from its files.
struct Item {
    folder: TempDir,
}

impl Item {
    fn new() -> Self {
        Self { folder: tempfile::tempdir().unwrap() }
    }

    /// One array `a` in zarr2, of two numbers of 32 bits in one chunk.
    fn zarr2() -> Self {
        let item = Self::new();
        item.metadata(&[&["a"]], false);
        item.write("a/.zarray", zarray().to_string());
        item.write("a/0", [1_u8, 0, 0, 0, 2, 0, 0, 0]);
        item
    }

    fn with(self, name: &str, bytes: impl AsRef<[u8]>) -> Self {
        self.write(name, bytes);
        self
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn write(&self, name: &str, bytes: impl AsRef<[u8]>) {
        let path = self.path(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, bytes).unwrap();
    }

    fn metadata(&self, paths: &[&[&str]], zarr3: bool) {
        let entries: Vec<String> =
            paths.iter().enumerate().map(|(number, path)| entry(number, path, "np.ndarray")).collect();
        let text = format!("{{\"tree_metadata\":{{{}}},\"use_zarr3\":{zarr3},\"use_ocdbt\":false}}", entries.join(","));
        self.write("_METADATA", text);
    }

    fn read(&self) -> Result<Variables, Error> {
        Checkpoint::open(self.folder.path())?.raw()
    }

    fn array(&self) -> Tensor {
        Checkpoint::open(self.folder.path()).unwrap().leaf("a").unwrap()
    }

    /// The file, and what was expected and found.
    fn fault(&self) -> (String, String, String) {
        match self.read() {
            Err(Error::Format { file, format: "orbax", expected, found, .. }) => {
                let file = file.map(|file| file.strip_prefix(self.folder.path()).unwrap().display().to_string());
                (file.unwrap_or_default(), expected, found)
            }
            other => panic!("expected Error::Format, found {other:?}"),
        }
    }

    fn assert_fault(&self, file: &str, expected: &str, found: &str) {
        let fault = self.fault();
        let fits = fault.0 == file && fault.1.contains(expected) && fault.2.contains(found);
        assert!(fits, "expected {file}: {expected}, found {found}; got {fault:?}");
    }
}

/// An entry of `tree_metadata`, whose key nothing depends on.
fn entry(number: usize, path: &[&str], kind: &str) -> String {
    let keys: Vec<Json> = path.iter().map(|name| json!({"key": name, "key_type": 2})).collect();
    let value = json!({"value_type": kind, "skip_deserialize": false});
    format!("\"{number}\":{}", json!({"key_metadata": keys, "value_metadata": value}))
}

fn zarray() -> Json {
    json!({
        "zarr_format": 2, "shape": [2], "chunks": [2], "dtype": "<i4", "compressor": null, "fill_value": null,
        "filters": null, "order": "C", "dimension_separator": ".",
    })
}

/// The structure of [`zarray`] with one thing changed.
fn changed(key: &str, value: Json) -> String {
    let mut structure = zarray();
    structure[key] = value;
    structure.to_string()
}
