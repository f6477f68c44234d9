#![allow(clippy::unwrap_used, clippy::panic, clippy::cast_possible_truncation, reason = "a test fails by panicking")]

use std::f64::consts::FRAC_2_PI;

use ndarray::{Array, Array1, Array2, Array3, Axis, Slice, array};
use proptest::prelude::*;

use super::*;
use crate::error::Error;

type Function = fn(f32) -> f32;
type Formula = &'static dyn Fn(f64) -> f64;

/// Any float: NaN, infinities, zeros and subnormal numbers as often as others.
fn any_float() -> impl Strategy<Value = f32> {
    prop_oneof![any::<u32>().prop_map(f32::from_bits), -20f32..20.0]
}

/// How many floats lie between two that are not NaN.
fn ulps(a: f32, b: f32) -> u64 {
    let ordinal = |x: f32| i64::from(x.to_bits() & 0x7fff_ffff) * if x.is_sign_negative() { -1 } else { 1 };
    ordinal(a).abs_diff(ordinal(b))
}

fn applied<A: Activation, const N: usize>(x: [f32; N]) -> Vec<f32> {
    A::default().apply(Array1::from(x.to_vec())).to_vec()
}

fn argument_error<A: Activation>(x: Array2<f32>) -> String {
    match A::default().try_apply(x) {
        Err(error @ Error::Argument { .. }) => error.to_string(),
        other => panic!("expected Error::Argument, found {other:?}"),
    }
}

/// Each type with what the traits say of it.
macro_rules! types {
    ($($name:ident)*) => {
        [$((stringify!($name), size_of::<$name>(), <$name>::NAME, <$name>::PARAMETERS, <$name>::KEEPS_SHAPE)),*]
    };
}

#[test]
fn names_are_those_of_the_types() {
    let types = types!(
        Celu Elu Gelu Glu HardSigmoid HardSilu HardSwish HardTanh Identity LeakyRelu LogSigmoid LogSoftmax Mish Relu
        Relu6 Selu Sigmoid Silu SoftSign Softmax Softplus SparsePlus SparseSigmoid SquarePlus Standardize Swish Tanh
    );
    assert_eq!(types.map(|(name, ..)| name), NAMES);
    assert!(NAMES.is_sorted());
    for (name, size, flax, _, keeps_shape) in types {
        assert_eq!(size, 0, "{name}");
        let as_type = flax.replace('_', "");
        let alias = [("HardSwish", "hard_silu"), ("Swish", "silu")].contains(&(name, flax));
        assert!(alias || name.eq_ignore_ascii_case(&as_type), "{name} is {flax} in Flax");
        assert_eq!(keeps_shape, name != "Glu", "{name}");
    }
}

#[test]
fn parameters_are_flax_arguments() {
    assert!(Relu::PARAMETERS.is_empty());
    assert_eq!(<LeakyRelu>::PARAMETERS, [("negative_slope", 0.01)]);
    assert_eq!(<Elu>::PARAMETERS, [("alpha", 1.0)]);
    assert_eq!(Celu::<{ parameter(0.3) }>::PARAMETERS, [("alpha", 0.3)]);
    assert_eq!(<SquarePlus>::PARAMETERS, [("b", 4.0)]);
    assert_eq!(<Gelu>::PARAMETERS, [("approximate", 1.0)]);
    assert_eq!(Gelu::<false>::PARAMETERS, [("approximate", 0.0)]);
    assert_eq!(Softmax::<1>::PARAMETERS, [("axis", 1.0)]);
    assert_eq!(<Glu>::PARAMETERS, [("axis", -1.0)]);
    assert_eq!(<Standardize>::PARAMETERS, [("axis", -1.0), ("epsilon", 1e-5)]);
}

#[test]
fn a_type_is_its_function() {
    let x = [-2.0, -0.5, 0.0, 0.5, 7.0];
    assert_eq!(applied::<Relu, 5>(x), x.map(relu));
    assert_eq!(applied::<LeakyRelu<{ parameter(0.2) }>, 5>(x), x.map(|x| leaky_relu(x, 0.2)));
    assert_eq!(applied::<Elu<{ parameter(0.5) }>, 5>(x), x.map(|x| elu(x, 0.5)));
    assert_eq!(applied::<Gelu, 5>(x), x.map(|x| gelu(x, true)));
    assert_eq!(applied::<Gelu<false>, 5>(x), x.map(|x| gelu(x, false)));
    assert_eq!(applied::<Swish, 5>(x), x.map(silu));
}

