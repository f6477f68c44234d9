//! Parts of a tree, put elsewhere, and trees put together.

use super::{Entry, Path, Variables};
use crate::error::{Error, Result};

/// Names that an error lists.
const LISTED: usize = 8;

impl Variables {
    /// What stands at `path`, as the one collection under the last name of `path`; the rest is dropped.
    ///
    /// So are the variables taken out of a larger checkpoint: from a `TrainState` with the root `step`, `params`,
    /// `opt_state`, `select("params")` leaves `{"params": …}`, and `select("params/params")` undoes a doubled level. To keep
    /// the rest, clone the tree first. At the root this is the whole tree.
    ///
    /// ```
    /// use mlpport_core::variables::Variables;
    /// use ndarray::array;
    ///
    /// let mut checkpoint = Variables::new();
    /// checkpoint.insert("state/params/Dense_0/bias", array![0.5_f32])?;
    /// checkpoint.insert("state/step", array![1000])?;
    /// let variables = checkpoint.select("state/params")?;
    /// assert_eq!(variables.len(), 1);
    /// assert!(variables.get("params/Dense_0/bias").is_some());
    /// # Ok::<(), mlpport_core::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// [`Error::Path`] where nothing stands at `path`, with the paths that are spelled nearly so.
    pub fn select(self, path: impl Into<Path>) -> Result<Self> {
        let path = path.into();
        let name: Path = path.last().into_iter().collect();
        self.moved(&path, &name)
    }

    /// What stands at `path`, as a tree of its own; the rest is dropped.
    ///
    /// # Errors
    ///
    /// [`Error::Path`] where nothing stands at `path`, with the paths that are spelled nearly so.
    pub fn subtree(self, path: impl Into<Path>) -> Result<Self> {
        self.moved(&path.into(), &Path::root())
    }

    /// The whole tree, put below `path`: `nest("params")` makes variables of bare parameters.
    #[must_use]
    pub fn nest(self, path: impl Into<Path>) -> Self {
        let path = path.into();
        if self.is_empty() && !path.is_empty() {
            return Self { entries: [(path, Entry::Empty)].into() };
        }
        Self { entries: self.into_iter().map(|(below, entry)| (path.concat(&below), entry)).collect() }
    }

    /// Adds all entries of another tree.
    ///
    /// # Errors
    ///
    /// [`Error::Path`] where both trees have an entry at a path, or one of them has one above an entry of the other; an
    /// [`Entry::Empty`] gives way. This tree is unchanged then.
    pub fn merge(&mut self, other: Self) -> Result<()> {
        for (path, entry) in &other {
            self.check_merge(path, entry)?;
        }
        for (path, entry) in other {
            if matches!(entry, Entry::Empty) && self.range(&path).next().is_some() {
                continue;
            }
            self.insert(path, entry)?;
        }
        Ok(())
    }

    fn check_merge(&self, path: &Path, entry: &Entry) -> Result<()> {
        let is_empty = |entry: &Entry| matches!(entry, Entry::Empty);
        let below = self.range(path).find(|(place, found)| !is_empty(entry) && (*place != path || !is_empty(found)));
        let above = std::iter::successors(Some(path.clone()), Path::parent)
            .filter_map(|place| self.entries.get_key_value(&place))
            .find(|(_, found)| !is_empty(found));
        match below.or(above) {
            None => Ok(()),
            Some((place, found)) => Err(Error::Path {
                path: path.in_words(),
                expected: "no other entry there, above or below".to_owned(),
                found: format!("{found} at {}", place.in_words()),
                nearest: Vec::new(),
            }),
        }
    }

    /// Everything at `from` and below, put to `to`.
    fn moved(self, from: &Path, to: &Path) -> Result<Self> {
        // At the root even no entries at all are a tree.
        if !from.is_empty() && self.range(from).next().is_none() {
            return Err(self.missing(from));
        }
        let mut moved = Self::new();
        for (path, entry) in self {
            if let Some(below) = path.strip_prefix(from) {
                moved.insert(to.concat(&below), entry)?;
            }
        }
        Ok(moved)
    }

    fn missing(&self, path: &Path) -> Error {
        let names: Vec<String> = self.collections().iter().map(|name| Path::from([*name]).to_string()).collect();
        let found = match names.get(..LISTED).unwrap_or(&names) {
            [] => "no entries at all".to_owned(),
            listed if listed.len() < names.len() => format!("nothing; the root holds {}, …", listed.join(", ")),
            listed => format!("nothing; the root holds {}", listed.join(", ")),
        };
        let nearest = self.nearest(&path.to_string(), 3);
        Error::Path { path: path.in_words(), expected: "a subtree or an entry".to_owned(), found, nearest }
    }
}
