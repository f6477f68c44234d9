//! From variables to a model: takes each leaf once, and keeps all that is wrong for one report.

use ndarray::{Array, Dimension, IxDyn};

use super::{Side, State};
use crate::error::{Error, LeafError, LeavesError, Result};
use crate::tensor::{DType, DYN, Shape};
use crate::variables::{Entry, Path, Value, Variables};

/// Takes leaves out of variables at one place of the tree.
#[derive(Debug)]
pub struct Reader<'a> {
    variables: &'a mut Variables,
    errors: &'a mut Vec<LeafError>,
    place: Path,
    side: Side,
}

impl Reader<'_> {
    /// The whole model out of `variables`.
    pub(crate) fn read<T: State>(mut variables: Variables, side: Side) -> Result<T> {
        let mut errors = Vec::new();
        let reader = &mut Reader { variables: &mut variables, errors: &mut errors, place: Path::root(), side };
        let model = T::read(reader);
        if errors.is_empty() && variables.entries().all(|(_, entry)| is_nothing(entry)) {
            Ok(model)
        } else {
            Err(report::<T>(errors, &variables, side))
        }
    }

    /// What stands under `name` below this place.
    pub fn submodule<T: State>(&mut self, name: &str) -> T {
        let place = self.place.join(name);
        T::read(&mut Reader { variables: self.variables, errors: self.errors, place, side: self.side })
    }

    /// What stands at `index` of the list `name` below this place, as NNX keeps lists: `layers/0`.
    pub fn element<T: State>(&mut self, name: &str, index: usize) -> T {
        let place = self.place.join(name).join(&index.to_string());
        T::read(&mut Reader { variables: self.variables, errors: self.errors, place, side: self.side })
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
        let path = self.in_collection(collection).join(name);
        self.take(path, expected)
    }

    /// The leaf that this place itself is, for a raw parameter.
    pub fn own_leaf<D: Dimension>(&mut self, collection: &str, expected: &[usize]) -> Array<f32, D> {
        let path = self.in_collection(collection);
        self.take(path, expected).unwrap_or_else(|| Array::zeros(D::zeros(expected.len())))
    }

    fn in_collection(&self, collection: &str) -> Path {
        match self.side {
            Side::Linen => Path::from_names([collection]).concat(&self.place),
            Side::Nnx => self.place.clone(),
        }
    }

    fn take<D: Dimension>(&mut self, path: Path, expected: &[usize]) -> Option<Array<f32, D>> {
        let entry = self.variables.remove(&path).filter(|entry| !is_nothing(entry));
        let tensor = match entry.map(Entry::into_tensor) {
            Some(Ok(tensor)) => tensor,
            Some(Err(entry)) => {
                let (expected, found) = (Shape::from(expected), entry.to_string());
                self.errors.push(LeafError::NoArray { path: path.to_string(), expected, found });
                return None;
            }
            None => {
                let expected = Shape::from(expected);
                self.errors.push(LeafError::Missing { path: path.to_string(), expected, nearest: Vec::new() });
                return None;
            }
        };
        if !fits(tensor.shape(), expected) {
            let (expected, found) = (Shape::from(expected), Shape::from(tensor.shape()));
            self.errors.push(LeafError::Shape { path: path.to_string(), expected, found });
            return None;
        }
        match tensor.widen_to_f32() {
            Ok(array) => into_rank(array),
            Err(tensor) => {
                let (expected, found) = (DType::F32, tensor.dtype());
                self.errors.push(LeafError::DType { path: path.to_string(), expected, found });
                None
            }
        }
    }
}

fn fits(found: &[usize], expected: &[usize]) -> bool {
    found.len() == expected.len()
        && found.iter().zip(expected).all(|(found, expected)| *expected == DYN || found == expected)
}

/// The same array with its rank in its type. `None` cannot be: the shape was compared with one of this rank.
fn into_rank<D: Dimension>(array: Array<f32, IxDyn>) -> Option<Array<f32, D>> {
    array.into_dimensionality().ok()
}

/// Flax writes `None` and empty dicts where a module keeps nothing.
fn is_nothing(entry: &Entry) -> bool {
    matches!(entry, Entry::Empty | Entry::Value(Value::None))
}

fn report<T: State>(mut errors: Vec<LeafError>, left: &Variables, side: Side) -> Error {
    for error in &mut errors {
        if let LeafError::Missing { path, nearest, .. } = error {
            *nearest = left.nearest(path, 3);
        }
    }
    let missing = errors.iter().any(|error| matches!(error, LeafError::Missing { .. }));
    let hint = hint(left, side, missing);
    for (path, entry) in left.entries().filter(|(_, entry)| !is_nothing(entry)) {
        errors.push(LeafError::Unexpected { path: path.to_string(), found: entry.to_string() });
    }
    errors.sort_by(|a, b| a.path().cmp(b.path()));
    LeavesError { model: T::CLASS, leaves: errors, hint }.into()
}

/// The step that mends a whole tree of wrong leaves at once.
fn hint(left: &Variables, side: Side, missing: bool) -> Option<String> {
    let collections = left.collections();
    let has = |path: &str| left.entries().any(|(found, _)| found.starts_with(&Path::parse(path)));
    match side {
        Side::Linen if has("params/params") && missing => {
            Some("the parameters stand one level deeper: call `variables.select(\"params/params\")` first".to_owned())
        }
        Side::Linen if missing && !collections.is_empty() && !has("params") => Some(
            "the root has no collection `params`: call `variables.select(..)` with its path, or `variables.nest(\"params\")` \
             if these are bare parameters"
                .to_owned(),
        ),
        Side::Linen if !missing && !collections.is_empty() && !has("params") => {
            Some("to use the parameters alone, call `variables.select(\"params\")` first".to_owned())
        }
        _ => None,
    }
}
