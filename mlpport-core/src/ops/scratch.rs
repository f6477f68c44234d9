//! Memory that a forward uses again.

use ndarray::{Array, ArrayView, ArrayViewMut, Dimension};

use super::Forward;
use super::activation::Activation;
use crate::error::{Error, Result};
use crate::tensor::Shape;

/// Room for what passes between the layers of a module in [`Forward::forward_into`].
///
/// It grows to what the largest input needs, and is not given back before it is dropped.
#[derive(Debug, Default)]
pub struct Scratch {
    front: Vec<f32>,
    back: Vec<f32>,
    /// That of a module which is a field.
    inner: Option<Box<Scratch>>,
}

impl Scratch {
    /// An empty one.
    #[must_use]
    pub const fn new() -> Self {
        Self { front: Vec::new(), back: Vec::new(), inner: None }
    }
}

/// An input on its way through the fields of a module, without an array of its own for what they return.
#[derive(Debug)]
pub struct InScratch<'x, D: Dimension> {
    scratch: &'x mut Scratch,
    /// The input, until the first step; then the array is at the front of the scratch, in standard order.
    input: Option<ArrayView<'x, f32, D>>,
    dimension: D,
    outcome: Result<()>,
}

impl<'x, D: Dimension> InScratch<'x, D> {
    pub(super) fn new(x: ArrayView<'x, f32, D>, scratch: &'x mut Scratch) -> Self {
        Self { scratch, dimension: x.raw_dim(), input: Some(x), outcome: Ok(()) }
    }

    pub(super) fn layer<L: Forward>(&mut self, field: &str, layer: &L) {
        if self.outcome.is_ok() {
            self.outcome = self.try_layer(layer).map_err(|error| error.in_field(field));
        }
    }

    pub(super) fn activation<A: Activation>(&mut self, activation: &A) {
        if self.outcome.is_ok() {
            self.outcome = self.try_activation(activation);
        }
    }

    pub(super) fn whole<L: Forward + ?Sized>(mut self, layer: &L) -> Result<Array<f32, D>> {
        self.outcome?;
        match self.input.take() {
            Some(x) => layer.try_forward(x),
            None => layer.try_forward(view(&self.dimension, &self.scratch.front)?),
        }
    }

    fn try_layer<L: Forward>(&mut self, layer: &L) -> Result<()> {
        let Scratch { front, back, inner } = &mut *self.scratch;
        let x = match self.input.take() {
            Some(x) => x,
            None => view(&self.dimension, front)?,
        };
        let mut dimension = self.dimension.clone();
        let outputs = dimension.slice().last().and_then(|inputs| layer.outputs(*inputs));
        let (Some(outputs), Some(last)) = (outputs, dimension.slice_mut().last_mut()) else {
            let y = layer.try_forward(x)?;
            return self.put(&y);
        };
        *last = outputs;
        let size = dimension.size_checked().ok_or_else(|| too_large(&dimension))?;
        if back.len() < size {
            back.resize(size, 0.0);
        }
        let y = back.get_mut(..size).and_then(|y| ArrayViewMut::from_shape(dimension.clone(), y).ok());
        let y = y.ok_or_else(|| too_large(&dimension))?;
        layer.forward_into(x, inner.get_or_insert_default(), y)?;
        std::mem::swap(front, back);
        self.dimension = dimension;
        Ok(())
    }

    fn try_activation<A: Activation>(&mut self, activation: &A) -> Result<()> {
        if let Some(x) = self.input.take() {
            self.put(&x)?;
        }
        let elements = self.scratch.front.get_mut(..self.dimension.size());
        if elements.is_some_and(|elements| activation.apply_to_each(elements)) {
            return Ok(());
        }
        let y = activation.try_apply(view(&self.dimension, &self.scratch.front)?.to_owned())?;
        self.put(&y)
    }

    /// Makes this the array that the next step takes.
    fn put<S: ndarray::Data<Elem = f32>>(&mut self, x: &ndarray::ArrayBase<S, D>) -> Result<()> {
        let front = &mut self.scratch.front;
        if front.len() < x.len() {
            front.resize(x.len(), 0.0);
        }
        self.dimension = x.raw_dim();
        let place = front.get_mut(..x.len()).and_then(|y| ArrayViewMut::from_shape(x.raw_dim(), y).ok());
        place.ok_or_else(|| too_large(&self.dimension))?.assign(x);
        Ok(())
    }

    pub(super) fn finish(mut self) -> Result<Array<f32, D>> {
        self.outcome?;
        match self.input.take() {
            Some(x) => Ok(x.to_owned()),
            None => Ok(view(&self.dimension, &self.scratch.front)?.to_owned()),
        }
    }

    pub(super) fn finish_into(mut self, y: ArrayViewMut<'_, f32, D>) -> Result<()> {
        self.outcome?;
        match self.input.take() {
            Some(x) => assign(y, x),
            None => assign(y, view(&self.dimension, &self.scratch.front)?),
        }
    }
}

/// Writes `x` to `y`, which has its shape.
pub(super) fn assign<D: Dimension>(mut y: ArrayViewMut<'_, f32, D>, x: ArrayView<'_, f32, D>) -> Result<()> {
    if x.shape() != y.shape() {
        let (expected, found) = (Shape::from(x.shape()), Shape::from(y.shape()));
        return Err(Error::Shape { name: "y".to_owned(), expected, found });
    }
    y.assign(&x);
    Ok(())
}

/// The first elements, as many as the array has.
fn view<'a, D: Dimension>(dimension: &D, elements: &'a [f32]) -> Result<ArrayView<'a, f32, D>> {
    let elements = elements.get(..dimension.size());
    let view = elements.and_then(|elements| ArrayView::from_shape(dimension.clone(), elements).ok());
    view.ok_or_else(|| too_large(dimension))
}

#[cold]
fn too_large<D: Dimension>(dimension: &D) -> Error {
    let expected = "an output that fits into memory".to_owned();
    Error::Argument { argument: "x", expected, found: Shape::from(dimension.slice()).to_string() }
}
