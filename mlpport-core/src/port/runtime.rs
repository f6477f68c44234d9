//! The port along a mapping, for models that are known only when it runs.

use std::collections::BTreeMap;

use super::Mapping;
use crate::error::{PortError, PortProblem, Result};
use crate::tensor::{Shape, Tensor};
use crate::variables::{Path, Variables};

/// Copies the leaves of `linen` into `nnx` along `mapping`: all of them, or none.
///
/// Each pair moves the leaf, or every leaf below the submodule, that its Linen path names. Every Linen leaf must be
/// mapped or [ignored](Mapping::ignore), every NNX leaf mapped or [kept](Mapping::keep); shapes and dtypes must be equal.
///
/// # Errors
///
/// [`Error::Port`](crate::Error::Port) lists everything that does not fit: paths that are not there (with the nearest
/// names), shapes and dtypes that differ, leaves that are mapped twice or never. `nnx` is then as it was.
///
/// ```
/// use mlpport_core::port::{Mapping, port};
/// use mlpport_core::tensor::Tensor;
/// use mlpport_core::variables::Variables;
/// use ndarray::array;
///
/// let mut linen = Variables::new();
/// linen.insert("params/Dense_0/bias", Tensor::from_array(array![1.0_f32, 2.0]))?;
/// let mut nnx = Variables::new();
/// nnx.insert("fc1/bias", Tensor::from_array(array![0.0_f32, 0.0]))?;
///
/// port(&linen, &mut nnx, &Mapping::from_pairs([("Dense_0", "fc1")]))?;
/// assert_eq!(nnx.get("fc1/bias"), linen.get("params/Dense_0/bias"));
/// # Ok::<(), mlpport_core::Error>(())
/// ```
pub fn port(linen: &Variables, nnx: &mut Variables, mapping: &Mapping) -> Result<()> {
    let mut plan = Plan::default();
    for (from, to) in mapping.pairs() {
        plan.pair(linen, nnx, from, to);
    }
    for from in mapping.ignored() {
        plan.leave(linen, from);
    }
    for to in mapping.kept() {
        plan.keep(nnx, to);
    }
    plan.finish(linen, nnx)?;
    for (_, (_, to, tensor)) in plan.taken {
        nnx.insert(to, tensor)?;
    }
    Ok(())
}

/// What a mapping says of each leaf.
#[derive(Default)]
struct Plan {
    /// Linen leaf → the pair that covers it, the NNX leaf that it goes to, and what is to be written there.
    taken: BTreeMap<Path, (String, Path, Tensor)>,
    /// NNX leaf → the pair that covers it.
    given: BTreeMap<Path, String>,
    left: Vec<Path>,
    kept: Vec<Path>,
    problems: Vec<PortProblem>,
}

impl Plan {
    fn pair(&mut self, linen: &Variables, nnx: &Variables, from: &Path, to: &Path) {
        let sources = below(linen, from);
        if sources.is_empty() {
            self.unknown("Linen", linen, from);
        }
        if !nnx.leaves().any(|(path, _)| path.starts_with(to)) {
            self.unknown("NNX", nnx, to);
            return;
        }
        let pair = format!("{from} -> {to}");
        for (path, rest, tensor) in sources {
            let target = to.concat(&rest);
            match nnx.get_path(&target) {
                Some(found) => self.leaf(&pair, path, tensor, target, found),
                None => self.unknown("NNX", nnx, &target),
            }
        }
    }

    fn leaf(&mut self, pair: &str, path: Path, tensor: &Tensor, target: Path, found: &Tensor) {
        let (from, to, leaf) = (path.to_string(), target.to_string(), target.last().unwrap_or("").to_owned());
        if tensor.shape() != found.shape() {
            let (expected, found) = (Shape::from(found.shape()), Shape::from(tensor.shape()));
            self.problems.push(PortProblem::Shape { from, to, leaf, expected, found });
        } else if tensor.dtype() != found.dtype() {
            let (expected, found) = (found.dtype(), tensor.dtype());
            self.problems.push(PortProblem::DType { from, to, leaf, expected, found });
        }
        if let Some(first) = self.given.insert(target.clone(), pair.to_owned()) {
            self.twice("NNX", &target, first, pair);
        }
        if let Some((first, ..)) = self.taken.insert(path.clone(), (pair.to_owned(), target, tensor.clone())) {
            self.twice("Linen", &path, first, pair);
        }
    }

    fn leave(&mut self, linen: &Variables, from: &Path) {
        let sources = below(linen, from);
        if sources.is_empty() {
            self.unknown("Linen", linen, from);
        }
        for (path, ..) in sources {
            if let Some((first, ..)) = self.taken.get(&path) {
                let first = first.clone();
                self.twice("Linen", &path, first, &format!("ignore {from}"));
            }
            self.left.push(path);
        }
    }

    fn keep(&mut self, nnx: &Variables, to: &Path) {
        let targets: Vec<Path> =
            nnx.leaves().map(|(path, _)| path).filter(|path| path.starts_with(to)).cloned().collect();
        if targets.is_empty() {
            self.unknown("NNX", nnx, to);
        }
        for path in targets {
            if let Some(first) = self.given.get(&path) {
                let first = first.clone();
                self.twice("NNX", &path, first, &format!("keep {to}"));
            }
            self.kept.push(path);
        }
    }

    /// All the problems, with the leaves that no pair covers.
    fn finish(&mut self, linen: &Variables, nnx: &Variables) -> Result<()> {
        for (path, _) in linen.leaves() {
            if !self.taken.contains_key(path) && !self.left.contains(path) {
                self.problems.push(PortProblem::Unused { side: "Linen", path: path.to_string() });
            }
        }
        for (path, _) in nnx.leaves() {
            if !self.given.contains_key(path) && !self.kept.contains(path) {
                self.problems.push(PortProblem::Unused { side: "NNX", path: path.to_string() });
            }
        }
        match std::mem::take(&mut self.problems) {
            problems if problems.is_empty() => Ok(()),
            problems => Err(PortError { problems }.into()),
        }
    }

    fn unknown(&mut self, side: &'static str, variables: &Variables, path: &Path) {
        let nearest = variables.nearest(&path.to_string(), 3);
        self.problems.push(PortProblem::Unknown { side, path: path.to_string(), nearest });
    }

    fn twice(&mut self, side: &'static str, path: &Path, first: String, second: &str) {
        self.problems.push(PortProblem::Twice { side, path: path.to_string(), first, second: second.to_owned() });
    }
}

/// The leaves that a Linen path names, and their names below it: those of that submodule in each collection, or, where
/// there are none, those at the path as a whole.
fn below<'a>(linen: &'a Variables, from: &Path) -> Vec<(Path, Path, &'a Tensor)> {
    let under = |front: &Path| -> Vec<(Path, Path, &'a Tensor)> {
        linen.leaves().filter_map(|(path, tensor)| Some((path.clone(), path.strip_prefix(front)?, tensor))).collect()
    };
    let collections = linen.collections();
    let found: Vec<_> = collections.iter().flat_map(|name| under(&Path::from_names([name]).concat(from))).collect();
    if found.is_empty() { under(from) } else { found }
}
