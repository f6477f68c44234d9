//! A derived forward, step by step.
#![allow(unsafe_code)]

use std::any::TypeId;
use std::mem::{self, MaybeUninit};

use ndarray::{Array, ArrayView, ArrayView1, ArrayView2, ArrayViewMut, Dimension};

use super::activation::{Activation, Relu};
use super::lines::Lines;
use super::matmul::{Elementwise, Function, Layer, Layers, PackedKernel, Rows, run_layer, run_together};
use super::{Forward, Scratch, linear};
use crate::error::{Error, Result};
use crate::tensor::Shape;

/// An input on its way through the fields of a module.
///
/// Linear layers, and activations behind them, are kept until something else comes, and then run together. The first step
/// that fails ends it; those behind it do nothing.
pub struct Run<'x, D: Dimension> {
    at: At<'x, D>,
    /// Those that have not run.
    layers: Layers<'x>,
    /// The shape behind them.
    dimension: D,
    scratch: &'x mut Scratch,
    outcome: Result<()>,
}

/// Where the output of the layers that have run is.
enum At<'x, D: Dimension> {
    Input(ArrayView<'x, f32, D>),
    Output(Array<f32, D>),
    /// At the front of the scratch, in standard order.
    Front,
}

impl<D: Dimension> At<'_, D> {
    /// The array, unless it is in the scratch.
    #[inline]
    fn view(&self) -> Option<ArrayView<'_, f32, D>> {
        match self {
            Self::Input(x) => Some(x.view()),
            Self::Output(x) => Some(x.view()),
            Self::Front => None,
        }
    }
}

impl<A: Activation> Elementwise for A {
    fn apply_to(&self, elements: &mut [f32]) {
        self.apply_to_each(elements);
    }
}

impl<'x, D: Dimension> Run<'x, D> {
    /// Runs `module` on `x`.
    ///
    /// # Errors
    ///
    /// What the step that failed returned.
    #[inline]
    pub fn forward<M: Forward + ?Sized>(module: &M, x: ArrayView<'_, f32, D>) -> Result<Array<f32, D>> {
        Scratch::of_thread(|scratch| {
            let mut run = Run::new(x, scratch);
            module.steps(&mut run);
            run.finish()
        })
    }

    #[inline]
    pub(super) fn new(x: ArrayView<'x, f32, D>, scratch: &'x mut Scratch) -> Self {
        Self { dimension: x.raw_dim(), at: At::Input(x), layers: Layers::new(), scratch, outcome: Ok(()) }
    }

    /// Runs the layer in `field`; an error names the field.
    #[inline]
    pub fn layer<L: Forward>(&mut self, field: &str, layer: &'x L) -> &mut Self {
        if self.outcome.is_ok() {
            layer.steps(self);
            if self.outcome.is_err() {
                self.outcome = mem::replace(&mut self.outcome, Ok(())).map_err(|error| error.in_field(field));
            }
        }
        self
    }

    /// Runs the layer in `field`, and an activation of what it returns.
    #[inline]
    pub fn layer_with_activation<L: Forward, A: Activation>(&mut self, field: &str, layer: &'x L, activation: &'x A) {
        self.layer(field, layer).activation(activation);
    }

    /// Runs an activation, in place where it can.
    #[inline]
    pub fn activation<A: Activation>(&mut self, activation: &'x A) -> &mut Self {
        if self.outcome.is_ok() {
            // Of the elements of no array: whether it is a function of each.
            let is_elementwise = activation.apply_to_each(&mut []);
            match self.layers.last_mut() {
                Some(layer) if is_elementwise && matches!(layer.function, Function::Identity) => {
                    let is_relu = TypeId::of::<A>() == TypeId::of::<Relu>();
                    layer.function = if is_relu { Function::Relu } else { Function::Other(activation) };
                }
                _ => {
                    let outcome = self.try_activation(activation);
                    self.keep(outcome);
                }
            }
        }
        self
    }

    /// Runs `x · kernel + bias`.
    #[inline]
    pub(crate) fn linear(&mut self, kernel: ArrayView2<'x, f32>, bias: Option<ArrayView1<'x, f32>>) {
        if self.outcome.is_ok() {
            let outcome = self.try_linear(kernel, bias);
            self.keep(outcome);
        }
    }

    /// Runs `x · kernel + bias` by a packed kernel.
    #[inline]
    pub(crate) fn packed_linear(&mut self, kernel: &'x PackedKernel, bias: Option<ArrayView1<'x, f32>>) {
        if self.outcome.is_ok() {
            let layer = match bias.map(|bias| bias.to_slice()) {
                None => Layer::new(kernel.kernel(), None),
                Some(bias) => bias.and_then(|bias| Layer::new(kernel.kernel(), Some(bias))),
            };
            let outcome = match layer {
                Some(layer) => self.try_layer(layer),
                // A bias that is no slice.
                None => self.whole_by(|x| linear(x, kernel.to_array().view(), bias)),
            };
            self.keep(outcome);
        }
    }

