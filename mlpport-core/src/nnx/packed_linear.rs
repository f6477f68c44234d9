//! `y = x · kernel + bias`, with a kernel that lies in memory as the product reads it.

use ndarray::{Array, ArrayView, ArrayView1, CowArray, Dimension, Ix2};

use super::Linear;
use crate::Result;
use crate::ops::{Forward, PackedKernel, Run};
use crate::params::{Bias, Init, LinearParams, Reader, State, UseBias, Writer};
use crate::tensor::{DYN, fixed_size};

/// A [`Linear`] whose kernel is packed: in the order in which the product reads it.
///
/// Ports, variables, results and their bits are those of [`Linear`]. A large kernel is copied once, on all processors, when the layer is
/// made, and then takes at most 1.1 times its memory; products with many rows no longer copy it at each call. A kernel that gains nothing
/// (up to 65,536 elements, or few columns) stays as it is.
///
/// Weights of inputs that are zero, as [`relu`](crate::ops::activation::relu) leaves many, are left out where all weights are finite: one
/// row does not read them, and in a batch of four and more, of 24 and more by a kernel of 4 Mi elements, each row leaves out its own. Only
/// the sign of a zero may then be another, where all products of a sum are too small for a float32.
///
/// ```
/// use mlpport_core::nnx::{Linear, PackedLinear};
/// use mlpport_core::ops::Forward;
/// use ndarray::{Array1, Array2};
///
/// let kernel = Array2::from_shape_fn((300, 480), |(row, column)| (row * 7 + column) as f32 * 1e-3);
/// let linear = Linear::<300, 480>::new(kernel, Array1::ones(480))?;
/// let packed = PackedLinear::from(linear.clone());
///
/// let x = Array2::ones((2, 300));
/// assert_eq!(packed.forward(x.view()), linear.forward(x.view()));
/// assert_eq!(packed.kernel(), linear.kernel());
/// # Ok::<(), mlpport_core::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct PackedLinear<const IN: usize = DYN, const OUT: usize = DYN, B = Bias> {
    params: Params<IN, OUT, B>,
}

#[derive(Debug, Clone, PartialEq)]
enum Params<const IN: usize, const OUT: usize, B> {
    Packed(PackedKernel, B),
    /// Of a kernel that gains nothing.
    Linear(Linear<IN, OUT, B>),
}

impl<const IN: usize, const OUT: usize, B: UseBias> PackedLinear<IN, OUT, B> {
    /// By what became of the kernel of `params`.
    pub(super) fn new(kernel: Option<PackedKernel>, params: LinearParams<IN, OUT, B>) -> Self {
        let params = match kernel {
            Some(kernel) => Params::Packed(kernel, params.into_parts().1),
            None => Params::Linear(params.into()),
        };
        Self { params }
    }

    /// The kernel, `(inputs, outputs)`: a copy in standard layout where it is packed.
    pub fn kernel(&self) -> CowArray<'_, f32, Ix2> {
        match &self.params {
            Params::Packed(kernel, _) => kernel.to_array().into(),
            Params::Linear(linear) => linear.kernel().into(),
        }
    }

    /// The bias, `(outputs,)`, if the layer has one.
    pub fn bias(&self) -> Option<ArrayView1<'_, f32>> {
        match &self.params {
            Params::Packed(_, bias) => bias.array(),
            Params::Linear(linear) => linear.bias(),
        }
    }
}

impl<const IN: usize, const OUT: usize, B: UseBias> From<LinearParams<IN, OUT, B>> for PackedLinear<IN, OUT, B> {
    fn from(params: LinearParams<IN, OUT, B>) -> Self {
        let kernel = PackedKernel::fast(params.kernel());
        Self::new(kernel, params)
    }
}

impl<const IN: usize, const OUT: usize, B: UseBias> From<Linear<IN, OUT, B>> for PackedLinear<IN, OUT, B> {
    fn from(linear: Linear<IN, OUT, B>) -> Self {
        linear.into_params().into()
    }
}

impl<const IN: usize, const OUT: usize, B: UseBias> State for PackedLinear<IN, OUT, B> {
    const CLASS: &'static str = "Linear";

    fn read(reader: &mut Reader<'_>) -> Self {
        LinearParams::read(reader).into()
    }

    fn write(&self, writer: &mut Writer<'_>) {
        match &self.params {
            Params::Packed(kernel, bias) => {
                crate::params::write_linear(kernel.to_array().view(), bias, writer);
            }
            Params::Linear(linear) => linear.write(writer),
        }
    }

    fn draw(init: &mut Init<'_>) -> Result<Self> {
        Ok(LinearParams::draw(init).into())
    }
}

impl<const IN: usize, const OUT: usize, B: UseBias> Forward for PackedLinear<IN, OUT, B> {
    const INPUTS: Option<usize> = fixed_size(IN);
    const OUTPUTS: Option<usize> = fixed_size(OUT);

    fn try_forward<D: Dimension>(&self, x: ArrayView<'_, f32, D>) -> Result<Array<f32, D>> {
        Run::forward(self, x)
    }

    fn steps<'x, D: Dimension>(&'x self, run: &mut Run<'x, D>) {
        match &self.params {
            Params::Packed(kernel, bias) => run.packed_linear(kernel, bias.array()),
            Params::Linear(linear) => linear.steps(run),
        }
    }
}