#[test]
fn map_takes_any_layout() {
    let x = Array::from_shape_fn((3, 4), |(i, j)| (4 * i + j) as f32);
    let double = |x: Array2<f32>| map(x, |x| 2.0 * x);
    assert_eq!(double(x.clone()), 2.0 * &x);
    assert_eq!(double(x.clone().reversed_axes()), 2.0 * &x.t());

    let mut strided = x;
    strided.slice_axis_inplace(Axis(1), Slice::new(0, None, 2));
    assert_eq!(double(strided.clone()), array![[0.0, 4.0], [8.0, 12.0], [16.0, 20.0]]);
    strided.invert_axis(Axis(0));
    assert_eq!(double(strided), array![[16.0, 20.0], [8.0, 12.0], [0.0, 4.0]]);

    assert_eq!(double(Array2::zeros((0, 4))).shape(), [0, 4]);
    assert_eq!(map(array![3.0].remove_axis(Axis(0)), relu)[()], 3.0);
}

/// Against the formulas in float64, with the platform's library.
#[test]
fn smooth_functions_are_near_their_formulas() {
    const SIGMOID: fn(f64) -> f64 = |x| 1.0 / (1.0 + (-x).exp());
    const SOFTPLUS: fn(f64) -> f64 = |x| x.max(0.0) + (-x.abs()).exp().ln_1p();
    let formulas: [(&str, Function, Formula); 12] = [
        ("tanh", tanh, &f64::tanh),
        ("sigmoid", sigmoid, &SIGMOID),
        ("silu", silu, &|x| x * SIGMOID(x)),
        ("softplus", softplus, &SOFTPLUS),
        ("log_sigmoid", log_sigmoid, &|x| -SOFTPLUS(-x)),
        ("mish", mish, &|x| x * SOFTPLUS(x).tanh()),
        ("squareplus", |x| squareplus(x, 4.0), &|x| (x + x.hypot(2.0)) / 2.0),
        ("elu", |x| elu(x, 0.5), &|x| if x > 0.0 { x } else { 0.5 * x.exp_m1() }),
        ("celu", |x| celu(x, 0.5), &|x| if x > 0.0 { x } else { 0.5 * (x / 0.5).exp_m1() }),
        ("selu", selu, &|x| 1.050_700_987_355_480_5 * if x > 0.0 { x } else { 1.673_263_242_354_377_2 * x.exp_m1() }),
        ("gelu", |x| gelu(x, true), &|x| x / 2.0 * (1.0 + (FRAC_2_PI.sqrt() * (x + 0.044715 * x.powi(3))).tanh())),
        ("soft_sign", soft_sign, &|x| x / (1.0 + x.abs())),
    ];
    for (name, function, formula) in formulas {
        for x in (-2000..=2000).map(|i| i as f32 / 100.0) {
            let (found, expected) = (f64::from(function(x)), formula(f64::from(x)));
            let allowed = 2e-7 * (1.0 + f64::from(x.abs()));
            assert!((found - expected).abs() <= allowed, "{name}({x}) = {found}, not {expected}");
        }
    }
}

#[test]
fn exact_gelu_is_x_times_the_normal_distribution() {
    // Φ(x) to ten places, from tables.
    for (x, phi) in [(0.5, 0.691_462_461_3), (1.0, 0.841_344_746_1), (2.0, 0.977_249_868_1), (3.0, 0.998_650_102_0)] {
        assert!((f64::from(gelu(x, false)) - f64::from(x) * phi).abs() < 2e-7);
        assert!((f64::from(gelu(-x, false)) - f64::from(x) * (phi - 1.0)).abs() < 2e-7);
    }
}