    #[inline]
    fn try_linear(&mut self, kernel: ArrayView2<'x, f32>, bias: Option<ArrayView1<'x, f32>>) -> Result<()> {
        let layer = match (Rows::new(kernel), bias.map(|bias| bias.to_slice())) {
            (Some(rows), None) => Layer::new(rows, None),
            (Some(rows), Some(Some(bias))) => Layer::new(rows, Some(bias)),
            _ => None,
        };
        // Another memory layout, or a bias that does not fit.
        let Some(layer) = layer else { return self.whole_by(|x| linear(x, kernel, bias)) };
        self.try_layer(layer)
    }

    #[inline]
    fn try_layer(&mut self, layer: Layer<'x>) -> Result<()> {
        if self.dimension.slice().last() != Some(&layer.inputs()) {
            return Err(wrong_input(&self.dimension, &layer));
        }
        if !self.layers.push(layer) {
            self.run_layers()?;
            self.layers.push(layer);
        }
        if let Some(last) = self.dimension.slice_mut().last_mut() {
            *last = layer.outputs();
        }
        Ok(())
    }

    #[inline]
    fn keep(&mut self, outcome: Result<()>) {
        // To replace success by success would take longer than a small layer.
        if outcome.is_err() {
            self.outcome = outcome;
        }
    }

    /// Runs what has no steps of its own.
    pub(super) fn whole<L: Forward + ?Sized>(&mut self, layer: &L) {
        if self.outcome.is_ok() {
            let outcome = self.whole_by(|x| layer.try_forward(x));
            self.keep(outcome);
        }
    }

