//! Checkpoint files: bytes to [`Variables`] and back, knowing nothing of layers.
//!
//! | format | extensions | written by |
//! |---|---|---|
//! | [`msgpack`] | `.msgpack`, `.flax`, none | `flax.serialization.to_bytes`, `flax.training.checkpoints`, Hugging Face |
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
mod format;
pub mod msgpack;
#[cfg(test)]
mod tests;

use std::fs;
use std::path::Path as FilePath;

pub use format::Format;

use crate::error::{Error, Result};
use crate::variables::Variables;

/// Reads a checkpoint file; what it is is told by its content, then by its extension.
///
/// # Errors
///
/// [`Error::Io`] where the file cannot be read, [`Error::UnknownFormat`] where it is a directory or of a format that is not
/// read here, and [`Error::Format`], with the offset, where it is damaged.
pub fn load(path: impl AsRef<FilePath>) -> Result<Variables> {
    let path = path.as_ref();
    if path.is_dir() {
        return Err(format::unknown(path, "a directory"));
    }
    let bytes = fs::read(path).map_err(|source| Error::Io { file: path.to_owned(), action: "read", source })?;
    let variables = match Format::of_file(path, &bytes)? {
        Format::Msgpack => msgpack::from_bytes(&bytes),
    };
    variables.map_err(|error| error.in_file(path))
}

/// Writes a checkpoint file, in the format of its extension.
///
/// A file that is there is replaced at once when the new one is whole and on the disk, or not at all; it keeps its
/// permissions. The same variables always become the same bytes.
///
/// # Errors
///
/// [`Error::UnknownFormat`] where the extension is of no format here, [`Error::Unsupported`] where the format has no place
/// for an entry, and [`Error::Io`] where the file cannot be written, or stands for something else than a file or for a
/// write-protected one.
pub fn save(variables: &Variables, path: impl AsRef<FilePath>) -> Result<()> {
    let path = path.as_ref();
    match Format::of_extension(path)? {
        Format::Msgpack => {
            msgpack::check(variables)?;
            atomic::replace(path, |file| msgpack::write_to(variables, file))
        }
    }
}
