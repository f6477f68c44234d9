//! Modules in modules.

use mlpport::prelude::*;

use super::{Block, assert_leaf, load};

trees! {
    a_submodule_has_counters_of_its_own("nested"): Nested, ["Block_0", "Block_1", "Dense_0"];
    counters_start_anew_at_every_depth("deep"): Deep, ["Middle_0", "Middle_1", "Dense_0"];
    an_array_counts_as_its_elements("array"): Array, ["Block_0", "Block_1", "Block_2", "Dense_0"];
    a_module_built_by_the_parent_belongs_to_it("passed_by_parent"): PassedByParent, ["Dense_0", "Wrap_0"];
    the_class_is_that_of_the_struct("subclass"): Subclass, ["MyBlock_0", "Block_0", "WideDense_0", "Dense_0"];
    a_class_on_the_field_wins("subclass"): ClassOnField, ["MyBlock_0", "Block_0", "WideDense_0", "Dense_0"];
    a_struct_may_have_another_name_than_its_class("subclass"):
        ClassOnStruct, ["MyBlock_0", "Block_0", "WideDense_0", "Dense_0"];
}

#[derive(CompactModule)]
struct Nested {
    first: Block,
    second: Block,
    out: Dense<2, 3>,
}

#[derive(CompactModule)]
struct Deep {
    first: Middle<2>,
    second: Middle<3>,
    out: Dense<3, 4>,
}

#[derive(CompactModule)]
struct Middle<const IN: usize> {
    inner: Inner<IN>,
    out: Dense<2, 3>,
}

#[derive(CompactModule)]
struct Inner<const IN: usize> {
    block: Block<IN>,
    out: Dense<2, 2>,
}

#[derive(CompactModule)]
struct Array {
    blocks: [Block; 3],
    out: Dense<2, 3>,
}

#[derive(CompactModule)]
struct PassedByParent {
    inner: Dense<2, 4>,
    wrap: Wrap,
}

#[derive(CompactModule)]
struct Wrap {
    out: Dense<4, 3>,
}

#[derive(CompactModule)]
struct Subclass {
    first: MyBlock,
    second: Block,
    #[compact(class = "WideDense")]
    wide: Dense<2, 5>,
    out: Dense<5, 3>,
}

#[derive(CompactModule)]
struct MyBlock {
    hidden: Dense<2, 4>,
    relu: Relu,
    out: Dense<4, 2>,
}

#[derive(CompactModule)]
struct ClassOnField {
    #[compact(class = "MyBlock")]
    first: Block,
    second: Block,
    #[compact(class = "WideDense")]
    wide: Dense<2, 5>,
    out: Dense<5, 3>,
}

#[derive(CompactModule)]
struct ClassOnStruct {
    first: aliases::MyBlock,
    second: aliases::Block,
    #[compact(class = "WideDense")]
    wide: Dense<2, 5>,
    out: Dense<5, 3>,
}

#[derive(CompactModule)]
#[compact(class = "MyBlock")]
struct Torso {
    hidden: Dense<2, 4>,
    relu: Relu,
    out: Dense<4, 2>,
}

mod aliases {
    pub(super) type MyBlock = super::Torso;
    pub(super) type Block = super::Block<2>;
}

#[test]
fn each_field_holds_the_submodule_of_its_name() -> mlpport::Result<()> {
    let variables = load("nested")?;
    let nested = Nested::from_variables(variables.clone())?;
    assert_leaf(&variables, "params/Block_0/Dense_0/kernel", nested.first.hidden.kernel());
    assert_leaf(&variables, "params/Block_1/Dense_0/kernel", nested.second.hidden.kernel());
    Ok(())
}

#[test]
fn each_element_of_an_array_is_the_submodule_of_its_index() -> mlpport::Result<()> {
    let variables = load("array")?;
    let array = Array::from_variables(variables.clone())?;
    for (i, block) in array.blocks.iter().enumerate() {
        assert_leaf(&variables, &format!("params/Block_{i}/Dense_1/kernel"), block.out.kernel());
    }
    Ok(())
}
