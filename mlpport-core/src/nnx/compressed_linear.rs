//! `y = x · kernel + bias`, with a kernel that takes less memory.

use ndarray::{Array, ArrayView, ArrayView1, CowArray, Dimension, Ix2};

use super::{Linear, PackedLinear};
use crate::Result;
use crate::ops::{Forward, PackedKernel, Run};
use crate::params::{Bias, Init, LinearParams, Reader, State, UseBias, Writer};
use crate::tensor::{DYN, fixed_size};

/// A [`Linear`] whose kernel is compressed, without a loss: for few rows through layers that do not stay in a cache, where the product
/// takes as long as memory needs to give the kernel.
///
/// Ports, variables, results and their bits are those of [`Linear`]. A kernel of a million elements and more is copied once, when the
/// layer is made, into 0.88 of its memory, where 15 exponents are enough for 999 of 1000 elements, as they are in a kernel
/// that was drawn and trained: four bits for each replace its eight. Another kernel becomes that of a [`PackedLinear`], with which
/// batches of many rows take less time, and so do rows of which many inputs are zero.
///
/// ```
/// use mlpport_core::nnx::{CompressedLinear, Linear};
/// use mlpport_core::ops::Forward;
/// use ndarray::{Array1, Array2};
///
/// let kernel = Array2::from_shape_fn((1024, 1024), |(row, column)| (row * 7 + column) as f32 * 1e-3);
/// let linear = Linear::<1024, 1024>::new(kernel, Array1::ones(1024))?;
/// let compressed = CompressedLinear::from(linear.clone());
///
/// let x = Array2::ones((1, 1024));
/// assert_eq!(compressed.forward(x.view()), linear.forward(x.view()));
/// assert_eq!(compressed.kernel(), linear.kernel());
/// # Ok::<(), mlpport_core::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct CompressedLinear<const IN: usize = DYN, const OUT: usize = DYN, B = Bias> {
    linear: PackedLinear<IN, OUT, B>,
}

impl<const IN: usize, const OUT: usize, B: UseBias> CompressedLinear<IN, OUT, B> {
    /// The kernel, `(inputs, outputs)`: a copy in standard layout where it is compressed or packed.
    pub fn kernel(&self) -> CowArray<'_, f32, Ix2> {
        self.linear.kernel()
    }

    /// The bias, `(outputs,)`, if the layer has one.
    pub fn bias(&self) -> Option<ArrayView1<'_, f32>> {
        self.linear.bias()
    }
}

impl<const IN: usize, const OUT: usize, B: UseBias> From<LinearParams<IN, OUT, B>> for CompressedLinear<IN, OUT, B> {
    fn from(params: LinearParams<IN, OUT, B>) -> Self {
        let kernel = PackedKernel::small(params.kernel());
        Self { linear: PackedLinear::new(kernel, params) }
    }
}

impl<const IN: usize, const OUT: usize, B: UseBias> From<Linear<IN, OUT, B>> for CompressedLinear<IN, OUT, B> {
    fn from(linear: Linear<IN, OUT, B>) -> Self {
        linear.into_params().into()
    }
}

impl<const IN: usize, const OUT: usize, B: UseBias> State for CompressedLinear<IN, OUT, B> {
    const CLASS: &'static str = "Linear";

    fn read(reader: &mut Reader<'_>) -> Self {
        LinearParams::read(reader).into()
    }

    fn write(&self, writer: &mut Writer<'_>) {
        self.linear.write(writer);
    }

    fn draw(init: &mut Init<'_>) -> Result<Self> {
        Ok(LinearParams::draw(init).into())
    }
}

impl<const IN: usize, const OUT: usize, B: UseBias> Forward for CompressedLinear<IN, OUT, B> {
    const INPUTS: Option<usize> = fixed_size(IN);
    const OUTPUTS: Option<usize> = fixed_size(OUT);

    fn try_forward<D: Dimension>(&self, x: ArrayView<'_, f32, D>) -> Result<Array<f32, D>> {
        Run::forward(self, x)
    }

    fn steps<'x, D: Dimension>(&'x self, run: &mut Run<'x, D>) {
        self.linear.steps(run);
    }
}