    fn whole_by(&mut self, f: impl FnOnce(ArrayView<'_, f32, D>) -> Result<Array<f32, D>>) -> Result<()> {
        self.run_layers()?;
        let y = match self.at.view() {
            Some(x) => f(x)?,
            None => f(front(&self.dimension, &self.scratch.front)?)?,
        };
        self.dimension = y.raw_dim();
        self.at = At::Output(y);
        Ok(())
    }

    fn try_activation<A: Activation>(&mut self, activation: &A) -> Result<()> {
        self.run_layers()?;
        if let At::Input(x) = &self.at {
            copy(x, &mut self.scratch.front)?;
            self.at = At::Front;
        }
        if let At::Front = &self.at {
            let elements = self.scratch.front.first_mut(self.dimension.size());
            if elements.is_some_and(|elements| activation.apply_to_each(elements)) {
                return Ok(());
            }
        }
        let y = activation.try_apply(self.take()?)?;
        self.dimension = y.raw_dim();
        self.at = At::Output(y);
        Ok(())
    }

    /// Where all layers have run, what they returned.
    fn take(&mut self) -> Result<Array<f32, D>> {
        Ok(match mem::replace(&mut self.at, At::Front) {
            At::Input(x) => x.to_owned(),
            At::Output(x) => x,
            At::Front => front(&self.dimension, &self.scratch.front)?.to_owned(),
        })
    }

    #[inline]
    fn outcome(&mut self) -> Result<()> {
        if self.outcome.is_err() { mem::replace(&mut self.outcome, Ok(())) } else { Ok(()) }
    }

    /// What the last step returned, or the first error.
    ///
    /// # Errors
    ///
    /// What the step that failed returned.
    #[inline]
    pub(super) fn finish(&mut self) -> Result<Array<f32, D>> {
        self.outcome()?;
        if self.layers.as_slice().is_empty() {
            return self.take();
        }
        self.size()?;
        let mut y = Array::<f32, D>::uninit(self.dimension.clone());
        let elements = y.as_slice_mut().ok_or_else(|| too_large(&self.dimension))?;
        self.run_layers_into(elements)?;
        // SAFETY: each element is written.
        Ok(unsafe { y.assume_init() })
    }

    /// Writes what the last step returned to `y`.
    ///
    /// # Errors
    ///
    /// What the step that failed returned; [`Error::Shape`] where `y` has another shape.
    #[inline]
    pub(super) fn finish_into(&mut self, mut y: ArrayViewMut<'_, f32, D>) -> Result<()> {
        self.outcome()?;
        if self.dimension.slice() != y.shape() {
            let (expected, found) = (Shape::from(self.dimension.slice()), Shape::from(y.shape()));
            return Err(Error::Shape { name: "y".to_owned(), expected, found });
        }
        match y.as_slice_mut() {
            Some(y) if !self.layers.as_slice().is_empty() => self.run_layers_into(uninit(y)),
            _ => {
                self.run_layers()?;
                match self.at.view() {
                    Some(x) => y.assign(&x),
                    None => y.assign(&front(&self.dimension, &self.scratch.front)?),
                }
                Ok(())
            }
        }
    }

    /// The elements behind the layers, which fit into memory.
    fn size(&self) -> Result<usize> {
        let size = self.dimension.size_checked().filter(|size| *size <= MOST);
        size.ok_or_else(|| too_large(&self.dimension))
    }

    /// Runs the layers that have not run, if there are any, to the front of the scratch.
    fn run_layers(&mut self) -> Result<()> {
        if self.layers.as_slice().is_empty() {
            return Ok(());
        }
        let size = self.size()?;
        let mut y = mem::take(&mut self.scratch.spare);
        self.run_layers_into(uninit(y.grown(size)))?;
        self.layers.clear();
        self.scratch.spare = mem::replace(&mut self.scratch.front, y);
        self.at = At::Front;
        Ok(())
    }

    /// Runs the layers that have not run, of which there are some, and writes each element of `y`.
    #[inline]
    fn run_layers_into(&mut self, y: &mut [MaybeUninit<f32>]) -> Result<()> {
        let inputs = self.layers.as_slice().first().map_or(0, Layer::inputs);
        let count = self.dimension.slice().split_last().map_or(1, |(_, batch)| batch.iter().product());
        let Self { at, scratch, dimension, layers, .. } = self;
        let layers = layers.as_slice();
        let Some((last, before)) = layers.split_last() else { return Ok(()) };
        let Scratch { front, back, .. } = &mut **scratch;
        let (mut from, mut to) = (front, back);
        let view = at.view();
        let mut x = view.as_ref().and_then(|x| rows(x, count, inputs));
        if x.is_none() {
            if let Some(x) = &view {
                copy(x, from)?;
            }
            x = rows_of(from, count, inputs);
        }
        if x.is_some_and(|x| run_together(layers, x, y)) {
            return Ok(());
        }
        for layer in before {
            let size = count.checked_mul(layer.outputs()).filter(|size| *size <= MOST);
            let place = size.map(|size| uninit(to.grown(size)));
            let ran = x.zip(place).is_some_and(|(x, place)| run_layer(layer, x, place));
            if !ran {
                return Err(too_large(dimension));
            }
            mem::swap(&mut from, &mut to);
            x = rows_of(from, count, layer.outputs());
        }
        let ran = x.is_some_and(|x| run_layer(last, x, y));
        if ran { Ok(()) } else { Err(too_large(dimension)) }
    }
}

/// The most elements of an array.
const MOST: usize = isize::MAX.cast_unsigned() / size_of::<f32>();

/// The rows of an array, if they are slices and a step apart.
#[inline]
fn rows<'a, D: Dimension>(x: &ArrayView<'a, f32, D>, count: usize, length: usize) -> Option<Rows<'a>> {
    match x.to_slice() {
        Some(elements) => Rows::of(elements, count, length),
        None => x.clone().into_dimensionality().ok().and_then(Rows::new),
    }
}

/// The first rows in a scratch.
fn rows_of(lines: &Lines, count: usize, length: usize) -> Option<Rows<'_>> {
    Rows::of(lines.elements().get(..count.checked_mul(length)?)?, count, length)
}

/// Copies an array to a scratch, in standard order.
fn copy<D: Dimension>(x: &ArrayView<'_, f32, D>, to: &mut Lines) -> Result<()> {
    let place = ArrayViewMut::from_shape(x.raw_dim(), to.grown(x.len()));
    place.map_err(|_| too_large(&x.raw_dim()))?.assign(x);
    Ok(())
}

/// The same elements, to be written.
fn uninit(elements: &mut [f32]) -> &mut [MaybeUninit<f32>] {
    // SAFETY: the layout is the same, and nothing but float32 is written by the callers.
    unsafe { &mut *(std::ptr::from_mut(elements) as *mut [MaybeUninit<f32>]) }
}

/// The array at the front of a scratch.
fn front<'a, D: Dimension>(dimension: &D, lines: &'a Lines) -> Result<ArrayView<'a, f32, D>> {
    let elements = lines.elements().get(..dimension.size());
    let view = elements.and_then(|elements| ArrayView::from_shape(dimension.clone(), elements).ok());
    view.ok_or_else(|| too_large(dimension))
}

#[cold]
fn too_large<D: Dimension>(dimension: &D) -> Error {
    let expected = "an output that fits into memory".to_owned();
    Error::Argument { argument: "x", expected, found: Shape::from(dimension.slice()).to_string() }
}

#[cold]
fn wrong_input<D: Dimension>(dimension: &D, layer: &Layer<'_>) -> Error {
    Error::Input { field: String::new(), expected: layer.inputs(), found: Shape::from(dimension.slice()) }
}
