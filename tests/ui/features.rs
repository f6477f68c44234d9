//! A normalisation of another number of features.

use mlpport::prelude::*;

#[derive(CompactModule)]
struct LinenMlp {
    hidden: Dense<4, 8>,
    norm: linen::LayerNorm<8>,
    relu: Relu,
    out: Dense<8, 3>,
}

#[derive(NnxModule)]
#[port(source = LinenMlp)]
struct NnxMlp {
    #[port(from = "Dense_0")]
    fc1: Linear<4, 8>,
    #[port(from = "LayerNorm_0")]
    norm: nnx::LayerNorm<9>,
    relu: Relu,
    #[port(from = "Dense_1")]
    fc2: Linear<8, 3>,
}

fn main() {}
