//! A checkpoint of which the structure was read, and of whose arrays those that are asked for are.

use std::path::{Path as FilePath, PathBuf};

use super::index::{ArraySlot, Index, Slot};
use super::unwrap::{Layout, unwrap};
use super::{Format, OpenOptions};
use crate::error::{Error, Result};
use crate::tensor::{DType, Tensor};
use crate::variables::{Entry, Path, Variables};

/// A checkpoint that was opened: a file, or a directory.
///
/// Opening reads the structure alone: names, dtypes, shapes, and where the bytes are. Arrays are read when they are asked
/// for, from the file straight into the memory where they stay.
///
/// ```no_run
/// use mlpport_core::formats::Checkpoint;
///
/// let checkpoint = Checkpoint::open("checkpoints/1000")?;
/// println!("{}", checkpoint.layout()); // what was found around the variables, and what is left out of them
/// for leaf in checkpoint.leaves() {
///     println!("{} {} {:?}", leaf.path, leaf.dtype, leaf.shape);
/// }
/// let params = checkpoint.variables()?; // what `load` returns
/// let optimizer = checkpoint.subtree("opt_state")?; // a part of the raw tree
/// # Ok::<(), mlpport_core::Error>(())
/// ```
#[derive(Debug)]
pub struct Checkpoint {
    path: PathBuf,
    format: Format,
    index: Index<'static>,
    layout: Layout,
}

/// An array of a checkpoint, which is not read yet.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct Leaf<'a> {
    /// Where it stands in the raw tree.
    pub path: &'a Path,
    /// The type of its elements.
    pub dtype: DType,
    /// The lengths of its axes.
    pub shape: &'a [usize],
}

impl Checkpoint {
    /// Opens a checkpoint, whose format its content tells; of a directory with several steps, the latest.
    ///
    /// # Errors
    ///
    /// As [`OpenOptions::open`].
    pub fn open(path: impl AsRef<FilePath>) -> Result<Self> {
        OpenOptions::new().open(path)
    }

    pub(super) fn new(path: PathBuf, format: Format, index: Index<'static>) -> Self {
        let layout = unwrap(&index);
        Self { path, format, index, layout }
    }

    /// The file or directory that was opened, down to the step and item that were found.
    #[must_use]
    pub fn path(&self) -> &FilePath {
        &self.path
    }

    /// What it is a checkpoint of.
    #[must_use]
    pub fn format(&self) -> Format {
        self.format
    }

    /// What stands around the variables, and what [`variables`](Self::variables) leaves out.
    #[must_use]
    pub fn layout(&self) -> &Layout {
        &self.layout
    }

    /// The arrays of the raw tree, in path order; numpy scalars are among them.
    pub fn leaves(&self) -> impl Iterator<Item = Leaf<'_>> {
        self.index.entries().filter_map(|(path, slot)| match slot {
            Slot::Array(ArraySlot { dtype, shape, .. }) => Some(Leaf { path, dtype: *dtype, shape }),
            Slot::Entry(entry) => {
                let tensor = entry.as_tensor()?;
                Some(Leaf { path, dtype: tensor.dtype(), shape: tensor.shape() })
            }
        })
    }

    /// Reads the variables, with the wrappers around them taken off: see [`Layout`].
    ///
    /// # Errors
    ///
    /// [`Error::Io`] and [`Error::Format`] where an array cannot be read or is damaged.
    pub fn variables(&self) -> Result<Variables> {
        let mut variables = Variables::new();
        for (raw, path) in self.layout.kept() {
            if let Some(slot) = self.index.get(raw) {
                variables.insert_unique(path.clone(), slot.read_at(raw)?);
            }
        }
        Ok(variables)
    }

    /// Reads the raw tree, as it stands in the files.
    ///
    /// # Errors
    ///
    /// As [`variables`](Self::variables).
    pub fn raw(&self) -> Result<Variables> {
        self.filter(|_| true)
    }

    /// Reads what stands at the paths of the raw tree that `keep` takes.
    ///
    /// # Errors
    ///
    /// As [`variables`](Self::variables).
    pub fn filter(&self, keep: impl Fn(&Path) -> bool) -> Result<Variables> {
        Self::collect(
            self.index.entries().filter(|(path, _)| keep(path)).map(|(path, slot)| (path, path.clone(), slot)),
        )
    }

    /// Reads what stands below a path of the raw tree, under the names that follow it; an entry at the path itself stands at
    /// the root.
    ///
    /// # Errors
    ///
    /// [`Error::Path`] where nothing stands there, otherwise as [`variables`](Self::variables).
    pub fn subtree(&self, path: impl Into<Path>) -> Result<Variables> {
        let front = path.into();
        if self.index.below(&front).next().is_none() && !front.is_empty() {
            return Err(self.nothing_at(&front, "entries at or below this path"));
        }
        let below = self.index.below(&front);
        Self::collect(below.filter_map(|(path, slot)| Some((path, path.strip_prefix(&front)?, slot))))
    }

    /// Reads one array of the raw tree.
    ///
    /// # Errors
    ///
    /// [`Error::Path`] where there is no array at the path, otherwise as [`variables`](Self::variables).
    pub fn leaf(&self, path: impl Into<Path>) -> Result<Tensor> {
        let path = path.into();
        match self.index.get(&path).map(|slot| slot.read_at(&path)).transpose()?.map(Entry::into_tensor) {
            Some(Ok(tensor)) => Ok(tensor),
            Some(Err(entry)) => Err(Error::Path {
                path: path.in_words(),
                expected: "an array".to_owned(),
                found: entry.to_string(),
                nearest: Vec::new(),
            }),
            None => Err(self.nothing_at(&path, "an array")),
        }
    }

    /// Reads slots: each with its path in the raw tree, and the one that it gets.
    fn collect<'s>(slots: impl Iterator<Item = (&'s Path, Path, &'s Slot<'static>)>) -> Result<Variables> {
        let mut variables = Variables::new();
        for (raw, path, slot) in slots {
            variables.insert_unique(path, slot.read_at(raw)?);
        }
        Ok(variables)
    }

    fn nothing_at(&self, path: &Path, expected: &str) -> Error {
        let mut paths = Variables::new();
        for (path, _) in self.index.entries() {
            paths.insert_unique(path.clone(), Entry::Empty);
        }
        let nearest = paths.nearest(&path.to_string(), 3);
        Error::Path { path: path.in_words(), expected: expected.to_owned(), found: "nothing".to_owned(), nearest }
    }
}
