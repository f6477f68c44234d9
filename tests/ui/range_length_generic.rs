//! A range and an array of another length.

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
    #[port(from = "Dense_0..2")]
    layers: [Linear<IN, HIDDEN>; 3],
    relu: Relu,
}

fn main() {}
