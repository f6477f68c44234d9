//! `LayerNorm` and `BatchNorm` against the values that Flax computes, written by `tests/fixtures/norms/export.py`.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use mlpport::ops::{batch_norm, layer_norm};
use mlpport::prelude::*;
use ndarray::{Array1, Array2, Array3, ArrayD, ArrayView1, ArrayViewD, Axis, IxDyn, ShapeBuilder, Slice, arr0, array};

#[derive(CompactModule)]
struct LinenLayerNorm<const FEATURES: usize, const EPSILON: u32> {
    norm: linen::LayerNorm<FEATURES, EPSILON>,
}

#[derive(NnxModule)]
#[port(source = LinenLayerNorm<FEATURES, EPSILON>)]
struct NnxLayerNorm<const FEATURES: usize, const EPSILON: u32> {
    #[port(from = "LayerNorm_0")]
    norm: nnx::LayerNorm<FEATURES, EPSILON>,
}

#[derive(CompactModule)]
struct LinenBatchNorm<const FEATURES: usize, const EPSILON: u32> {
    norm: linen::BatchNorm<FEATURES, EPSILON>,
}

#[derive(NnxModule)]
#[port(source = LinenBatchNorm<FEATURES, EPSILON>)]
struct NnxBatchNorm<const FEATURES: usize, const EPSILON: u32> {
    #[port(from = "BatchNorm_0")]
    norm: nnx::BatchNorm<FEATURES, EPSILON>,
}

#[derive(CompactModule)]
struct LinenAnySize {
    norm: linen::BatchNorm,
}

#[derive(NnxModule)]
#[port(source = LinenAnySize)]
struct NnxKnownSize<const FEATURES: usize> {
    #[port(from = "BatchNorm_0", runtime)]
    norm: nnx::BatchNorm<FEATURES>,
}

#[derive(CompactModule)]
struct LinenModel {
    fc1: Dense<4, 8>,
    bn1: linen::BatchNorm<8>,
    relu1: Relu,
    fc2: Dense<8, 6>,
    norm: linen::LayerNorm<6>,
    relu2: Relu,
    fc3: Dense<6, 5>,
    bn2: linen::BatchNorm<5, { parameter(1e-3) }>,
    out: Dense<5, 3>,
}

#[derive(NnxModule)]
#[port(source = LinenModel)]
struct NnxModel {
    #[port(from = "Dense_0")]
    fc1: Linear<4, 8>,
    #[port(from = "BatchNorm_0")]
    bn1: nnx::BatchNorm<8>,
    relu1: Relu,
    #[port(from = "Dense_1")]
    fc2: Linear<8, 6>,
    #[port(from = "LayerNorm_0")]
    ln: nnx::LayerNorm<6>,
    relu2: Relu,
    #[port(from = "Dense_2")]
    fc3: Linear<6, 5>,
    #[port(from = "BatchNorm_1")]
    bn2: nnx::BatchNorm<5, { parameter(1e-3) }>,
    #[port(from = "Dense_3")]
    out: Linear<5, 3>,
}

/// How far a value may be away from Flax's, in units of the largest in its row; takes the row of the input.
type Bound = fn(ArrayView1<f32>) -> f64;

/// Some roundings, of which the reciprocal root, which JAX starts from an estimate by the processor, takes the most.
const ROUNDING: Bound = |_| 5e-7;

#[test]
fn layer_norm_of_few_features() {
    layer_norm_parity::<8, { parameter(1e-6) }>("layer_norm", ROUNDING);
    layer_norm_parity::<8, { parameter(1e-3) }>("layer_norm_1e-3", ROUNDING);
}

/// JAX adds so many elements in an order of its own, which shows where the variance is the difference of two large squares.
/// Where no two digits of it are left, the values say nothing.
#[test]
fn layer_norm_of_many_features() {
    layer_norm_parity::<40, { parameter(1e-6) }>("layer_norm_40", |row| {
        let mean_of = |f: &dyn Fn(f64) -> f64| row.iter().map(|x| f(f64::from(*x))).sum::<f64>() / row.len() as f64;
        let (mean, squares) = (mean_of(&|x| x), mean_of(&|x| x * x));
        let variance = mean_of(&|x| (x - mean) * (x - mean));
        let lost = 2.0 * f64::from(f32::EPSILON) * squares / (variance + 1e-6);
        if lost < 0.1 { ROUNDING(row) + lost } else { f64::INFINITY }
    });
}

