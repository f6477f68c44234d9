//! A layer that is marked as an activation.

use mlpport::prelude::*;

#[derive(CompactModule)]
struct LinenMlp {
    #[compact(activation)]
    hidden: Dense<4, 8>,
}

fn main() {}
