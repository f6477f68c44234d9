//! Every truncation and every change of a byte: an error or the right values.

use std::fs;
use std::io::{Seek, SeekFrom, Write};
use std::path::{Path as FilePath, PathBuf};

use super::super::tree::Value;
use super::build::{MANIFEST, NODE, seal};
use super::{fixtures, manifest, open, read};

/// A copy of a database that may be damaged.
struct Copy {
    folder: tempfile::TempDir,
    files: Vec<PathBuf>,
    values: Vec<(String, Vec<u8>)>,
}

impl Copy {
    fn of(name: &str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let from = fixtures().join(name);
        let mut files = Vec::new();
        copy(&from, folder.path(), &mut files);
        Self { folder, files, values: read(&from).unwrap() }
    }

    /// Whether the bytes of a value alone are at a place, which nothing protects.
    fn is_value(&self, file: &FilePath, offset: usize) -> bool {
        let (store, offset) = (open(self.folder.path()).unwrap(), offset as u64);
        let within = |value: &Value| match value {
            Value::InFile { file: number, offset: start, length } => {
                store.files.path(*number) == file && (*start..start + length).contains(&offset)
            }
            Value::InNode { .. } => false,
        };
        store.entries.iter().any(|entry| within(&entry.value))
    }
}

fn copy(from: &FilePath, to: &FilePath, files: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let target = to.join(entry.file_name());
        if entry.path().is_dir() {
            fs::create_dir(&target).unwrap();
            copy(&entry.path(), &target, files);
        } else {
            fs::copy(entry.path(), &target).unwrap();
            files.push(target);
        }
    }
}

fn writable(file: &FilePath) -> fs::File {
    fs::OpenOptions::new().write(true).open(file).unwrap()
}

fn put(file: &mut fs::File, offset: usize, bytes: &[u8]) {
    file.seek(SeekFrom::Start(offset as u64)).unwrap();
    file.write_all(bytes).unwrap();
}

#[test]
fn every_truncation_is_an_error_or_the_right_values() {
    for name in manifest().keys() {
        let database = Copy::of(name);
        for path in &database.files {
            let whole = fs::read(path).unwrap();
            let file = writable(path);
            for length in (0..whole.len()).rev() {
                file.set_len(length as u64).unwrap();
                if let Ok(values) = read(database.folder.path()) {
                    assert_eq!(values, database.values, "{name}: {length} bytes of {}", path.display());
                }
            }
            fs::write(path, &whole).unwrap();
        }
    }
}

#[test]
fn every_changed_byte_is_an_error_or_the_right_values() {
    for name in manifest().keys() {
        let database = Copy::of(name);
        for path in &database.files {
            let whole = fs::read(path).unwrap();
            let mut file = writable(path);
            for (offset, byte) in whole.iter().enumerate() {
                for bits in [1 << (offset % 8), 0xff] {
                    put(&mut file, offset, &[byte ^ bits]);
                    let values = read(database.folder.path());
                    put(&mut file, offset, &[*byte]);
                    if values.is_ok_and(|values| values != database.values) {
                        assert!(database.is_value(path, offset), "{name}: byte {offset} of {}", path.display());
                    }
                }
            }
        }
    }
}

/// The manifests and nodes in a file.
fn envelopes(bytes: &[u8]) -> Vec<std::ops::Range<usize>> {
    let magics = [MANIFEST.to_be_bytes(), NODE.to_be_bytes()];
    let begins = |start: &usize| magics.iter().any(|magic| bytes[*start..].starts_with(magic));
    let length = |start: usize| u64::from_le_bytes(*bytes[start + 4..].first_chunk().unwrap()) as usize;
    (0..bytes.len()).filter(begins).map(|start| start..start + length(start)).collect()
}

#[test]
fn every_changed_byte_behind_a_right_checksum_ends_well() {
    let (mut opened, mut refused) = (0, 0);
    for name in ["empty", "inline_raw", "indirect_raw", "levels_raw", "versions", "keys", "merged_twice"] {
        let database = Copy::of(name);
        for path in &database.files {
            let whole = fs::read(path).unwrap();
            let mut file = writable(path);
            for range in envelopes(&whole) {
                let right = &whole[range.clone()];
                for (offset, bits) in (0..right.len()).flat_map(|offset| [(offset, 1 << (offset % 8)), (offset, 0xff)])
                {
                    let mut changed = right.to_vec();
                    changed[offset] ^= bits;
                    seal(&mut changed);
                    put(&mut file, range.start, &changed);
                    match open(database.folder.path()) {
                        Ok(store) => {
                            opened += 1;
                            assert!(store.keys().is_sorted());
                            for (_, blob) in store.blobs().into_iter().flatten() {
                                assert!(blob.read(1 << 20).is_ok());
                            }
                        }
                        Err(_) => refused += 1,
                    }
                }
                put(&mut file, range.start, right);
            }
        }
    }
    assert!(opened > 500 && refused > 500, "{opened} {refused}");
}
