//! Generic structs: sizes, bias modes, activations, whole modules.

use std::marker::PhantomData;

use mlpport::activation::Activation;
use mlpport::linen::Submodule;
use mlpport::params::State;
use mlpport::prelude::*;

use super::{LinenMlp, NnxMlp, assert_port, assert_same_forward, numbered};

#[test]
fn sizes_are_parameters() {
    assert_port::<LinenMlp<4, 8, 3>, NnxMlp<4, 8, 3>>();
    assert_port::<LinenMlp<1, 1, 1>, NnxMlp<1, 1, 1>>();
    let nnx = assert_port::<LinenMlp<64, 32, 10>, NnxMlp<64, 32, 10>>();
    assert_same_forward(&numbered::<LinenMlp<64, 32, 10>>(), &nnx, 64);
}

#[derive(CompactModule)]
struct LinenBias<B: UseBias> {
    hidden: Dense<2, 3, B>,
    out: Dense<3, 1, NoBias>,
}

#[derive(NnxModule)]
#[port(source = LinenBias<B>)]
struct NnxBias<B: UseBias> {
    #[port(from = "Dense_0")]
    fc1: Linear<2, 3, B>,
    #[port(from = "Dense_1")]
    fc2: Linear<3, 1, NoBias>,
}

#[test]
fn the_bias_mode_is_a_parameter() {
    assert_port::<LinenBias<NoBias>, NnxBias<NoBias>>();
    let nnx = assert_port::<LinenBias<Bias>, NnxBias<Bias>>();
    assert_same_forward(&numbered::<LinenBias<Bias>>(), &nnx, 2);
    assert_eq!(LinenBias::<NoBias>::summary().parameter_count(), Some(9));
    assert_eq!(LinenBias::<Bias>::summary().parameter_count(), Some(12));
}

#[derive(CompactModule)]
struct LinenAct<A: Activation> {
    hidden: Dense<2, 3>,
    #[compact(activation)]
    act: A,
    out: Dense<3, 1>,
}

#[derive(NnxModule)]
#[port(source = LinenAct<A>)]
struct NnxAct<A: Activation> {
    #[port(from = "Dense_0")]
    fc1: Linear<2, 3>,
    #[port(activation)]
    act: A,
    #[port(from = "Dense_1")]
    fc2: Linear<3, 1>,
}

#[test]
fn the_activation_is_a_parameter() {
    let tanh = assert_port::<LinenAct<Tanh>, NnxAct<Tanh>>();
    assert_same_forward(&numbered::<LinenAct<Tanh>>(), &tanh, 2);
    let relu = assert_port::<LinenAct<Relu>, NnxAct<Relu>>();
    assert_same_forward(&numbered::<LinenAct<Relu>>(), &relu, 2);
}

#[derive(CompactModule)]
struct LinenAround<M>
where
    M: Submodule + Forward,
{
    #[compact(class = "Torso")]
    torso: M,
    head: Dense<3, 1>,
}

#[derive(NnxModule)]
#[port(source = LinenAround<M>)]
struct NnxAround<M, N>
where
    M: Submodule + Forward,
    N: PortFrom<M> + State + Forward + Mapped,
{
    #[port(from = "Torso_0")]
    torso: N,
    #[port(from = "Dense_0")]
    head: Linear<3, 1>,
    #[port(skip)]
    torso_in_linen: PhantomData<M>,
}

#[test]
fn a_module_is_a_parameter_with_bounds_in_a_where_clause() {
    type Linen = LinenAround<LinenMlp<4, 8, 3>>;
    assert_eq!(Linen::NAMES, ["Torso_0", "Dense_0"]);
    let nnx = assert_port::<Linen, NnxAround<LinenMlp<4, 8, 3>, NnxMlp<4, 8, 3>>>();
    assert_same_forward(&numbered::<Linen>(), &nnx, 4);
}

#[derive(CompactModule)]
#[compact(check_with(M = LinenMlp<4, 8, 3>))]
struct LinenChecked<M: Submodule + Forward> {
    #[compact(class = "LinenMlp")]
    torso: M,
    head: Dense<3, 1>,
}

#[derive(NnxModule)]
#[port(source = LinenChecked<M>, check_with(M = LinenMlp<4, 8, 3>, N = NnxMlp<4, 8, 3>))]
struct NnxChecked<M: Submodule + Forward, N: PortFrom<M> + State + Forward + Mapped> {
    #[port(from = "LinenMlp_0")]
    torso: N,
    #[port(from = "Dense_0")]
    head: Linear<3, 1>,
    #[port(skip)]
    torso_in_linen: PhantomData<M>,
}

#[test]
fn a_stand_in_for_the_checks_leaves_the_parameter_free() {
    assert_port::<LinenChecked<LinenMlp<4, 8, 3>>, NnxChecked<LinenMlp<4, 8, 3>, NnxMlp<4, 8, 3>>>();
    assert_port::<LinenChecked<LinenMlp<2, 5, 3>>, NnxChecked<LinenMlp<2, 5, 3>, NnxMlp<2, 5, 3>>>();
}

