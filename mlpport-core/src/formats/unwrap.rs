//! What stands around the variables in a checkpoint, and how it is taken off.

use std::collections::HashSet;
use std::fmt;

use super::index::{Index, Slot};
use crate::variables::Path;

/// What a checkpoint holds around its variables, and what of it [`Checkpoint::variables`](super::Checkpoint::variables)
/// leaves out.
///
/// These rules are looked at in this order, each once, on what those before it have left:
///
/// 1. **Train state**: where the root has `params` and beside it `step` or `opt_state`, what is not below a collection is
///    left out: `step`, `opt_state`, and every other leaf at the root. So do `flax.training.train_state.TrainState` and its
///    subclasses, and Orbax checkpoints of them. Where the root has no `params` but `target`, or `opt` with `target` in it,
///    what is below that is kept, and the rest is left out.
/// 2. **Params in params**: where all below `params` is below `params/params` and other collections of the same level, the
///    outer `params` is taken off: a train state whose `params` are all variables.
/// 3. **Boxes**: where a name has the one entry `value` below it, an array, the array takes its place: `nn.Partitioned`
///    and `nnx.Variable`. That is so only where each array of the same collection, or of a root without `params`, stands
///    in such a box, or where the name is one that Flax gives to parameters, such as `kernel`: a raw parameter may be called
///    `value`.
/// 4. **Streams of keys**: `rngs` of NNX, with nothing but `key` and `count` in its streams, is left out: no model here
///    draws keys when it runs.
///
/// Its [`Display`](fmt::Display) says which of them applied, and which paths are left out.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Layout {
    wrappers: Vec<Wrapper>,
    kept: Vec<(Path, Path)>,
    left_out: Vec<Path>,
}

/// One thing that stands around variables.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Wrapper {
    /// A train state, whose step and optimizer are left out.
    TrainState,
    /// Variables below this path, beside other things.
    Target(Path),
    /// Variables as the parameters of a train state.
    ParamsInParams,
    /// Arrays in boxes: `kernel/value` for `kernel`. So many.
    Boxes(usize),
    /// The streams of keys of an NNX model.
    Rngs,
}

impl Layout {
    /// What was found around the variables, in the order in which it was taken off.
    #[must_use]
    pub fn wrappers(&self) -> &[Wrapper] {
        &self.wrappers
    }

    /// The paths of the raw tree that the variables leave out.
    #[must_use]
    pub fn left_out(&self) -> &[Path] {
        &self.left_out
    }

    /// Each path of the raw tree that the variables keep, with the one that it has there.
    pub(super) fn kept(&self) -> &[(Path, Path)] {
        &self.kept
    }
}

impl fmt::Display for Wrapper {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::TrainState => f.write_str("a train state"),
            Self::Target(path) => write!(f, "variables below `{path}`"),
            Self::ParamsInParams => f.write_str("all variables as `params`"),
            Self::Boxes(1) => f.write_str("1 array in a box, `…/value`"),
            Self::Boxes(count) => write!(f, "{count} arrays in boxes, `…/value`"),
            Self::Rngs => f.write_str("streams of keys"),
        }
    }
}

/// Paths that are shown of those that are left out.
const SHOWN: usize = 8;

impl fmt::Display for Layout {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.wrappers.is_empty() {
            f.write_str("variables alone")?;
        }
        for (index, wrapper) in self.wrappers.iter().enumerate() {
            write!(f, "{}{wrapper}", if index == 0 { "" } else { ", " })?;
        }
        if self.left_out.is_empty() {
            return Ok(());
        }
        f.write_str("; left out:")?;
        for path in self.left_out.iter().take(SHOWN) {
            write!(f, " {}", path.in_words())?;
        }
        match self.left_out.len().saturating_sub(SHOWN) {
            0 => Ok(()),
            more => write!(f, " and {more} more"),
        }
    }
}

/// Names that Flax gives to parameters and statistics, never to modules.
const PARAMETERS: &[&str] =
    &["kernel", "bias", "scale", "embedding", "mean", "var", "negative_slope", "lora_a", "lora_b"];

/// Takes off what stands around the variables in `index`.
pub(super) fn unwrap(index: &Index<'_>) -> Layout {
    let all = index.entries().map(|(path, slot)| (path.clone(), path.clone(), is_array(slot)));
    let mut tree = Tree { entries: all.collect(), layout: Layout::default() };
    tree.take_train_state();
    tree.take_params_in_params();
    tree.take_boxes();
    tree.take_rngs();
    let Tree { entries, mut layout } = tree;
    layout.kept = entries.into_iter().map(|(raw, path, _)| (raw, path)).collect();
    layout.left_out.sort_unstable();
    layout
}

fn is_array(slot: &Slot<'_>) -> bool {
    match slot {
        Slot::Array(_) => true,
        Slot::Entry(entry) => entry.as_tensor().is_some(),
    }
}

