//! A field that is no layer.

use mlpport::prelude::*;

#[derive(CompactModule)]
struct LinenMlp {
    hidden: Dense<4, 8>,
    count: usize,
}

fn main() {}
