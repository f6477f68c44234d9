//! The leaves of a manifest, against those of a checkpoint.

use std::fs;
use std::path::{Path as FilePath, PathBuf};

use mlpport::formats::{Format, OpenOptions};
use mlpport::{Path, Tensor, Variables};
use serde_json::Value as Json;
use sha2::{Digest, Sha256};

/// The folder of the fixtures of a format.
pub(super) fn folder(format: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures").join(format)
}

/// The names of the files, and what the manifest says of each one; it lists every file of the folder with these extensions.
pub(super) fn manifest(format: &str, extensions: &[&str]) -> Vec<(String, Json)> {
    let text = fs::read_to_string(folder(format).join("manifest.json")).unwrap();
    let files: serde_json::Map<String, Json> = serde_json::from_str(&text).unwrap();
    let mut there: Vec<String> =
        fs::read_dir(folder(format)).unwrap().map(|file| file.unwrap().file_name().into_string().unwrap()).collect();
    there.retain(|name| extensions.iter().any(|extension| name.ends_with(extension)));
    there.sort();
    let mut listed: Vec<&String> = files.keys().collect();
    listed.sort();
    assert_eq!(listed, there.iter().collect::<Vec<_>>());
    files.into_iter().collect()
}

pub(super) fn assert_leaves(variables: &Variables, leaves: &Json, file: &str) {
    let leaves = leaves.as_array().unwrap();
    assert_eq!(variables.len(), leaves.len(), "{file}");
    for leaf in leaves {
        let path = Path::from_names(leaf["path"].as_array().unwrap().iter().map(|name| name.as_str().unwrap()));
        let tensor = variables.get_path(&path).unwrap_or_else(|| panic!("{file}: {path} is missing"));
        assert_tensor(tensor, leaf, &format!("{file}: {path}"));
    }
}

fn assert_tensor(tensor: &Tensor, leaf: &Json, place: &str) {
    assert_eq!(leaf["dtype"], tensor.dtype().name(), "{place}");
    let shape: Vec<_> = leaf["shape"].as_array().unwrap().iter().map(|length| length.as_u64().unwrap()).collect();
    assert_eq!(tensor.shape().iter().map(|length| *length as u64).collect::<Vec<_>>(), shape, "{place}");
    let digest: String = Sha256::digest(&*tensor.le_bytes()).iter().map(|byte| format!("{byte:02x}")).collect();
    assert_eq!(leaf["sha256"], digest, "{place}");
}

/// Of what is too short for its format, the content could tell another one, so that it is given.
pub(super) fn assert_truncations_fail(file: &FilePath, format: Format) {
    let part = tempfile::NamedTempFile::new().unwrap();
    fs::copy(file, part.path()).unwrap();
    let length = fs::metadata(file).unwrap().len();
    for length in (0..length).rev() {
        part.as_file().set_len(length).unwrap();
        let opened = OpenOptions::new().format(format).open(part.path());
        assert!(opened.is_err(), "{}, {length} bytes", file.display());
    }
}
