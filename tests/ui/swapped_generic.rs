//! Two layers of the same size, swapped.

use mlpport::prelude::*;

#[derive(CompactModule)]
struct LinenMlp<const HIDDEN: usize> {
    hidden: Dense<HIDDEN, HIDDEN>,
    relu: Relu,
    out: Dense<HIDDEN, HIDDEN>,
}

#[derive(NnxModule)]
#[port(source = LinenMlp<HIDDEN>)]
struct NnxMlp<const HIDDEN: usize> {
    #[port(from = "Dense_1")]
    fc1: Linear<HIDDEN, HIDDEN>,
    relu: Relu,
    #[port(from = "Dense_0")]
    fc2: Linear<HIDDEN, HIDDEN>,
}

fn main() {}
