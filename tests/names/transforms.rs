//! Lifted transforms put their name in front of the class; those that stack parameters are in `stacked`.

use mlpport::prelude::*;

use super::{Block, assert_leaf, load};

trees! {
    remat_counts_by_its_prefixed_class("remat"): Remat, ["CheckpointBlock_0", "Block_0", "CheckpointBlock_1"];
    jit_prefixes_the_class("jit"): Jit, ["JitBlock_0", "Dense_0"];
    an_explicit_name_leaves_no_trace_of_a_transform("transform_named"): Named, ["torso"];
}

#[derive(CompactModule)]
struct Remat {
    #[compact(class = "CheckpointBlock")]
    first: Block,
    second: Block,
    #[compact(class = "CheckpointBlock")]
    third: Block,
}

#[derive(CompactModule)]
struct Jit {
    #[compact(class = "JitBlock")]
    block: Block,
    out: Dense<2, 3>,
}

#[derive(CompactModule)]
struct Named {
    #[compact(name = "torso")]
    block: Block,
}

#[test]
fn each_field_holds_the_submodule_of_its_class() -> mlpport::Result<()> {
    let variables = load("remat")?;
    let model = Remat::from_variables(variables.clone())?;
    assert_leaf(&variables, "params/CheckpointBlock_0/Dense_0/kernel", model.first.hidden.kernel());
    assert_leaf(&variables, "params/Block_0/Dense_0/kernel", model.second.hidden.kernel());
    assert_leaf(&variables, "params/CheckpointBlock_1/Dense_0/kernel", model.third.hidden.kernel());
    Ok(())
}
