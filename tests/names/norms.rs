//! Normalisation between the layers.

use mlpport::prelude::*;

trees! {
    each_class_has_a_counter_of_its_own("sequence"):
        Sequence, ["Dense_0", "LayerNorm_0", "Dense_1", "LayerNorm_1", "Dense_2"];
    statistics_are_a_second_collection_under_the_same_names("batch_norm"):
        BatchNorms, ["Dense_0", "BatchNorm_0", "Dense_1", "BatchNorm_1", "Dense_2"];
}

#[derive(CompactModule)]
struct Sequence {
    first: Dense<2, 3>,
    first_norm: linen::LayerNorm<3>,
    second: Dense<3, 4>,
    second_norm: linen::LayerNorm<4>,
    third: Dense<4, 2>,
}

#[derive(CompactModule)]
struct BatchNorms {
    first: Dense<2, 3>,
    first_norm: linen::BatchNorm<3>,
    second: Dense<3, 4>,
    second_norm: linen::BatchNorm<4>,
    third: Dense<4, 2>,
}
