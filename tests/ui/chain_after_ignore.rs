//! Sizes that do not chain once a submodule is left behind.

use mlpport::prelude::*;

#[derive(CompactModule)]
struct LinenMlp<const IN: usize, const HIDDEN: usize> {
    hidden: Dense<IN, HIDDEN>,
    middle: Dense<HIDDEN, 4>,
    out: Dense<4, 1>,
}

#[derive(NnxModule)]
#[port(source = LinenMlp<IN, HIDDEN>, ignore = "Dense_1")]
struct NnxMlp<const IN: usize, const HIDDEN: usize> {
    #[port(from = "Dense_0")]
    fc1: Linear<IN, HIDDEN>,
    #[port(from = "Dense_2")]
    fc2: Linear<4, 1>,
}

fn main() {}
