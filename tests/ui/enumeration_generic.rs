//! An enum.

use mlpport::prelude::*;

#[derive(NnxModule)]
enum NnxMlp<const IN: usize, const OUT: usize> {
    Hidden(Linear<IN, OUT>),
    Relu(Relu),
}

fn main() {}
