//! Two layers of the same size, swapped.

use mlpport::prelude::*;

#[derive(CompactModule)]
struct LinenMlp {
    hidden: Dense<8, 8>,
    relu: Relu,
    out: Dense<8, 8>,
}

#[derive(NnxModule)]
#[port(source = LinenMlp)]
struct NnxMlp {
    #[port(from = "Dense_1")]
    fc1: Linear<8, 8>,
    relu: Relu,
    #[port(from = "Dense_0")]
    fc2: Linear<8, 8>,
}

fn main() {}
