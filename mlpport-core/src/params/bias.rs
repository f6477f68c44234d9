//! `use_bias`, in types.

use ndarray::{Array1, ArrayView1};

use super::{Init, Reader, Writer};
use crate::error::{Error, Result};
use crate::init::zeros;
use crate::tensor::Shape;

/// Whether a layer has a bias: [`Bias`] or [`NoBias`], as Flax's `use_bias`.
///
/// It is sealed: these are the two values of a Python `bool`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` does not say whether the layer has a bias",
    label = "expected `Bias` or `NoBias`",
    note = "a generic parameter for it is bounded: `B: UseBias`"
)]
pub trait UseBias: SameBias<Self> + Clone + std::fmt::Debug + PartialEq + sealed::Sealed + 'static {
    /// The value of `use_bias`.
    const USE_BIAS: bool;

    /// The array, `(features,)`, if there is one.
    fn array(&self) -> Option<ArrayView1<'_, f32>>;

    /// Takes the leaf `bias` at the reader's place, of `features` elements.
    fn read(reader: &mut Reader<'_>, features: usize) -> Self;

    /// Draws the leaf `bias` at the place of `init`, by default `zeros`.
    fn draw(init: &mut Init<'_>, features: usize) -> Self;
}

/// `use_bias=True`, Flax's default: the array, `(features,)`.
#[derive(Debug, Clone, PartialEq)]
pub struct Bias(Array1<f32>);

/// `use_bias=False`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct NoBias;

impl From<Array1<f32>> for Bias {
    fn from(array: Array1<f32>) -> Self {
        Self(array)
    }
}

impl UseBias for Bias {
    const USE_BIAS: bool = true;

    #[inline]
    fn array(&self) -> Option<ArrayView1<'_, f32>> {
        Some(self.0.view())
    }

    fn read(reader: &mut Reader<'_>, features: usize) -> Self {
        Self(reader.leaf("params", "bias", &[features]))
    }

    fn draw(init: &mut Init<'_>, features: usize) -> Self {
        Self(init.param("bias", &[features], zeros()))
    }
}

impl UseBias for NoBias {
    const USE_BIAS: bool = false;

    #[inline]
    fn array(&self) -> Option<ArrayView1<'_, f32>> {
        None
    }

    fn read(_: &mut Reader<'_>, _: usize) -> Self {
        Self
    }

    fn draw(_: &mut Init<'_>, _: usize) -> Self {
        Self
    }
}

/// The two sides of a layer agree on `use_bias`. `Self` is the Linen side's.
#[diagnostic::on_unimplemented(
    message = "`use_bias` differs: the Linen layer has `{Self}`, the NNX layer `{Nnx}`",
    label = "this layer has `{Nnx}`, the Linen layer `{Self}`"
)]
pub trait SameBias<Nnx>: Sized {
    /// The same bias.
    fn same(self) -> Nnx;
}

impl SameBias<Bias> for Bias {
    fn same(self) -> Bias {
        self
    }
}

impl SameBias<NoBias> for NoBias {
    fn same(self) -> NoBias {
        self
    }
}

mod sealed {
    pub trait Sealed {}
    impl Sealed for super::Bias {}
    impl Sealed for super::NoBias {}
}

pub(super) fn check<B: UseBias>(bias: &B, features: usize) -> Result<()> {
    match bias.array() {
        Some(array) if array.len() != features => Err(Error::Shape {
            name: "bias".to_owned(),
            expected: Shape::from(&[features][..]),
            found: Shape::from(array.shape()),
        }),
        _ => Ok(()),
    }
}

pub(super) fn write<B: UseBias>(bias: &B, writer: &mut Writer<'_>) {
    if let Some(array) = bias.array() {
        writer.leaf("params", "bias", array);
    }
}
