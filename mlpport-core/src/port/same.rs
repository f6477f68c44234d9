//! What two layers must have in common to be ported, as traits that only equal things implement.
//!
//! Each leads to the next by `Then`: where one does not hold, the compiler does not look at those behind it, so that two
//! layers that differ in two sizes are one error.

/// Carries the comparisons of sizes, one trait an axis.
#[derive(Debug)]
pub struct Sizes;

/// The two sides of a linear layer take as many inputs.
#[diagnostic::on_unimplemented(
    message = "kernel axis 0 (inputs) is `{LINEN}` in Linen and `{NNX}` in NNX",
    label = "this layer has `{NNX}` inputs, the Linen layer `{LINEN}`",
    note = "write the same size on both sides; one that is `DYN` (`usize::MAX`) takes `#[port(from = \"…\", runtime)]`"
)]
pub trait SameInputs<const LINEN: usize, const NNX: usize> {
    /// What compares the next axis.
    type Then;
}

impl<const N: usize> SameInputs<N, N> for Sizes {
    type Then = Self;
}

/// The two sides of a linear layer return as many outputs.
#[diagnostic::on_unimplemented(
    message = "kernel axis 1 (outputs), and so the bias, is `{LINEN}` in Linen and `{NNX}` in NNX",
    label = "this layer has `{NNX}` outputs, the Linen layer `{LINEN}`",
    note = "write the same size on both sides; one that is `DYN` (`usize::MAX`) takes `#[port(from = \"…\", runtime)]`"
)]
pub trait SameOutputs<const LINEN: usize, const NNX: usize> {}

impl<const N: usize> SameOutputs<N, N> for Sizes {}

/// The two sides of a parameter have the same length on an axis.
#[diagnostic::on_unimplemented(
    message = "axis {AXIS} is `{LINEN}` in Linen and `{NNX}` in NNX",
    label = "this side has `{NNX}` elements on the axis, the Linen side `{LINEN}`",
    note = "write the same size on both sides; one that is `DYN` (`usize::MAX`) takes `#[port(from = \"…\", runtime)]`, \
            and `usize::MAX - 1` is an axis that is not there"
)]
pub trait SameAxis<const AXIS: usize, const LINEN: usize, const NNX: usize> {
    /// What compares the next axis.
    type Then;
}

impl<const AXIS: usize, const N: usize> SameAxis<AXIS, N, N> for Sizes {
    type Then = Self;
}

/// The two sides of a normalisation have as many features.
#[diagnostic::on_unimplemented(
    message = "features is `{LINEN}` in Linen and `{NNX}` in NNX",
    label = "this layer has `{NNX}` features, the Linen layer `{LINEN}`",
    note = "write the same size on both sides; one that is `DYN` (`usize::MAX`) takes `#[port(from = \"…\", runtime)]`"
)]
pub trait SameFeatures<const LINEN: usize, const NNX: usize> {
    /// What compares `epsilon`.
    type Then;
}

impl<const N: usize> SameFeatures<N, N> for Sizes {
    type Then = Self;
}

/// The two sides of a normalisation have the same `epsilon`; the numbers are the bits of a float32.
#[diagnostic::on_unimplemented(
    message = "`epsilon` differs between Linen and NNX",
    label = "this layer has another `epsilon` than the Linen layer",
    note = "write the same on both sides, as in `LayerNorm<8, {{ parameter(1e-5) }}>`; where it is left out, it is Flax's \
            default: 1e-6 for `LayerNorm`, 1e-5 for `BatchNorm`",
    note = "a number in the type is the bits of a float32: 897988541 is 1e-6, 925353388 is 1e-5"
)]
pub trait SameEpsilon<const LINEN: u32, const NNX: u32> {}

impl<const EPSILON: u32> SameEpsilon<EPSILON, EPSILON> for Sizes {}
