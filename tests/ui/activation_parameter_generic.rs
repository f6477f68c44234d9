//! The same activation with another parameter.

use mlpport::prelude::*;

#[derive(CompactModule)]
struct LinenMlp<const IN: usize, const HIDDEN: usize, const OUT: usize> {
    hidden: Dense<IN, HIDDEN>,
    act: LeakyRelu<{ parameter(0.2) }>,
    out: Dense<HIDDEN, OUT>,
}

#[derive(NnxModule)]
#[port(source = LinenMlp<IN, HIDDEN, OUT>)]
struct NnxMlp<const IN: usize, const HIDDEN: usize, const OUT: usize> {
    #[port(from = "Dense_0")]
    fc1: Linear<IN, HIDDEN>,
    act: LeakyRelu,
    #[port(from = "Dense_1")]
    fc2: Linear<HIDDEN, OUT>,
}

fn main() {}
