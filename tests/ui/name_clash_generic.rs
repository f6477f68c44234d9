//! A raw parameter called as a submodule.

use mlpport::prelude::*;

#[derive(CompactModule)]
#[compact(manual_forward)]
struct LinenMlp<const IN: usize> {
    #[compact(name = "scale")]
    hidden: Dense<IN, 8>,
    scale: Param<8>,
}

fn main() {}
