//! What the attributes say: names, ignored submodules, forwards by hand.

use mlpport::activation::{Activation, map};
use mlpport::prelude::*;
use ndarray::{Array, ArrayView, Dimension};

use super::{assert_port, assert_same_forward, numbered};

#[derive(CompactModule)]
struct LinenNamed {
    hidden: Dense<2, 3>,
    #[compact(name = "head")]
    head: Dense<3, 4>,
    #[compact(name = "größe-1.x")]
    size: Dense<4, 3>,
    out: Dense<3, 1>,
}

#[derive(NnxModule)]
#[port(source = LinenNamed)]
struct NnxNamed {
    #[port(from = "Dense_0")]
    fc1: Linear<2, 3>,
    #[port(from = "head")]
    head: Linear<3, 4>,
    #[port(from = "größe-1.x")]
    size: Linear<4, 3>,
    #[port(from = "Dense_1")]
    fc2: Linear<3, 1>,
}

#[test]
fn an_explicit_name_is_taken_as_it_is() {
    assert_eq!(LinenNamed::NAMES, ["Dense_0", "head", "größe-1.x", "Dense_1"]);
    let nnx = assert_port::<LinenNamed, NnxNamed>();
    assert_same_forward(&numbered::<LinenNamed>(), &nnx, 2);
}

#[test]
fn the_submodules_are_public_fields_by_their_names() {
    let linen = numbered::<LinenNamed>();
    let head = linen.head.kernel().to_owned();
    assert_eq!(linen.into_params().head.kernel(), head);
}

#[derive(CompactModule)]
struct Block {
    first: Dense<2, 2>,
    tanh: Tanh,
    second: Dense<2, 2>,
}

#[derive(CompactModule)]
struct LinenHeads {
    body: Block,
    relu: Relu,
    blocks: [Block; 2],
    head: Dense<2, 1>,
}

#[derive(NnxModule)]
#[port(source = LinenHeads, ignore = "Block_0/Dense_0", ignore = "Block_2", ignore = "Dense_0")]
struct NnxWithoutHead {
    tanh: Tanh,
    #[port(from = "Block_0/Dense_1")]
    first: Linear<2, 2>,
    relu: Relu,
    #[port(from = "Block_1/Dense_0")]
    second: Linear<2, 2>,
    second_tanh: Tanh,
    #[port(from = "Block_1/Dense_1")]
    third: Linear<2, 2>,
}

#[test]
fn ignored_submodules_are_left_behind_at_any_depth() {
    assert_port::<LinenHeads, NnxWithoutHead>();
    let ignored: Vec<String> = NnxWithoutHead::mapping().ignored().iter().map(ToString::to_string).collect();
    assert_eq!(ignored, ["Block_0/Dense_0", "Block_2", "Dense_0"]);
}

#[derive(CompactModule)]
struct LinenOrdered {
    first: Dense<2, 3>,
    relu: Relu,
    second: Dense<3, 2>,
}

#[derive(NnxModule)]
#[port(source = LinenOrdered, any_order)]
struct NnxAnyOrder {
    #[port(from = "Dense_1")]
    last: Linear<3, 2>,
    act: Relu,
    #[port(from = "Dense_0")]
    first: Linear<2, 3>,
}

impl Forward for NnxAnyOrder {
    const INPUTS: Option<usize> = Some(2);

    fn try_forward<D: Dimension>(&self, x: ArrayView<'_, f32, D>) -> mlpport::Result<Array<f32, D>> {
        let x = self.first.try_forward(x)?;
        self.last.try_forward(self.act.apply(x).view())
    }
}

#[test]
fn fields_may_stand_in_any_order() {
    let nnx = assert_port::<LinenOrdered, NnxAnyOrder>();
    assert_same_forward(&numbered::<LinenOrdered>(), &nnx, 2);
}

/// `x + Dense_1(relu(Dense_0(x)))`
#[derive(CompactModule)]
#[compact(manual_forward)]
struct LinenResidual {
    first: Dense<2, 3>,
    relu: Relu,
    second: Dense<3, 2>,
}

