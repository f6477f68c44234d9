//! What a model tells of itself: the table of names and the table of submodules.

use mlpport::prelude::*;

use super::{LinenMlp, NnxMlp};

#[derive(CompactModule)]
#[compact(manual_forward)]
struct LinenActor {
    torso: LinenMlp<4, 8, 3>,
    blocks: [LinenMlp<3, 2, 3>; 3],
    head: Dense<3, 2, NoBias>,
    log_std: Param<2>,
}

#[derive(NnxModule)]
#[port(source = LinenActor, any_order, ignore = "LinenMlp_3/Dense_0")]
struct NnxActor {
    #[port(from = "LinenMlp_0")]
    torso: NnxMlp<4, 8, 3>,
    #[port(from = "LinenMlp_1..3")]
    blocks: [NnxMlp<3, 2, 3>; 2],
    #[port(from = "LinenMlp_3/Dense_1")]
    last: Linear<2, 3>,
    #[port(from = "Dense_0")]
    mean: Linear<3, 2, NoBias>,
    #[port(from = "log_std")]
    log_std: Param<2>,
}

#[test]
fn the_mapping_has_every_pair_of_names() {
    assert_eq!(
        NnxActor::mapping().to_string(),
        "\
Linen               ->  NNX
LinenMlp_0/Dense_0  ->  torso/fc1
LinenMlp_0/Dense_1  ->  torso/fc2
LinenMlp_1/Dense_0  ->  blocks/0/fc1
LinenMlp_1/Dense_1  ->  blocks/0/fc2
LinenMlp_2/Dense_0  ->  blocks/1/fc1
LinenMlp_2/Dense_1  ->  blocks/1/fc2
LinenMlp_3/Dense_1  ->  last
Dense_0             ->  mean
log_std             ->  log_std
LinenMlp_3/Dense_0  ->  (left behind)"
    );
}

#[derive(NnxModule)]
#[port(source(actor = LinenActor, critic = LinenMlp<4, 8, 3>), any_order)]
#[port(ignore = "actor.LinenMlp_1..4", ignore = "actor.LinenMlp_0/Dense_0")]
struct NnxOfTwo {
    #[port(from = "critic.Dense_0..1")]
    first: [Linear<4, 8>; 1],
    #[port(from = "critic.Dense_1")]
    second: Linear<8, 3>,
    #[port(from = "actor.LinenMlp_0/Dense_1")]
    third: Linear<8, 3>,
    #[port(from = "actor.Dense_0")]
    mean: Linear<3, 2, NoBias>,
    #[port(from = "actor.log_std")]
    log_std: Param<2>,
}

#[test]
fn the_mapping_of_several_sources_has_their_labels() {
    assert_eq!(
        NnxOfTwo::mapping().to_string(),
        "\
Linen                     ->  NNX
critic/Dense_0            ->  first/0
critic/Dense_1            ->  second
actor/LinenMlp_0/Dense_1  ->  third
actor/Dense_0             ->  mean
actor/log_std             ->  log_std
actor/LinenMlp_1          ->  (left behind)
actor/LinenMlp_2          ->  (left behind)
actor/LinenMlp_3          ->  (left behind)
actor/LinenMlp_0/Dense_0  ->  (left behind)"
    );
}

#[test]
fn the_linen_summary_has_the_names_of_flax() {
    assert_eq!(
        LinenActor::summary().to_string(),
        "\
LinenActor
  path                class     parameters                count
  LinenMlp_0          LinenMlp
  LinenMlp_0/Dense_0  Dense     bias (8,), kernel (4, 8)     40
  LinenMlp_0/Dense_1  Dense     bias (3,), kernel (8, 3)     27
  LinenMlp_1          LinenMlp
  LinenMlp_1/Dense_0  Dense     bias (2,), kernel (3, 2)      8
  LinenMlp_1/Dense_1  Dense     bias (3,), kernel (2, 3)      9
  LinenMlp_2          LinenMlp
  LinenMlp_2/Dense_0  Dense     bias (2,), kernel (3, 2)      8
  LinenMlp_2/Dense_1  Dense     bias (3,), kernel (2, 3)      9
  LinenMlp_3          LinenMlp
  LinenMlp_3/Dense_0  Dense     bias (2,), kernel (3, 2)      8
  LinenMlp_3/Dense_1  Dense     bias (3,), kernel (2, 3)      9
  Dense_0             Dense     kernel (3, 2)                 6
  log_std             Param     (2,)                          2
126 parameters"
    );
    assert_eq!(LinenActor::summary().parameter_count(), Some(126));
}

#[test]
fn the_nnx_summary_has_the_names_of_the_fields() {
    assert_eq!(
        NnxActor::summary().to_string(),
        "\
NnxActor
  path          class   parameters                count
  torso         NnxMlp
  torso/fc1     Linear  bias (8,), kernel (4, 8)     40
  torso/fc2     Linear  bias (3,), kernel (8, 3)     27
  blocks/0      NnxMlp
  blocks/0/fc1  Linear  bias (2,), kernel (3, 2)      8
  blocks/0/fc2  Linear  bias (3,), kernel (2, 3)      9
  blocks/1      NnxMlp
  blocks/1/fc1  Linear  bias (2,), kernel (3, 2)      8
  blocks/1/fc2  Linear  bias (3,), kernel (2, 3)      9
  last          Linear  bias (3,), kernel (2, 3)      9
  mean          Linear  kernel (3, 2)                 6
  log_std       Param   (2,)                          2
118 parameters"
    );
}

#[test]
fn a_size_of_the_checkpoint_is_not_counted() {
    #[derive(CompactModule)]
    struct Model {
        hidden: Dense<4, DYN>,
        out: Dense<DYN, 3>,
    }
    assert_eq!(Model::summary().parameter_count(), None);
    assert_eq!(
        Model::summary().to_string(),
        "\
Model
  path     class  parameters                count
  Dense_0  Dense  bias (?,), kernel (4, ?)      ?
  Dense_1  Dense  bias (3,), kernel (?, 3)      ?
? parameters"
    );
}