#[test]
fn batch_norm_by_running_statistics() {
    batch_norm_parity::<8, { parameter(1e-5) }>("batch_norm", ROUNDING);
    batch_norm_parity::<8, { parameter(1e-3) }>("batch_norm_1e-3", ROUNDING);
    batch_norm_parity::<40, { parameter(1e-5) }>("batch_norm_40", ROUNDING);
}

#[test]
fn a_model_with_both() {
    parity::<LinenModel, NnxModel>("model", 4, |_| 2e-6);
}

#[test]
fn every_memory_layout() -> mlpport::Result<()> {
    let (scale, bias) = (array![1.0, -2.0, 0.5], array![0.0, 3.0, 1.0]);
    let layer_norm = nnx::LayerNorm::<3>::new(scale.clone(), bias.clone())?;
    let batch_norm = nnx::BatchNorm::<3>::new(scale, bias, array![0.1, 0.2, 0.3], array![1.0, 2.0, 3.0])?;
    let element = |(i, j, k)| ((7 * i + 5 * j + 3 * k) % 11) as f32;
    let (x, columns) = (Array3::from_shape_fn((4, 6, 3), element), Array3::from_shape_fn((4, 6, 3).f(), element));

    let permuted = x.view().permuted_axes([1, 0, 2]);
    let every_other_backwards = x.slice_axis(Axis(1), Slice::new(1, None, -2));
    let features_backwards = x.slice_axis(Axis(2), Slice::new(0, None, -1));
    for view in [columns.view(), permuted, every_other_backwards, features_backwards] {
        assert_eq!(layer_norm.forward(view), layer_norm.forward(view.as_standard_layout().view()));
        assert_eq!(batch_norm.forward(view), batch_norm.forward(view.as_standard_layout().view()));
    }
    Ok(())
}

#[test]
fn wrong_shapes_are_errors() {
    let (two, three) = (|| Array1::<f32>::ones(2), || Array1::<f32>::ones(3));
    let messages = [
        nnx::LayerNorm::<3>::new(two(), three()).err(),
        nnx::LayerNorm::<DYN>::new(two(), three()).err(),
        linen::BatchNorm::<3>::new(three(), three(), two(), three()).err(),
        linen::BatchNorm::<3>::new(three(), three(), three(), two()).err(),
        layer_norm(two().view(), two().view(), three().view(), 1e-6).err(),
        layer_norm(array![[1.0, 2.0]].view(), three().view(), three().view(), 1e-6).err(),
        layer_norm(arr0(1.0).view(), three().view(), three().view(), 1e-6).err(),
        batch_norm(two().view(), two().view(), two().view(), two().view(), three().view(), 1e-5).err(),
    ];
    let expected = [
        "scale: expected shape (3,), found (2,)",
        "bias: expected shape (2,), found (3,)",
        "mean: expected shape (3,), found (2,)",
        "var: expected shape (3,), found (2,)",
        "bias: expected shape (2,), found (3,)",
        "expected an input whose last axis is 3, found shape (1, 2)",
        "expected an input whose last axis is 3, found shape ()",
        "var: expected shape (2,), found (3,)",
    ];
    assert_eq!(messages.map(|error| error.unwrap().to_string()), expected);
}

#[test]
fn no_features() {
    let none = || Array1::<f32>::zeros(0);
    let x = Array2::<f32>::zeros((4, 0));
    let layer_norm = nnx::LayerNorm::<DYN>::new(none(), none()).unwrap();
    let batch_norm = nnx::BatchNorm::<DYN>::new(none(), none(), none(), none()).unwrap();
    assert_eq!(layer_norm.forward(x.view()), x);
    assert_eq!(batch_norm.forward(x.view()), x);
}

