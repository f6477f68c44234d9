//! Databases byte by byte, with the right lengths and checksums around whatever they say.

use std::fs;
use std::path::PathBuf;

use super::read;
use crate::error::Result;

pub(super) const MANIFEST: u32 = 0x0cdb_3a2a;
pub(super) const NODE: u32 = 0x0cdb_20de;
pub(super) const NONE: u64 = u64::MAX;

/// The data file that databases have by default.
pub(super) const FILE: &str = "d/0";

pub(super) fn varint(mut value: u64) -> Vec<u8> {
    let mut bytes = Vec::new();
    while value >= 0x80 {
        bytes.push(value as u8 | 0x80);
        value >>= 7;
    }
    bytes.push(value as u8);
    bytes
}

pub(super) fn varints(values: impl IntoIterator<Item = u64>) -> Vec<u8> {
    values.into_iter().flat_map(varint).collect()
}

/// Sets length and checksum of bytes that are an envelope.
pub(super) fn seal(bytes: &mut [u8]) {
    let total = bytes.len();
    bytes[4..12].copy_from_slice(&(total as u64).to_le_bytes());
    let crc = crc32c::crc32c(&bytes[..total - 4]);
    bytes[total - 4..].copy_from_slice(&crc.to_le_bytes());
}

/// `inside` begins with version and compression.
pub(super) fn envelope(magic: u32, inside: &[u8]) -> Vec<u8> {
    let mut bytes = [&magic.to_be_bytes(), &[0; 8][..], inside, &[0; 4]].concat();
    seal(&mut bytes);
    bytes
}

pub(super) fn raw(magic: u32, body: &[u8]) -> Vec<u8> {
    envelope(magic, &[&[0, 0], body].concat())
}

/// A table of files, each with the length of its base path.
pub(super) fn table(files: &[(&str, u64)]) -> Vec<u8> {
    let mut bytes = varint(files.len() as u64);
    bytes.extend(files.iter().skip(1).map(|_| 0));
    bytes.extend(varints(files.iter().map(|(path, _)| path.len() as u64)));
    bytes.extend(varints(files.iter().map(|(_, base)| *base)));
    bytes.extend(files.iter().flat_map(|(path, _)| path.bytes()));
    bytes
}

#[derive(Debug, Clone)]
pub(super) enum Value {
    Inline(Vec<u8>),
    /// File, offset, length.
    At(u64, u64, u64),
}

pub(super) fn inline(key: &str, value: &str) -> (Vec<u8>, Value) {
    (key.into(), Value::Inline(value.into()))
}

pub(super) fn at(key: &str, file: u64, offset: u64, length: u64) -> (Vec<u8>, Value) {
    (key.into(), Value::At(file, offset, length))
}

fn key_lengths(keys: &[&[u8]]) -> Vec<u8> {
    let mut bytes = vec![0; keys.len().saturating_sub(1)];
    bytes.extend(varints(keys.iter().map(|key| key.len() as u64)));
    bytes
}

/// The body of a leaf.
pub(super) fn leaf(files: &[(&str, u64)], entries: &[(Vec<u8>, Value)]) -> Vec<u8> {
    let keys: Vec<_> = entries.iter().map(|(key, _)| &**key).collect();
    let mut bytes = [&[0], &*table(files), &varint(keys.len() as u64), &key_lengths(&keys), &keys.concat()].concat();
    bytes.extend(varints(entries.iter().map(|(_, value)| match value {
        Value::Inline(value) => value.len() as u64,
        Value::At(.., length) => *length,
    })));
    bytes.extend(entries.iter().map(|(_, value)| u8::from(matches!(value, Value::At(..)))));
    let places = || {
        entries
            .iter()
            .filter_map(|(_, value)| if let Value::At(file, offset, _) = value { Some((*file, *offset)) } else { None })
    };
    bytes.extend(varints(places().map(|(file, _)| file)));
    bytes.extend(varints(places().map(|(_, offset)| offset)));
    bytes.extend(
        entries
            .iter()
            .filter_map(|(_, value)| if let Value::Inline(value) = value { Some(value.clone()) } else { None })
            .flatten(),
    );
    bytes
}

