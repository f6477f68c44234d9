//! Two type parameters where the Linen side has one: they may be two activations.

use mlpport::prelude::*;
use std::marker::PhantomData;

#[derive(CompactModule)]
struct LinenMlp<A: Activation> {
    hidden: Dense<4, 8>,
    #[compact(activation)]
    act: A,
}

#[derive(NnxModule)]
#[port(source = LinenMlp<A>)]
struct NnxMlp<A: Activation, B: Activation> {
    #[port(from = "Dense_0")]
    fc1: Linear<4, 8>,
    #[port(activation)]
    act: B,
    #[port(skip)]
    linen: PhantomData<A>,
}

fn main() {}
