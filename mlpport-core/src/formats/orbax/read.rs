//! The structure of an item.

use std::collections::HashSet;
use std::path::PathBuf;
use std::sync::Arc;

use super::metadata::{Kind, Leaf, Metadata};
use super::store::{Blob, Store};
use super::zarr::{self, Stored};
use super::{aggregate, find, metadata, strings};
use crate::error::{Error, Result};
use crate::formats::OpenOptions;
use crate::formats::folder::Folder;
use crate::formats::index::{ArraySlot, Index, Slot};
use crate::tensor::{DType, Tensor};
use crate::variables::{Entry, Path, Value};

/// Bytes of elements that need not be there, beside twice those that are.
const MOST_FILLED: u64 = 64 << 20;

/// The structure of a directory, and the step and item in it that were found.
///
/// # Errors
///
/// [`Error::UnknownFormat`] and [`Error::Argument`] where there is no item or no telling which, [`Error::Io`] and
/// [`Error::Format`] where it cannot be read or is damaged.
pub(in crate::formats) fn index(folder: Folder, options: &OpenOptions) -> Result<(PathBuf, Index<'static>)> {
    let item = find::item(folder, options)?;
    let path = item.path().to_owned();
    Ok((path, Reader::new(item)?.index()?))
}

struct Reader {
    folder: Folder,
    store: Arc<dyn Store>,
    /// The file of the structure, for errors.
    structure: Blob,
    zarr3: bool,
    fills: bool,
    leaves: Vec<(Leaf, String)>,
    entries: Vec<(Path, Entry)>,
}

impl Reader {
    fn new(folder: Folder) -> Result<Self> {
        let (mut leaves, mut entries) = (Vec::new(), Vec::new());
        let (structure, metadata) = match folder.get(metadata::FILE)? {
            Some(blob) => {
                let mut metadata = Metadata::read(&blob)?;
                let has_value = |leaf: &Leaf| leaf.aside && !matches!(leaf.kind, Kind::Empty | Kind::None);
                if metadata.leaves.iter().any(has_value) {
                    let aside: HashSet<Path> =
                        metadata.leaves.extract_if(.., |leaf| has_value(leaf)).map(|leaf| leaf.path).collect();
                    entries = values_aside(&folder, &blob, &aside)?;
                }
                for leaf in std::mem::take(&mut metadata.leaves) {
                    let name = leaf.path.names().collect::<Vec<_>>().join(".");
                    leaves.push((leaf, name));
                }
                (blob, metadata)
            }
            None => {
                let blob = folder.get(aggregate::FILE)?;
                let Some(blob) = blob else { return Err(no_structure(&folder)) };
                let aggregate = aggregate::read(&blob)?;
                (leaves, entries) = (aggregate.arrays, aggregate.entries);
                (blob, Metadata { fills: true, ..Metadata::default() })
            }
        };
        let ocdbt = metadata.ocdbt.unwrap_or_else(|| folder.has("manifest.ocdbt"));
        let store: Arc<dyn Store> = if ocdbt { super::store::open_ocdbt(&folder)? } else { Arc::new(folder.clone()) };
        let Metadata { zarr3, fills, .. } = metadata;
        Ok(Self { folder, store, structure, zarr3, fills, leaves, entries })
    }

