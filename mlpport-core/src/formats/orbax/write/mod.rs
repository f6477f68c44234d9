//! Variables as a directory that Orbax restores: zarr2 without compression, each array in one chunk.

mod commit;
mod python;
mod tree;

use std::path::Path as FilePath;

use serde_json::json;

use self::commit::Staging;
use self::tree::{Node, Tree};
use super::find::{CHECKPOINT_METADATA, DEFAULT_ITEM};
use super::{metadata, strings};
use crate::error::Result;
use crate::formats::SaveOptions;
use crate::formats::atomic::Existing;
use crate::variables::Variables;

/// The class that restores an item, in Python.
const HANDLER: &str = "orbax.checkpoint._src.handlers.standard_checkpoint_handler.StandardCheckpointHandler";

/// Writes a directory as Orbax commits one: see [`SaveOptions::save`].
///
/// # Errors
///
/// [`Error::Unsupported`](crate::Error::Unsupported) for what Orbax has no place for,
/// [`Error::Io`](crate::Error::Io) where the directory is there and not to be replaced, is none of Orbax, or cannot be
/// written.
pub(in crate::formats) fn write(
    variables: &Variables,
    path: &FilePath,
    existing: Existing,
    options: &SaveOptions,
) -> Result<()> {
    let tree = Tree::new(variables, options.nnx_state)?;
    let staging = Staging::new(path, options.step, existing)?;
    let written = match options.step {
        None => {
            let handlers = json!(HANDLER);
            write_item(&staging, &tree, "").and_then(|()| finish(&staging, "", handlers))
        }
        Some(_) => {
            let handlers = json!({ DEFAULT_ITEM: HANDLER });
            let item = format!("{DEFAULT_ITEM}/");
            write_item(&staging, &tree, &item)
                .and_then(|()| staging.write(&format!("{item}{COMMITTED}"), COMMITTED_TEXT))
                .and_then(|()| finish(&staging, "", handlers))
        }
    };
    written?;
    staging.commit()
}

/// What Orbax looks for in object stores, where there is no renaming of a directory; so a copy there is one that it opens.
const COMMITTED: &str = "commit_success.txt";
const COMMITTED_TEXT: &[u8] = b"Checkpoint commit was successful";

/// The files that Orbax writes last.
fn finish(staging: &Staging, front: &str, handlers: serde_json::Value) -> Result<()> {
    // Without times, so that the same variables become the same bytes.
    let metadata = json!({
        "item_handlers": handlers,
        "metrics": {},
        "performance_metrics": {},
        "init_timestamp_nsecs": null,
        "commit_timestamp_nsecs": null,
        "custom_metadata": {},
    });
    staging.write(&format!("{front}{CHECKPOINT_METADATA}"), metadata.to_string().as_bytes())?;
    staging.write(&format!("{front}{COMMITTED}"), COMMITTED_TEXT)
}

/// The files of an item, `front` being its directory.
fn write_item(staging: &Staging, tree: &Tree<'_>, front: &str) -> Result<()> {
    let mut texts = serde_json::Map::new();
    for leaf in &tree.leaves {
        match &leaf.node {
            Node::Array { tensor, .. } => {
                let name = &leaf.name;
                staging.write(&format!("{front}{name}/.zarray"), tree::zarray(tensor).to_string().as_bytes())?;
                let chunk =
                    if tensor.shape().is_empty() { "0".to_owned() } else { vec!["0"; tensor.shape().len()].join(".") };
                staging.write(&format!("{front}{name}/{chunk}"), &tensor.le_bytes())?;
            }
            Node::Text(text) => drop(texts.insert(leaf.name.clone(), json!(text))),
            Node::Empty(_) => {}
        }
    }
    if !texts.is_empty() {
        staging.write(&format!("{front}{}", strings::FILE), serde_json::Value::from(texts).to_string().as_bytes())?;
    }
    if let Some((sharding, arrays)) = tree.of_jax() {
        staging.write(&format!("{front}_sharding"), sharding.to_string().as_bytes())?;
        staging.write(&format!("{front}array_metadatas/process_0"), arrays.to_string().as_bytes())?;
    }
    staging.write(&format!("{front}{}", metadata::FILE), tree.metadata().to_string().as_bytes())
}
