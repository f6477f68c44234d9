//! An enum.

use mlpport::prelude::*;

#[derive(CompactModule)]
enum LinenMlp {
    Hidden(Dense<4, 8>),
    Out(Dense<8, 3>),
}

fn main() {}
