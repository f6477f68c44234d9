//! From a model to variables.

use ndarray::{ArrayView, ArrayViewD, Dimension};

use super::{Side, State};
use crate::tensor::Tensor;
use crate::variables::{Path, Variables};

/// Puts leaves into variables at one place of the tree.
#[derive(Debug)]
pub struct Writer<'a> {
    variables: &'a mut Variables,
    place: Path,
    side: Side,
}

impl Writer<'_> {
    /// The whole of `model`.
    pub(crate) fn write<T: State>(model: &T, side: Side) -> Variables {
        let mut variables = Variables::new();
        model.write(&mut Writer { variables: &mut variables, place: Path::root(), side });
        variables
    }

    /// Writes a submodule under `name` below this place.
    pub fn submodule<T: State>(&mut self, name: &str, submodule: &T) {
        let place = self.place.join(name);
        submodule.write(&mut Writer { variables: self.variables, place, side: self.side });
    }

    /// Writes a submodule at `index` of the list `name` below this place, as NNX keeps lists: `layers/0`.
    pub fn element<T: State>(&mut self, name: &str, index: usize, submodule: &T) {
        let place = self.place.join(name).join(&index.to_string());
        submodule.write(&mut Writer { variables: self.variables, place, side: self.side });
    }

    /// Writes a copy of `array` as the leaf `name` of `collection` at this place; on the NNX side there are no collections.
    ///
    /// A leaf that was written before at the same path is replaced.
    pub fn leaf<D: Dimension>(&mut self, collection: &str, name: &str, array: ArrayView<'_, f32, D>) {
        let path = self.side.path(collection, &self.place).join(name);
        self.put(path, array.into_dyn());
    }

    /// Writes a copy of `array` as the leaf that this place itself is, for a raw parameter.
    pub fn own_leaf<D: Dimension>(&mut self, collection: &str, array: ArrayView<'_, f32, D>) {
        let path = self.side.path(collection, &self.place);
        self.put(path, array.into_dyn());
    }

    /// Of any rank, so that it is compiled here alone.
    fn put(&mut self, path: Path, array: ArrayViewD<'_, f32>) {
        let inserted = self.variables.insert(path, Tensor::from_array(array.to_owned()));
        debug_assert!(inserted.is_ok(), "a layer writes a leaf where another one has its submodules: {inserted:?}");
    }
}
