//! A range that takes nothing.

use mlpport::prelude::*;

#[derive(CompactModule)]
struct LinenMlp<const IN: usize, const HIDDEN: usize, const OUT: usize> {
    hidden: Dense<IN, HIDDEN>,
    relu: Relu,
    out: Dense<HIDDEN, OUT>,
}

#[derive(NnxModule)]
#[port(source = LinenMlp<IN, HIDDEN, OUT>)]
struct NnxMlp<const IN: usize, const HIDDEN: usize, const OUT: usize> {
    #[port(from = "Dense_3..1")]
    layers: [Linear<IN, HIDDEN>; 2],
    relu: Relu,
}

fn main() {}
