//! A raw parameter in a derived forward.

use mlpport::prelude::*;

#[derive(CompactModule)]
struct LinenMlp {
    hidden: Dense<4, 8>,
    log_std: Param<8>,
}

fn main() {}