#[derive(CompactModule)]
struct LinenWhere<const N: usize, B, A>
where
    B: UseBias,
    A: Activation,
{
    hidden: Dense<N, N, B>,
    #[compact(activation)]
    act: A,
}

#[derive(NnxModule)]
#[port(source = LinenWhere<N, B, A>)]
struct NnxWhere<const N: usize, B, A>
where
    B: UseBias,
    A: Activation,
{
    #[port(from = "Dense_0")]
    fc: Linear<N, N, B>,
    #[port(activation)]
    act: A,
}

#[test]
fn all_bounds_may_stand_in_the_where_clause() {
    let nnx = assert_port::<LinenWhere<5, NoBias, Tanh>, NnxWhere<5, NoBias, Tanh>>();
    assert_same_forward(&numbered::<LinenWhere<5, NoBias, Tanh>>(), &nnx, 5);
}

#[derive(CompactModule)]
struct LinenDefaults<const N: usize = 2, B: UseBias = NoBias> {
    hidden: Dense<N, N, B>,
}

#[derive(NnxModule)]
#[port(source = LinenDefaults<N, B>)]
struct NnxDefaults<const N: usize = 2, B: UseBias = NoBias> {
    #[port(from = "Dense_0")]
    fc: Linear<N, N, B>,
}

#[test]
fn parameters_may_have_defaults() {
    assert_port::<LinenDefaults, NnxDefaults>();
    assert_port::<LinenDefaults<3, Bias>, NnxDefaults<3, Bias>>();
}

#[derive(CompactModule)]
struct LinenLabelled<'a> {
    #[compact(skip)]
    label: &'a str,
    hidden: Dense<2, 2>,
}

#[derive(NnxModule)]
#[port(source = LinenLabelled<'a>)]
struct NnxLabelled<'a> {
    #[port(skip = "nnx")]
    label: &'a str,
    #[port(from = "Dense_0")]
    fc: Linear<2, 2>,
}

#[test]
fn a_lifetime_is_a_parameter() {
    let linen = numbered::<LinenLabelled<'_>>();
    let nnx = NnxLabelled::port_from(&linen);
    assert_eq!((linen.label, nnx.label), ("", "nnx"));
    assert_eq!(linen.hidden.kernel(), nnx.fc.kernel());
}

#[derive(CompactModule)]
struct LinenMarked<'a, T: 'a> {
    hidden: Dense<2, 2>,
    #[compact(skip)]
    marker: PhantomData<&'a T>,
}

#[derive(NnxModule)]
#[port(source = LinenMarked<'a, T>)]
struct NnxMarked<'a, T: 'a> {
    #[port(from = "Dense_0")]
    fc: Linear<2, 2>,
    #[port(skip)]
    marker: PhantomData<&'a T>,
}

#[test]
fn a_type_parameter_needs_no_bounds_where_no_layer_is_one() {
    struct NotEvenDebug;
    let nnx = assert_port::<LinenMarked<'_, NotEvenDebug>, NnxMarked<'_, NotEvenDebug>>();
    let (from, to) = (numbered::<LinenMarked<'_, NotEvenDebug>>().marker, nnx.marker);
    assert_eq!(from, to);
}

#[derive(CompactModule)]
struct LinenFlags<const APPROXIMATE: bool, const AXIS: isize, const SLOPE: u32> {
    hidden: Dense<2, 3>,
    gelu: Gelu<APPROXIMATE>,
    leaky: LeakyRelu<SLOPE>,
    softmax: Softmax<AXIS>,
}

#[derive(NnxModule)]
#[port(source = LinenFlags<APPROXIMATE, AXIS, SLOPE>)]
struct NnxFlags<const APPROXIMATE: bool, const AXIS: isize, const SLOPE: u32> {
    #[port(from = "Dense_0")]
    fc: Linear<2, 3>,
    gelu: Gelu<APPROXIMATE>,
    leaky: LeakyRelu<SLOPE>,
    softmax: Softmax<AXIS>,
}

#[test]
fn the_arguments_of_activations_are_parameters() {
    const SLOPE: u32 = mlpport::activation::parameter(0.2);
    let nnx = assert_port::<LinenFlags<false, 0, SLOPE>, NnxFlags<false, 0, SLOPE>>();
    assert_same_forward(&numbered::<LinenFlags<false, 0, SLOPE>>(), &nnx, 2);
}

mod sizes {
    pub(super) const WIDE: usize = 6;
    pub(super) const NARROW: usize = WIDE / 3;
}

#[derive(CompactModule)]
struct LinenExpressions {
    hidden: Dense<{ sizes::NARROW }, { sizes::WIDE }>,
    out: Dense<6, { 1 + 1 }>,
}

#[derive(NnxModule)]
#[port(source = LinenExpressions)]
struct NnxExpressions {
    #[port(from = "Dense_0")]
    fc1: Linear<2, { 2 * 3 }>,
    #[port(from = "Dense_1")]
    fc2: Linear<{ sizes::WIDE }, { sizes::NARROW }>,
}

#[test]
fn sizes_are_expressions() {
    assert_port::<LinenExpressions, NnxExpressions>();
}
