//! Attributes that say two things of one field.

use mlpport::prelude::*;

#[derive(CompactModule)]
struct LinenMlp {
    #[compact(name = "head", class = "Dense")]
    hidden: Dense<4, 8>,
    #[compact(skip, name = "count")]
    count: usize,
    relu: [Relu; 2],
}

fn main() {}