/// A child of an interior node: its first key, the length of its prefix, and its place.
#[derive(Debug, Clone, Copy)]
pub(super) struct Child {
    pub(super) key: &'static str,
    pub(super) common: u64,
    pub(super) file: u64,
    pub(super) offset: u64,
    pub(super) length: u64,
}

/// The body of an interior node.
pub(super) fn interior(height: u8, files: &[(&str, u64)], children: &[Child]) -> Vec<u8> {
    let keys: Vec<_> = children.iter().map(|child| child.key.as_bytes()).collect();
    let count = varint(keys.len() as u64);
    let mut bytes = [&[height], &*table(files), &count, &key_lengths(&keys)].concat();
    bytes.extend(varints(children.iter().map(|child| child.common)));
    bytes.extend(keys.concat());
    let columns: [fn(&Child) -> u64; 3] = [|child| child.file, |child| child.offset, |child| child.length];
    for column in columns {
        bytes.extend(varints(children.iter().map(column)));
    }
    bytes.extend(vec![1; 3 * children.len()]);
    bytes
}

/// The body of a single manifest, of version 1.
pub(super) fn manifest(files: &[(&str, u64)], height: u8, place: [u64; 3]) -> Vec<u8> {
    let config = [&[7; 16][..], &[0, 100, 100, 4, 0]].concat();
    let root = [&[1, 1, height], &*varints(place), &[1, 1, 1], &[0; 8]].concat();
    [config, table(files), root, vec![0]].concat()
}

/// A directory with a database.
#[derive(Debug)]
pub(super) struct Database {
    pub(super) folder: tempfile::TempDir,
    /// What will be the data file.
    data: Vec<u8>,
}

impl Database {
    pub(super) fn new() -> Self {
        Self { folder: tempfile::tempdir().unwrap(), data: Vec::new() }
    }

    pub(super) fn write(&self, name: &str, bytes: &[u8]) -> PathBuf {
        let path = self.folder.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(&path, bytes).unwrap();
        path
    }

    /// Adds bytes to the data file, and returns their offset and length.
    pub(super) fn add(&mut self, bytes: &[u8]) -> (u64, u64) {
        let offset = self.data.len() as u64;
        self.data.extend_from_slice(bytes);
        self.write(FILE, &self.data);
        (offset, bytes.len() as u64)
    }

    /// Adds a child of an interior node.
    pub(super) fn child(&mut self, key: &'static str, common: u64, body: &[u8]) -> Child {
        let (offset, length) = self.add(&raw(NODE, body));
        Child { key, common, file: 0, offset, length }
    }

    /// Writes a manifest whose root is a part of the data file.
    pub(super) fn root(&self, height: u8, (offset, length): (u64, u64)) {
        self.write("manifest.ocdbt", &raw(MANIFEST, &manifest(&[(FILE, 0)], height, [0, offset, length])));
    }

    pub(super) fn read(&self) -> Result<Vec<(String, Vec<u8>)>> {
        read(self.folder.path())
    }
}

/// A database whose root is a node with these bytes.
pub(super) fn with_root(height: u8, node: &[u8]) -> Database {
    let mut database = Database::new();
    let place = database.add(node);
    database.root(height, place);
    database
}

/// A database with one leaf.
pub(super) fn with_leaf(files: &[(&str, u64)], entries: &[(Vec<u8>, Value)]) -> Database {
    with_root(0, &raw(NODE, &leaf(files, entries)))
}

/// A database with one manifest of this body.
pub(super) fn with_manifest(bytes: &[u8]) -> Database {
    let database = Database::new();
    database.write("manifest.ocdbt", bytes);
    database
}
