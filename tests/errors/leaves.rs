//! What a checkpoint may hold that a model does not take, leaf by leaf, and the one step that mends them all.

use mlpport::error::LeavesError;
use mlpport::prelude::*;
use mlpport::variables::{Entry, Value};
use mlpport::{Error, Tensor};
use ndarray::{Array2, array};

use super::{Shown, sample, shown};

#[derive(CompactModule)]
struct LinenMlp {
    hidden: Dense<2, 3>,
    relu: Relu,
    out: Dense<3, 1>,
}

#[derive(NnxModule)]
#[port(source = LinenMlp)]
struct NnxMlp {
    #[port(from = "Dense_0")]
    fc1: Linear<2, 3>,
    relu: Relu,
    #[port(from = "Dense_1")]
    fc2: Linear<3, 1>,
}

texts! {
    a_leaf_that_is_not_there, Missing:
        only_leaf(|variables| drop(variables.remove(&"params/Dense_1/kernel".into())))
        => "params/Dense_1/kernel: missing, expected float32 (3, 1)";

    a_leaf_that_is_none, Missing:
        only_leaf(|variables| put(variables, "params/Dense_0/bias", Value::None))
        => "params/Dense_0/bias: missing, expected float32 (3,)";

    a_leaf_that_is_a_number, NoArray:
        only_leaf(|variables| put(variables, "params/Dense_0/bias", Value::from(1.5)))
        => "params/Dense_0/bias: expected float32 (3,), found 1.5";

    a_leaf_too_many, Unexpected:
        only_leaf(|variables| put(variables, "params/Dense_2/bias", array![1.0_f32]))
        => "params/Dense_2/bias: left over, found float32 (1,); the model has no such parameter";

    a_leaf_of_another_shape, Shape:
        only_leaf(|variables| put(variables, "params/Dense_0/kernel", Array2::<f32>::zeros((3, 2))))
        => "params/Dense_0/kernel: expected shape (2, 3), found (3, 2)";

    a_leaf_of_wider_floats, DType:
        only_leaf(|variables| put(variables, "params/Dense_1/bias", array![0.1_f64]))
        => "params/Dense_1/bias: expected float32 or a dtype that it holds exactly, found float64; \
            to round, call `variables.cast(DType::F32)` first";

    a_leaf_of_integers, DType:
        only_leaf(|variables| put(variables, "params/Dense_1/bias", array![1_i32]))
        => "params/Dense_1/bias: expected float32 or a dtype that it holds exactly, found int32";
}

fn put(variables: &mut Variables, path: &str, entry: impl Into<Entry>) {
    variables.insert(path, entry).unwrap();
}

fn report(result: mlpport::Result<impl Sized>) -> LeavesError {
    match result.map(drop) {
        Err(Error::Leaves(report)) => report,
        other => panic!("expected Error::Leaves, found {other:?}"),
    }
}

/// What a model says of the sample after a change of one leaf.
fn only_leaf(change: impl FnOnce(&mut Variables)) -> Shown {
    let mut variables = sample();
    change(&mut variables);
    let report = report(LinenMlp::from_variables(variables));
    assert_eq!((report.model, report.leaves.len(), &report.hint), ("LinenMlp", 1, &None));
    assert_eq!(report.to_string(), format!("1 leaf does not fit `LinenMlp`:\n  {}", report.leaves[0]));
    shown(report.leaves[0].clone())
}

#[test]
fn every_leaf_that_does_not_fit_is_in_one_report() {
    let mut variables = sample().cast(mlpport::DType::F64);
    put(&mut variables, "params/Dense_0/bias", array![1.0_f32, 2.0]);
    let kernel = variables.remove(&"params/Dense_0/kernel".into()).unwrap();
    put(&mut variables, "params/Dense_0/kernal", kernel);
    put(&mut variables, "params/Dense_1/bias", Value::from("zeros"));
    put(&mut variables, "batch_stats/mean", Tensor::from_array(array![1_u8]));
    assert_eq!(
        report(LinenMlp::from_variables(variables)).to_string(),
        "\
6 leaves do not fit `LinenMlp`:
  batch_stats/mean: left over, found uint8 (1,); the model has no such parameter
  params/Dense_0/bias: expected shape (3,), found (2,)
  params/Dense_0/kernal: left over, found float64 (2, 3); the model has no such parameter
  params/Dense_0/kernel: missing, expected float32 (2, 3); did you mean `params/Dense_0/kernal`?
  params/Dense_1/bias: expected float32 (1,), found \"zeros\"
  params/Dense_1/kernel: expected float32 or a dtype that it holds exactly, found float64; to round, call `variables.cast(DType::F32)` first"
    );
}

#[test]
fn the_report_of_an_nnx_model_has_its_own_paths() {
    let mut state = crate::samples::counted(1.0, crate::samples::NNX);
    put(&mut state, "fc1/bias", array![1.0_f32]);
    put(&mut state, "rngs/count", array![1_u32]);
    assert_eq!(
        report(NnxMlp::from_variables(state)).to_string(),
        "\
2 leaves do not fit `NnxMlp`:
  fc1/bias: expected shape (3,), found (1,)
  rngs/count: left over, found uint32 (1,); the model has no such parameter"
    );
}

/// The last line of a report on variables where many leaves are wrong for one reason.
#[track_caller]
fn hint(variables: Variables) -> Option<String> {
    let report = report(LinenMlp::from_variables(variables));
    assert_eq!(report.to_string().lines().last().map(str::trim_start), report.hint.as_deref());
    report.hint
}

#[test]
fn parameters_one_level_too_deep_are_selected() {
    let deeper = sample().nest("params");
    assert_eq!(
        hint(deeper.clone()).as_deref(),
        Some("the parameters stand one level deeper: call `variables.select(\"params/params\")` first")
    );
    assert!(LinenMlp::from_variables(deeper.select("params/params").unwrap()).is_ok());
}

#[test]
fn parameters_without_a_collection_are_nested() {
    let bare = sample().subtree("params").unwrap();
    assert_eq!(
        hint(bare.clone()).as_deref(),
        Some(
            "the root has no collection `params`: call `variables.select(..)` with its path, \
             or `variables.nest(\"params\")` if these are bare parameters"
        )
    );
    assert!(LinenMlp::from_variables(bare.nest("params")).is_ok());
}

#[test]
fn parameters_beside_a_state_are_selected() {
    let mut state = sample();
    put(&mut state, "opt_state/count", array![1_i32]);
    put(&mut state, "step", Value::from(1000_i64));
    assert_eq!(
        hint(state.clone()).as_deref(),
        Some("to use the parameters alone, call `variables.select(\"params\")` first")
    );
    assert!(LinenMlp::from_variables(state.select("params").unwrap()).is_ok());
}
