//! Which directory is meant: an item, a step with items, or a root with steps.
//!
//! ```text
//! root/                      CheckpointManager, flax.training.checkpoints
//!   100/  step_000100/       a step, committed when it has this name
//!     default/  state/       an item: `_METADATA`, or `checkpoint` in old versions
//!   101.orbax-checkpoint-tmp-17/   not committed
//! ```

use std::fs;

use super::{aggregate, metadata};
use crate::error::{Error, Result};
use crate::formats::OpenOptions;
use crate::formats::folder::Folder;

/// What Orbax puts into the name of a directory until all of it is written.
pub(super) const UNFINISHED: &str = ".orbax-checkpoint-tmp";

/// The item that a manager writes where it is given no name.
pub(super) const DEFAULT_ITEM: &str = "default";

/// The file in which a directory of Orbax tells when it was written.
pub(super) const CHECKPOINT_METADATA: &str = "_CHECKPOINT_METADATA";

/// Whether a directory looks like one of Orbax.
///
/// # Errors
///
/// [`Error::Io`] where the directory cannot be read.
pub(in crate::formats) fn is_orbax(folder: &Folder) -> Result<bool> {
    let known = [metadata::FILE, CHECKPOINT_METADATA, "manifest.ocdbt"];
    if is_unfinished(folder) || is_item(folder) || known.iter().any(|name| folder.has(name)) {
        return Ok(true);
    }
    Ok(!items(folder)?.is_empty() || !steps(folder)?.is_empty() || is_all_unfinished(folder)?)
}

/// The item that is meant.
///
/// # Errors
///
/// [`Error::UnknownFormat`] for a directory that is not committed or has no item, [`Error::Argument`] where there is no such
/// step or item, or no telling which.
pub(super) fn item(folder: Folder, options: &OpenOptions) -> Result<Folder> {
    if is_unfinished(&folder) {
        let found = "a directory that Orbax has not finished; what is in it may be a part of a checkpoint";
        return Err(not_found(&folder, found));
    }
    if is_item(&folder) {
        return no_choice(&folder, options.step.map(|step| ("step", step.to_string())))
            .and_then(|()| no_choice(&folder, options.item.clone().map(|item| ("item", item))))
            .map(|()| folder);
    }
    let (items, steps) = (items(&folder)?, steps(&folder)?);
    // Names such as `ema_1` are those of items where the step says of itself that it is one.
    let all_numbered = items.iter().all(|item| step_of(item).is_some());
    if !steps.is_empty() && all_numbered && !folder.has(CHECKPOINT_METADATA) {
        return one_item(step(&folder, steps, options)?, options);
    }
    if items.is_empty() {
        let found = if has_unfinished(&folder)? {
            "only directories that Orbax has not finished"
        } else {
            "a directory without `_METADATA`, and none below it that has one"
        };
        return Err(not_found(&folder, found));
    }
    no_choice(&folder, options.step.map(|step| ("step", step.to_string())))?;
    one_item(folder, options)
}

fn not_found(folder: &Folder, found: &str) -> Error {
    let expected = "an item, a step or a root of Orbax that is finished".to_owned();
    Error::UnknownFormat { file: folder.path().to_owned(), expected, found: found.to_owned() }
}

fn no_choice(folder: &Folder, chosen: Option<(&'static str, String)>) -> Result<()> {
    let Some((argument, found)) = chosen else { return Ok(()) };
    let expected = format!("none, as {} has no {argument}s to choose from", folder.path().display());
    Err(Error::Argument { argument, expected, found })
}

/// A step by its number, and the prefix and name of its directory.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Step {
    number: u64,
    name: String,
}

/// The step of the options, or the last one.
fn step(root: &Folder, steps: Vec<Step>, options: &OpenOptions) -> Result<Folder> {
    let prefix = |step: &Step| step.name.trim_end_matches(|character: char| character.is_ascii_digit()).to_owned();
    if let Some(first) = steps.first()
        && let Some(other) = steps.iter().find(|step| prefix(step) != prefix(first))
    {
        let found =
            format!("steps with several prefixes, such as `{}` and `{}`; open one of them", first.name, other.name);
        return Err(not_found(root, &found));
    }
    let chosen = match options.step {
        Some(number) => steps.iter().find(|step| step.number == number),
        None => steps.iter().max(),
    };
    match chosen {
        Some(step) => root.folder(&step.name),
        None => {
            let numbers: Vec<String> = steps.iter().map(|step| step.number.to_string()).collect();
            let found = options.step.map(|step| step.to_string()).unwrap_or_default();
            Err(Error::Argument { argument: "step", expected: one_of(&numbers), found })
        }
    }
}

