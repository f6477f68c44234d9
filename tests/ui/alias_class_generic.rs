//! A type whose name is not the Linen class.

use mlpport::prelude::*;

type Hidden<const N: usize> = Dense<4, N>;

#[derive(CompactModule)]
struct LinenMlp<const N: usize> {
    hidden: Hidden<N>,
    relu: Relu,
    out: Dense<N, 3>,
}

fn main() {}
