use mlpport::prelude::*;

#[derive(CompactModule)]
struct LinenMlp {
    hidden: Dense,
    tanh: Tanh,
    out: Dense,
}

#[derive(NnxModule)]
#[port(source = LinenMlp)]
struct NnxMlp {
    #[port(from = "Dense_0", runtime)]
    fc1: Linear<4, 8>,
    tanh: Tanh,
    #[port(from = "Dense_1", runtime)]
    fc2: Linear<8, 3>,
}
