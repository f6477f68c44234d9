//! Checkpoints in several files, as Hugging Face writes large ones: `model.safetensors.index.json`,
//! `flax_model.msgpack.index.json`.
//!
//! The index is JSON, `{"metadata": …, "weight_map": {key: file}}`, and the files are beside it. The keys of safetensors are
//! those of the files; the keys of msgpack are the names of nested dicts, with `/` between them.

#[cfg(test)]
mod tests;
mod weight_map;

use std::collections::HashSet;
use std::ffi::OsStr;
use std::path::Path as FilePath;
use std::sync::Arc;

use super::folder::Folder;
use super::index::{Index, Slot, in_short};
use super::source::Source;
use super::{Checkpoint, Format, OpenOptions, format, joined, msgpack, safetensors};
use crate::error::{Error, Result};
use crate::variables::{Entry, Path};
use weight_map::WeightMap;

/// The name of the format in errors.
const NAME: &str = "index of shards";

/// How the name of an index ends.
const ENDING: &str = ".index.json";

/// Names that the paths of all shards may have together for nothing, and one more for so many bytes of the shards.
const MOST_NAMES: (u64, u64) = (262_144, 64);

/// Whether a file is an index of shards, by its name.
pub(super) fn is_index(path: &FilePath) -> bool {
    path.file_name().and_then(OsStr::to_str).is_some_and(|name| name.ends_with(ENDING))
}

/// Opens the checkpoint of an index, which is at `path` in `folder`.
pub(super) fn open(
    path: &FilePath,
    folder: &Folder,
    source: &Source<'static>,
    options: &OpenOptions,
) -> Result<Checkpoint> {
    let format = options.format.or_else(|| format_of(path));
    let weights = WeightMap::read(source)?;
    // A character of no key: none is split, also where the keys of one shard alone would tell another separator.
    let found = || joined::separator(weights.keys.keys().map(String::as_str)).unwrap_or('\0');
    let (format, separator) = match format {
        Some(format @ Format::Msgpack) => (format, '/'),
        Some(format @ Format::Safetensors) => (format, options.separator.unwrap_or_else(found)),
        _ => return Err(format::unknown(path, "an index of shards of neither msgpack nor safetensors")),
    };
    let index = Shards { folder, weights: &weights, format, separator }.index()?;
    Ok(Checkpoint::new(path.to_owned(), format, index))
}

/// Opens the file of an index.
pub(super) fn open_file(path: &FilePath, options: &OpenOptions) -> Result<Checkpoint> {
    let parent = path.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(FilePath::new("."));
    open(path, &Folder::open(parent)?, &Source::open(path)?, options)
}

/// The format of the shards of an index, by its name; `None` where that is of no format that has shards.
pub(super) fn format_of(path: &FilePath) -> Option<Format> {
    let name = FilePath::new(path.file_name()?.to_str()?.strip_suffix(ENDING)?);
    let format = name.extension().and_then(|_| Format::of_extension(name).ok())?;
    matches!(format, Format::Msgpack | Format::Safetensors).then_some(format)
}

struct Shards<'s> {
    folder: &'s Folder,
    weights: &'s WeightMap<'s>,
    format: Format,
    separator: char,
}

impl Shards<'_> {
    /// The structure of all shards together: every key of the index in its shard, and nothing else.
    fn index(&self) -> Result<Index<'static>> {
        let mut index = Index::default();
        let mut found = HashSet::new();
        let (mut names, mut most_names) = (0, MOST_NAMES.0);
        for (place, shard) in self.weights.shards.iter().enumerate() {
            let source = Arc::new(self.folder.file(shard)?);
            most_names += source.length() / MOST_NAMES.1;
            for (path, slot) in self.shard(shard, &source)?.into_entries() {
                let key = self.key(&path);
                let Some((key, expected)) = self.weights.keys.get_key_value(&key) else {
                    // Hugging Face does not count an empty dict among the keys.
                    if matches!(slot, Slot::Entry(Entry::Empty)) {
                        continue;
                    }
                    let expected = "keys that `weight_map` names, and no others";
                    return Err(self.in_shard(&source, &slot, expected.to_owned(), format!("`{}`", in_short(&path))));
                };
                if *expected != place {
                    let file = self.weights.shards.get(*expected).map(String::as_str).unwrap_or_default();
                    let expected =
                        format!("`{}` in {} alone, as `weight_map` says", in_short(&path), file.escape_debug());
                    let found = "it in this file".to_owned();
                    return Err(self.in_shard(&source, &slot, expected, found));
                }
                names += u64::try_from(path.len()).unwrap_or(u64::MAX);
                if names > most_names {
                    let expected = "shorter paths in so small files".to_owned();
                    return Err(self.in_shard(
                        &source,
                        &slot,
                        expected,
                        format!("`{}` and all before it", in_short(&path)),
                    ));
                }
                let path = self.split(path, key);
                index.insert(path.clone(), slot).map_err(|taken| {
                    let expected = "keys of which none is another one or above it";
                    self.weights.fault(key, expected, format!("`{}` beside `{}`", in_short(&path), in_short(&taken)))
                })?;
                found.insert(key.as_str());
            }
        }
        match self.weights.keys.iter().find(|(key, _)| !found.contains(key.as_str())) {
            None => Ok(index),
            Some((key, shard)) => {
                let shard = self.weights.shards.get(*shard).map(String::as_str).unwrap_or_default();
                let path = Path::from_names(key.split(self.separator));
                let expected = format!("`{}` in {}", in_short(&path), shard.escape_debug());
                Err(self.weights.fault(key, expected, "nothing of this name there"))
            }
        }
    }

    /// The structure of one shard, which must be of the format of all.
    fn shard(&self, name: &str, source: &Arc<Source<'static>>) -> Result<Index<'static>> {
        let path = self.folder.join(name);
        let found = Format::of_file(&path, &source.read(0..source.length().min(format::START))?)?;
        match self.format {
            Format::Msgpack if found == Format::Msgpack => msgpack::index(Arc::clone(source)),
            Format::Safetensors if found == Format::Safetensors => safetensors::index(source, Some(self.separator)),
            format => {
                let expected = format!("{format}, as all shards of this index");
                Err(Error::UnknownFormat { file: path, expected, found: found.to_string() })
            }
        }
    }

    /// The key of a path in a shard.
    fn key(&self, path: &Path) -> String {
        let mut key = String::new();
        for (place, name) in path.names().enumerate() {
            if place > 0 {
                key.push(self.separator);
            }
            key.push_str(name);
        }
        key
    }

    /// The path of a key: the one in its shard, unless a name has a separator in it, which Hugging Face splits as well.
    fn split(&self, path: Path, key: &str) -> Path {
        if path.names().any(|name| name.contains(self.separator)) {
            return Path::from_names(key.split(self.separator));
        }
        path
    }

    fn in_shard(&self, source: &Source<'_>, slot: &Slot<'_>, expected: String, found: String) -> Error {
        match slot {
            Slot::Array(array) => array.data.fault(0, expected, found),
            Slot::Entry(_) => source.fault(self.format.name(), 0, expected, found),
        }
    }
}
