//! Several mistakes in one struct.

use mlpport::prelude::*;

#[derive(CompactModule)]
struct LinenMlp {
    #[compact(nam = "a")]
    hidden: Dense<4, 8>,
    #[compact(setup)]
    relu: Relu,
    out: Dense<8, 3>,
}

fn main() {}
