//! What a derived forward says of an input that a layer does not take.

use mlpport::prelude::*;
use ndarray::{Array0, Array1, Array2, Array3};

use super::{LinenMlp, NnxMlp, numbered, variables};

#[derive(CompactModule)]
struct LinenOuter {
    encoder: LinenEncoder,
    relu: Relu,
    head: Dense<DYN, 1>,
}

#[derive(CompactModule)]
struct LinenEncoder {
    mlp: LinenMlp<3, 2, 3>,
    layers: [Dense; 2],
}

#[derive(NnxModule)]
#[port(source = LinenOuter)]
struct NnxOuter {
    #[port(from = "LinenEncoder_0")]
    encoder: NnxEncoder,
    relu: Relu,
    #[port(from = "Dense_0")]
    head: Linear<DYN, 1>,
}

#[derive(NnxModule)]
#[port(source = LinenEncoder)]
struct NnxEncoder {
    #[port(from = "LinenMlp_0")]
    mlp: NnxMlp<3, 2, 3>,
    #[port(from = "Dense_0..2")]
    layers: [Linear; 2],
}

/// 3 -> 3 -> 5, and then a layer that takes `inputs`, and one that takes 2.
fn linen(inputs: usize) -> mlpport::Result<LinenOuter> {
    LinenOuter::from_variables(variables(&[
        ("params/LinenEncoder_0/LinenMlp_0/Dense_0/kernel", &[3, 2]),
        ("params/LinenEncoder_0/LinenMlp_0/Dense_0/bias", &[2]),
        ("params/LinenEncoder_0/LinenMlp_0/Dense_1/kernel", &[2, 3]),
        ("params/LinenEncoder_0/LinenMlp_0/Dense_1/bias", &[3]),
        ("params/LinenEncoder_0/Dense_0/kernel", &[3, 5]),
        ("params/LinenEncoder_0/Dense_0/bias", &[5]),
        ("params/LinenEncoder_0/Dense_1/kernel", &[inputs, 4]),
        ("params/LinenEncoder_0/Dense_1/bias", &[4]),
        ("params/Dense_0/kernel", &[2, 1]),
        ("params/Dense_0/bias", &[1]),
    ]))
}

#[test]
fn an_error_names_the_field_at_any_depth() -> mlpport::Result<()> {
    let linen = linen(5)?;
    let nnx = NnxOuter::port_from(&linen);
    let x = Array2::zeros((6, 7));
    let text = "`encoder.mlp.hidden`: expected an input whose last axis is 3, found shape (6, 7)";
    assert_eq!(linen.try_forward(x.view()).unwrap_err().to_string(), text);
    assert_eq!(nnx.try_forward(x.view()).unwrap_err().to_string(), text.replace("hidden", "fc1"));
    Ok(())
}

#[test]
fn an_error_names_the_element_of_an_array() -> mlpport::Result<()> {
    let linen = linen(4)?;
    let nnx = NnxOuter::port_from(&linen);
    let x = Array3::zeros((6, 1, 3));
    let text = "`encoder.layers[1]`: expected an input whose last axis is 4, found shape (6, 1, 5)";
    assert_eq!(linen.try_forward(x.view()).unwrap_err().to_string(), text);
    assert_eq!(nnx.try_forward(x.view()).unwrap_err().to_string(), text);
    Ok(())
}

#[test]
fn an_error_names_a_field_of_the_model_itself() -> mlpport::Result<()> {
    let error = linen(5)?.try_forward(Array1::zeros(3).view()).unwrap_err();
    assert_eq!(error.to_string(), "`head`: expected an input whose last axis is 2, found shape (4,)");
    Ok(())
}

#[test]
fn a_scalar_is_no_input() {
    let error = numbered::<LinenMlp<4, 8, 3>>().try_forward(Array0::zeros(()).view()).unwrap_err();
    assert_eq!(error.to_string(), "`hidden`: expected an input whose last axis is 4, found shape ()");
}

#[test]
#[should_panic(expected = "`fc1`: expected an input whose last axis is 4, found shape (2, 5)")]
fn forward_panics_with_the_error() {
    let nnx = NnxMlp::port_from(numbered::<LinenMlp<4, 8, 3>>());
    nnx.forward(Array2::zeros((2, 5)).view());
}

#[test]
fn an_activation_that_does_not_take_the_shape_is_an_error_too() {
    #[derive(CompactModule)]
    struct Gated {
        hidden: Dense<2, 3>,
        glu: Glu,
    }
    let model = numbered::<Gated>();
    assert!(model.try_forward(Array1::zeros(2).view()).is_err());
}

#[test]
fn a_model_tells_its_sizes_where_its_type_fixes_them() {
    assert_eq!((LinenMlp::<4, 8, 3>::INPUTS, LinenMlp::<4, 8, 3>::OUTPUTS), (Some(4), Some(3)));
    assert_eq!((LinenOuter::INPUTS, LinenOuter::OUTPUTS), (Some(3), Some(1)));
    assert_eq!((LinenEncoder::INPUTS, LinenEncoder::OUTPUTS), (Some(3), None));
}
