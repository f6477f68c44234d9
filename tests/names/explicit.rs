//! `name="…"`: it is the name, and takes no index.

use mlpport::prelude::*;

use super::Block;

trees! {
    an_explicit_name_takes_no_index("named"): Named, ["Dense_0", "head", "Dense_1"];
    explicit_names_stand_in_the_order_of_the_fields("all_named"):
        AllNamed, ["critic_fc_2", "critic_fc_1", "critic_out"];
    a_name_is_any_text("non_ascii"): AnyText, ["ausgabe_größe", "head-1.x", "Dense_0"];
    a_module_passed_as_a_field_is_named_by_the_field("passed_as_field"): PassedAsField, ["torso", "Dense_0"];
    what_setup_made_takes_no_index("setup_and_compact"): SetupAndCompact, ["body", "Dense_0"];
}

#[derive(CompactModule)]
struct Named {
    first: Dense<2, 3>,
    #[compact(name = "head")]
    head: Dense<3, 4>,
    last: Dense<4, 2>,
}

#[derive(CompactModule)]
struct AllNamed {
    #[compact(name = "critic_fc_2")]
    first: Dense<2, 4>,
    first_relu: Relu,
    #[compact(name = "critic_fc_1")]
    second: Dense<4, 3>,
    second_relu: Relu,
    #[compact(name = "critic_out")]
    out: Dense<3, 1>,
}

#[derive(CompactModule)]
struct AnyText {
    #[compact(name = "ausgabe_größe")]
    first: Dense<2, 3>,
    #[compact(name = "head-1.x")]
    second: Dense<3, 4>,
    third: Dense<4, 2>,
}

#[derive(CompactModule)]
struct PassedAsField {
    #[compact(name = "torso")]
    torso: Block,
    relu: Relu,
    out: Dense<2, 3>,
}

#[derive(CompactModule)]
struct SetupAndCompact {
    #[compact(name = "body")]
    body: Dense<2, 3>,
    out: Dense<3, 4>,
}
