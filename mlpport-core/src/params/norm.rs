//! `scale` and `bias` of a normalisation, and its running statistics.

use ndarray::{Array1, ArrayView1};

use super::{Init, Reader, Writer};
use crate::error::{Error, Result};
use crate::init::{ones, zeros};
use crate::tensor::{Shape, fixed_size};

/// The arrays of a `LayerNorm` of either side: `scale` and `bias`, each `(FEATURES,)`, float32.
///
/// The shapes were compared with the size in the type; a size of [`DYN`](crate::tensor::DYN) takes any.
#[derive(Debug, Clone, PartialEq)]
pub struct LayerNormParams<const FEATURES: usize> {
    scale: Array1<f32>,
    bias: Array1<f32>,
}

impl<const FEATURES: usize> LayerNormParams<FEATURES> {
    /// Checked parameters.
    ///
    /// # Errors
    ///
    /// [`Error::Shape`] where an array is not `(FEATURES,)`, or `bias` is not as long as `scale`.
    pub fn new(scale: Array1<f32>, bias: Array1<f32>) -> Result<Self> {
        let features = fixed_size(FEATURES).unwrap_or(scale.len());
        check("scale", &scale, features)?;
        check("bias", &bias, features)?;
        Ok(Self { scale, bias })
    }

    /// What the normalised input is multiplied by, `(FEATURES,)`.
    pub fn scale(&self) -> ArrayView1<'_, f32> {
        self.scale.view()
    }

    /// What is added then, `(FEATURES,)`.
    pub fn bias(&self) -> ArrayView1<'_, f32> {
        self.bias.view()
    }

    /// `scale` and `bias`.
    pub fn into_parts(self) -> (Array1<f32>, Array1<f32>) {
        (self.scale, self.bias)
    }

    pub(crate) fn read(reader: &mut Reader<'_>) -> Self {
        let scale: Option<Array1<f32>> = reader.fitting_leaf("params", "scale", &[FEATURES]);
        let features = scale.as_ref().map_or(FEATURES, Array1::len);
        let bias = reader.leaf("params", "bias", &[features]);
        Self { scale: scale.unwrap_or_default(), bias }
    }

    pub(crate) fn write(&self, writer: &mut Writer<'_>) {
        writer.leaf("params", "bias", self.bias());
        writer.leaf("params", "scale", self.scale());
    }

    pub(crate) fn draw(init: &mut Init<'_>) -> Self {
        let [features] = init.sizes([FEATURES]).unwrap_or_default();
        let scale = init.param("scale", &[features], ones());
        Self { scale, bias: init.param("bias", &[features], zeros()) }
    }

    /// The same arrays under a size that is known to be equal.
    pub(crate) fn same_as<const F: usize>(self) -> LayerNormParams<F> {
        LayerNormParams { scale: self.scale, bias: self.bias }
    }
}

/// The arrays of a `BatchNorm` of either side: `scale` and `bias`, and the running statistics `mean` and `var`, each
/// `(FEATURES,)`, float32.
///
/// Linen keeps the statistics in the collection `batch_stats`, NNX as `BatchStat`s beside the parameters. The shapes
/// were compared with the size in the type; a size of [`DYN`](crate::tensor::DYN) takes any.
#[derive(Debug, Clone, PartialEq)]
pub struct BatchNormParams<const FEATURES: usize> {
    scale: Array1<f32>,
    bias: Array1<f32>,
    mean: Array1<f32>,
    var: Array1<f32>,
}

impl<const FEATURES: usize> BatchNormParams<FEATURES> {
    /// Checked parameters and statistics.
    ///
    /// # Errors
    ///
    /// [`Error::Shape`] where an array is not `(FEATURES,)`, or one of the others is not as long as `scale`.
    pub fn new(scale: Array1<f32>, bias: Array1<f32>, mean: Array1<f32>, var: Array1<f32>) -> Result<Self> {
        let features = fixed_size(FEATURES).unwrap_or(scale.len());
        check("scale", &scale, features)?;
        check("bias", &bias, features)?;
        check("mean", &mean, features)?;
        check("var", &var, features)?;
        Ok(Self { scale, bias, mean, var })
    }

    /// What the normalised input is multiplied by, `(FEATURES,)`.
    pub fn scale(&self) -> ArrayView1<'_, f32> {
        self.scale.view()
    }

    /// What is added then, `(FEATURES,)`.
    pub fn bias(&self) -> ArrayView1<'_, f32> {
        self.bias.view()
    }

    /// The running mean, `(FEATURES,)`.
    pub fn mean(&self) -> ArrayView1<'_, f32> {
        self.mean.view()
    }

    /// The running variance, `(FEATURES,)`.
    pub fn var(&self) -> ArrayView1<'_, f32> {
        self.var.view()
    }

    /// `scale`, `bias`, `mean` and `var`.
    pub fn into_parts(self) -> (Array1<f32>, Array1<f32>, Array1<f32>, Array1<f32>) {
        (self.scale, self.bias, self.mean, self.var)
    }

    pub(crate) fn read(reader: &mut Reader<'_>) -> Self {
        let scale: Option<Array1<f32>> = reader.fitting_leaf("params", "scale", &[FEATURES]);
        let features = scale.as_ref().map_or(FEATURES, Array1::len);
        let bias = reader.leaf("params", "bias", &[features]);
        let mean = reader.leaf("batch_stats", "mean", &[features]);
        let var = reader.leaf("batch_stats", "var", &[features]);
        Self { scale: scale.unwrap_or_default(), bias, mean, var }
    }

    pub(crate) fn write(&self, writer: &mut Writer<'_>) {
        writer.leaf("params", "bias", self.bias());
        writer.leaf("params", "scale", self.scale());
        writer.leaf("batch_stats", "mean", self.mean());
        writer.leaf("batch_stats", "var", self.var());
    }

    pub(crate) fn draw(init: &mut Init<'_>) -> Self {
        let [features] = init.sizes([FEATURES]).unwrap_or_default();
        let scale = init.param("scale", &[features], ones());
        let bias = init.param("bias", &[features], zeros());
        Self { scale, bias, mean: Array1::zeros(features), var: Array1::ones(features) }
    }

    /// The same arrays under a size that is known to be equal.
    pub(crate) fn same_as<const F: usize>(self) -> BatchNormParams<F> {
        BatchNormParams { scale: self.scale, bias: self.bias, mean: self.mean, var: self.var }
    }
}

fn check(name: &str, array: &Array1<f32>, features: usize) -> Result<()> {
    if array.len() == features {
        return Ok(());
    }
    Err(Error::Shape { name: name.to_owned(), expected: Shape::from([features]), found: Shape::from(array.shape()) })
}
