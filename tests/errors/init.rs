//! What keeps a model from being initialised, problem by problem.

use mlpport::init::uniform;
use mlpport::params::{Init, LayerSizes, Reader, State, Writer};
use mlpport::prelude::*;
use mlpport::random::{Key, Rngs};

use super::{Shown, shown};

#[derive(CompactModule)]
struct Block {
    hidden: Dense<4, 6>,
}

#[derive(CompactModule)]
#[compact(manual_forward)]
struct Linen {
    #[compact(scale_init = uniform(1.0))]
    dense: Dense<DYN, 8>,
    raw: Param<2>,
    #[compact(kernel_init = uniform(1.0))]
    block: Block,
    huge: Dense<DYN, 3>,
    own: Own,
}

/// A layer that says nothing of its initialisation.
struct Own;

impl State for Own {
    const CLASS: &'static str = "Own";
    fn read(_: &mut Reader<'_>) -> Self {
        Self
    }
    fn write(&self, _: &mut Writer<'_>) {}
}

impl linen::Submodule for Own {}

fn error() -> mlpport::Error {
    let sizes = [("Dense_2", [1, 2]), ("Block_0/Dense_0", [4, 7]), ("Dense_1", [usize::MAX / 2, 3])];
    match Linen::init_with_sizes(0, sizes) {
        Ok(_) => panic!("expected an error"),
        Err(error) => error,
    }
}

/// The problem of this number.
fn problem(index: usize) -> Shown {
    match error() {
        mlpport::Error::Init(error) => shown(error.problems[index].clone()),
        other => panic!("expected Error::Init, found {other:?}"),
    }
}

texts! {
    sizes_that_are_not_known, Unknown:
        problem(0)
        => "Dense_0: expected the sizes (?, 8) of this `Dense`, found none; give them with `LayerSizes::with`";

    an_initialiser_for_no_leaf, NoLeaf:
        problem(1)
        => "Dense_0: expected an initialiser for a leaf of this `Dense`, found one for `scale`";

    a_parameter_without_an_initialiser, NoInitializer:
        problem(2)
        => "raw: expected an initialiser for this parameter, found none; write `init = …` on its field";

    other_sizes, OtherSizes:
        problem(3)
        => "Block_0/Dense_0: expected the sizes (4, 6) of this `Dense`, found (4, 7)";

    an_initialiser_for_a_module, NoLeaf:
        problem(4)
        => "Block_0: expected an initialiser for a leaf of this `Block`, found one for `kernel`";

    a_kernel_that_is_too_large, Draw:
        problem(5)
        => "Dense_1/kernel: `shape`: expected a shape whose size in bytes is at most isize::MAX, found (9223372036854775807, 3)";

    a_layer_that_says_nothing, NotDrawn:
        problem(6)
        => "Own_0: expected a layer that can be initialised, found `Own`; implement `State::draw` for it";

    sizes_for_no_layer, NoLayer:
        problem(7)
        => "Dense_2: expected the path of a layer, found none of the model; did you mean `Dense_1` or `Dense_0`?";
}

#[test]
fn all_problems_are_in_one_error() {
    let text = error().to_string();
    assert!(text.starts_with("`Linen` cannot be initialised (8 problems):\n  Dense_0: "), "{text}");
    assert_eq!(text.lines().count(), 9);
}

#[derive(NnxModule)]
struct Nnx {
    fc1: Linear<2, 3>,
}

#[test]
fn streams_without_keys_for_parameters_are_named() {
    let Err(error) = Nnx::new(&mut Rngs::from([("dropout", 0)])) else { panic!("expected an error") };
    let text = error.to_string();
    assert!(
        text.starts_with("`Nnx` cannot be initialised (2 problems):\n  fc1/kernel: `name`: expected a stream"),
        "{text}"
    );
    let sizes = LayerSizes::new().with("fc1", [2, 3]);
    assert!(Nnx::new_with_sizes(&mut Rngs::new(0), sizes).is_ok(), "sizes that are in the types already");
}

/// A layer whose initialisation fails.
struct Fails;

impl State for Fails {
    const CLASS: &'static str = "Fails";
    fn read(_: &mut Reader<'_>) -> Self {
        Self
    }
    fn write(&self, _: &mut Writer<'_>) {}
    fn draw(_: &mut Init<'_>) -> mlpport::Result<Self> {
        Key::from_seed(0).uniform(&[usize::MAX, 2], 0.0_f32, 1.0).map(|_| Self)
    }
}

#[derive(NnxModule)]
#[port(manual_forward)]
struct Failing<const IN: usize> {
    fails: Fails,
    fc: Linear<IN, 3>,
}

#[test]
fn the_error_of_a_layer_is_returned() {
    let Err(error) = Failing::<2>::new(&mut Rngs::new(0)) else { panic!("expected an error") };
    assert!(error.to_string().contains("isize::MAX"), "{error}");
}

#[test]
fn the_error_of_a_layer_hides_no_problem_behind_it() {
    let Err(error) = Failing::<DYN>::new(&mut Rngs::new(0)) else { panic!("expected an error") };
    assert!(error.to_string().contains("fc: expected the sizes (?, 3)"), "{error}");
}
