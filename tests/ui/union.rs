//! A union.

use mlpport::prelude::*;

#[derive(CompactModule)]
union LinenMlp {
    hidden: std::mem::ManuallyDrop<Dense<4, 8>>,
}

fn main() {}
