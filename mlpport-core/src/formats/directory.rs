//! A checkpoint that is a directory: which one of its files, or which format of directories.

use super::folder::Folder;
use super::{Checkpoint, Format, OpenOptions, format};
use crate::error::Result;

/// Opens a directory.
pub(super) fn open(folder: Folder, options: &OpenOptions) -> Result<Checkpoint> {
    if let Some(orbax) = open_orbax(&folder, options)? {
        return Ok(orbax);
    }
    Err(format::unknown(folder.path(), "a directory"))
}

#[cfg(feature = "orbax")]
fn open_orbax(folder: &Folder, options: &OpenOptions) -> Result<Option<Checkpoint>> {
    if options.format != Some(Format::Orbax) && !super::orbax::is_orbax(folder)? {
        return Ok(None);
    }
    let (path, index) = super::orbax::index(folder.clone(), options)?;
    Ok(Some(Checkpoint::new(path, Format::Orbax, index)))
}

#[cfg(not(feature = "orbax"))]
fn open_orbax(folder: &Folder, options: &OpenOptions) -> Result<Option<Checkpoint>> {
    let looks_like_it = ["_METADATA", "_CHECKPOINT_METADATA", "manifest.ocdbt"].iter().any(|name| folder.has(name));
    if options.format == Some(Format::Orbax) || looks_like_it {
        return Err(format::without_feature(folder.path(), Format::Orbax));
    }
    Ok(None)
}
