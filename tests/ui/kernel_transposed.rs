//! The two sizes of a kernel swapped.

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
    fc1: Linear<8, 4>,
    relu: Relu,
    #[port(from = "Dense_1")]
    fc2: Linear<8, 3>,
}

fn main() {}
