//! A packed layer with another number of outputs.

use mlpport::nnx::PackedLinear;
use mlpport::prelude::*;

#[derive(CompactModule)]
struct LinenMlp {
    hidden: Dense<4, 8>,
    relu: Relu,
    out: Dense<8, 3>,
}

#[derive(NnxModule)]
#[port(source = LinenMlp)]
struct NnxMlp {
    #[port(from = "Dense_0")]
    fc1: PackedLinear<4, 8>,
    relu: Relu,
    #[port(from = "Dense_1")]
    fc2: PackedLinear<8, 2>,
}

fn main() {}
