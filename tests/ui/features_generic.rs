//! A normalisation of another number of features.

use mlpport::prelude::*;

#[derive(CompactModule)]
struct LinenMlp<const IN: usize, const HIDDEN: usize, const OUT: usize> {
    hidden: Dense<IN, HIDDEN>,
    norm: linen::LayerNorm<HIDDEN>,
    relu: Relu,
    out: Dense<HIDDEN, OUT>,
}

#[derive(NnxModule)]
#[port(source = LinenMlp<IN, HIDDEN, OUT>)]
struct NnxMlp<const IN: usize, const HIDDEN: usize, const OUT: usize> {
    #[port(from = "Dense_0")]
    fc1: Linear<IN, HIDDEN>,
    #[port(from = "LayerNorm_0")]
    norm: nnx::LayerNorm<OUT>,
    relu: Relu,
    #[port(from = "Dense_1")]
    fc2: Linear<HIDDEN, OUT>,
}

fn main() {}
