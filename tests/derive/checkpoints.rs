//! What of a checkpoint does not fit a model: every leaf, in one error.

use mlpport::prelude::*;
use mlpport::variables::{Entry, Value};
use mlpport::{DType, Tensor};
use ndarray::{Array1, arr0};

use super::{LinenMlp, NnxMlp, bias, numbered, variables};

type Mlp = LinenMlp<4, 8, 3>;

fn refused<M: CompactModule>(variables: Variables) -> String {
    M::from_variables(variables).err().map(|error| error.to_string()).unwrap_or_default()
}

#[test]
fn every_wrong_leaf_is_in_one_error() {
    let variables = variables(&[
        ("params/Dense_0/kernel", &[8, 4]),
        ("params/Dense_1/bias", &[3]),
        ("params/Dense_1/kernels", &[8, 3]),
        ("params/Dense_2/kernel", &[3, 1]),
        ("batch_stats/mean", &[2]),
    ]);
    assert_eq!(
        refused::<Mlp>(variables),
        "6 leaves do not fit `LinenMlp`:\n  \
         batch_stats/mean: left over, found float32 (2,); the model has no such parameter\n  \
         params/Dense_0/bias: missing, expected float32 (8,)\n  \
         params/Dense_0/kernel: expected shape (4, 8), found (8, 4)\n  \
         params/Dense_1/kernel: missing, expected float32 (8, 3); did you mean `params/Dense_1/kernels` or \
         `params/Dense_2/kernel`?\n  \
         params/Dense_1/kernels: left over, found float32 (8, 3); the model has no such parameter\n  \
         params/Dense_2/kernel: left over, found float32 (3, 1); the model has no such parameter"
    );
}

#[test]
fn every_wrong_leaf_of_a_nested_model_is_in_one_error() {
    #[derive(CompactModule)]
    #[compact(manual_forward)]
    struct Outer {
        blocks: [Layer; 2],
        log_std: Param<2>,
    }
    let variables = variables(&[
        ("params/Layer_0/Dense_0/kernel", &[2, 3]),
        ("params/Layer_0/Dense_0/bias", &[2]),
        ("params/Layer_1/Dense_1/kernel", &[2, 2]),
        ("params/Layer_1/Dense_1/bias", &[2]),
        ("params/logstd", &[2]),
    ]);
    assert_eq!(
        refused::<Outer>(variables),
        "7 leaves do not fit `Outer`:\n  \
         params/Layer_0/Dense_0/kernel: expected shape (2, 2), found (2, 3)\n  \
         params/Layer_1/Dense_0/bias: missing, expected float32 (2,); did you mean `params/Layer_1/Dense_1/bias`?\n  \
         params/Layer_1/Dense_0/kernel: missing, expected float32 (2, 2); \
         did you mean `params/Layer_1/Dense_1/kernel`?\n  \
         params/Layer_1/Dense_1/bias: left over, found float32 (2,); the model has no such parameter\n  \
         params/Layer_1/Dense_1/kernel: left over, found float32 (2, 2); the model has no such parameter\n  \
         params/log_std: missing, expected float32 (2,); did you mean `params/logstd`?\n  \
         params/logstd: left over, found float32 (2,); the model has no such parameter"
    );
}

#[test]
fn a_model_of_the_nnx_side_reports_in_the_same_way() {
    let state = variables(&[("fc1/kernel", &[4, 8]), ("fc1/bias", &[1]), ("fc2/kernel", &[8, 3]), ("fc3/bias", &[3])]);
    let error = NnxMlp::<4, 8, 3>::from_variables(state).err().unwrap();
    assert_eq!(
        error.to_string(),
        "3 leaves do not fit `NnxMlp`:\n  \
         fc1/bias: expected shape (8,), found (1,)\n  \
         fc2/bias: missing, expected float32 (3,); did you mean `fc3/bias`?\n  \
         fc3/bias: left over, found float32 (3,); the model has no such parameter"
    );
}

#[test]
fn the_hint_mends_the_whole_tree() -> mlpport::Result<()> {
    let good = numbered::<Mlp>().to_variables();
    let hint = |variables| refused::<Mlp>(variables).lines().last().unwrap_or_default().to_owned();

    let deeper = good.clone().nest("params");
    assert!(hint(deeper.clone()).contains("call `variables.select(\"params/params\")` first"));
    assert_eq!(Mlp::from_variables(deeper.select("params/params")?)?.to_variables(), good);

    let bare = good.clone().subtree("params")?;
    assert!(hint(bare.clone()).contains("`variables.nest(\"params\")` if these are bare parameters"));
    assert_eq!(Mlp::from_variables(bare.nest("params"))?.to_variables(), good);

    let mut more = good.clone();
    more.insert("batch_stats/mean", bias(2, 0.0))?;
    assert!(hint(more.clone()).contains("call `variables.select(\"params\")` first"));
    assert_eq!(Mlp::from_variables(more.select("params")?)?.to_variables(), good);
    Ok(())
}

