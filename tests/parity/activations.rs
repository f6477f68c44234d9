//! Every activation against the values that JAX computes, written by `tests/fixtures/activations/export.py`.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use mlpport::activation::*;
use ndarray::{Array1, ArrayD, Dimension};

type Function = fn(ArrayD<f32>) -> ArrayD<f32>;

/// The functions of one element: every bit is JAX's.
const POINTWISE: &[(&str, Function)] = &[
    ("celu", apply::<Celu>),
    ("celu_0.5", apply::<Celu<{ parameter(0.5) }>>),
    ("elu", apply::<Elu>),
    ("elu_0.5", apply::<Elu<{ parameter(0.5) }>>),
    ("gelu", apply::<Gelu>),
    ("gelu_exact", apply::<Gelu<false>>),
    ("hard_sigmoid", apply::<HardSigmoid>),
    ("hard_silu", apply::<HardSilu>),
    ("hard_tanh", apply::<HardTanh>),
    ("identity", apply::<Identity>),
    ("leaky_relu", apply::<LeakyRelu>),
    ("leaky_relu_0.2", apply::<LeakyRelu<{ parameter(0.2) }>>),
    ("log_sigmoid", apply::<LogSigmoid>),
    ("mish", apply::<Mish>),
    ("prelu", |x| map(x, |x| leaky_relu(x, 0.01))),
    ("prelu_0.25", |x| map(x, |x| leaky_relu(x, 0.25))),
    ("relu", apply::<Relu>),
    ("relu6", apply::<Relu6>),
    ("selu", apply::<Selu>),
    ("sigmoid", apply::<Sigmoid>),
    ("silu", apply::<Silu>),
    ("soft_sign", apply::<SoftSign>),
    ("softplus", apply::<Softplus>),
    ("sparse_plus", apply::<SparsePlus>),
    ("sparse_sigmoid", apply::<SparseSigmoid>),
    ("squareplus", apply::<SquarePlus>),
    ("squareplus_1", apply::<SquarePlus<{ parameter(1.0) }>>),
    ("tanh", apply::<Tanh>),
];

/// The functions over an axis of a matrix of 8 rows and 12 columns, and how many ulp they are away from JAX, which starts the
/// reciprocal root in `standardize` from an estimate by the processor.
const AXIS: &[(&str, Function, u32)] = &[
    ("glu", apply::<Glu>, 0),
    ("glu_axis0", apply::<Glu<0>>, 0),
    ("log_softmax", apply::<LogSoftmax>, 0),
    ("log_softmax_axis0", apply::<LogSoftmax<0>>, 0),
    ("logsumexp", |x| over_axis(x, -1), 0),
    ("logsumexp_axis0", |x| over_axis(x, 0), 0),
    ("softmax", apply::<Softmax>, 0),
    ("softmax_axis0", apply::<Softmax<0>>, 0),
    ("standardize", apply::<Standardize>, 2),
    ("standardize_axis0", apply::<Standardize<0>>, 0),
];

/// The same over the middle axis of a cube, and over all of its 48 elements, which JAX adds in an order of its own.
const CUBE: &[(&str, Function, u32)] = &[
    ("glu_axis1", apply::<Glu<1>>, 0),
    ("log_softmax_all", |x| over_all::<LogSoftmax>(x), 0),
    ("log_softmax_axis1", apply::<LogSoftmax<1>>, 0),
    ("logsumexp_all", |x| over_axis(flat(x), 0), 0),
    ("logsumexp_axis1", |x| over_axis(x, 1), 0),
    ("softmax_all", |x| over_all::<Softmax>(x), 0),
    ("softmax_axis1", apply::<Softmax<1>>, 0),
    ("standardize_all", |x| over_all::<Standardize>(x), 9),
    ("standardize_axis1", apply::<Standardize<1>>, 2),
];

#[test]
fn functions_of_one_element() {
    let functions: Vec<_> = POINTWISE.iter().map(|&(key, function)| (key, function, 0)).collect();
    compare("x", "pointwise", &functions);
}

#[test]
fn functions_over_an_axis_of_a_matrix() {
    compare("axis_x", "axis", AXIS);
}

#[test]
fn functions_over_axes_of_a_cube() {
    compare("cube_x", "cube", CUBE);
}

fn apply<A: Activation>(x: ArrayD<f32>) -> ArrayD<f32> {
    A::default().apply(x)
}

fn flat(x: ArrayD<f32>) -> ArrayD<f32> {
    Array1::from_iter(x).into_dyn()
}

fn over_all<A: Activation>(x: ArrayD<f32>) -> ArrayD<f32> {
    let shape = x.raw_dim();
    apply::<A>(flat(x)).into_shape_with_order(shape).unwrap()
}

fn over_axis(x: ArrayD<f32>, axis: isize) -> ArrayD<f32> {
    logsumexp(x.view(), axis).unwrap()
}

/// Compares the functions with the group of the file that holds their values, key by key; each key has a function.
fn compare(input: &str, group: &str, functions: &[(&str, Function, u32)]) {
    let file = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/fixtures/activations/activations.msgpack");
    let variables = mlpport::load(file).unwrap();
    let x = variables.get(input).unwrap().to_array::<f32>().unwrap();
    let stored = variables.subtree(group).unwrap();

    let keys: Vec<String> = stored.leaves().map(|(path, _)| path.to_string()).collect();
    let compared: Vec<&str> = functions.iter().map(|(key, ..)| *key).collect();
    assert_eq!(compared, keys, "the functions compared and those in {group}");

    for &(key, function, allowed) in functions {
        let expected = stored.get(key).unwrap().view::<f32>().unwrap();
        let found = function(x.clone());
        assert_eq!(found.shape(), expected.shape(), "{group}/{key}");
        for ((index, found), expected) in found.indexed_iter().zip(expected) {
            let distance = ulps(*found, *expected);
            assert!(
                distance <= allowed,
                "{group}/{key}, element {:?}: expected {expected:e}, found {found:e}, {distance} ulp away",
                index.slice(),
            );
        }
    }
}

/// How many floats lie between two; the largest number where they differ in being NaN, infinite or zero, or in sign.
fn ulps(a: f32, b: f32) -> u32 {
    if a.is_nan() && b.is_nan() {
        0
    } else if a.classify() == b.classify() && a.is_sign_negative() == b.is_sign_negative() {
        a.to_bits().abs_diff(b.to_bits())
    } else {
        u32::MAX
    }
}
