//! Orbax, the checkpoints of JAX: a directory with a structure and an array store.

mod ocdbt;
mod store;

use std::path::{Path as FilePath, PathBuf};

use super::OpenOptions;
use super::atomic::Existing;
use super::folder::Folder;
use super::index::Index;
use crate::error::{Error, Result};
use crate::variables::Variables;

/// The name of the format in errors.
const NAME: &str = "orbax";

/// Whether a directory looks like one of Orbax: an item, a step with items, or a root with steps.
pub(super) fn is_orbax(_folder: &Folder) -> Result<bool> {
    Ok(false)
}

/// The structure of a directory, and the step and item in it that were found.
pub(super) fn index(folder: Folder, _options: &OpenOptions) -> Result<(PathBuf, Index<'static>)> {
    let found = "no reader".to_owned();
    Err(Error::UnknownFormat { file: folder.path().to_owned(), expected: "a reader".to_owned(), found })
}

/// Writes a directory as Orbax commits one.
pub(super) fn write(_variables: &Variables, path: &FilePath, _existing: Existing) -> Result<()> {
    let found = "no writer".to_owned();
    Err(Error::UnknownFormat { file: path.to_owned(), expected: "a writer".to_owned(), found })
}
