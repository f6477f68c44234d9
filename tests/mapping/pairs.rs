//! What a pair moves, and what stays where it is.

use mlpport::tensor::{DType, Tensor};
use mlpport::variables::{Entry, Value};
use mlpport::{Mapping, Path, Variables, port};
use ndarray::{Array2, arr0, array};

use super::assert_moved;
use crate::samples::{LINEN, NNX, counted, zeroed};

const MOVED: &[(&str, &str)] = &[
    ("params/Dense_0/bias", "fc1/bias"),
    ("params/Dense_0/kernel", "fc1/kernel"),
    ("params/Dense_1/bias", "fc2/bias"),
    ("params/Dense_1/kernel", "fc2/kernel"),
];

const NORM: &[(&str, &[usize])] = &[
    ("batch_stats/BatchNorm_0/mean", &[3]),
    ("batch_stats/BatchNorm_0/var", &[3]),
    ("params/BatchNorm_0/bias", &[3]),
    ("params/BatchNorm_0/scale", &[3]),
];

const NORM_MOVED: &[(&str, &str)] = &[
    ("batch_stats/BatchNorm_0/mean", "bn/mean"),
    ("batch_stats/BatchNorm_0/var", "bn/var"),
    ("params/BatchNorm_0/bias", "bn/bias"),
    ("params/BatchNorm_0/scale", "bn/scale"),
];

/// All leaves of both sides are these; the port along `mapping` moves each.
#[track_caller]
fn assert_port(linen: &Variables, moved: &[(&str, &str)], mapping: &Mapping) {
    let mut nnx = Variables::new();
    for (from, to) in moved {
        nnx.insert(*to, linen.get(from).unwrap().clone()).unwrap();
    }
    let mut nnx = zeroed(&nnx);
    port(linen, &mut nnx, mapping).unwrap();
    assert_moved(linen, &nnx, moved);
    assert_eq!(nnx.len(), moved.len());
}

#[test]
fn a_pair_of_submodules_moves_every_leaf_below() {
    let mapping = Mapping::from_pairs([("params/Dense_0", "fc1"), ("params/Dense_1", "fc2")]);
    assert_port(&counted(1.0, LINEN), MOVED, &mapping);
}

#[test]
fn a_linen_path_may_leave_out_its_collection() {
    let mapping = Mapping::from_pairs([("Dense_0", "fc1"), ("Dense_1", "fc2")]);
    assert_port(&counted(1.0, LINEN), MOVED, &mapping);
}

#[test]
fn a_pair_of_leaves_moves_that_leaf() {
    assert_port(&counted(1.0, LINEN), MOVED, &Mapping::from_pairs(MOVED.iter().copied()));
    let without_collection = MOVED.iter().map(|(from, to)| (from.strip_prefix("params/").unwrap(), *to));
    assert_port(&counted(1.0, LINEN), MOVED, &Mapping::from_pairs(without_collection));
}

#[test]
fn a_pair_of_leaves_may_change_the_name_of_the_leaf() {
    let renamed = [("params/Dense_0/bias", "b"), ("params/Dense_0/kernel", "linear/weight")];
    assert_port(&counted(1.0, &LINEN[..2]), &renamed, &Mapping::from_pairs(renamed));
}

#[test]
fn pairs_of_submodules_and_of_leaves_mix() {
    let mapping = Mapping::from_pairs([("Dense_0", "fc1"), ("Dense_1/bias", "fc2/bias"), MOVED[3]]);
    assert_port(&counted(1.0, LINEN), MOVED, &mapping);
}

#[test]
fn a_path_without_collection_stands_for_that_submodule_in_each() {
    assert_port(&counted(1.0, NORM), NORM_MOVED, &Mapping::from_pairs([("BatchNorm_0", "bn")]));
}

#[test]
fn a_path_with_a_collection_stands_for_that_one_alone() {
    let mapping = Mapping::from_pairs([("params/BatchNorm_0", "bn"), ("batch_stats/BatchNorm_0", "bn")]);
    assert_port(&counted(1.0, NORM), NORM_MOVED, &mapping);

    let mut mapping = Mapping::from_pairs([("params/BatchNorm_0", "bn")]);
    mapping.ignore("batch_stats/BatchNorm_0");
    assert_port(&counted(1.0, NORM), &NORM_MOVED[2..], &mapping);
}

