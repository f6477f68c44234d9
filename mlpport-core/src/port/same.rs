//! What two layers must have in common to be ported, as traits that only equal things implement.

/// Carries the comparisons of sizes, one trait an axis.
#[derive(Debug)]
pub struct Sizes;

/// The two sides of a linear layer take as many inputs.
#[diagnostic::on_unimplemented(
    message = "kernel axis 0 (inputs) is `{LINEN}` in Linen and `{NNX}` in NNX",
    label = "this layer has `{NNX}` inputs, the Linen layer `{LINEN}`"
)]
pub trait SameInputs<const LINEN: usize, const NNX: usize> {}
impl<const N: usize> SameInputs<N, N> for Sizes {}

/// The two sides of a linear layer return as many outputs.
#[diagnostic::on_unimplemented(
    message = "kernel axis 1 (outputs) is `{LINEN}` in Linen and `{NNX}` in NNX",
    label = "this layer has `{NNX}` outputs, the Linen layer `{LINEN}`"
)]
pub trait SameOutputs<const LINEN: usize, const NNX: usize> {}
impl<const N: usize> SameOutputs<N, N> for Sizes {}

/// The two sides of a raw parameter have this axis in common.
#[diagnostic::on_unimplemented(
    message = "parameter axis {AXIS} is `{LINEN}` in Linen and `{NNX}` in NNX",
    label = "this parameter has `{NNX}` elements on the axis, the Linen parameter `{LINEN}`"
)]
pub trait SameAxis<const AXIS: usize, const LINEN: usize, const NNX: usize> {}
impl<const AXIS: usize, const N: usize> SameAxis<AXIS, N, N> for Sizes {}