#[derive(NnxModule)]
#[port(source = LinenResidual, manual_forward)]
struct NnxResidual {
    #[port(from = "Dense_0")]
    first: Linear<2, 3>,
    relu: Relu,
    #[port(from = "Dense_1")]
    second: Linear<3, 2>,
}

macro_rules! residual {
    ($model:ident) => {
        impl Forward for $model {
            fn try_forward<D: Dimension>(&self, x: ArrayView<'_, f32, D>) -> mlpport::Result<Array<f32, D>> {
                let hidden = self.relu.apply(self.first.try_forward(x.view())?);
                Ok(self.second.try_forward(hidden.view())? + x)
            }
        }
    };
}

residual!(LinenResidual);
residual!(NnxResidual);

/// A module whose forward is derived around one that is written by hand.
#[derive(CompactModule)]
struct LinenAround {
    blocks: [LinenResidual; 2],
    head: Dense<2, 1>,
}

#[derive(NnxModule)]
#[port(source = LinenAround)]
struct NnxAround {
    #[port(from = "LinenResidual_0..2")]
    blocks: [NnxResidual; 2],
    #[port(from = "Dense_0")]
    head: Linear<2, 1>,
}

#[test]
fn a_forward_may_be_written_by_hand() {
    let nnx = assert_port::<LinenResidual, NnxResidual>();
    assert_same_forward(&numbered::<LinenResidual>(), &nnx, 2);
    let nnx = assert_port::<LinenAround, NnxAround>();
    assert_same_forward(&numbered::<LinenAround>(), &nnx, 2);
}

#[derive(CompactModule)]
#[compact(manual_forward)]
struct LinenActor {
    mean: Dense<2, 3>,
    log_std: Param<3>,
    temperature: Param,
}

#[derive(NnxModule)]
#[port(source = LinenActor, manual_forward)]
struct NnxActor {
    #[port(from = "Dense_0")]
    mean: Linear<2, 3>,
    #[port(from = "log_std")]
    std: Param<3>,
    #[port(from = "temperature")]
    temperature: Param,
}

#[test]
fn raw_parameters_are_ported_as_layers_are() {
    assert_eq!(LinenActor::NAMES, ["Dense_0", "log_std", "temperature"]);
    let nnx = assert_port::<LinenActor, NnxActor>();
    assert_eq!(nnx.std.value().shape(), [3]);
    assert_eq!(nnx.temperature.value().shape(), [0_usize; 0]);
}

#[derive(Default)]
struct Square;

impl Activation for Square {
    const NAME: &'static str = "square";

    fn apply<D: Dimension>(&self, x: Array<f32, D>) -> Array<f32, D> {
        map(x, |x| x * x)
    }
}

#[derive(CompactModule)]
struct LinenSquare {
    hidden: Dense<2, 3>,
    #[compact(activation)]
    square: Square,
}

#[derive(NnxModule)]
#[port(source = LinenSquare)]
struct NnxSquare {
    #[port(from = "Dense_0")]
    fc: Linear<2, 3>,
    #[port(activation)]
    square: Square,
}

#[test]
fn an_activation_of_ones_own_is_marked() {
    let nnx = assert_port::<LinenSquare, NnxSquare>();
    assert_same_forward(&numbered::<LinenSquare>(), &nnx, 2);
}

#[rustfmt::skip]
#[derive(CompactModule)]
#[compact(setup,)]
#[compact(class = "Torso", crate = ::mlpport)]
struct LinenSplit {
    #[compact(name = "a",)]
    first: Dense<2, 2>,
    #[compact()]
    second: Dense<2, 2>,
}

#[rustfmt::skip]
#[derive(NnxModule)]
#[port(any_order,)]
#[port(source = LinenSplit, ignore = "a",)]
struct NnxSplit {
    #[port(from = "second",)]
    fc: Linear<2, 2>,
}

#[test]
fn attributes_may_be_split_and_end_in_a_comma() {
    assert_eq!(LinenSplit::NAMES, ["a", "second"]);
    assert_port::<LinenSplit, NnxSplit>();
}
