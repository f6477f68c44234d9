//! What keeps a port at run time from being done, problem by problem.

use mlpport::variables::{Entry, Value};
use mlpport::{Error, Mapping, Variables};
use ndarray::array;

use super::{Shown, shown};
use crate::samples::counted;

texts! {
    another_shape, Shape:
        only_problem(&[("x", "y")], |_, nnx| put(nnx, "y", array![1.0_f32]))
        => "`y`, from `params/x`: `y` has shape (1,) in NNX and (2,) in Linen";

    another_dtype, DType:
        only_problem(&[("x", "y")], |_, nnx| put(nnx, "y", array![1.0_f64, 2.0]))
        => "`y`, from `params/x`: `y` is float64 in NNX and float32 in Linen";

    a_misspelled_linen_path, Unknown:
        only_problem(&[("bais", "y")], |linen, _| {
            linen.remove(&"params/x".into());
            put(linen, "params/bias", Value::None);
        })
        => "`bais`: expected a path of the Linen variables, found none; did you mean `bias`?";

    a_misspelled_nnx_path, Unknown:
        only_problem(&[("x", "y"), ("w", "layer/kernal")], |linen, nnx| {
            put(linen, "params/w", array![1.0_f32]);
            put(nnx, "layer/kernel", Value::None);
        })
        => "`layer/kernal`: expected a path of the NNX variables, found none; did you mean `layer/kernel`?";

    a_linen_path_of_a_number, NoArray:
        only_problem(&[("x", "y"), ("params/step", "y")], |linen, _| put(linen, "params/step", Value::from(3_i64)))
        => "`params/step`: expected an array of the Linen variables, found 3";

    a_leaf_into_a_submodule, NotALeaf:
        only_problem(&[("x", "y")], |_, nnx| {
            nnx.remove(&"y".into());
            put(nnx, "y/kernel", array![1.0_f32, 2.0]);
        })
        => "`y`, from `params/x`: expected a leaf in NNX, as in Linen, found a submodule; map leaves to leaves";

    two_pairs_for_a_leaf, Twice:
        only_problem(&[("x", "y"), ("x", "z")], |_, nnx| put(nnx, "z", array![1.0_f32, 2.0]))
        => "`params/x`: expected one pair for this Linen leaf, found two: x -> y and x -> z";

    two_pairs_into_a_leaf, Twice:
        only_problem(&[("x", "y"), ("w", "y")], |linen, _| put(linen, "params/w", array![1.0_f32, 2.0]))
        => "`y`: expected one pair for this NNX leaf, found two: x -> y and w -> y";

    a_linen_leaf_without_a_pair, Unused:
        only_problem(&[("x", "y")], |linen, _| put(linen, "params/w", array![1.0_f32]))
        => "`params/w`: expected a pair for this Linen leaf, found none; map it, \
            or leave it behind with `Mapping::ignore`";

    an_nnx_leaf_without_a_pair, Unused:
        only_problem(&[("x", "y")], |_, nnx| put(nnx, "z", array![1.0_f32]))
        => "`z`: expected a pair for this NNX leaf, found none; map it, or keep it with `Mapping::keep`";
}

fn put(variables: &mut Variables, path: &str, entry: impl Into<Entry>) {
    variables.insert(path, entry).unwrap();
}

/// The one problem of a port of `params/x` to `y`, after a change of either side.
fn only_problem(pairs: &[(&str, &str)], change: impl FnOnce(&mut Variables, &mut Variables)) -> Shown {
    let (mut linen, mut nnx) = (counted(1.0, &[("params/x", &[2])]), counted(5.0, &[("y", &[2])]));
    change(&mut linen, &mut nnx);
    match mlpport::port(&linen, &mut nnx, &Mapping::from_pairs(pairs.iter().copied())) {
        Err(Error::Port(report)) => {
            assert_eq!(report.to_string(), format!("the port does not fit (1 problem):\n  {}", report.problems[0]));
            shown(report.problems[0].clone())
        }
        other => panic!("expected Error::Port, found {other:?}"),
    }
}
