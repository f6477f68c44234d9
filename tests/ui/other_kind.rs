//! Another kind of layer.

use mlpport::prelude::*;

#[derive(CompactModule)]
struct LinenMlp {
    hidden: Dense<4, 8>,
    relu: Relu,
    out: linen::LayerNorm<8>,
}

#[derive(NnxModule)]
#[port(source = LinenMlp)]
struct NnxMlp {
    #[port(from = "Dense_0")]
    fc1: Linear<4, 8>,
    relu: Relu,
    #[port(from = "LayerNorm_0")]
    fc2: Linear<8, 8>,
}

fn main() {}
