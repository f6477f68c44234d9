//! What must agree between files that the compiler does not compare.

mod activations;
mod sources;

use std::fs;
use std::path::{Path, PathBuf};

/// The Rust files below these folders of the workspace that a person wrote, with their text.
fn sources(folders: &[&str]) -> Vec<(PathBuf, String)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut files = Vec::new();
    for folder in folders {
        collect(&root.join(folder), &mut files);
    }
    files
}

fn collect(folder: &Path, files: &mut Vec<(PathBuf, String)>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        if path.is_dir() {
            // A crate outside the workspace, as the bench of the peers is, has what it built within its folder.
            if name != "target" {
                collect(&path, files);
            }
        } else if name.ends_with(".rs") && !is_golden(&name) {
            files.push((path.clone(), fs::read_to_string(path).unwrap()));
        }
    }
}

/// Written by a test, as what a derive writes.
fn is_golden(name: &str) -> bool {
    name.ends_with(".expanded.rs")
}
