//! A port by value moves the arrays, one by reference copies them.

use mlpport::Tensor;
use mlpport::prelude::*;
use ndarray::ArrayD;
use proptest::collection::vec;
use proptest::prelude::*;

use super::{LinenMlp, NnxMlp, assert_is_mapped, numbered};

#[derive(CompactModule)]
struct Block {
    first: Dense<2, 3>,
    second: Dense<3, 2, NoBias>,
}

#[derive(CompactModule)]
#[compact(manual_forward)]
struct LinenModel {
    blocks: [Block; 3],
    head: Dense<2, 4>,
    log_std: Param<4>,
    table: Param<2, 3, 4>,
}

#[derive(NnxModule)]
#[port(source = Block)]
struct NnxBlock {
    #[port(from = "Dense_0")]
    fc1: Linear<2, 3>,
    #[port(from = "Dense_1")]
    fc2: Linear<3, 2, NoBias>,
}

#[derive(NnxModule)]
#[port(source = LinenModel, manual_forward)]
struct NnxModel {
    #[port(from = "Block_0")]
    first: NnxBlock,
    #[port(from = "Block_1/Dense_0")]
    fc1: Linear<2, 3>,
    #[port(from = "Block_1/Dense_1")]
    fc2: Linear<3, 2, NoBias>,
    #[port(from = "Block_2..3")]
    last: [NnxBlock; 1],
    #[port(from = "Dense_0")]
    head: Linear<2, 4>,
    #[port(from = "log_std")]
    log_std: Param<4>,
    #[port(from = "table")]
    table: Param<2, 3, 4>,
}

/// Where the elements of each array are; a layer gives its kernel and its bias.
macro_rules! addresses {
    ($($layer:expr),*; $($param:expr),*) => {{
        let mut addresses = Vec::new();
        $(
            addresses.push($layer.kernel().as_ptr());
            addresses.extend($layer.bias().map(|bias| bias.as_ptr()));
        )*
        $(addresses.push($param.value().as_ptr());)*
        addresses
    }};
}

fn in_linen(model: &LinenModel) -> Vec<*const f32> {
    let LinenModel { blocks: [a, b, c], head, log_std, table } = model;
    addresses!(a.first, a.second, b.first, b.second, c.first, c.second, head; log_std, table)
}

fn in_nnx(model: &NnxModel) -> Vec<*const f32> {
    let NnxModel { first, fc1, fc2, last: [last], head, log_std, table } = model;
    addresses!(first.fc1, first.fc2, fc1, fc2, last.fc1, last.fc2, head; log_std, table)
}

#[test]
fn a_port_by_value_moves_every_array() {
    let linen = numbered::<LinenModel>();
    let before = in_linen(&linen);
    let nnx = NnxModel::port_from(linen);
    assert_eq!(in_nnx(&nnx), before);
    assert_eq!(before.len(), 3 * 3 + 2 + 2);
}

#[test]
fn a_port_by_reference_copies_every_array() {
    let linen = numbered::<LinenModel>();
    let (before, variables) = (in_linen(&linen), linen.to_variables());
    let nnx = NnxModel::port_from(&linen);
    assert!(in_nnx(&nnx).iter().all(|address| !before.contains(address)));
    assert_eq!(in_linen(&linen), before);
    assert_eq!(linen.to_variables(), variables);
}

#[test]
fn assigning_by_value_moves_every_array() {
    let mut nnx = NnxModel::port_from(numbered::<LinenModel>());
    let linen = numbered::<LinenModel>();
    let before = in_linen(&linen);
    nnx.assign_from(linen);
    assert_eq!(in_nnx(&nnx), before);
}

#[test]
fn the_submodules_by_their_names_are_those_of_the_model() {
    let linen = numbered::<LinenModel>();
    let before = in_linen(&linen);
    let params = linen.into_params();
    let [a, b, c] = [params.Block_0, params.Block_1, params.Block_2].map(Block::into_params);
    let after = addresses!(
        a.Dense_0, a.Dense_1, b.Dense_0, b.Dense_1, c.Dense_0, c.Dense_1, params.Dense_0; params.log_std, params.table
    );
    assert_eq!(after, before);
}

#[test]
fn a_checkpoint_is_moved_into_a_model() -> mlpport::Result<()> {
    let variables = numbered::<LinenModel>().to_variables();
    let addresses: Vec<*const f32> =
        variables.leaves().filter_map(|(_, tensor)| Some(tensor.view::<f32>().ok()?.as_ptr())).collect();
    let nnx = NnxModel::port_from(LinenModel::from_variables(variables)?);
    assert!(in_nnx(&nnx).iter().all(|address| addresses.contains(address)));
    Ok(())
}

proptest! {
    #[test]
    fn a_port_changes_no_bit(bits in vec(any::<u32>(), 3 + 2 * 3 + 1 + 3)) {
        let mut bits = bits.into_iter().map(f32::from_bits);
        let mut take = |shape: &[usize]| ArrayD::from_shape_simple_fn(shape, || bits.next().unwrap());
        let mut variables = Variables::new();
        for (path, shape) in [
            ("params/Dense_0/bias", &[3][..]),
            ("params/Dense_0/kernel", &[2, 3]),
            ("params/Dense_1/bias", &[1]),
            ("params/Dense_1/kernel", &[3, 1]),
        ] {
            variables.insert(path, Tensor::from_array(take(shape)))?;
        }
        let linen = LinenMlp::<2, 3, 1>::from_variables(variables.clone())?;
        prop_assert_eq!(&linen.to_variables(), &variables);
        assert_is_mapped(&variables, &NnxMlp::port_from(&linen));
        assert_is_mapped(&variables, &NnxMlp::port_from(linen));
    }
}
