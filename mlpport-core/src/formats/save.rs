//! How a checkpoint is written.

use std::path::Path as FilePath;

use super::atomic::{self, Existing};
use super::{Format, format, msgpack, safetensors};
use crate::error::{Error, Result};
use crate::variables::Variables;

/// How a checkpoint is written, where the name of the file does not tell all.
///
/// ```
/// use mlpport_core::formats::{Format, SaveOptions};
/// use mlpport_core::variables::Variables;
///
/// # let folder = tempfile::tempdir().map_err(|source| mlpport_core::Error::Io { file: "".into(), action: "write", source })?;
/// let file = folder.path().join("weights.bin");
/// SaveOptions::new().format(Format::Msgpack).overwrite(true).save(&Variables::new(), &file)?;
/// # Ok::<(), mlpport_core::Error>(())
/// ```
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct SaveOptions {
    pub(super) format: Option<Format>,
    pub(super) overwrite: bool,
    pub(super) step: Option<u64>,
    pub(super) nnx_state: bool,
    pub(super) separator: Option<char>,
}

impl SaveOptions {
    /// In the format of the extension, and only where nothing is there.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// The format.
    #[must_use]
    pub fn format(mut self, format: Format) -> Self {
        self.format = Some(format);
        self
    }

    /// Whether what is there is replaced: at once, when the new checkpoint is whole and on the disk. A file keeps its
    /// permissions.
    #[must_use]
    pub fn overwrite(mut self, overwrite: bool) -> Self {
        self.overwrite = overwrite;
        self
    }

    /// The step below a directory of steps, which is made if it is not there: `CheckpointManager(path).restore(step)` of
    /// Orbax reads it. [`Format::Orbax`] alone has steps.
    #[must_use]
    pub fn step(mut self, step: u64) -> Self {
        self.step = Some(step);
        self
    }

    /// Whether each array of an NNX model is written as its state has it in [`Format::Orbax`], `….kernel.value`, so that
    /// `nnx.split` → `StandardCheckpointer().restore(path, state)` → `nnx.merge` loads it. An array whose last name is
    /// `value` already stays.
    ///
    /// Without this it is a pure dict: `state.replace_by_pure_dict(nnx.restore_int_paths(restored))` loads it.
    #[must_use]
    pub fn nnx_state(mut self, nnx_state: bool) -> Self {
        self.nnx_state = nnx_state;
        self
    }

    /// What stands between the names in the keys of a safetensors or npz file. Without this it is `/`. One that
    /// the keys do not tell by themselves is needed again to open the file.
    #[must_use]
    pub fn separator(mut self, separator: char) -> Self {
        self.separator = Some(separator);
        self
    }

    /// Writes a checkpoint. The same variables always become the same bytes.
    ///
    /// The target is the old one or the new one at any time, whatever happens in between: the new one is written beside it,
    /// waited for until it is on the disk, and then given its name.
    ///
    /// # Errors
    ///
    /// [`Error::UnknownFormat`](crate::Error::UnknownFormat) where no format was given and the extension is of none,
    /// [`Error::Unsupported`](crate::Error::Unsupported) where the format has no place for an entry, and
    /// [`Error::Io`](crate::Error::Io) where the target is there and not to be replaced, stands for something else than a
    /// checkpoint, or cannot be written.
    pub fn save(&self, variables: &Variables, path: impl AsRef<FilePath>) -> Result<()> {
        let path = path.as_ref();
        let format = match self.format {
            Some(format) => format,
            None => Format::of_extension(path)?,
        };
        if format != Format::Orbax
            && let Some(step) = self.step
        {
            let expected = format!("none, as {format} has no steps");
            return Err(Error::Argument { argument: "step", expected, found: step.to_string() });
        }
        let existing = if self.overwrite { Existing::Replaced } else { Existing::Kept };
        match format {
            Format::Msgpack => {
                msgpack::check(variables)?;
                atomic::write(path, existing, |file| msgpack::write_to(variables, file))
            }
            Format::Safetensors => {
                safetensors::check(variables, self.separator)?;
                atomic::write(path, existing, |file| safetensors::write_to(variables, self.separator, file))
            }
            #[cfg(feature = "npz")]
            Format::Npz => {
                super::npz::check(variables, self.separator)?;
                atomic::write(path, existing, |file| super::npz::write_to(variables, self.separator, file))
            }
            #[cfg(feature = "orbax")]
            Format::Orbax => super::orbax::write(variables, path, existing, self),
            #[cfg(not(feature = "npz"))]
            Format::Npz => Err(format::without_feature(path, format)),
            #[cfg(not(feature = "orbax"))]
            Format::Orbax => Err(format::without_feature(path, format)),
            Format::Npy => Err(format::unknown(path, "npy, which holds one array without a name")),
        }
    }
}
