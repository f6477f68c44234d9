//! The tree itself.

use std::collections::{BTreeMap, btree_map};
use std::ops::Bound;

use super::{Entry, Path, Value};
use crate::error::{Error, Result};
use crate::tensor::{DType, Tensor};

/// Named entries in the order of their paths: the variables of a Flax model, or all that a checkpoint holds.
///
/// No entry stands above another one. Equality is that of paths and bits. [`Display`](std::fmt::Display) shows the tree with
/// dtypes, shapes and sizes, as `flax.linen.tabulate` does.
///
/// ```
/// use mlpport_core::variables::Variables;
/// use ndarray::{array, Array2};
///
/// let mut variables = Variables::new();
/// variables.insert("params/Dense_0/bias", array![0.5_f32, -0.5])?;
/// variables.insert("params/Dense_0/kernel", Array2::<f32>::zeros((3, 2)))?;
///
/// let bias = variables.get("params/Dense_0/bias").map(|tensor| tensor.to_array::<f32>()).transpose()?;
/// assert_eq!(bias, Some(array![0.5, -0.5].into_dyn()));
/// assert_eq!(variables.parameter_count(), 8);
/// # Ok::<(), mlpport_core::Error>(())
/// ```
#[derive(Clone, Default, PartialEq)]
pub struct Variables {
    pub(super) entries: BTreeMap<Path, Entry>,
}

impl Variables {
    /// No variables.
    #[must_use]
    pub const fn new() -> Self {
        Self { entries: BTreeMap::new() }
    }

    /// The tensor at a path, written as [`Path`] explains; `None` where there is none, but a value or nothing.
    ///
    /// A numpy scalar is a tensor of no axes.
    #[must_use]
    pub fn get(&self, path: &str) -> Option<&Tensor> {
        self.get_path(&Path::parse(path))
    }

    /// The tensor at a path.
    #[must_use]
    pub fn get_path(&self, path: &Path) -> Option<&Tensor> {
        self.entry(path).and_then(Entry::as_tensor)
    }

    /// The tensor at a path, to be changed.
    #[must_use]
    pub fn get_mut(&mut self, path: &str) -> Option<&mut Tensor> {
        self.entries.get_mut(&Path::parse(path)).and_then(Entry::as_tensor_mut)
    }

    /// The entry at a path, be it a tensor or not.
    #[must_use]
    pub fn entry(&self, path: &Path) -> Option<&Entry> {
        self.entries.get(path)
    }

    /// Puts an entry at a path; the one that was there is replaced, as is an [`Entry::Empty`] above it.
    ///
    /// # Errors
    ///
    /// [`Error::Path`] where another entry stands above or below the path. Nothing is changed then.
    pub fn insert(&mut self, path: impl Into<Path>, entry: impl Into<Entry>) -> Result<()> {
        self.put(path.into(), entry.into())
    }

    /// Compiled here alone, and not in each crate that inserts.
    fn put(&mut self, path: Path, entry: Entry) -> Result<()> {
        if let Some((below, _)) = self.range(&path).find(|(below, _)| **below != path) {
            let expected = format!("no entries below {}", path.in_words());
            return Err(conflict(&path, expected, below, "an entry"));
        }
        let mut above = path.parent();
        while let Some(place) = above {
            match self.entries.get(&place) {
                Some(Entry::Empty) => {
                    self.entries.remove(&place);
                    break;
                }
                Some(entry) => {
                    let expected = format!("no entry above {}", path.in_words());
                    return Err(conflict(&path, expected, &place, &entry.to_string()));
                }
                None => above = place.parent(),
            }
        }
        // The whole tree is an empty dict when nothing is in it.
        if !(path.is_empty() && matches!(entry, Entry::Empty)) {
            self.entries.insert(path, entry);
        } else {
            self.entries.remove(&path);
        }
        Ok(())
    }

    /// [`Variables::insert`] for readers of trees, whose paths cannot be in each other's way.
    pub(crate) fn insert_unique(&mut self, path: Path, entry: Entry) {
        let replaced = self.entries.insert(path, entry);
        debug_assert!(replaced.is_none(), "two entries of one tree have the same path");
    }

    /// Takes the entry at a path out of the tree.
    pub fn remove(&mut self, path: &Path) -> Option<Entry> {
        self.entries.remove(path)
    }

    /// The tensors with their paths, in path order; a numpy scalar is a tensor of no axes.
    pub fn leaves(&self) -> impl Iterator<Item = (&Path, &Tensor)> {
        self.entries().filter_map(|(path, entry)| Some((path, entry.as_tensor()?)))
    }

    /// The path and the tensor at a path.
    pub(crate) fn leaf_entry(&self, path: &Path) -> Option<(&Path, &Tensor)> {
        let (path, entry) = self.entries.get_key_value(path)?;
        Some((path, entry.as_tensor()?))
    }

