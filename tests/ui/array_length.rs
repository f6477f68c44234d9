//! An array whose length is not a literal.

use mlpport::prelude::*;

#[derive(CompactModule)]
struct LinenMlp<const DEPTH: usize> {
    layers: [Dense<8, 8>; DEPTH],
}

fn main() {}
