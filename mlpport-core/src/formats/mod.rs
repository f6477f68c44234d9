//! Checkpoint files: bytes to [`Variables`] and back, knowing nothing of layers.
//!
//! | format | what it is | written by |
//! |---|---|---|
//! | [`msgpack`] | `.msgpack`, `.flax`, no extension | `flax.serialization.to_bytes`, `flax.training.checkpoints`, Hugging Face |
//! | [`safetensors`] | `.safetensors` | `safetensors.flax`, Hugging Face, JaxMARL |
//! | `npz` | `.npz`, `.npy`; with the feature `npz` | `numpy.savez`, `numpy.save`, Big Vision |
//! | `orbax` | a directory, `.orbax` where one is written; with the feature `orbax` | `StandardCheckpointer`, `PyTreeCheckpointer`, `CheckpointManager` |
//!
//! A directory is what it holds: an Orbax checkpoint; `flax_model.msgpack` or `model.safetensors` of Hugging Face, also in
//! shards with an index, `model.safetensors.index.json`; or the steps of `flax.training.checkpoints`, `checkpoint_1000`, each
//! one a file or an Orbax checkpoint. They are looked for in this order. A file behind a symbolic link that leaves the
//! directory is refused, and so is a hard link.
//!
//! [`load`] and [`save`] do the usual; [`Checkpoint`] shows what is in a checkpoint before its arrays are read, and
//! [`OpenOptions`] and [`SaveOptions`] say what a name or the content does not.
//!
//! ```
//! use mlpport_core::formats::{load, save};
//! use mlpport_core::variables::Variables;
//! use ndarray::array;
//!
//! let mut variables = Variables::new();
//! variables.insert("params/Dense_0/bias", array![0.5_f32, -0.5])?;
//!
//! # let folder = tempfile::tempdir().map_err(|source| mlpport_core::Error::Io { file: "".into(), action: "write", source })?;
//! let file = folder.path().join("model.msgpack");
//! save(&variables, &file)?;
//! assert_eq!(load(&file)?, variables);
//! # Ok::<(), mlpport_core::Error>(())
//! ```

mod atomic;
mod checkpoint;
mod directory;
mod folder;
mod format;
mod index;
mod joined;
pub mod msgpack;
#[cfg(feature = "npz")]
pub mod npz;
mod open;
#[cfg(feature = "orbax")]
pub mod orbax;
pub mod safetensors;
mod save;
mod sharded;
mod shares;
mod source;
mod steps;
#[cfg(test)]
mod tests;
mod unwrap;

use std::path::Path as FilePath;

pub use checkpoint::{Checkpoint, Leaf};
pub use format::Format;
pub use open::OpenOptions;
pub use save::SaveOptions;
pub use unwrap::{Layout, Wrapper};

use crate::error::Result;
use crate::variables::Variables;

/// Reads the variables of a checkpoint, a file or a directory; what it is is told by its content, then by its name.
///
/// What stands around the variables, such as the optimizer of a train state, is left out by the rules of [`Layout`];
/// [`Checkpoint::raw`] has it all.
///
/// # Errors
///
/// As [`OpenOptions::open`], and [`Error::Format`](crate::Error::Format) where an array is damaged.
pub fn load(path: impl AsRef<FilePath>) -> Result<Variables> {
    Checkpoint::open(path)?.variables()
}

/// Writes variables, in the format of the extension, where nothing is there yet.
///
/// The file is there when it is whole and on the disk, or not at all. [`SaveOptions`] replaces a file that is there, and
/// writes in a format of your choice.
///
/// # Errors
///
/// As [`SaveOptions::save`].
pub fn save(variables: &Variables, path: impl AsRef<FilePath>) -> Result<()> {
    SaveOptions::new().save(variables, path)
}
