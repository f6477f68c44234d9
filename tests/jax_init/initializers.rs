//! The initialisers of `jax.nn.initializers`.

use mlpport::init::{self, Distribution, Initializer, Mode};
use mlpport::tensor::{BF16, DType, F16, Tensor};

use super::{compare, key};

/// The initialiser of a name in the file: its function, then numbers.
fn initializer(name: &str) -> Initializer {
    let numbers: Vec<f64> = name.split('_').filter_map(|part| part.parse().ok()).collect();
    match name.trim_end_matches(|c: char| c.is_ascii_digit() || "_.-".contains(c)) {
        "zeros" => init::zeros(),
        "ones" => init::ones(),
        "constant" => init::constant(numbers[0]),
        "uniform" => init::uniform(numbers[0]),
        "normal" => init::normal(numbers[0]),
        "truncated_normal" => init::truncated_normal(numbers[0], numbers[1], numbers[2]),
        "lecun_normal" => init::lecun_normal().into(),
        "lecun_uniform" => init::lecun_uniform().into(),
        "glorot_normal" => init::glorot_normal().into(),
        "glorot_uniform" => init::glorot_uniform().into(),
        "he_normal" => init::he_normal().into(),
        "he_uniform" => init::he_uniform().into(),
        "xavier_normal" => init::xavier_normal().into(),
        "xavier_uniform" => init::xavier_uniform().into(),
        "kaiming_normal" => init::kaiming_normal().into(),
        "kaiming_uniform" => init::kaiming_uniform().into(),
        "embed" => embed(),
        "fan_out" => init::variance_scaling(0.3, Mode::FanOut, Distribution::Normal).into(),
        "fan_geo_avg" => init::variance_scaling(2.5, Mode::FanGeoAvg, Distribution::TruncatedNormal).into(),
        "two_axes" => {
            let scaling = init::variance_scaling(1.0, Mode::FanAvg, Distribution::Uniform);
            scaling.in_axis([0, 2]).out_axis(1).into()
        }
        "batch_axis" => init::lecun_normal().batch_axis(0).into(),
        "on_a_vector" => init::lecun_normal().in_axis(0).into(),
        "orthogonal" => init::orthogonal(numbers[0]).into(),
        "orthogonal_1_axis" => init::orthogonal(1.0).column_axis(1).into(),
        "delta_orthogonal" => init::delta_orthogonal(numbers[0]).into(),
        other => panic!("no comparison for {other}"),
    }
}

/// The default of `Embed`.
pub(super) fn embed() -> Initializer {
    init::variance_scaling(1.0, Mode::FanIn, Distribution::Normal).out_axis(0).into()
}

#[test]
fn initializers() {
    compare("init", |names, expected| {
        let (initializer, key, shape) = (initializer(names[0]), key("3"), expected.shape());
        match expected.dtype() {
            DType::F32 => close(initializer.init::<f32>(key, shape).unwrap().into(), expected, &initializer),
            DType::BF16 => initializer.init::<BF16>(key, shape).unwrap().into(),
            DType::F16 => initializer.init::<F16>(key, shape).unwrap().into(),
            other => panic!("no comparison for {other}"),
        }
    });
}

/// What is found, and where that hangs on LAPACK, what is expected if it is near.
fn close(found: Tensor, expected: &Tensor, initializer: &Initializer) -> Tensor {
    if !matches!(initializer, Initializer::Orthogonal(_) | Initializer::DeltaOrthogonal(_)) {
        return found;
    }
    let difference = &found.view::<f32>().unwrap() - &expected.view::<f32>().unwrap();
    assert!(difference.iter().all(|element| element.abs() < 1e-6), "{initializer:?}: {difference}");
    expected.clone()
}
