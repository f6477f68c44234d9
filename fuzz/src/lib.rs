//! What the targets share: an input becomes a file or a directory, and all of it is read.

pub mod folder;
pub mod ocdbt;
pub mod zip;

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use mlpport_core::formats::{Format, OpenOptions};

/// A folder of this process, in memory where there is a file system there.
fn scratch() -> &'static Path {
    static SCRATCH: OnceLock<PathBuf> = OnceLock::new();
    SCRATCH.get_or_init(|| {
        let memory = Path::new("/dev/shm");
        let parent = if memory.is_dir() { memory.to_owned() } else { std::env::temp_dir() };
        let path = parent.join(format!("mlpport-fuzz-{}", std::process::id()));
        fs::create_dir_all(&path).expect("a folder");
        path
    })
}

/// Reads all of a file of a format.
pub fn file(format: Format, bytes: &[u8]) {
    let path = scratch().join("file");
    fs::write(&path, bytes).expect("a file");
    read(format, &path);
}

/// Reads all of a directory of Orbax with these files, whose names stay within it.
pub fn folder(files: &[(String, Vec<u8>)]) {
    let path = scratch().join("folder");
    let _ = fs::remove_dir_all(&path);
    fs::create_dir(&path).expect("a folder");
    for (name, bytes) in files {
        let file = path.join(name);
        // A file may have the name of a folder.
        let _ = file.parent().map(fs::create_dir_all);
        let _ = fs::write(file, bytes);
    }
    read(Format::Orbax, &path);
}

fn read(format: Format, path: &Path) {
    let checkpoint = match OpenOptions::new().format(format).open(path) {
        Ok(checkpoint) => checkpoint,
        Err(error) => return drop(error.to_string()),
    };
    drop(checkpoint.layout().to_string());
    let listed = checkpoint.leaves().count();
    match checkpoint.raw() {
        Err(error) => drop(error.to_string()),
        Ok(variables) => {
            drop(variables.to_string());
            assert!(variables.leaves().count() >= listed, "leaves were listed that are not there");
            checkpoint.variables().expect("a part of what was read");
        }
    }
}
