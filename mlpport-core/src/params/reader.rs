//! From leaves to a model: one walk through the types of a model that asks for each leaf once.

use ndarray::{Array, ArrayD, Dimension};

use super::{Side, State};
use crate::error::{Error, LeafError, LeavesError, Result};
use crate::tensor::{DType, DYN, Shape, Tensor};
use crate::variables::{Entry, Path, Value, Variables};

/// Hands out the leaves of a model at one place of the tree.
pub struct Reader<'a> {
    leaves: &'a mut dyn Leaves,
    place: Path,
    side: Side,
}

/// Where the leaves of a model come from.
pub(super) trait Leaves {
    /// A submodule is about to ask for its leaves.
    fn enter(&mut self, place: &Path, class: &'static str);

    /// The leaf at `path`, which is called `name` in the submodule at `place`; `None` where there is none that fits.
    fn take(&mut self, place: &Path, name: &str, path: Path, expected: &[usize]) -> Option<ArrayD<f32>>;
}

impl Reader<'_> {
    /// The whole model out of `variables`.
    pub(crate) fn read<T: State>(mut variables: Variables, side: Side) -> Result<T> {
        let mut errors = Vec::new();
        let has_params = variables.collections().contains(&"params");
        let model = Self::walk(&mut Checkpoint { variables: &mut variables, errors: &mut errors }, side);
        if errors.is_empty() && variables.entries().all(|(_, entry)| is_nothing(entry)) {
            Ok(model)
        } else {
            Err(report::<T>(errors, &variables, side, has_params))
        }
    }

    /// A model out of what a model of the same type has written.
    pub(super) fn read_back<T: State>(mut variables: Variables, side: Side) -> T {
        let mut errors = Vec::new();
        let model = Self::walk(&mut Checkpoint { variables: &mut variables, errors: &mut errors }, side);
        debug_assert!(errors.is_empty(), "a layer does not read what it writes: {errors:?}");
        model
    }

    /// A model whose arrays have no elements.
    pub(super) fn without_leaves<T: State>() -> T {
        Self::walk(&mut Nothing, Side::Nnx)
    }

    /// What `T` asks for, from anywhere.
    pub(super) fn walk<T: State>(leaves: &mut dyn Leaves, side: Side) -> T {
        T::read(&mut Reader { leaves, place: Path::root(), side })
    }

    /// What stands under `name` below this place.
    pub fn submodule<T: State>(&mut self, name: &str) -> T {
        self.at(self.place.join(name))
    }

    /// What stands at `index` of the list `name` below this place, as NNX keeps lists: `layers/0`.
    pub fn element<T: State>(&mut self, name: &str, index: usize) -> T {
        self.at(self.place.join(name).join(&index.to_string()))
    }

    fn at<T: State>(&mut self, place: Path) -> T {
        self.leaves.enter(&place, T::CLASS);
        T::read(&mut Reader { leaves: self.leaves, place, side: self.side })
    }

    /// The leaf `name` of `collection` at this place, which must have the shape `expected`, where [`DYN`] allows any size.
    ///
    /// On the NNX side there are no collections, and the leaf stands directly at this place. Where it does not fit, the
    /// array has no elements.
    pub fn leaf<D: Dimension>(&mut self, collection: &str, name: &str, expected: &[usize]) -> Array<f32, D> {
        self.fitting_leaf(collection, name, expected).unwrap_or_else(|| Array::zeros(D::zeros(expected.len())))
    }

    /// The same, or `None` where it does not fit.
    pub(crate) fn fitting_leaf<D: Dimension>(
        &mut self,
        collection: &str,
        name: &str,
        expected: &[usize],
    ) -> Option<Array<f32, D>> {
        let path = self.side.path(collection, &self.place).join(name);
        self.leaves.take(&self.place, name, path, expected)?.into_dimensionality().ok()
    }

