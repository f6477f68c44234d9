//! Where Flax makes submodules in another order than it runs them, or does not run them at all.

use mlpport::prelude::*;
use ndarray::array;

use super::load;

trees! {
    fields_stand_in_the_order_of_construction("nested_call"): InOrderOfConstruction, ["Dense_0", "Dense_1"];
    explicit_names_free_the_order_of_the_fields("nested_call"): InOrderOfCalls, ["Dense_1", "Dense_0"];
    in_setup_style_an_unused_submodule_leaves_no_trace("unused"): UnusedInSetup, ["used"];
    in_compact_style_an_unused_submodule_takes_its_index("unused_compact"): UnusedByName, ["Dense_1"];
    a_module_without_fields_takes_an_index("unused_compact"): UnusedByClass, ["Dense_0", "Dense_1"];
}

/// `Dense(3)(relu(Dense(4)(x)))` makes the outer layer first.
#[derive(CompactModule)]
#[compact(manual_forward)]
struct InOrderOfConstruction {
    outer: Dense<4, 3>,
    relu: Relu,
    inner: Dense<2, 4>,
}

impl InOrderOfConstruction {
    fn run(&self, x: ndarray::ArrayView1<'_, f32>) -> ndarray::Array1<f32> {
        self.outer.forward(self.relu.apply(self.inner.forward(x)).view())
    }
}

#[derive(CompactModule)]
struct InOrderOfCalls {
    #[compact(name = "Dense_1")]
    inner: Dense<2, 4>,
    relu: Relu,
    #[compact(name = "Dense_0")]
    outer: Dense<4, 3>,
}

#[derive(CompactModule)]
#[compact(setup)]
struct UnusedInSetup {
    used: Dense<2, 3>,
}

#[derive(CompactModule)]
struct UnusedByName {
    #[compact(name = "Dense_1")]
    used: Dense<2, 3>,
}

#[derive(CompactModule)]
struct UnusedByClass {
    #[compact(class = "Dense")]
    unused: NeverCalled,
    used: Dense<2, 3>,
}

/// A layer that Flax makes, and so counts, but never calls.
#[derive(CompactModule)]
struct NeverCalled;

#[test]
fn both_orders_of_the_fields_run_the_same() -> mlpport::Result<()> {
    let x = array![0.5, -2.0];
    let by_hand = InOrderOfConstruction::from_variables(load("nested_call")?)?;
    let derived = InOrderOfCalls::from_variables(load("nested_call")?)?;
    assert_eq!(by_hand.run(x.view()), derived.forward(x.view()));
    Ok(())
}
