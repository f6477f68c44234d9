//! OCDBT, the key-value store of TensorStore, as it is read: a manifest, a B+ tree, and values in data files.
//!
//! - `manifest.ocdbt` says where the root of the newest version of the tree is, or that the newest of the files
//!   `manifest.<number>` does.
//! - Each node of the tree is a part of a data file; a leaf has keys, each with its value or the place of its value.
//! - A database may refer to the files of another one below it, as Orbax's root does to `ocdbt.process_0/`.
//!
//! Manifest and nodes have a CRC-32C; values have none.
//!
//! The format is [described by TensorStore](https://google.github.io/tensorstore/kvstore/ocdbt/index.html).

mod budget;
mod cursor;
mod envelope;
mod files;
mod keys;
mod manifest;
#[cfg(test)]
mod tests;
mod tree;
mod zstd;

use std::sync::Arc;

use self::budget::Budget;
use self::files::{DataFile, Files};
use self::manifest::Manifest;
use self::tree::{Entry, Tree, Value};
use super::store::{Blob, Store};
use crate::error::Result;
use crate::formats::folder::Folder;
use crate::formats::source::Source;

/// The name of the format in errors.
const NAME: &str = "ocdbt";

/// An OCDBT database: its keys, and where their values are.
#[derive(Debug)]
pub(in crate::formats::orbax) struct Ocdbt {
    files: Arc<Files>,
    /// Nodes that were compressed and have values in them.
    nodes: Vec<Arc<Source<'static>>>,
    /// In the order of their keys.
    entries: Vec<Entry>,
}

impl Ocdbt {
    /// Reads the keys of the newest version of the database whose `manifest.ocdbt` is in a directory.
    ///
    /// # Errors
    ///
    /// [`Error::Format`](crate::Error::Format) where manifest or tree are damaged, or take more memory than the files account for,
    /// [`Error::Io`](crate::Error::Io) where a file is not there, cannot be read or is outside of the directory. A data file that has
    /// nothing but values is missed only by who asks for one of them.
    pub(in crate::formats::orbax) fn open(folder: &Folder) -> Result<Self> {
        let mut budget = Budget::new();
        let mut files = Files::new(folder.clone());
        let Manifest { root, .. } = Manifest::read(folder, &mut files, &mut budget)?;
        let (nodes, entries) = match root {
            Some(root) => Tree::read(&root, &mut files, budget)?,
            None => (Vec::new(), Vec::new()),
        };
        Ok(Self { files: Arc::new(files), nodes, entries })
    }

    /// The keys, in the order of their bytes.
    #[cfg(test)]
    pub(in crate::formats::orbax) fn keys(&self) -> impl Iterator<Item = &str> {
        self.entries.iter().map(|entry| &*entry.key)
    }

    fn value(&self, value: &Value) -> Result<Blob> {
        match value {
            Value::InFile { file, offset, length } => {
                let file = DataFile::new(Arc::clone(&self.files), *file);
                // Where the sum is too great, the range ends before it begins.
                Blob::in_file(Arc::new(file), *offset..offset.wrapping_add(*length))
            }
            Value::InNode { node, range } => match self.nodes.get(*node) {
                Some(node) => Blob::new(Arc::clone(node), range.clone()),
                None => Blob::new(Arc::new(Source::memory(Vec::new())), range.clone()),
            },
        }
    }
}

impl Store for Ocdbt {
    /// The value of a key. A key that names something outside of the store does not exist in one.
    fn get(&self, key: &str) -> Result<Option<Blob>> {
        match self.entries.binary_search_by(|entry| (*entry.key).cmp(key)) {
            Ok(found) => self.entries.get(found).map(|entry| self.value(&entry.value)).transpose(),
            Err(_) => Ok(None),
        }
    }
}

impl Ocdbt {
    #[cfg(test)]
    fn blobs(&self) -> Result<Vec<(&str, Blob)>> {
        self.entries.iter().map(|entry| Ok((&*entry.key, self.value(&entry.value)?))).collect()
    }
}