/// The item of the options, the default one, or the only one.
fn one_item(step: Folder, options: &OpenOptions) -> Result<Folder> {
    if is_item(&step) {
        return no_choice(&step, options.item.clone().map(|item| ("item", item))).map(|()| step);
    }
    let items = items(&step)?;
    let chosen = match (&options.item, items.as_slice()) {
        (Some(item), _) => items.iter().find(|name| *name == item),
        (None, [only]) => Some(only),
        (None, _) => items.iter().find(|name| *name == DEFAULT_ITEM),
    };
    match chosen {
        Some(item) => step.folder(item),
        None => {
            let found = options.item.clone().unwrap_or_else(|| "none; `OpenOptions::item` chooses".to_owned());
            Err(Error::Argument { argument: "item", expected: one_of(&items), found })
        }
    }
}

fn one_of(names: &[String]) -> String {
    const SHOWN: usize = 16;
    let shown: Vec<String> = names.iter().take(SHOWN).map(|name| format!("`{}`", super::json::quoted(name))).collect();
    let more = if names.len() > SHOWN { ", …" } else { "" };
    format!("one of {}{more}", shown.join(", "))
}

/// The names of the items in a directory.
fn items(folder: &Folder) -> Result<Vec<String>> {
    let names = folder.names()?.into_iter();
    Ok(names.filter(|name| below(folder, name).is_some_and(|item| !is_unfinished(&item) && is_item(&item))).collect())
}

/// The committed steps in a directory: those that are items or have some.
fn steps(folder: &Folder) -> Result<Vec<Step>> {
    let mut steps = Vec::new();
    for name in folder.names()? {
        let Some(number) = step_of(&name) else { continue };
        let Some(step) = below(folder, &name) else { continue };
        if is_item(&step) || !items(&step)?.is_empty() {
            steps.push(Step { number, name });
        }
    }
    Ok(steps)
}

/// Whether a directory is an item, or a step with items.
///
/// # Errors
///
/// [`Error::Io`] where the directory cannot be read.
pub(super) fn holds_item(folder: &Folder) -> Result<bool> {
    if is_item(folder) || folder.has(CHECKPOINT_METADATA) {
        return Ok(true);
    }
    Ok(items(folder)?.iter().any(|item| step_of(item).is_none()))
}

/// Whether a directory has steps.
///
/// # Errors
///
/// [`Error::Io`] where the directory cannot be read.
pub(super) fn holds_steps(folder: &Folder) -> Result<bool> {
    Ok(!steps(folder)?.is_empty())
}

/// Whether nothing else is there.
fn is_all_unfinished(folder: &Folder) -> Result<bool> {
    let names = folder.names()?;
    Ok(!names.is_empty() && names.iter().all(|name| name.contains(UNFINISHED)))
}

fn has_unfinished(folder: &Folder) -> Result<bool> {
    Ok(folder.names()?.iter().any(|name| name.contains(UNFINISHED)))
}

/// The number of a step: `100`, `000100`, `step_100`.
fn step_of(name: &str) -> Option<u64> {
    let digits = match name.rsplit_once('_') {
        Some((prefix, digits)) if !prefix.is_empty() => digits,
        Some(_) => return None,
        None => name,
    };
    digits.parse().ok().filter(|_| digits.bytes().all(|byte| byte.is_ascii_digit()))
}

/// A directory that is really there, and not behind a link.
fn below(folder: &Folder, name: &str) -> Option<Folder> {
    let metadata = fs::symlink_metadata(folder.join(name)).ok()?;
    if metadata.is_dir() { folder.folder(name).ok() } else { None }
}

fn is_item(folder: &Folder) -> bool {
    if folder.has(metadata::FILE) {
        return true;
    }
    // TensorFlow has a file of this name too, with a text.
    let first = folder.file(aggregate::FILE).and_then(|file| file.read(0..file.length().min(1)));
    first.is_ok_and(|first| first.first().is_some_and(|first| aggregate::begins(*first)))
}

/// Whether a directory, or the one that it is in, has the name of one that is not committed.
fn is_unfinished(folder: &Folder) -> bool {
    let Ok(path) = fs::canonicalize(folder.path()) else { return false };
    path.components().rev().take(2).any(|name| name.as_os_str().to_string_lossy().contains(UNFINISHED))
}
