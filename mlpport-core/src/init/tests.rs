#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use ndarray::{Array2, ArrayD, Ix2};

use super::*;
use crate::random::{Float, Key};
use crate::tensor::{BF16, F16};

const KEY: Key = Key::from_words([7, 11]);

fn draw<T: Float>(initializer: impl Into<Initializer>, shape: &[usize]) -> ArrayD<T> {
    initializer.into().init(KEY, shape).unwrap()
}

fn error(initializer: impl Into<Initializer>, shape: &[usize]) -> String {
    initializer.into().init::<f32>(KEY, shape).unwrap_err().to_string()
}

#[test]
fn constants_are_rounded_to_their_type() {
    assert!(draw::<f32>(constant(0.1), &[2, 3]).iter().all(|x| *x == 0.1));
    assert_eq!(draw::<BF16>(constant(0.1), &[])[[]].to_bits(), 0x3dcd);
    assert_eq!(draw::<F16>(constant(0.1), &[])[[]].to_bits(), 0x2e66);
    // Just above half-way between two floats: numpy rounds once, ml_dtypes by way of float32.
    assert_eq!(draw::<F16>(constant(1.0 + 2f64.powi(-11) + 2f64.powi(-40)), &[])[[]].to_bits(), 0x3c01);
    assert_eq!(draw::<BF16>(constant(1.0 + 2f64.powi(-8) + 2f64.powi(-40)), &[])[[]].to_bits(), 0x3f80);
    assert_eq!(draw::<F16>(constant(1e9), &[])[[]], F16::from_f32(f32::INFINITY));
    assert_eq!(draw::<f32>(zeros(), &[0, 3]).shape(), [0, 3]);
}

#[test]
fn the_variance_is_that_of_the_fans() {
    let variance = |initializer: VarianceScaling| {
        let x = draw::<f32>(initializer, &[3, 3, 40, 90]);
        x.iter().map(|x| f64::from(x * x)).sum::<f64>() / x.len() as f64
    };
    for (initializer, expected) in [
        (lecun_normal(), 1.0 / 360.0),
        (he_uniform(), 2.0 / 360.0),
        (glorot_normal(), 1.0 / 585.0),
        (variance_scaling(1.0, Mode::FanOut, Distribution::Normal), 1.0 / 810.0),
        (lecun_uniform().in_axis([0, 1, 2]), 1.0 / 360.0),
        (lecun_normal().batch_axis([0, 1]), 1.0 / 40.0),
    ] {
        let found = variance(initializer.clone());
        assert!((found / expected - 1.0).abs() < 0.02, "{initializer:?}: {found}");
    }
}

#[test]
fn what_has_no_fan_is_refused() {
    let needs_rank = "`shape`: expected a shape of rank 2 or more, unless `in_axis` is set, found ";
    assert_eq!(error(lecun_normal(), &[3]), format!("{needs_rank}(3,)"));
    assert_eq!(error(lecun_normal(), &[]), format!("{needs_rank}()"));
    assert_eq!(error(he_normal(), &[0, 3]), "`shape`: expected a shape without an axis of length 0, found (0, 3)");
    let wrong_axis = "`out_axis`: expected an axis of a shape of rank 2, found ";
    assert_eq!(error(he_normal().out_axis(2), &[4, 3]), format!("{wrong_axis}2 for (4, 3)"));
    assert_eq!(error(he_normal().out_axis(-3), &[4, 3]), format!("{wrong_axis}-3 for (4, 3)"));
    for scale in [-1.0, f64::NAN] {
        let negative = variance_scaling(scale, Mode::FanIn, Distribution::Normal);
        assert!(error(negative, &[4, 3]).starts_with("`scale`: expected a number that is not negative, found "));
    }
    assert_eq!(draw::<f32>(lecun_normal().in_axis(0), &[3]).len(), 3);
}

#[test]
fn what_no_array_can_be_is_refused() {
    let huge = [usize::MAX / 2, 3];
    for initializer in [zeros(), normal(1.0), he_uniform().into(), orthogonal(1.0).into()] {
        assert!(error(initializer, &huge).starts_with("`shape`: expected a shape whose size in bytes"));
    }
}

#[test]
fn orthogonal_matrices_are_orthonormal_on_the_shorter_side() {
    for (rows, columns) in [(7, 4), (4, 7), (5, 5), (1, 6), (6, 1), (1, 1)] {
        let q = draw::<f32>(orthogonal(2.0), &[rows, columns]).into_dimensionality::<Ix2>().unwrap();
        let product = if rows < columns { q.dot(&q.t()) } else { q.t().dot(&q) };
        let difference = product / 4.0 - Array2::<f32>::eye(rows.min(columns));
        assert!(difference.iter().all(|element| element.abs() < 1e-6), "{rows}, {columns}: {difference}");
    }
}

#[test]
fn columns_may_be_along_any_axis() {
    let last = draw::<f32>(orthogonal(1.0), &[2, 4, 3]);
    let middle = draw::<f32>(orthogonal(1.0).column_axis(1), &[2, 3, 4]);
    let first = draw::<f32>(orthogonal(1.0).column_axis(-3), &[3, 2, 4]);
    assert_eq!(middle, last.clone().permuted_axes([0, 2, 1].as_slice()));
    assert_eq!(first, last.permuted_axes([2, 0, 1].as_slice()));
    assert!(first.is_standard_layout());
}

#[test]
fn delta_orthogonal_is_zero_but_in_the_middle() {
    let matrix = draw::<f32>(orthogonal(1.0), &[2, 3]);
    for window in [vec![4], vec![3, 2], vec![1, 5, 2]] {
        let shape = [window.clone(), vec![2, 3]].concat();
        let kernel = draw::<f32>(delta_orthogonal(1.0), &shape);
        let middle =
            window.iter().fold(kernel.view(), |view, length| view.index_axis_move(ndarray::Axis(0), (length - 1) / 2));
        assert_eq!(middle, matrix);
        assert_eq!(kernel.iter().filter(|element| **element != 0.0).count(), 6);
    }
    assert_eq!(draw::<f32>(delta_orthogonal(1.0), &[0, 2, 3]).shape(), [0, 2, 3]);
}

#[test]
fn what_is_not_orthogonal_is_refused() {
    assert_eq!(error(orthogonal(1.0), &[3]), "`shape`: expected a shape of rank 2 or more, found (3,)");
    assert!(error(orthogonal(1.0).column_axis(2), &[3, 3]).starts_with("`column_axis`"));
    assert_eq!(error(delta_orthogonal(1.0), &[3, 3]), "`shape`: expected a shape of rank 3, 4 or 5, found (3, 3)");
    assert!(error(delta_orthogonal(1.0), &[3, 3, 2]).starts_with("`shape`: expected no fewer outputs"));
    let half = orthogonal(1.0).init::<BF16>(KEY, &[3, 3]).unwrap_err();
    assert_eq!(half.to_string(), "`dtype`: expected float32, found bfloat16");
    assert!(draw::<F16>(orthogonal(1.0), &[3, 0]).is_empty());
}
