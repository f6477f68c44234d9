//! What keeps a port from being done: everything at once, and nothing is changed.

use mlpport::error::PortProblem;
use mlpport::tensor::{DType, Shape};
use mlpport::variables::Value;
use mlpport::{Mapping, Variables};
use ndarray::array;

use super::{refused, unknown};
use crate::samples::{LINEN, NNX, counted};

const PAIRS: [(&str, &str); 2] = [("Dense_0", "fc1"), ("Dense_1", "fc2")];

/// The problems of a port of the sample with these pairs.
#[track_caller]
fn problems(pairs: &[(&str, &str)]) -> Vec<PortProblem> {
    refused(&counted(1.0, LINEN), &counted(100.0, NNX), &Mapping::from_pairs(pairs.iter().copied())).problems
}

#[test]
fn everything_that_is_wrong_is_in_one_report() {
    let mut linen = counted(1.0, LINEN);
    linen.insert("params/Dense_2/kernel", array![[1.0_f32]]).unwrap();
    linen.insert("params/scale", array![1.0_f64]).unwrap();
    linen.insert("batch_stats/BatchNorm_0/mean", array![1.0_f32]).unwrap();
    let mut nnx = counted(100.0, NNX);
    nnx.insert("fc3/kernel", array![[1.0_f32, 2.0]]).unwrap();
    nnx.insert("head/scale", array![1.0_f32]).unwrap();
    nnx.insert("rngs/count", array![1_u32]).unwrap();

    let mut mapping = Mapping::from_pairs(PAIRS);
    mapping.pair("params/Dense_1/bias", "fc2/bias").pair("Dense_2", "fc3").pair("scale", "head/scale");
    mapping.ignore("params/Dense_3").keep("rngs/cuont").keep("fc3");
    assert_eq!(
        refused(&linen, &nnx, &mapping).to_string(),
        "\
the port does not fit (8 problems):
  `params/Dense_1/bias`: expected one pair for this Linen leaf, found two: Dense_1 -> fc2 and params/Dense_1/bias -> fc2/bias
  `fc3/kernel`, from `params/Dense_2/kernel`: `kernel` has shape (1, 2) in NNX and (1, 1) in Linen
  `head/scale`, from `params/scale`: `scale` is float32 in NNX and float64 in Linen
  `params/Dense_3`: expected a path of the Linen variables, found none; did you mean `params/Dense_2` or `params/Dense_1` or `params/Dense_0`?
  `rngs/cuont`: expected a path of the NNX variables, found none; did you mean `rngs/count`?
  `fc3/kernel`: expected one pair for this NNX leaf, found two: Dense_2 -> fc3 and keep fc3
  `batch_stats/BatchNorm_0/mean`: expected a pair for this Linen leaf, found none; map it, or leave it behind with `Mapping::ignore`
  `rngs/count`: expected a pair for this NNX leaf, found none; map it, or keep it with `Mapping::keep`"
    );
}

#[test]
fn a_misspelled_linen_path_gets_the_nearest_ones() {
    let found = problems(&[("params/Dense_1", "fc2"), ("params/Dens_0", "fc1")]);
    assert!(found.contains(&unknown("Linen", "params/Dens_0", &["params/Dense_0"])), "{found:#?}");
}

#[test]
fn a_misspelled_nnx_path_gets_the_nearest_ones() {
    let found = problems(&[("Dense_1", "fc2"), ("Dense_0", "fc_1")]);
    assert!(found.contains(&unknown("NNX", "fc_1", &["fc1"])), "{found:#?}");
    let found = problems(&[("Dense_1", "fc2"), ("Dense_0/bias", "fc1/bais"), ("Dense_0/kernel", "fc1/kernel")]);
    assert!(found.contains(&unknown("NNX", "fc1/bais", &["fc1/bias"])), "{found:#?}");
}

#[test]
fn a_misspelled_path_without_a_collection_gets_paths_without_one() {
    let found = problems(&[("Dense_0", "fc1"), ("Dense_2", "fc2")]);
    assert!(found.contains(&unknown("Linen", "Dense_2", &["Dense_1", "Dense_0"])), "{found:#?}");
}

#[test]
fn leaves_of_a_pair_whose_other_side_is_misspelled_are_not_called_unused() {
    let unused = |found: Vec<PortProblem>, wanted| {
        found.into_iter().any(|problem| matches!(problem, PortProblem::Unused { side, .. } if side == wanted))
    };
    assert!(!unused(problems(&[PAIRS[1], ("Dense_0", "fc_1")]), "Linen"));
    assert!(!unused(problems(&[PAIRS[1], ("Dens_0", "fc1")]), "NNX"));
}

#[test]
fn a_leaf_does_not_go_to_a_submodule() {
    let found = problems(&[PAIRS[0], ("Dense_1/kernel", "fc2"), ("Dense_1/bias", "fc2/bias")]);
    let [from, to] = ["params/Dense_1/kernel", "fc2"].map(str::to_owned);
    assert!(found.contains(&PortProblem::NotALeaf { from, to }), "{found:#?}");
}

#[test]
fn what_is_no_array_cannot_be_mapped() {
    let mut linen = counted(1.0, LINEN);
    linen.insert("params/Dense_1/bias", Value::from(1.5)).unwrap();
    let mapping =
        Mapping::from_pairs([PAIRS[0], ("Dense_1/kernel", "fc2/kernel"), ("params/Dense_1/bias", "fc2/bias")]);
    let [path, found] = ["params/Dense_1/bias", "1.5"].map(str::to_owned);
    let expected = PortProblem::NoArray { side: "Linen", path, found };
    assert_eq!(refused(&linen, &counted(100.0, NNX), &mapping).problems, [expected]);
}

