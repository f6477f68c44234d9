//! A range and an array of another length.

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
    #[port(from = "Dense_0..2")]
    layers: [Linear<8, 8>; 3],
    relu: Relu,
}

fn main() {}
