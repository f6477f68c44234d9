//! A struct without field names.

use mlpport::prelude::*;

#[derive(CompactModule)]
struct LinenMlp(Dense<4, 8>, Relu, Dense<8, 3>);

#[derive(NnxModule)]
#[port(source = LinenMlp)]
struct NnxMlp {
    #[port(from = "Dense_0")]
    fc1: Linear<4, 8>,
}

fn main() {}
