//! Whole models, as the derives initialise them.

use mlpport::init::{constant, he_uniform, normal, truncated_normal, uniform};
use mlpport::prelude::*;
use mlpport::random::{Key, Rngs, Scope};

use super::{golden, key};

#[derive(CompactModule)]
struct LinenMlp {
    hidden: Dense<4, 8>,
    relu: Relu,
    out: Dense<8, 3>,
}

#[derive(NnxModule)]
#[port(source = LinenMlp)]
struct NnxMlp {
    #[port(from = "Dense_0")]
    fc1: Linear<4, 8>,
    relu: Relu,
    #[port(from = "Dense_1")]
    fc2: Linear<8, 3>,
}

#[derive(CompactModule)]
struct AnyMlp {
    hidden: Dense,
    relu: Relu,
    out: Dense<DYN, 3>,
}

#[derive(NnxModule)]
#[port(source = AnyMlp)]
struct AnyNnxMlp {
    #[port(from = "Dense_0")]
    fc1: Linear,
    relu: Relu,
    #[port(from = "Dense_1")]
    fc2: Linear<DYN, 3>,
}

#[derive(CompactModule)]
struct Block<const IN: usize> {
    hidden: Dense<IN, 6>,
    norm: linen::LayerNorm<6>,
    #[compact(name = "out")]
    out: Dense<6, 5>,
}

#[derive(CompactModule)]
struct Nested {
    first: Block<3>,
    #[compact(name = "größe")]
    second: Block<5>,
    #[compact(name = "層_0")]
    between: Dense<5, 4>,
    third: Block<4>,
}

#[derive(CompactModule)]
#[compact(manual_forward)]
struct Chosen {
    norm: linen::BatchNorm<4>,
    #[compact(init = normal(1.0))]
    a: Param<3>,
    #[compact(kernel_init = he_uniform(), bias_init = normal(0.5))]
    dense: Dense<4, 4>,
    #[compact(init = truncated_normal(0.5, -2.0, 2.0))]
    b: Param<2, 2>,
    #[compact(scale_init = uniform(2.0), bias_init = constant(0.25))]
    scale: linen::LayerNorm<4>,
    #[compact(name = "block")]
    block: Block<4>,
}

#[derive(NnxModule)]
#[port(manual_forward)]
struct NnxChosen {
    norm: nnx::BatchNorm<4>,
    #[port(init = normal(1.0))]
    a: Param<3>,
    #[port(init = constant(0.0))]
    zero: Param<2>,
    #[port(kernel_init = he_uniform(), bias_init = normal(0.5))]
    layers: [Linear<4, 4>; 2],
    #[port(scale_init = uniform(2.0), bias_init = constant(0.25))]
    out: nnx::LayerNorm<4>,
}

/// The seeds in the file, each with what Flax returns for it.
fn each(place: &str, model: impl Fn(Key) -> Variables) {
    let golden = golden().subtree(place).unwrap();
    let seeds: Vec<String> = golden.collections().into_iter().map(str::to_owned).collect();
    assert!(seeds.len() >= 3);
    for seed in &seeds {
        assert_eq!(model(key(seed)), golden.clone().subtree(seed).unwrap(), "{place}/{seed}");
    }
}

#[test]
fn linen_models() {
    each("linen/mlp", |key| LinenMlp::init(key).unwrap().to_variables());
    each("linen/nested", |key| Nested::init(key).unwrap().to_variables());
    each("chosen/linen", |key| Chosen::init(key).unwrap().to_variables());
}

#[test]
fn nnx_models() {
    each("nnx/mlp", |key| NnxMlp::new(&mut Rngs::new(key)).unwrap().to_variables());
    each("chosen/nnx", |key| NnxChosen::new(&mut Rngs::new(key)).unwrap().to_variables());
}

#[test]
fn sizes_that_are_known_when_it_runs() {
    let sizes = [("Dense_0", [4, 8]), ("Dense_1", [8, 3])];
    each("linen/mlp", |key| AnyMlp::init_with_sizes(key, sizes).unwrap().to_variables());
    let sizes = [("fc1", [4, 8]), ("fc2", [8, 3])];
    each("nnx/mlp", |key| AnyNnxMlp::new_with_sizes(&mut Rngs::new(key), sizes).unwrap().to_variables());
}

#[test]
fn the_next_model_of_the_same_streams_has_other_parameters() {
    let mut rngs = Rngs::new(0);
    let first = NnxMlp::new(&mut rngs).unwrap().to_variables();
    assert_eq!(rngs.stream("default").unwrap().count(), 4);
    assert_ne!(first, NnxMlp::new(&mut rngs).unwrap().to_variables());
}

#[test]
fn a_seed_and_streams_are_keys_as_well() {
    let expected = LinenMlp::init(key("7")).unwrap().to_variables();
    assert_eq!(LinenMlp::init(7).unwrap().to_variables(), expected);
    let streams = Scope::from([("dropout", key("1")), ("params", key("7"))]);
    assert_eq!(LinenMlp::init(streams).unwrap().to_variables(), expected);
}
