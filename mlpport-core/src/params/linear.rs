//! `kernel` and `bias` of a linear layer.

use ndarray::{Array2, ArrayView1, ArrayView2};

use super::placed::placed;
use super::{Init, Reader, SameBias, UseBias, Writer, bias};
use crate::error::{Error, Result};
use crate::init::lecun_normal;
use crate::tensor::{Shape, fixed_size};

/// The arrays of `linen::Dense` and of `nnx::Linear`: `kernel` is `(IN, OUT)`, `bias` is `(OUT,)`, float32.
///
/// The shapes were compared with the sizes in the type; a size of [`DYN`](crate::tensor::DYN) takes any.
#[derive(Debug, Clone, PartialEq)]
pub struct LinearParams<const IN: usize, const OUT: usize, B> {
    kernel: Array2<f32>,
    bias: B,
}

impl<const IN: usize, const OUT: usize, B: UseBias> LinearParams<IN, OUT, B> {
    /// Checked parameters. A kernel of up to 256 KiB is copied unless it begins at a line of the cache, a larger one unless it is
    /// in standard layout.
    ///
    /// # Errors
    ///
    /// [`Error::Shape`] where `kernel` is not `(IN, OUT)` or the bias has another length than the kernel's last axis.
    pub fn new(kernel: Array2<f32>, bias: B) -> Result<Self> {
        let (inputs, outputs) = kernel.dim();
        let expected = [fixed_size(IN).unwrap_or(inputs), fixed_size(OUT).unwrap_or(outputs)];
        if expected != [inputs, outputs] {
            return Err(Error::Shape {
                name: "kernel".to_owned(),
                expected: Shape::from(&expected[..]),
                found: Shape::from(kernel.shape()),
            });
        }
        bias::check(&bias, outputs)?;
        Ok(Self { kernel: placed(kernel), bias })
    }

    /// The kernel, `(IN, OUT)`.
    pub fn kernel(&self) -> ArrayView2<'_, f32> {
        self.kernel.view()
    }

    /// The bias, `(OUT,)`, if there is one.
    pub fn bias(&self) -> Option<ArrayView1<'_, f32>> {
        self.bias.array()
    }

    /// The arrays.
    pub fn into_parts(self) -> (Array2<f32>, B) {
        (self.kernel, self.bias)
    }

    pub(crate) fn read(reader: &mut Reader<'_>) -> Self {
        let kernel: Option<Array2<f32>> = reader.fitting_leaf("params", "kernel", &[IN, OUT]);
        let bias = B::read(reader, kernel.as_ref().map_or(OUT, Array2::ncols));
        Self { kernel: placed(kernel.unwrap_or_default()), bias }
    }

    pub(crate) fn write(&self, writer: &mut Writer<'_>) {
        write_linear(self.kernel(), &self.bias, writer);
    }

    pub(crate) fn draw(init: &mut Init<'_>) -> Self {
        let [inputs, outputs] = init.sizes([IN, OUT]).unwrap_or_default();
        let kernel = init.param("kernel", &[inputs, outputs], lecun_normal());
        Self { kernel: placed(kernel), bias: B::draw(init, outputs) }
    }

    /// The same arrays under sizes that are known to be equal, and an equal bias.
    pub(crate) fn same_as<const I: usize, const O: usize, C>(self) -> LinearParams<I, O, C>
    where
        B: SameBias<C>,
    {
        LinearParams { kernel: self.kernel, bias: self.bias.same() }
    }
}

/// Writes the leaves of a linear layer.
pub(crate) fn write_linear<B: UseBias>(kernel: ArrayView2<'_, f32>, bias: &B, writer: &mut Writer<'_>) {
    bias::write(bias, writer);
    writer.leaf("params", "kernel", kernel);
}