#[test]
fn limits() {
    let limits: [(&str, Function, f32, f32); 19] = [
        ("relu", relu, 0.0, f32::INFINITY),
        ("relu6", relu6, 0.0, 6.0),
        ("leaky_relu", |x| leaky_relu(x, 0.01), f32::NEG_INFINITY, f32::INFINITY),
        ("elu", |x| elu(x, 0.5), -0.5, f32::INFINITY),
        ("celu", |x| celu(x, 0.5), -0.5, f32::INFINITY),
        ("selu", selu, -1.758_099_3, f32::INFINITY),
        ("tanh", tanh, -1.0, 1.0),
        ("sigmoid", sigmoid, 0.0, 1.0),
        ("log_sigmoid", log_sigmoid, f32::NEG_INFINITY, 0.0),
        ("softplus", softplus, 0.0, f32::INFINITY),
        ("hard_sigmoid", hard_sigmoid, 0.0, 1.0),
        ("hard_tanh", hard_tanh, -1.0, 1.0),
        ("sparse_plus", sparse_plus, 0.0, f32::INFINITY),
        ("sparse_sigmoid", sparse_sigmoid, 0.0, 1.0),
        // Where JAX multiplies 0 by an infinity, or divides infinities, so do we.
        ("silu", silu, f32::NAN, f32::INFINITY),
        ("gelu", |x| gelu(x, true), f32::NAN, f32::INFINITY),
        ("mish", mish, f32::NAN, f32::INFINITY),
        ("hard_silu", hard_silu, f32::NAN, f32::INFINITY),
        ("soft_sign", soft_sign, f32::NAN, f32::NAN),
    ];
    for (name, function, low, high) in limits {
        let is = |found: f32, expected: f32| found == expected || (found.is_nan() && expected.is_nan());
        assert!(is(function(f32::NEG_INFINITY), low), "{name}(-inf)");
        assert!(is(function(f32::INFINITY), high), "{name}(inf)");
        assert!(function(f32::NAN).is_nan(), "{name}(nan)");
    }
}

#[test]
fn subnormal_numbers_are_flushed_as_xla_does() {
    let tiny = f32::from_bits(1);
    for function in [relu as Function, relu6, hard_tanh, soft_sign, silu, |x| gelu(x, true), |x| gelu(x, false), selu] {
        assert_eq!(function(tiny).to_bits(), 0);
    }
    // These select their input, and do not compute with it.
    assert_eq!([leaky_relu(-tiny, 0.01), tanh(tiny), std::convert::identity(tiny)], [-tiny, tiny, tiny]);
    assert_eq!(leaky_relu(-f32::MIN_POSITIVE, 0.01).to_bits(), (-0f32).to_bits());
    // Half of this would be rounded up to the smallest normal number.
    assert_eq!(gelu(f32::from_bits(0x00ff_ffff), false), 0.0);
}

#[test]
fn log1p_changes_branch_where_xla_does() {
    // exp(-|x|) is the last float below √2 - 1.
    assert_eq!(softplus(f32::from_bits(0xbf61_a1b4)).to_bits(), 0x3eb1_7218);
}

