//! Sizes that do not chain.

use mlpport::prelude::*;

#[derive(CompactModule)]
struct LinenMlp<const IN: usize, const HIDDEN: usize, const OUT: usize> {
    hidden: Dense<IN, HIDDEN>,
    relu: Relu,
    out: Dense<OUT, HIDDEN>,
}

fn main() {}
