//! A source that is not declared.

use mlpport::prelude::*;

#[derive(CompactModule)]
struct Encoder {
    hidden: Dense<4, 8>,
}

#[derive(CompactModule)]
struct Decoder {
    hidden: Dense<8, 4>,
}

#[derive(NnxModule)]
#[port(source(encoder = Encoder, decoder = Decoder))]
struct NnxMlp {
    #[port(from = "encoder.Dense_0")]
    fc1: Linear<4, 8>,
    #[port(from = "decodr.Dense_0")]
    fc2: Linear<8, 4>,
}

fn main() {}
