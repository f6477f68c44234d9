//! Setup style: attributes name, lists and dicts add to the name.

use mlpport::prelude::*;

use super::{Block, assert_leaf, load};

trees! {
    attributes_and_indices_name("setup_style"): Lists, ["encoder", "layers_0", "layers_1", "layers_2", "head"];
    an_array_is_a_list("setup_style"): ArrayAsList, ["encoder", "layers_0", "layers_1", "layers_2", "head"];
    an_explicit_name_wins("setup_named"): ExplicitName, ["torso", "head"];
    activations_in_a_list_count("setup_list_gaps"): ListWithGaps, ["layers_0", "layers_2"];
    a_dict_adds_its_key("setup_dict"): Dict, ["heads_policy", "heads_value"];
    each_level_of_nesting_adds_an_index("setup_nested_list"):
        NestedList, ["nest_0_0", "nest_0_1", "nest_1_0", "nest_1_1"];
    a_nested_array_is_a_nested_list("setup_nested_list"):
        NestedArray, ["nest_0_0", "nest_0_1", "nest_1_0", "nest_1_1"];
    compact_style_counts_modules_in_setup_style("setup_in_compact"):
        SetupInCompact, ["Encoder_0", "Encoder_1", "Dense_0"];
    setup_style_names_modules_in_compact_style("compact_in_setup"): CompactInSetup, ["body_0", "body_1", "head"];
    sequential_numbers_layers_and_activations("sequential"): Sequential, ["layers_0", "layers_2", "layers_4"];
}

#[derive(CompactModule)]
#[compact(setup)]
struct Lists {
    encoder: Dense<2, 2>,
    layers_0: Dense<2, 3>,
    relu_0: Relu,
    layers_1: Dense<3, 4>,
    relu_1: Relu,
    layers_2: Dense<4, 3>,
    relu_2: Relu,
    head: Dense<3, 1>,
}

/// Elements of different sizes are of one type where their sizes are known at run time only.
#[derive(CompactModule)]
#[compact(setup, manual_forward)]
struct ArrayAsList {
    encoder: Dense<2, 2>,
    layers: [Dense; 3],
    head: Dense<3, 1>,
}

#[derive(CompactModule)]
#[compact(setup)]
struct ExplicitName {
    #[compact(name = "torso")]
    body: Dense<2, 3>,
    head: Dense<3, 4>,
}

#[derive(CompactModule)]
#[compact(setup)]
struct ListWithGaps {
    layers_0: Dense<2, 3>,
    layers_1: Relu,
    layers_2: Dense<3, 4>,
}

#[derive(CompactModule)]
#[compact(setup, manual_forward)]
struct Dict {
    heads_policy: Dense<2, 3>,
    heads_value: Dense<2, 1>,
}

#[derive(CompactModule)]
#[compact(setup)]
struct NestedList {
    nest_0_0: Dense<2, 2>,
    nest_0_1: Dense<2, 3>,
    nest_1_0: Dense<3, 4>,
    nest_1_1: Dense<4, 2>,
}

#[derive(CompactModule)]
#[compact(setup)]
struct NestedArray {
    nest: [[Dense; 2]; 2],
}

#[derive(CompactModule)]
struct SetupInCompact {
    first: Encoder,
    second: Encoder,
    out: Dense<2, 3>,
}

#[derive(CompactModule)]
#[compact(setup)]
struct Encoder {
    fc1: Dense<2, 4>,
    relu: Relu,
    fc2: Dense<4, 2>,
}

#[derive(CompactModule)]
#[compact(setup)]
struct CompactInSetup {
    body: [Block; 2],
    head: Dense<2, 3>,
}

#[derive(CompactModule)]
#[compact(setup)]
struct Sequential {
    layers_0: Dense<2, 3>,
    layers_1: Relu,
    layers_2: Dense<3, 4>,
    layers_3: Tanh,
    layers_4: Dense<4, 2>,
}

#[test]
fn each_element_of_an_array_is_that_of_its_indices() -> mlpport::Result<()> {
    let variables = load("setup_nested_list")?;
    let model = NestedArray::from_variables(variables.clone())?;
    for (i, row) in model.nest.iter().enumerate() {
        for (j, layer) in row.iter().enumerate() {
            assert_leaf(&variables, &format!("params/nest_{i}_{j}/kernel"), layer.kernel());
        }
    }
    let variables = load("compact_in_setup")?;
    let model = CompactInSetup::from_variables(variables.clone())?;
    for (i, block) in model.body.iter().enumerate() {
        assert_leaf(&variables, &format!("params/body_{i}/Dense_0/kernel"), block.hidden.kernel());
    }
    Ok(())
}
