use mlpport::prelude::*;

#[derive(CompactModule)]
struct Block {
    up: Dense<8, 32>,
    gelu: Gelu,
    down: Dense<32, 8>,
}

#[derive(CompactModule)]
struct Trunk {
    embed: Dense<4, 8>,
    blocks: [Block; 3],
    #[compact(name = "head")]
    head: Dense<8, 2>,
}

#[derive(NnxModule)]
#[port(source = Block)]
struct NnxBlock {
    #[port(from = "Dense_0")]
    linear1: Linear<8, 32>,
    gelu: Gelu,
    #[port(from = "Dense_1")]
    linear2: Linear<32, 8>,
}

#[derive(NnxModule)]
#[port(source = Trunk)]
struct NnxTrunk {
    #[port(from = "Dense_0")]
    embed: Linear<4, 8>,
    #[port(from = "Block_0/Dense_0")]
    first_up: Linear<8, 32>,
    gelu: Gelu,
    #[port(from = "Block_0/Dense_1")]
    first_down: Linear<32, 8>,
    #[port(from = "Block_1..3")]
    blocks: [NnxBlock; 2],
    #[port(from = "head")]
    head: Linear<8, 2>,
    #[port(skip = 1)]
    step: usize,
}