#[test]
fn the_hint_is_about_what_the_checkpoint_has() -> mlpport::Result<()> {
    let mut variables = numbered::<Mlp>().to_variables();
    variables.remove(&"params/Dense_1/kernel".into());
    variables.insert("batch_stats/mean", bias(2, 0.0))?;
    let text = refused::<Mlp>(variables);
    assert!(text.starts_with("2 leaves do not fit"), "{text}");
    assert!(!text.contains("no collection `params`"), "{text}");
    Ok(())
}

#[test]
fn a_wider_dtype_is_refused_with_the_way_to_round() {
    let mut variables = numbered::<Mlp>().to_variables();
    variables.insert("params/Dense_0/bias", Array1::<f64>::ones(8)).unwrap();
    assert_eq!(
        refused::<Mlp>(variables.clone()),
        "1 leaf does not fit `LinenMlp`:\n  \
         params/Dense_0/bias: expected float32 or a dtype that it holds exactly, found float64; to round, call \
         `variables.cast(DType::F32)` first"
    );
    assert!(Mlp::from_variables(variables.cast(DType::F32)).is_ok());
}

#[test]
fn integers_are_refused() {
    let mut variables = numbered::<Mlp>().to_variables();
    variables.insert("params/Dense_0/bias", Array1::<i32>::ones(8)).unwrap();
    let text = refused::<Mlp>(variables);
    assert!(text.contains("params/Dense_0/bias: expected float32"), "{text}");
    assert!(text.contains("found int32"), "{text}");
    assert!(!text.contains("cast"), "a cast leaves integers as they are: {text}");
}

#[test]
fn bfloat16_and_float16_are_widened_exactly() -> mlpport::Result<()> {
    for dtype in [DType::BF16, DType::F16] {
        // 1/3 and 1e-7 are rounded on the way to 16 bits; the way back must not change what is left.
        let mut variables = variables(&[("params/Dense_0/kernel", &[2, 2]), ("params/Dense_0/bias", &[2])]);
        variables.insert("params/Dense_0/bias", ndarray::array![1.0_f32 / 3.0, -1e-7])?;
        let narrow = variables.cast(dtype);
        let model = Layer::from_variables(narrow.clone())?;
        let wide = model.to_variables();
        assert_eq!(wide.get("params/Dense_0/bias").map(Tensor::dtype), Some(DType::F32));
        assert_eq!(wide, narrow.clone().cast(DType::F32));
        assert_eq!(wide.cast(dtype), narrow);
    }
    Ok(())
}

#[derive(CompactModule)]
struct Layer {
    dense: Dense<2, 2>,
}

#[test]
fn without_a_kernel_a_bias_of_any_length_fits_a_layer_of_any_size() {
    assert_eq!(
        refused::<AnySize>(variables(&[("params/Dense_0/bias", &[5])])),
        "1 leaf does not fit `AnySize`:\n  params/Dense_0/kernel: missing, expected float32 (?, ?)"
    );
}

#[test]
fn the_bias_of_a_layer_of_any_size_is_as_long_as_the_kernel_is_wide() {
    for inputs in [0, 3] {
        assert_eq!(
            refused::<AnySize>(variables(&[("params/Dense_0/kernel", &[inputs, 8]), ("params/Dense_0/bias", &[5])])),
            "1 leaf does not fit `AnySize`:\n  params/Dense_0/bias: expected shape (8,), found (5,)"
        );
    }
}

#[derive(CompactModule)]
struct AnySize {
    dense: Dense,
}

#[test]
fn a_numpy_scalar_is_a_parameter_without_axes() -> mlpport::Result<()> {
    let mut variables = Variables::new();
    variables.insert("params/temperature", Value::Scalar(Tensor::from_array(arr0(0.5_f32))))?;
    let model = Temperature::from_variables(variables)?;
    assert_eq!(model.temperature.value().first(), Some(&0.5));
    Ok(())
}

#[test]
fn what_is_no_array_is_shown() -> mlpport::Result<()> {
    let mut variables = Variables::new();
    variables.insert("params/temperature", Value::Str("hot".to_owned()))?;
    assert_eq!(
        refused::<Temperature>(variables),
        "1 leaf does not fit `Temperature`:\n  params/temperature: expected float32 (), found \"hot\""
    );
    Ok(())
}

#[test]
fn nothing_is_not_left_over() -> mlpport::Result<()> {
    let mut variables = numbered::<Mlp>().to_variables();
    variables.insert("batch_stats", Entry::Empty)?;
    variables.insert("params/Dropout_0", Value::None)?;
    Mlp::from_variables(variables)?;
    Ok(())
}

#[derive(CompactModule)]
#[compact(manual_forward)]
struct Temperature {
    temperature: Param,
}