#[test]
fn a_path_that_is_like_no_other_gets_none() {
    let found = problems(&[PAIRS[0], PAIRS[1], ("Embed_7", "embedding")]);
    assert_eq!(found, [unknown("Linen", "Embed_7", &[]), unknown("NNX", "embedding", &[])]);
}

#[test]
fn a_linen_leaf_without_a_place_in_the_nnx_submodule_is_unknown_there() {
    let nnx = counted(100.0, &NNX[1..]);
    let found = refused(&counted(1.0, LINEN), &nnx, &Mapping::from_pairs(PAIRS)).problems;
    assert!(matches!(&found[0], PortProblem::Unknown { side: "NNX", path, .. } if path == "fc1/bias"), "{found:#?}");
}

#[test]
fn an_nnx_leaf_without_a_place_in_the_linen_submodule_is_never_used() {
    let found = refused(&counted(1.0, &LINEN[1..]), &counted(100.0, NNX), &Mapping::from_pairs(PAIRS)).problems;
    assert_eq!(found, [PortProblem::Unused { side: "NNX", path: "fc1/bias".to_owned() }]);
}

#[test]
fn swapped_submodules_are_a_shape_for_each_leaf() {
    let found = problems(&[("Dense_0", "fc2"), ("Dense_1", "fc1")]);
    let shape = |from: &str, to: &str, leaf: &str, expected: &[usize], found: &[usize]| PortProblem::Shape {
        from: format!("params/{from}/{leaf}"),
        to: format!("{to}/{leaf}"),
        leaf: leaf.to_owned(),
        expected: Shape::from(expected),
        found: Shape::from(found),
    };
    assert_eq!(
        found,
        [
            shape("Dense_0", "fc2", "bias", &[1], &[3]),
            shape("Dense_0", "fc2", "kernel", &[3, 1], &[2, 3]),
            shape("Dense_1", "fc1", "bias", &[3], &[1]),
            shape("Dense_1", "fc1", "kernel", &[2, 3], &[3, 1]),
        ]
    );
}

#[test]
fn as_many_elements_in_another_shape_do_not_fit() {
    let linen = counted(1.0, &[("params/x", &[2, 3])]);
    for shape in [&[3, 2][..], &[6], &[2, 3, 1], &[1, 2, 3]] {
        let found = refused(&linen, &counted(1.0, &[("x", shape)]), &Mapping::from_pairs([("x", "x")])).problems;
        assert!(matches!(&found[..], [PortProblem::Shape { .. }]), "{found:#?}");
    }
}

#[test]
fn every_other_dtype_does_not_fit() {
    let linen = counted(1.0, &[("params/x", &[2])]);
    for dtype in DType::ALL.iter().filter(|dtype| **dtype != DType::F32) {
        let mut nnx = Variables::new();
        nnx.insert("x", mlpport::Tensor::zeros(*dtype, &[2]).unwrap()).unwrap();
        let [from, to, leaf] = ["params/x", "x", "x"].map(str::to_owned);
        let expected = PortProblem::DType { from, to, leaf, expected: *dtype, found: DType::F32 };
        assert_eq!(refused(&linen, &nnx, &Mapping::from_pairs([("x", "x")])).problems, [expected]);
    }
}

#[test]
fn a_leaf_goes_to_one_place() {
    let linen = counted(1.0, &[("params/x", &[2])]);
    let found =
        refused(&linen, &counted(5.0, &[("a", &[2]), ("b", &[2])]), &Mapping::from_pairs([("x", "a"), ("x", "b")]));
    let [path, first, second] = ["params/x", "x -> a", "x -> b"].map(str::to_owned);
    assert_eq!(found.problems, [PortProblem::Twice { side: "Linen", path, first, second }]);
}

#[test]
fn a_place_takes_one_leaf() {
    let linen = counted(1.0, &[("params/a", &[2]), ("params/b", &[2])]);
    let found = refused(&linen, &counted(5.0, &[("x", &[2])]), &Mapping::from_pairs([("a", "x"), ("b", "x")]));
    let [path, first, second] = ["x", "a -> x", "b -> x"].map(str::to_owned);
    assert_eq!(found.problems, [PortProblem::Twice { side: "NNX", path, first, second }]);
}

#[test]
fn leaves_of_two_collections_do_not_share_a_place() {
    let linen = counted(1.0, &[("batch_stats/x", &[2]), ("params/x", &[2])]);
    let found = refused(&linen, &counted(5.0, &[("x", &[2])]), &Mapping::from_pairs([("x", "x")])).problems;
    assert!(matches!(&found[..], [PortProblem::Twice { side: "NNX", .. }]), "{found:#?}");
}

#[test]
fn what_is_mapped_is_neither_ignored_nor_kept() {
    let mut mapping = Mapping::from_pairs(PAIRS);
    mapping.ignore("Dense_1/bias").keep("fc1/bias");
    let twice = |side, path: &str, first: &str, second: &str| PortProblem::Twice {
        side,
        path: path.to_owned(),
        first: first.to_owned(),
        second: second.to_owned(),
    };
    assert_eq!(
        refused(&counted(1.0, LINEN), &counted(100.0, NNX), &mapping).problems,
        [
            twice("Linen", "params/Dense_1/bias", "Dense_1 -> fc2", "ignore Dense_1/bias"),
            twice("NNX", "fc1/bias", "Dense_0 -> fc1", "keep fc1/bias"),
        ]
    );
}

#[test]
fn without_pairs_every_leaf_is_named() {
    let unused = |side| move |(path, _): &(&str, &[usize])| PortProblem::Unused { side, path: (*path).to_owned() };
    let expected: Vec<_> = LINEN.iter().map(unused("Linen")).chain(NNX.iter().map(unused("NNX"))).collect();
    assert_eq!(problems(&[]), expected);
}
