//! Which leaves of one side a mapping covers.

use std::cell::Cell;
use std::collections::{HashMap, HashSet};

use crate::error::PortProblem;
use crate::variables::{Path, Variables};

/// Looking for names that are spelled alike takes a walk through all leaves; a long list of typos gets it for its first ones.
const SUGGESTED: usize = 16;

/// The leaves of one side, and the pair, `ignore` or `keep` that covers each.
pub(super) struct Claims<'a> {
    side: &'static str,
    variables: &'a Variables,
    /// Leaf → index of a label.
    claimed: HashMap<&'a Path, usize>,
    labels: Vec<String>,
    excused: Vec<Path>,
    unknown: Cell<usize>,
}

impl<'a> Claims<'a> {
    pub(super) fn new(side: &'static str, variables: &'a Variables) -> Self {
        Self {
            side,
            variables,
            claimed: HashMap::new(),
            labels: Vec::new(),
            excused: Vec::new(),
            unknown: Cell::new(0),
        }
    }

    /// Covers the leaves that `path` means on this side, and says what is wrong with that.
    pub(super) fn claim(
        &mut self,
        path: &Path,
        label: &str,
        leaves: impl IntoIterator<Item = &'a Path>,
    ) -> Vec<PortProblem> {
        let index = self.labels.len();
        self.labels.push(label.to_owned());
        let mut found = false;
        let mut overlaps: Vec<(usize, &Path)> = Vec::new();
        for leaf in leaves {
            found = true;
            let before = self.claimed.insert(leaf, index);
            if let Some(first) = before.filter(|first| overlaps.iter().all(|(known, _)| known != first)) {
                overlaps.push((first, leaf));
            }
        }
        if !found {
            return vec![self.unknown(path)];
        }
        let twice = overlaps.into_iter().map(|(first, leaf)| PortProblem::Twice {
            side: self.side,
            path: leaf.to_string(),
            first: self.labels[first].clone(),
            second: label.to_owned(),
        });
        twice.collect()
    }

    /// Says nothing of the leaves below a path, for which something else was reported already.
    pub(super) fn excuse(&mut self, path: &Path) {
        self.excused.push(path.clone());
    }

    /// A path that names no leaf.
    pub(super) fn unknown(&self, path: &Path) -> PortProblem {
        let text = if path.is_empty() { "(root)".to_owned() } else { path.to_string() };
        if let Some(entry) = self.variables.entry(path) {
            return PortProblem::NoArray { side: self.side, path: text, found: entry.to_string() };
        }
        let mut nearest = Vec::new();
        if self.unknown.replace(self.unknown.get() + 1) < SUGGESTED {
            // A Linen path may leave out its collection, and so does what is spelled like it.
            for collection in self.variables.collections().into_iter().filter(|_| self.side == "Linen") {
                let front = Path::from_names([collection]);
                let longer = self.variables.nearest(&front.concat(path).to_string(), 3);
                let shorter = longer.iter().filter_map(|path| Path::parse(path).strip_prefix(&front));
                nearest.extend(shorter.filter(|path| !path.is_empty()).map(|path| path.to_string()));
            }
            nearest.extend(self.variables.nearest(&path.to_string(), 3));
            let mut seen = HashSet::from([text.clone()]);
            nearest.retain(|near| seen.insert(near.clone()));
            nearest.truncate(3);
        }
        PortProblem::Unknown { side: self.side, path: text, nearest }
    }

    /// A path that must be a leaf, and is none.
    pub(super) fn unknown_leaf(&self, path: &Path) -> PortProblem {
        let mut problem = self.unknown(path);
        if let PortProblem::Unknown { nearest, .. } = &mut problem {
            nearest.retain(|near| self.variables.get(near).is_some());
        }
        problem
    }

    /// The leaves that nothing covers.
    pub(super) fn unclaimed(&self) -> Vec<PortProblem> {
        let excused = |path: &Path| self.excused.iter().any(|front| path.starts_with(front));
        let leaves = self.variables.leaves().filter(|(path, _)| !self.claimed.contains_key(path) && !excused(path));
        leaves.map(|(path, _)| PortProblem::Unused { side: self.side, path: path.to_string() }).collect()
    }
}
