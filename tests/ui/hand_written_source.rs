//! A derived forward from a hand-written one.

use mlpport::prelude::*;

#[derive(CompactModule)]
#[compact(manual_forward)]
struct LinenMlp {
    hidden: Dense<4, 8>,
}

#[derive(NnxModule)]
#[port(source = LinenMlp)]
struct NnxMlp {
    #[port(from = "Dense_0")]
    fc1: Linear<4, 8>,
}

fn main() {}
