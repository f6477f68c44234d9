//! A type whose name is not the Linen class.

use mlpport::prelude::*;

type Hidden = Dense<4, 8>;

#[derive(CompactModule)]
struct LinenMlp {
    hidden: Hidden,
    relu: Relu,
    out: Dense<8, 3>,
}

fn main() {}
