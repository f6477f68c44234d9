//! The same activation with another parameter.

use mlpport::prelude::*;

#[derive(CompactModule)]
struct LinenMlp {
    hidden: Dense<4, 8>,
    act: LeakyRelu<{ parameter(0.2) }>,
    out: Dense<8, 3>,
}

#[derive(NnxModule)]
#[port(source = LinenMlp)]
struct NnxMlp {
    #[port(from = "Dense_0")]
    fc1: Linear<4, 8>,
    act: LeakyRelu,
    #[port(from = "Dense_1")]
    fc2: Linear<8, 3>,
}

fn main() {}