    /// The leaf that this place itself is, for a raw parameter.
    pub fn own_leaf<D: Dimension>(&mut self, collection: &str, expected: &[usize]) -> Array<f32, D> {
        let path = self.side.path(collection, &self.place);
        let array = self.leaves.take(&self.place, "", path, expected);
        let array = array.and_then(|array| array.into_dimensionality().ok());
        array.unwrap_or_else(|| Array::zeros(D::zeros(expected.len())))
    }
}

/// Takes leaves out of variables, and keeps all that is wrong for one report.
struct Checkpoint<'a> {
    variables: &'a mut Variables,
    errors: &'a mut Vec<LeafError>,
}

impl Leaves for Checkpoint<'_> {
    fn enter(&mut self, _: &Path, _: &'static str) {}

    fn take(&mut self, _: &Path, _: &str, path: Path, expected: &[usize]) -> Option<ArrayD<f32>> {
        let entry = self.variables.remove(&path).filter(|entry| !is_nothing(entry));
        fitting(entry, &path, expected).map_err(|error| self.errors.push(error)).ok()
    }
}

/// Has no leaf.
struct Nothing;

impl Leaves for Nothing {
    fn enter(&mut self, _: &Path, _: &'static str) {}

    fn take(&mut self, _: &Path, _: &str, _: Path, _: &[usize]) -> Option<ArrayD<f32>> {
        None
    }
}

/// The array of an entry that fits, or what is wrong with it.
fn fitting(entry: Option<Entry>, path: &Path, expected: &[usize]) -> Result<ArrayD<f32>, LeafError> {
    let shape = Shape::from(expected);
    let path = path.to_string();
    let tensor: Tensor = match entry.map(Entry::into_tensor) {
        Some(Ok(tensor)) => tensor,
        Some(Err(entry)) => return Err(LeafError::NoArray { path, expected: shape, found: entry.to_string() }),
        None => return Err(LeafError::Missing { path, expected: shape, nearest: Vec::new() }),
    };
    if !fits(tensor.shape(), expected) {
        return Err(LeafError::Shape { path, expected: shape, found: Shape::from(tensor.shape()) });
    }
    let wrong = |tensor: Tensor| LeafError::DType { path, expected: DType::F32, found: tensor.dtype() };
    tensor.widen_to_f32().map_err(wrong)
}

pub(super) fn fits(found: &[usize], expected: &[usize]) -> bool {
    found.len() == expected.len()
        && found.iter().zip(expected).all(|(found, expected)| *expected == DYN || found == expected)
}

/// Flax writes `None` and empty dicts where a module keeps nothing.
fn is_nothing(entry: &Entry) -> bool {
    matches!(entry, Entry::Empty | Entry::Value(Value::None))
}

fn report<T: State>(mut errors: Vec<LeafError>, left: &Variables, side: Side, has_params: bool) -> Error {
    for error in &mut errors {
        if let LeafError::Missing { path, nearest, .. } = error {
            *nearest = left.nearest(path, 3);
        }
    }
    let hint = if side == Side::Linen { hint(left, has_params).map(str::to_owned) } else { None };
    for (path, entry) in left.entries().filter(|(_, entry)| !is_nothing(entry)) {
        errors.push(LeafError::Unexpected { path: path.to_string(), found: entry.to_string() });
    }
    errors.sort_by(|a, b| a.path().cmp(b.path()));
    LeavesError { model: T::CLASS, leaves: errors, hint }.into()
}

/// The step that mends a whole tree of leaves at once, where all that is left over stands in the wrong place.
fn hint(left: &Variables, has_params: bool) -> Option<&'static str> {
    let has = |path: &str| left.entries().any(|(found, _)| found.starts_with(&Path::parse(path)));
    if left.is_empty() {
        None
    } else if !has_params {
        Some(
            "the root has no collection `params`: call `variables.select(..)` with its path, or `variables.nest(\"params\")` \
             if these are bare parameters",
        )
    } else if has("params/params") {
        Some("the parameters stand one level deeper: call `variables.select(\"params/params\")` first")
    } else if !has("params") {
        Some("to use the parameters alone, call `variables.select(\"params\")` first")
    } else {
        None
    }
}