/// Entries with their raw and their present path, and whether they are arrays.
struct Tree {
    entries: Vec<(Path, Path, bool)>,
    layout: Layout,
}

impl Tree {
    fn has_below(&self, front: &Path) -> bool {
        self.entries.iter().any(|(_, path, _)| path.len() > front.len() && path.starts_with(front))
    }

    fn has(&self, front: &Path) -> bool {
        self.entries.iter().any(|(_, path, _)| path.starts_with(front))
    }

    /// Leaves out what `keep` does not take.
    fn retain(&mut self, keep: impl Fn(&Path) -> bool) {
        let left_out = &mut self.layout.left_out;
        self.entries.retain(|(raw, path, _)| {
            let kept = keep(path);
            if !kept {
                left_out.push(raw.clone());
            }
            kept
        });
    }

    fn take_train_state(&mut self) {
        let name = |name| Path::from_names([name]);
        let (params, step, optimizer) = (name("params"), name("step"), name("opt_state"));
        if self.has_below(&params) {
            if self.has(&step) || self.has(&optimizer) {
                self.retain(|path| path.len() > 1 && !path.starts_with(&optimizer) && !path.starts_with(&step));
                self.layout.wrappers.push(Wrapper::TrainState);
            }
            return;
        }
        for target in [name("target"), Path::from_names(["opt", "target"])] {
            if self.has_below(&target) {
                self.retain(|path| path.starts_with(&target));
                for (_, path, _) in &mut self.entries {
                    *path = path.strip_prefix(&target).unwrap_or_default();
                }
                self.layout.wrappers.push(Wrapper::Target(target));
                return;
            }
        }
    }

    fn take_params_in_params(&mut self) {
        let params = Path::from_names(["params"]);
        let inner = params.join("params");
        let below: Vec<Path> = self.entries.iter().filter_map(|(_, path, _)| path.strip_prefix(&params)).collect();
        if !self.has_below(&inner) || below.iter().any(|path| path.len() < 2) {
            return;
        }
        let inner: HashSet<&str> = below.iter().filter_map(Path::first).collect();
        let mut outer = self.entries.iter().filter_map(|(_, path, _)| path.first().filter(|name| *name != "params"));
        if outer.any(|name| inner.contains(name)) {
            return;
        }
        for (_, path, _) in &mut self.entries {
            if let Some(inner) = path.strip_prefix(&params) {
                *path = inner;
            }
        }
        self.entries.sort_unstable_by(|(_, a, _), (_, b, _)| a.cmp(b));
        self.layout.wrappers.push(Wrapper::ParamsInParams);
    }

    fn take_boxes(&mut self) {
        let has_params = self.has_below(&Path::from_names(["params"]));
        let group = |path: &Path| if has_params { path.first().map(str::to_owned) } else { None };
        // A box has one entry, so that its neighbours in path order stand elsewhere.
        let boxed: Vec<bool> = (0..self.entries.len()).map(|place| self.is_box(place)).collect();
        let with_others: HashSet<Option<String>> = self
            .entries
            .iter()
            .zip(&boxed)
            .filter(|((_, _, is_array), boxed)| *is_array && !**boxed)
            .map(|((_, path, _), _)| group(path))
            .collect();
        let mut count = 0;
        for ((_, path, _), boxed) in self.entries.iter_mut().zip(boxed) {
            let Some(parent) = path.parent().filter(|_| boxed) else { continue };
            let is_parameter = parent.last().is_some_and(|name| PARAMETERS.contains(&name));
            if is_parameter || !with_others.contains(&group(path)) {
                *path = parent;
                count += 1;
            }
        }
        if count > 0 {
            self.layout.wrappers.push(Wrapper::Boxes(count));
        }
    }

    fn is_box(&self, place: usize) -> bool {
        let Some((_, path, true)) = self.entries.get(place) else { return false };
        let Some(parent) = path.parent().filter(|parent| !parent.is_empty()) else { return false };
        let beside = |place: Option<usize>| {
            place.and_then(|place| self.entries.get(place)).is_some_and(|(_, path, _)| path.starts_with(&parent))
        };
        path.last() == Some("value") && !beside(place.checked_sub(1)) && !beside(place.checked_add(1))
    }

    fn take_rngs(&mut self) {
        let before = self.entries.len();
        let is_stream = |path: &Path| matches!(path.last(), Some("key" | "count"));
        let of_rngs = |path: &Path| {
            let length = path.names().position(|name| name == "rngs")?;
            Some(Path::from_names(path.names().take(length + 1)))
        };
        let mut others: HashSet<Path> = HashSet::new();
        for (_, path, _) in &self.entries {
            if let Some(place) = of_rngs(path).filter(|_| !is_stream(path)) {
                others.insert(place);
            }
        }
        self.retain(|path| of_rngs(path).is_none_or(|place| others.contains(&place)));
        if self.entries.len() < before {
            self.layout.wrappers.push(Wrapper::Rngs);
        }
    }
}
