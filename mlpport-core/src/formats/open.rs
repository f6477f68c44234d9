//! What to say of a checkpoint that is to be opened.

use std::path::Path as FilePath;

use super::{Checkpoint, Format};
use crate::error::Result;

/// How a checkpoint is opened, where its content does not tell all.
///
/// ```no_run
/// use mlpport_core::formats::OpenOptions;
///
/// let checkpoint = OpenOptions::new().step(1000).item("state").open("checkpoints")?;
/// # Ok::<(), mlpport_core::Error>(())
/// ```
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct OpenOptions {
    pub(super) format: Option<Format>,
    pub(super) step: Option<u64>,
    pub(super) item: Option<String>,
    pub(super) separator: Option<char>,
}

impl OpenOptions {
    /// Everything is told by the content.
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

    /// The step, of a directory with several: of Orbax's `CheckpointManager`, or of `flax.training.checkpoints`. Without
    /// this it is the latest.
    #[must_use]
    pub fn step(mut self, step: u64) -> Self {
        self.step = Some(step);
        self
    }

    /// The item, of an Orbax checkpoint with several. Without this it is `default`, or the only one.
    #[must_use]
    pub fn item(mut self, item: impl Into<String>) -> Self {
        self.item = Some(item.into());
        self
    }

    /// What stands between the names in the keys of a safetensors or npz file. Without this it is the one of `/`, `.` and
    /// `,` that stands in most keys, of those in as many the first; one that would leave an empty name anywhere is none.
    #[must_use]
    pub fn separator(mut self, separator: char) -> Self {
        self.separator = Some(separator);
        self
    }

    /// Opens a checkpoint: reads its structure, and none of its arrays.
    ///
    /// # Errors
    ///
    /// [`Error::Io`](crate::Error::Io) where a file cannot be read, or is outside of the directory,
    /// [`Error::UnknownFormat`](crate::Error::UnknownFormat) where it is of no format that is read here,
    /// [`Error::Argument`](crate::Error::Argument) where a directory has no such step, and
    /// [`Error::Format`](crate::Error::Format), with the offset, where it is damaged, or where shards do not hold what their
    /// index says.
    pub fn open(&self, path: impl AsRef<FilePath>) -> Result<Checkpoint> {
        super::format::open(path.as_ref(), self)
    }
}
