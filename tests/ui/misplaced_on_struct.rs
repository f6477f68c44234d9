//! A field attribute on the struct.

use mlpport::prelude::*;

#[derive(CompactModule)]
struct LinenMlp {
    hidden: Dense<4, 8>,
}

#[derive(NnxModule)]
#[port(from = "Dense_0", source = LinenMlp)]
struct NnxMlp {
    #[port(from = "Dense_0")]
    fc1: Linear<4, 8>,
}

fn main() {}
