//! The mapping that a derive knows, as the table of a port at run time.

use mlpport::error::LeafError;
use mlpport::prelude::*;
use mlpport::{Error, Mapping, port};

use crate::samples::{counted, zeroed};

#[derive(CompactModule)]
struct LinenBlock<const IN: usize, const OUT: usize> {
    fc: Dense<IN, OUT, NoBias>,
    bn: linen::BatchNorm<OUT>,
    relu: Relu,
}

#[derive(NnxModule)]
#[port(source = LinenBlock<IN, OUT>)]
struct NnxBlock<const IN: usize, const OUT: usize> {
    #[port(from = "Dense_0")]
    fc: Linear<IN, OUT, NoBias>,
    #[port(from = "BatchNorm_0")]
    norm: nnx::BatchNorm<OUT>,
    relu: Relu,
}

#[derive(CompactModule)]
struct LinenClassifier {
    stem: LinenBlock<3, 4>,
    blocks: [LinenBlock<4, 4>; 3],
    norm: linen::LayerNorm<4>,
    out: Dense<4, 2>,
}

#[derive(NnxModule)]
#[port(source = LinenClassifier)]
struct NnxClassifier {
    #[port(from = "LinenBlock_0")]
    stem: NnxBlock<3, 4>,
    #[port(from = "LinenBlock_1..4")]
    blocks: [NnxBlock<4, 4>; 3],
    #[port(from = "LayerNorm_0")]
    norm: nnx::LayerNorm<4>,
    #[port(from = "Dense_0")]
    head: Linear<4, 2>,
}

#[derive(CompactModule)]
#[compact(manual_forward)]
struct LinenActor {
    torso: LinenClassifier,
    #[compact(name = "head π")]
    head: Dense<2, 2>,
    log_std: Param<2>,
    critic: LinenBlock<2, 1>,
}

#[derive(NnxModule)]
#[port(source = LinenActor, any_order, ignore = "LinenClassifier_0/LinenBlock_3", ignore = "LinenBlock_0")]
struct NnxActor {
    #[port(from = "log_std")]
    deviation: Param<2>,
    #[port(from = "LinenClassifier_0/LinenBlock_1..3")]
    blocks: [NnxBlock<4, 4>; 2],
    #[port(from = "LinenClassifier_0/LinenBlock_0")]
    stem: NnxBlock<3, 4>,
    #[port(from = "LinenClassifier_0/Dense_0")]
    out: Linear<4, 2>,
    #[port(from = "LinenClassifier_0/LayerNorm_0")]
    norm: nnx::LayerNorm<4>,
    #[port(from = "head π")]
    mean: Linear<2, 2>,
}

/// A model whose elements are the numbers 1, 2, 3, ….
fn numbered<L: CompactModule>() -> L {
    let Err(Error::Leaves(report)) = L::from_variables(Variables::new()) else { panic!("the model has no parameters") };
    let leaves: Vec<(&str, &[usize])> = report
        .leaves
        .iter()
        .map(|leaf| match leaf {
            LeafError::Missing { path, expected, .. } => (path.as_str(), &expected[..]),
            other => panic!("{other}"),
        })
        .collect();
    L::from_variables(counted(1.0, &leaves)).unwrap()
}

/// `port()` along the mapping that `N` states does what the compiled port does.
#[track_caller]
fn assert_same_port<L, N>(mapping: &Mapping) -> Variables
where
    L: CompactModule,
    N: NnxModule + Mapped + for<'a> PortFrom<&'a L>,
{
    let linen = numbered::<L>();
    let compiled = N::port_from(&linen).to_variables();
    let mut mapped = zeroed(&compiled);
    port(&linen.to_variables(), &mut mapped, mapping).unwrap();
    assert_eq!(mapped, compiled);
    mapped
}

#[test]
fn the_mapping_of_a_block_moves_parameters_and_statistics() {
    let mapping = NnxBlock::<3, 4>::mapping();
    assert_eq!(mapping, Mapping::from_pairs([("Dense_0", "fc"), ("BatchNorm_0", "norm")]));
    let nnx = assert_same_port::<LinenBlock<3, 4>, NnxBlock<3, 4>>(&mapping);
    let linen = numbered::<LinenBlock<3, 4>>().to_variables();
    super::assert_moved(
        &linen,
        &nnx,
        &[
            ("batch_stats/BatchNorm_0/mean", "norm/mean"),
            ("batch_stats/BatchNorm_0/var", "norm/var"),
            ("params/BatchNorm_0/bias", "norm/bias"),
            ("params/BatchNorm_0/scale", "norm/scale"),
            ("params/Dense_0/kernel", "fc/kernel"),
        ],
    );
    assert_eq!(linen.len(), 5);
}

#[test]
fn the_mapping_of_nested_modules_and_ranges_ports_them() {
    assert_same_port::<LinenClassifier, NnxClassifier>(&NnxClassifier::mapping());
}

#[test]
fn the_mapping_of_parts_in_any_order_ports_them_and_leaves_the_rest_behind() {
    let mapping = NnxActor::mapping();
    assert_eq!(mapping.ignored().len(), 2);
    assert_same_port::<LinenActor, NnxActor>(&mapping);
}

#[test]
fn the_mapping_survives_json() {
    let mapping = Mapping::from_json(NnxActor::mapping().to_json().as_bytes()).unwrap();
    assert_eq!(mapping, NnxActor::mapping());
    assert_same_port::<LinenActor, NnxActor>(&mapping);
}

#[test]
fn a_ported_tree_is_the_model_again() {
    let linen = numbered::<LinenClassifier>();
    let mut tree = zeroed(&NnxClassifier::port_from(&linen).to_variables());
    port(&linen.to_variables(), &mut tree, &NnxClassifier::mapping()).unwrap();
    let nnx = NnxClassifier::from_variables(tree).unwrap();
    let x = ndarray::array![[0.5, -1.0, 2.0], [3.0, 0.0, -0.25]];
    assert_eq!(nnx.forward(x.view()), linen.forward(x.view()));
}
