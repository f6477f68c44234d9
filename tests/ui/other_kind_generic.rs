//! Another kind of layer.

use mlpport::prelude::*;

#[derive(CompactModule)]
struct LinenMlp<const IN: usize, const HIDDEN: usize, const OUT: usize> {
    hidden: Dense<IN, HIDDEN>,
    relu: Relu,
    out: linen::LayerNorm<HIDDEN>,
}

#[derive(NnxModule)]
#[port(source = LinenMlp<IN, HIDDEN, OUT>)]
struct NnxMlp<const IN: usize, const HIDDEN: usize, const OUT: usize> {
    #[port(from = "Dense_0")]
    fc1: Linear<IN, HIDDEN>,
    relu: Relu,
    #[port(from = "LayerNorm_0")]
    fc2: Linear<HIDDEN, HIDDEN>,
}

fn main() {}