#[test]
fn sizes_known_when_it_runs() {
    let linen = LinenAnySize::from_variables(golden("cases/batch_norm/linen")).unwrap();
    let nnx = NnxKnownSize::<8>::try_port_from(&linen).unwrap();
    assert_eq!(nnx.to_variables(), golden("cases/batch_norm/nnx"));

    let message = NnxKnownSize::<9>::try_port_from(linen).err().unwrap().to_string();
    assert!(
        message.contains("`norm`, from `BatchNorm_0`: `scale` has shape (9,) in NNX and (8,) in Linen"),
        "{message}"
    );
}

#[test]
fn a_checkpoint_without_statistics() {
    let params = golden("cases/batch_norm/linen").select("params").unwrap();
    let message = LinenAnySize::from_variables(params).err().unwrap().to_string();
    for name in ["mean", "var"] {
        assert!(
            message.contains(&format!("batch_stats/BatchNorm_0/{name}: missing, expected float32 (8,)")),
            "{message}"
        );
    }
}

fn layer_norm_parity<const FEATURES: usize, const EPSILON: u32>(case: &str, bound: Bound) {
    parity::<LinenLayerNorm<FEATURES, EPSILON>, NnxLayerNorm<FEATURES, EPSILON>>(case, FEATURES, bound);
}

fn batch_norm_parity<const FEATURES: usize, const EPSILON: u32>(case: &str, bound: Bound) {
    parity::<LinenBatchNorm<FEATURES, EPSILON>, NnxBatchNorm<FEATURES, EPSILON>>(case, FEATURES, bound);
}

/// Compares a Linen model, its NNX twin, and the port of one into the other with those of Flax: leaves and outputs.
fn parity<L, N>(case: &str, width: usize, bound: Bound)
where
    L: CompactModule + Forward,
    N: NnxModule + Forward + for<'a> PortFrom<&'a L>,
{
    let [linen_state, nnx_state, outputs] = ["linen", "nnx", "y"].map(|part| golden(&format!("cases/{case}/{part}")));

    let linen = L::from_variables(linen_state.clone()).unwrap();
    let nnx = N::from_variables(nnx_state.clone()).unwrap();
    let ported = N::port_from(&linen);
    assert_eq!(linen.to_variables(), linen_state, "{case}");
    assert_eq!(nnx.to_variables(), nnx_state, "{case}");
    assert_eq!(ported.to_variables(), nnx_state, "{case}");

    for (name, x) in golden(&format!("x/{width}")).leaves() {
        let x = x.view::<f32>().unwrap();
        let [linen_y, nnx_y] =
            ["linen", "nnx"].map(|side| outputs.view::<f32, IxDyn>(&format!("{name}/{side}")).unwrap());
        let place = format!("{case}, {name}");
        compare(&place, x.view(), linen.forward(x.view()), linen_y, bound);
        compare(&place, x.view(), nnx.forward(x.view()), nnx_y.view(), bound);
        compare(&place, x.view(), ported.forward(x.view()), nnx_y, bound);
    }
}

/// A part of the file that `export.py` wrote.
fn golden(path: &str) -> Variables {
    let file = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/fixtures/norms/norms.msgpack");
    mlpport::load(file).unwrap().subtree(path).unwrap()
}

/// Compares row by row: NaN and infinities are where Flax has them, and all others within the bound.
fn compare(place: &str, x: ArrayViewD<f32>, found: ArrayD<f32>, expected: ArrayViewD<f32>, bound: Bound) {
    assert_eq!(found.shape(), expected.shape(), "{place}");
    for ((x, found), expected) in x.rows().into_iter().zip(found.rows()).zip(expected.rows()) {
        let largest = expected.iter().filter(|y| y.is_finite()).fold(0.0, |max, y| y.abs().max(max));
        let allowed = bound(x) * f64::from(largest);
        for (found, expected) in found.iter().zip(expected) {
            let difference = (f64::from(*found) - f64::from(*expected)).abs();
            let same = found == expected || found.is_nan() && expected.is_nan() || difference <= allowed;
            assert!(same, "{place}: expected {expected:e} within {allowed:e}, found {found:e}");
        }
    }
}
