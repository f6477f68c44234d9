//! A checkpoint that is a directory: which one of its files, or which format of directories.

use std::sync::Arc;

use super::folder::Folder;
use super::{Checkpoint, Format, OpenOptions, format, sharded, steps};
use crate::error::{Error, Result};

/// The files of Hugging Face, in the order in which they are looked for. Flax looks for its own first: beside it,
/// safetensors often have the names of PyTorch.
const FILES: [(&str, Format); 4] = [
    ("flax_model.msgpack", Format::Msgpack),
    ("flax_model.msgpack.index.json", Format::Msgpack),
    ("model.safetensors", Format::Safetensors),
    ("model.safetensors.index.json", Format::Safetensors),
];

/// Opens a directory.
pub(super) fn open(folder: &Folder, options: &OpenOptions) -> Result<Checkpoint> {
    if let Some(orbax) = open_orbax(folder, options)? {
        return Ok(orbax);
    }
    // A step is one of several, which files of these names are not.
    if options.step.is_none()
        && let Some(checkpoint) = open_file(folder, options)?
    {
        return Ok(checkpoint);
    }
    match steps::open(folder, options)? {
        Some(checkpoint) => Ok(checkpoint),
        None => Err(format::unknown(folder.path(), "a directory")),
    }
}

/// Opens the directory of one step, which has no steps of its own: a link to what is above would go on for ever.
pub(super) fn open_step(folder: &Folder, options: &OpenOptions) -> Result<Checkpoint> {
    let options = OpenOptions { step: None, ..options.clone() };
    if let Some(orbax) = open_orbax(folder, &options)? {
        return Ok(orbax);
    }
    match open_file(folder, &options)? {
        Some(checkpoint) => Ok(checkpoint),
        None => Err(format::unknown(folder.path(), "a directory")),
    }
}

/// Opens the file that is the checkpoint of a directory: one of the usual name, or the only index of shards.
fn open_file(folder: &Folder, options: &OpenOptions) -> Result<Option<Checkpoint>> {
    let wanted = |format| options.format.is_none_or(|wanted| wanted == format);
    let usual = FILES.into_iter().find(|(name, format)| wanted(*format) && folder.has(name));
    let name = match usual {
        Some((name, _)) => name.to_owned(),
        None => match only_index(folder, wanted)? {
            Some(name) => name,
            None => return Ok(None),
        },
    };
    let (path, source) = (folder.join(&name), folder.file(&name)?);
    if sharded::is_index(&path) {
        return sharded::open(&path, folder, &source, options).map(Some);
    }
    format::open_source(&path, Arc::new(source), options).map(Some)
}

/// The name of the only index of shards.
fn only_index(folder: &Folder, wanted: impl Fn(Format) -> bool) -> Result<Option<String>> {
    let mut names = folder.names()?;
    names.retain(|name| sharded::is_index(name.as_ref()) && sharded::format_of(name.as_ref()).is_some_and(&wanted));
    if names.len() > 1 {
        let names: Vec<String> = names.iter().map(|name| name.escape_debug().to_string()).collect();
        return Err(Error::UnknownFormat {
            file: folder.path().to_owned(),
            expected: "one index of shards; open the one that is meant".to_owned(),
            found: names.join(", "),
        });
    }
    Ok(names.pop())
}

#[cfg(feature = "orbax")]
fn open_orbax(folder: &Folder, options: &OpenOptions) -> Result<Option<Checkpoint>> {
    let wanted = options.format.map(|format| format == Format::Orbax);
    if wanted == Some(false) || (wanted.is_none() && !super::orbax::is_orbax(folder)?) {
        return Ok(None);
    }
    let (path, index) = super::orbax::index(folder.clone(), options)?;
    Ok(Some(Checkpoint::new(path, Format::Orbax, index)))
}

#[cfg(not(feature = "orbax"))]
fn open_orbax(folder: &Folder, options: &OpenOptions) -> Result<Option<Checkpoint>> {
    let looks_like_it = ["_METADATA", "_CHECKPOINT_METADATA", "manifest.ocdbt"].iter().any(|name| folder.has(name));
    let wanted = options.format.map(|format| format == Format::Orbax);
    if wanted.unwrap_or(looks_like_it) {
        return Err(format::without_feature(folder.path(), Format::Orbax));
    }
    Ok(None)
}
