//! The port along a mapping, for models that are known only when it runs.

use super::Mapping;
use super::claims::Claims;
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
    let mut plan =
        Plan { linen, nnx, from: Claims::new("Linen", linen), to: Claims::new("NNX", nnx), moves: Vec::new() };
    let mut problems = Vec::new();
    for (from, to) in mapping.pairs() {
        problems.extend(plan.pair(from, to));
    }
    for from in mapping.ignored() {
        let leaves = linen_leaves(linen, from).into_iter().map(|(path, ..)| path);
        problems.extend(plan.from.claim(from, &format!("ignore {from}"), leaves));
    }
    for to in mapping.kept() {
        let leaves = nnx.below(to).map(|(path, _)| path);
        problems.extend(plan.to.claim(to, &format!("keep {to}"), leaves));
    }
    problems.extend(plan.from.unclaimed());
    problems.extend(plan.to.unclaimed());
    if !problems.is_empty() {
        return Err(PortError { problems }.into());
    }
    for (to, tensor) in plan.moves {
        nnx.insert(to, tensor)?;
    }
    Ok(())
}

/// What a mapping says of each leaf of the two sides.
struct Plan<'a> {
    linen: &'a Variables,
    nnx: &'a Variables,
    from: Claims<'a>,
    to: Claims<'a>,
    moves: Vec<(Path, Tensor)>,
}

impl Plan<'_> {
    /// What is wrong with a pair.
    fn pair(&mut self, from: &Path, to: &Path) -> Vec<PortProblem> {
        let label = format!("{from} -> {to}");
        let sources = linen_leaves(self.linen, from);
        let mut problems = self.from.claim(from, &label, sources.iter().map(|(path, ..)| *path));
        if self.nnx.below(to).next().is_none() {
            problems.push(self.to.unknown(to));
            return problems;
        }
        if sources.is_empty() {
            self.to.excuse(to);
            return problems;
        }
        let mut targets = Vec::new();
        for (path, rest, tensor) in sources {
            let target = to.concat(&rest);
            match self.nnx.leaf_entry(&target) {
                Some((target, found)) => {
                    problems.extend(differs(path, tensor, target, found));
                    targets.push(target);
                    self.moves.push((target.clone(), tensor.clone()));
                }
                None if self.nnx.below(&target).next().is_some() => {
                    self.to.excuse(&target);
                    problems.push(PortProblem::NotALeaf { from: path.to_string(), to: target.to_string() });
                }
                None => problems.push(self.to.unknown_leaf(&target)),
            }
        }
        // Where leaves of the Linen side are mapped twice, that the NNX side's are too is no news.
        let twice = problems.iter().any(|problem| matches!(problem, PortProblem::Twice { .. }));
        let claimed = self.to.claim(to, &label, targets);
        problems.extend(claimed.into_iter().filter(|problem| !twice && matches!(problem, PortProblem::Twice { .. })));
        problems
    }
}

/// How a leaf differs from the one that it goes to.
fn differs(path: &Path, tensor: &Tensor, target: &Path, found: &Tensor) -> Option<PortProblem> {
    let (from, to, leaf) = (path.to_string(), target.to_string(), target.last().unwrap_or("").to_owned());
    if tensor.shape() != found.shape() {
        let (expected, found) = (Shape::from(found.shape()), Shape::from(tensor.shape()));
        return Some(PortProblem::Shape { from, to, leaf, expected, found });
    }
    let (expected, found) = (found.dtype(), tensor.dtype());
    (expected != found).then_some(PortProblem::DType { from, to, leaf, expected, found })
}

/// The leaves that a Linen path names, and their names below it: those of that submodule in each collection, or, where
/// there is none, those at the path as a whole. The root is the whole tree, and variables without `params` there have no
/// collections.
fn linen_leaves<'a>(linen: &'a Variables, from: &Path) -> Vec<(&'a Path, Path, &'a Tensor)> {
    let under = |front: &Path| -> Vec<(&'a Path, Path, &'a Tensor)> {
        linen.below(front).filter_map(|(path, tensor)| Some((path, path.strip_prefix(front)?, tensor))).collect()
    };
    let collections = linen.collections();
    if from.is_empty() || !collections.contains(&"params") {
        return under(from);
    }
    let in_each = collections.into_iter().flat_map(|name| under(&Path::from_names([name]).concat(from)));
    let in_each: Vec<_> = in_each.collect();
    if in_each.is_empty() { under(from) } else { in_each }
}
