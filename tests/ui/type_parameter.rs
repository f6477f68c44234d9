//! A type parameter whose class is not known.

use mlpport::prelude::*;

#[derive(CompactModule)]
struct LinenMlp<L: linen::Submodule + Forward> {
    hidden: L,
}

fn main() {}