#[test]
fn submodules_at_any_depth_are_moved_whole() {
    let linen = counted(
        1.0,
        &[
            ("params/Block_0/Dense_0/kernel", &[2, 2]),
            ("params/Block_0/Dense_1/kernel", &[2, 3]),
            ("params/scale", &[]),
        ],
    );
    let moved = [
        ("params/Block_0/Dense_0/kernel", "blocks/0/Dense_0/kernel"),
        ("params/Block_0/Dense_1/kernel", "blocks/0/Dense_1/kernel"),
        ("params/scale", "scale"),
    ];
    assert_port(&linen, &moved, &Mapping::from_pairs([("Block_0", "blocks/0"), ("scale", "scale")]));
}

#[test]
fn the_root_stands_for_a_whole_side() {
    let moved: Vec<_> = LINEN.iter().map(|(path, _)| (*path, path.strip_prefix("params/").unwrap())).collect();
    assert_port(&counted(1.0, LINEN), &moved, &Mapping::from_pairs([("params", "")]));
    let moved: Vec<_> = LINEN.iter().map(|(path, _)| (*path, *path)).collect();
    assert_port(&counted(1.0, LINEN), &moved, &Mapping::from_pairs([("", "")]));
}

#[test]
fn parameters_without_a_collection_are_mapped_as_well() {
    let bare = counted(1.0, LINEN).subtree("params").unwrap();
    let moved = [("Dense_0/bias", "fc1/bias"), ("Dense_0/kernel", "fc1/kernel")];
    let mut mapping = Mapping::from_pairs([("Dense_0", "fc1")]);
    mapping.ignore("Dense_1");
    assert_port(&bare, &moved, &mapping);
}

#[test]
fn in_parameters_without_a_collection_a_path_is_that_one_alone() {
    let bare = counted(1.0, &[("Block_0/Dense_0/kernel", &[2]), ("Dense_0/kernel", &[2])]);
    let moved = [("Block_0/Dense_0/kernel", "block/fc/kernel"), ("Dense_0/kernel", "fc/kernel")];
    assert_port(&bare, &moved, &Mapping::from_pairs([("Dense_0", "fc"), ("Block_0/Dense_0", "block/fc")]));
}

#[test]
fn a_submodule_may_have_the_name_of_a_collection() {
    let linen = counted(1.0, &[("params/params/kernel", &[2]), ("params/scale", &[2])]);
    let moved = [("params/params/kernel", "inner/kernel"), ("params/scale", "scale")];
    assert_port(&linen, &moved, &Mapping::from_pairs([("params", "inner"), ("scale", "scale")]));
    assert_port(&linen, &moved, &Mapping::from_pairs([("params/params", "inner"), ("params/scale", "scale")]));
}

#[test]
fn names_may_hold_slashes() {
    let from = Path::from_names(["params", "WeightNorm_0", "layer_instance/kernel/scale"]);
    let to = Path::from_names(["norm", "kernel/scale"]);
    let mut linen = Variables::new();
    linen.insert(&from, array![1.0_f32, 2.0]).unwrap();
    let mut nnx = Variables::new();
    nnx.insert(&to, array![0.0_f32, 0.0]).unwrap();

    let mut mapping = Mapping::new();
    mapping.pair(&from, &to);
    port(&linen, &mut nnx, &mapping).unwrap();
    assert_eq!(nnx.get_path(&to), linen.get_path(&from));
}

#[test]
fn what_is_ignored_is_left_behind() {
    for ignored in [&["params/Dense_1"][..], &["Dense_1"], &["Dense_1/bias", "params/Dense_1/kernel"]] {
        let mut mapping = Mapping::from_pairs([("Dense_0", "fc1")]);
        for path in ignored {
            mapping.ignore(*path);
        }
        assert_port(&counted(1.0, LINEN), &MOVED[..2], &mapping);
    }
}