proptest! {
    #[test]
    fn odd_functions(x in any_float()) {
        for function in [tanh as Function, soft_sign, hard_tanh] {
            let (y, opposite) = (function(x), function(-x));
            prop_assert!(y.to_bits() == (-opposite).to_bits() || y.is_nan() && opposite.is_nan());
        }
    }

    #[test]
    fn monotone_functions(a in -100f32..100.0, b in -100f32..100.0) {
        let (a, b) = (a.min(b), a.max(b));
        let functions = [
            relu as Function, relu6, |x| leaky_relu(x, 0.01), |x| elu(x, 1.0), |x| celu(x, 1.0), selu, tanh, sigmoid,
            log_sigmoid, softplus, |x| squareplus(x, 4.0), soft_sign, hard_sigmoid, hard_tanh, sparse_plus, sparse_sigmoid,
        ];
        for (i, function) in functions.into_iter().enumerate() {
            let (low, high) = (function(a), function(b));
            // Approximations rise in steps.
            prop_assert!(low <= high || ulps(low, high) <= 4, "function {}: {} above {}", i, low, high);
        }
    }

    #[test]
    fn sigmoids_of_opposites_are_one(x in -100f32..100.0) {
        prop_assert!((sigmoid(x) + sigmoid(-x) - 1.0).abs() <= 2.0 * f32::EPSILON);
    }

    #[test]
    fn softplus_is_above_relu(x in any_float()) {
        prop_assert!(x.is_nan() || softplus(x) >= relu(x));
    }

    #[test]
    fn softmax_is_a_distribution(x in prop::collection::vec(-100f32..100.0, 1..40)) {
        let y: Array1<f32> = Softmax::<-1>.apply(Array1::from(x.clone()));
        prop_assert!((y.iter().map(|y| f64::from(*y)).sum::<f64>() - 1.0).abs() < 1e-6);
        prop_assert!(y.iter().all(|y| (0.0..=1.0).contains(y)));
        let log: Array1<f32> = LogSoftmax::<-1>.apply(Array1::from(x));
        prop_assert!(y.iter().zip(&log).all(|(y, log)| (y - log.exp()).abs() < 1e-5));
    }

    #[test]
    fn standardized_has_mean_0(x in prop::collection::vec(-1f32..1.0, 2..40)) {
        let y: Array1<f32> = Standardize::<-1>.apply(Array1::from(x));
        prop_assert!(y.mean().is_some_and(|mean| mean.abs() < 1e-4));
    }
}

#[test]
fn axes() {
    let x = Array3::from_shape_fn((2, 4, 6), |(i, j, k)| ((7 * i + 5 * j + 3 * k) % 11) as f32);
    let last = Softmax::<-1>.apply(x.clone());
    assert_eq!(Softmax::<2>.apply(x.clone()), last);
    assert_eq!(Softmax::<-3>.apply(x.clone()), Softmax::<0>.apply(x.clone()));
    let turned = |x: Array3<f32>| x.permuted_axes([2, 0, 1]);
    assert_eq!(Softmax::<0>.apply(turned(x.clone())), turned(last));
    assert_eq!(Glu::<1>.apply(x.clone()).shape(), [2, 2, 6]);
    assert_eq!(logsumexp(x.view(), 1).unwrap().shape(), [2, 6]);
    assert_eq!(Softmax::<1>.apply(Array2::zeros((3, 0))).shape(), [3, 0]);
    assert_eq!(Glu::<0>.apply(Array2::zeros((0, 3))).shape(), [0, 3]);
}

#[test]
fn lanes_with_infinities() {
    let inf = f32::INFINITY;
    assert_eq!(applied::<Softmax, 3>([-inf, 0.0, 0.0]), [0.0, 0.5, 0.5]);
    assert_eq!(applied::<LogSoftmax, 2>([-inf, 0.0]), [-inf, 0.0]);
    for lane in [[inf, 0.0], [-inf, -inf], [f32::NAN, 0.0]] {
        assert!(applied::<Softmax, 2>(lane).iter().all(|y| y.is_nan()), "{lane:?}");
        assert!(applied::<LogSoftmax, 2>(lane).iter().all(|y| y.is_nan()), "{lane:?}");
    }
    assert_eq!(logsumexp(array![[inf, 0.0], [-inf, -inf], [-inf, 3.0]].view(), 1).unwrap(), array![inf, -inf, 3.0]);
}

#[test]
fn wrong_shapes_are_errors() {
    let x = Array2::zeros((2, 3));
    let message = "`axis`: expected an axis of an array of rank 2, found ";
    assert_eq!(argument_error::<Softmax<2>>(x.clone()), format!("{message}2"));
    assert_eq!(argument_error::<LogSoftmax<-3>>(x.clone()), format!("{message}-3"));
    assert_eq!(argument_error::<Standardize<{ isize::MIN }>>(x.clone()), format!("{message}{}", isize::MIN));
    assert_eq!(argument_error::<Glu>(x.clone()), "`x`: expected an even length of axis 1, found 3");
    assert!(logsumexp(x.view(), 2).is_err());
    assert!(Softmax::<-1>.try_apply(ndarray::arr0(1.0)).is_err());
}

#[test]
#[should_panic(expected = "expected an even length of axis 1, found 3")]
fn apply_panics_with_the_error() {
    Glu::<-1>.apply(Array2::zeros((2, 3)));
}
