//! An explicit name that is given automatically, too.

use mlpport::prelude::*;

#[derive(CompactModule)]
struct LinenMlp {
    hidden: Dense<4, 8>,
    #[compact(name = "Dense_0")]
    out: Dense<8, 3>,
}

fn main() {}