    fn index(mut self) -> Result<Index<'static>> {
        let mut index = Index::default();
        let mut names = HashSet::new();
        let mut all = Stored::default();
        let mut texts = None;
        for (path, entry) in std::mem::take(&mut self.entries) {
            self.insert(&mut index, path, entry.into())?;
        }
        let (leaves, empties): (Vec<_>, Vec<_>) = std::mem::take(&mut self.leaves)
            .into_iter()
            .partition(|(leaf, _)| !matches!(leaf.kind, Kind::Empty | Kind::None));
        for (leaf, name) in leaves {
            if !names.insert(name.clone()) {
                let found = format!("`{}` twice", super::json::quoted(&name));
                return Err(self.structure.fault(0, "each name of an array once", found));
            }
            let slot = match leaf.kind {
                Kind::Text => self.text(&mut texts, &name)?,
                kind => {
                    let (array, stored) = self.array(&name)?;
                    all.bytes = all.bytes.saturating_add(stored.bytes);
                    all.filled = all.filled.saturating_add(stored.filled);
                    if all.filled > MOST_FILLED.saturating_add(all.bytes.saturating_mul(2)) {
                        let found = format!("{} bytes of chunks that are not there", all.filled);
                        return Err(self.structure.fault(0, "chunks that are there", found));
                    }
                    if kind == Kind::Scalar { scalar(&array)? } else { array.into() }
                }
            };
            self.insert(&mut index, leaf.path, slot)?;
        }
        for (leaf, _) in empties {
            // Where parts of a tree were saved one after another, it may stand for what is there now.
            if index.below(&leaf.path).next().is_none() {
                let entry = if leaf.kind == Kind::None { Value::None.into() } else { Entry::Empty };
                self.insert(&mut index, leaf.path, entry.into())?;
            }
        }
        Ok(index)
    }

    fn insert(&self, index: &mut Index<'static>, path: Path, slot: Slot<'static>) -> Result<()> {
        index.insert(path.clone(), slot).map_err(|taken| {
            let found = format!("{} beside {}", path.in_words(), taken.in_words());
            self.structure.fault(0, "each path once, and none below another", found)
        })
    }

    fn array(&self, name: &str) -> Result<zarr::Opened> {
        // Versions before `use_zarr3` may have either.
        let opened = zarr::open(&self.store, name, self.zarr3, self.fills)?;
        opened.ok_or_else(|| {
            let file = if self.zarr3 { "zarr.json" } else { ".zarray" };
            let expected = format!("the array `{}`", super::json::quoted(name));
            self.structure.fault(0, expected, format!("no `{file}` of it"))
        })
    }

    fn text(&self, texts: &mut Option<super::json::Json>, name: &str) -> Result<Slot<'static>> {
        if texts.is_none() {
            *texts = strings::read(&self.folder)?;
        }
        match texts.as_ref().and_then(|texts| strings::find(texts, name)) {
            Some(text) => Ok(Entry::from(Value::from(text)).into()),
            None => {
                let expected = format!("the text `{}`", super::json::quoted(name));
                Err(self.structure.fault(0, expected, format!("none in `{}`", strings::FILE)))
            }
        }
    }
}

/// The values that an old version of Orbax put into its file `checkpoint`, and not where arrays are.
fn values_aside(folder: &Folder, structure: &Blob, paths: &HashSet<Path>) -> Result<Vec<(Path, Entry)>> {
    let aggregate = folder.get(aggregate::FILE)?.map(|blob| aggregate::read(&blob)).transpose()?.unwrap_or_default();
    let entries: Vec<(Path, Entry)> = aggregate.entries.into_iter().filter(|(path, _)| paths.contains(path)).collect();
    let found: HashSet<&Path> = entries.iter().map(|(path, _)| path).collect();
    if let Some(missing) = paths.iter().find(|path| !found.contains(path)) {
        let expected = format!("the value of {} in `{}`", missing.in_words(), aggregate::FILE);
        return Err(structure.fault(0, expected, "none"));
    }
    Ok(entries)
}

fn no_structure(folder: &Folder) -> Error {
    let expected = format!("`{}`", metadata::FILE);
    Error::UnknownFormat { file: folder.path().to_owned(), expected, found: "none".to_owned() }
}

/// A number of Python, where the dtype is one of those that Orbax gives to it; otherwise one of numpy.
fn scalar(array: &ArraySlot<'static>) -> Result<Slot<'static>> {
    if !array.shape.is_empty() {
        return Err(array.data.fault(0, "no axes for a scalar".to_owned(), array.shape.to_string()));
    }
    let tensor = array.read()?;
    let value = match tensor.dtype() {
        DType::Bool => first::<bool>(&tensor).map(Value::Bool),
        DType::I64 => first::<i64>(&tensor).map(Value::Int),
        DType::U64 => first::<u64>(&tensor).filter(|value| i64::try_from(*value).is_err()).map(Value::UInt),
        DType::F64 => first::<f64>(&tensor).map(Value::Float),
        _ => None,
    };
    Ok(Entry::from(value.unwrap_or(Value::Scalar(tensor))).into())
}

fn first<T: crate::tensor::Element>(tensor: &Tensor) -> Option<T> {
    tensor.view::<T>().ok()?.first().copied()
}
