//! A port without a source.

use mlpport::prelude::*;

#[derive(NnxModule)]
struct NnxMlp {
    #[port(from = "Dense_0")]
    fc1: Linear<4, 8>,
}

fn main() {}