#[test]
fn a_whole_collection_can_be_ignored() {
    let mut linen = counted(1.0, LINEN);
    linen.insert("losses/sown/0", array![0.5_f32]).unwrap();
    let mut mapping = Mapping::from_pairs([("Dense_0", "fc1"), ("Dense_1", "fc2")]);
    mapping.ignore("losses");
    assert_port(&linen, MOVED, &mapping);
}

#[test]
fn what_is_kept_does_not_change() {
    let linen = counted(1.0, LINEN);
    let mut nnx = counted(100.0, NNX);
    nnx.insert("dropout/rngs/key", array![1_u32, 2]).unwrap();
    nnx.insert("dropout/rngs/count", arr0(7_u32)).unwrap();
    let before = nnx.clone();

    let mut mapping = Mapping::from_pairs([("Dense_0", "fc1"), ("Dense_1/kernel", "fc2/kernel")]);
    mapping.ignore("Dense_1/bias").keep("dropout/rngs").keep("fc2/bias");
    port(&linen, &mut nnx, &mapping).unwrap();
    assert_moved(&linen, &nnx, &[MOVED[0], MOVED[1], MOVED[3]]);
    assert_moved(&before, &nnx, &["dropout/rngs/key", "dropout/rngs/count", "fc2/bias"].map(|path| (path, path)));
}

#[test]
fn every_dtype_is_moved_bit_for_bit() {
    let mut linen = Variables::new();
    for dtype in DType::ALL {
        let numbers = if *dtype == DType::Bool { 0..=1 } else { 0..=255_u8 };
        let bytes: Vec<u8> = numbers.cycle().take(6 * dtype.size()).collect();
        linen.insert(format!("params/{dtype}"), Tensor::from_le_bytes(*dtype, &[2, 3], &bytes).unwrap()).unwrap();
    }
    let mut nnx = zeroed(&linen);
    assert_ne!(nnx, linen);
    port(&linen, &mut nnx, &Mapping::from_pairs([("params", "params")])).unwrap();
    assert_eq!(nnx, linen);
}

#[test]
fn a_nan_keeps_its_payload_and_a_zero_its_sign() {
    let mut linen = Variables::new();
    linen.insert("params/x", array![f32::from_bits(0xffc1_2345), -0.0, f32::NEG_INFINITY, f32::from_bits(1)]).unwrap();
    assert_port(&linen, &[("params/x", "x")], &Mapping::from_pairs([("x", "x")]));
}

#[test]
fn scalars_and_empty_arrays_are_leaves() {
    let mut linen = Variables::new();
    linen.insert("params/scalar", arr0(2.5_f32)).unwrap();
    linen.insert("params/empty", Array2::<f32>::zeros((0, 3))).unwrap();
    let moved = [("params/scalar", "a"), ("params/empty", "b")];
    assert_port(&linen, &moved, &Mapping::from_pairs([("scalar", "a"), ("empty", "b")]));
}

#[test]
fn what_is_no_array_takes_no_part() {
    let mut linen = counted(1.0, LINEN);
    linen.insert("params/Dense_0/nothing", Value::None).unwrap();
    linen.insert("batch_stats", Entry::Empty).unwrap();
    let mut nnx = counted(100.0, NNX);
    nnx.insert("fc1/bias_init", Value::from("zeros")).unwrap();
    nnx.insert("rngs", Entry::Empty).unwrap();

    let before = nnx.clone();
    port(&linen, &mut nnx, &Mapping::from_pairs([("Dense_0", "fc1"), ("Dense_1", "fc2")])).unwrap();
    assert_moved(&linen, &nnx, MOVED);
    assert_eq!(nnx.values().collect::<Vec<_>>(), before.values().collect::<Vec<_>>());
    assert_eq!(nnx.len(), before.len());
}

#[test]
fn nothing_maps_to_nothing() {
    let mut nnx = Variables::new();
    port(&Variables::new(), &mut nnx, &Mapping::new()).unwrap();
    assert!(nnx.is_empty());
}
