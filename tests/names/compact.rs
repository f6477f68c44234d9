//! Compact style: a counter for each class, in the order in which submodules are made.

use mlpport::prelude::*;

trees! {
    the_second_digit_of_an_index_changes_nothing("eleven"):
        Eleven, [
            "Dense_0", "Dense_1", "Dense_2", "Dense_3", "Dense_4", "Dense_5", "Dense_6", "Dense_7", "Dense_8",
            "Dense_9", "Dense_10", "Dense_11",
        ];
    a_layer_without_bias_is_the_kernel_alone("no_bias"): NoBiasFirst, ["Dense_0", "Dense_1"];
    layers_built_in_the_call_of_sequential_belong_to_the_caller("sequential_in_compact"):
        SequentialInCompact, ["Dense_0", "Dense_1"];
    raw_parameters_are_named_by_field_and_take_no_index("raw_param"): RawParam, ["Dense_0", "log_std", "Dense_1"];
    one_module_called_twice_has_one_name("shared"): Shared, ["Dense_0", "Dense_1"];
}

/// `Dense_10` and `Dense_11` sort before `Dense_2`.
#[derive(CompactModule)]
struct Eleven {
    a: Dense<2, 3>,
    b: Dense<3, 4>,
    c: Dense<4, 2>,
    d: Dense<2, 5>,
    e: Dense<5, 3>,
    f: Dense<3, 6>,
    g: Dense<6, 4>,
    h: Dense<4, 7>,
    i: Dense<7, 5>,
    j: Dense<5, 8>,
    k: Dense<8, 6>,
    l: Dense<6, 9>,
}

#[derive(CompactModule)]
struct NoBiasFirst {
    hidden: Dense<2, 4, NoBias>,
    out: Dense<4, 3>,
}

#[derive(CompactModule)]
struct SequentialInCompact {
    hidden: Dense<2, 3>,
    relu: Relu,
    out: Dense<3, 4>,
}

#[derive(CompactModule)]
#[compact(manual_forward)]
struct RawParam {
    hidden: Dense<2, 3>,
    tanh: Tanh,
    log_std: Param<4>,
    out: Dense<3, 4>,
}

#[derive(CompactModule)]
#[compact(manual_forward)]
struct Shared {
    tied: Dense<2, 2>,
    relu: Relu,
    out: Dense<2, 3>,
}