    /// The tensors at a path and below it, in path order.
    pub(crate) fn below(&self, front: &Path) -> impl Iterator<Item = (&Path, &Tensor)> {
        let entries = self.entries.range(front..).take_while(move |(path, _)| path.starts_with(front));
        entries.filter_map(|(path, entry)| Some((path, entry.as_tensor()?)))
    }

    /// All entries with their paths, in path order.
    pub fn entries(&self) -> impl ExactSizeIterator<Item = (&Path, &Entry)> + DoubleEndedIterator {
        self.entries.iter()
    }

    /// The entries that are no tensors, with their paths, in path order.
    pub fn values(&self) -> impl Iterator<Item = (&Path, &Value)> {
        self.entries().filter_map(|(path, entry)| match entry {
            Entry::Value(Value::Scalar(_)) | Entry::Tensor(_) | Entry::Empty => None,
            Entry::Value(value) => Some((path, value)),
        })
    }

    /// The first names of the paths, each once, in order: the collections of Linen variables.
    #[must_use]
    pub fn collections(&self) -> Vec<&str> {
        let mut names: Vec<&str> = self.entries.keys().filter_map(Path::first).collect();
        names.dedup();
        names
    }

    /// The number of entries, tensors or not.
    #[must_use]
    pub fn len(&self) -> usize {
        self.entries.len()
    }

    /// Whether there are no entries.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// The number of elements in all tensors.
    ///
    /// Statistics and the states of optimizers count as well; for the parameters alone, take
    /// [`select("params")`](Self::select) first.
    #[must_use]
    pub fn parameter_count(&self) -> usize {
        self.leaves().map(|(_, tensor)| tensor.len()).sum()
    }

    /// The size of all tensors in bytes.
    #[must_use]
    pub fn size_in_bytes(&self) -> usize {
        self.leaves().map(|(_, tensor)| tensor.size_in_bytes()).sum()
    }

    /// The same tree with every float tensor, of whatever width, converted to `dtype`; see [`Tensor::cast`].
    ///
    /// Integers, bools and complex numbers stay as they are, as do tensors that have the dtype already. A Python float
    /// has no dtype and stays, too.
    ///
    /// ```
    /// use mlpport_core::tensor::DType;
    /// use mlpport_core::variables::Variables;
    /// use ndarray::array;
    ///
    /// let mut variables = Variables::new();
    /// variables.insert("params/bias", array![0.5_f64])?;
    /// variables.insert("state/count", array![1_i32])?;
    /// let variables = variables.cast(DType::F32);
    /// assert_eq!(variables.get("params/bias").map(|bias| bias.dtype()), Some(DType::F32));
    /// assert_eq!(variables.get("state/count").map(|count| count.dtype()), Some(DType::I32));
    /// # Ok::<(), mlpport_core::Error>(())
    /// ```
    #[must_use]
    pub fn cast(mut self, dtype: DType) -> Self {
        for tensor in self.entries.values_mut().filter_map(Entry::as_tensor_mut) {
            if tensor.dtype().is_float() && tensor.dtype() != dtype {
                *tensor = tensor.cast(dtype);
            }
        }
        self
    }

    /// Paths of this tree that are spelled nearly like `path`, the nearest first, at most `count` of them.
    ///
    /// They are paths of entries and of subtrees. Nothing is returned that is not really near: a slip in a name, another
    /// number, a collection too many or too few.
    #[must_use]
    pub fn nearest(&self, path: &str, count: usize) -> Vec<String> {
        super::nearest::nearest(self, &Path::parse(path), count)
    }

    /// The entries at `path` and below it, in order.
    pub(super) fn range(&self, path: &Path) -> impl Iterator<Item = (&Path, &Entry)> {
        let start = (Bound::Included(path), Bound::Unbounded);
        let path = path.clone();
        self.entries.range(start).take_while(move |(found, _)| found.starts_with(&path))
    }
}

fn conflict(path: &Path, expected: String, place: &Path, found: &str) -> Error {
    let found = format!("{found} at {}", place.in_words());
    Error::Path { path: path.in_words(), expected, found, nearest: Vec::new() }
}

/// The entries with their paths, in path order.
impl IntoIterator for Variables {
    type Item = (Path, Entry);
    type IntoIter = btree_map::IntoIter<Path, Entry>;

    fn into_iter(self) -> Self::IntoIter {
        self.entries.into_iter()
    }
}

/// The entries with their paths, in path order.
impl<'a> IntoIterator for &'a Variables {
    type Item = (&'a Path, &'a Entry);
    type IntoIter = btree_map::Iter<'a, Path, Entry>;

    fn into_iter(self) -> Self::IntoIter {
        self.entries.iter()
    }
}
