//! Sizes that do not chain.

use mlpport::prelude::*;

#[derive(CompactModule)]
struct LinenMlp {
    hidden: Dense<4, 8>,
    relu: Relu,
    out: Dense<9, 3>,
}

fn main() {}
