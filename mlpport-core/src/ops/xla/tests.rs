use ndarray::{Array1, Array2, array, s};

use super::{dense, fused, sum};

/// 1, beside which a half of its distance to the next number is lost.
const HALF_ULP: f32 = 1.0 / (1 << 24) as f32;

#[test]
fn windows_begin_with_one_half_of_the_padding() {
    // 15 zeros in front of 33 elements: the first window ends with the 17th, and the second is added as a whole.
    let mut x = Array1::zeros(33);
    x[0] = 1.0;
    x.slice_mut(s![17..19]).fill(HALF_ULP);
    assert_eq!(sum(x.view()), 1.0 + 2.0 * HALF_ULP);
    x.slice_mut(s![16..19]).assign(&array![HALF_ULP, HALF_ULP, 0.0]);
    assert_eq!(sum(x.view()), 1.0);
}

#[test]
fn sums_of_nothing_and_of_one() {
    assert_eq!(sum(Array1::zeros(0).view()), 0.0);
    assert_eq!(sum(array![-0.0].view()).to_bits(), (-0.0_f32).to_bits());
    assert_eq!(sum(array![-0.0, -0.0].view()).to_bits(), 0);
    assert_eq!(sum(array![1e-40].view()), 0.0);
}

/// The product of two numbers is not rounded but where XLA does it.
#[test]
fn products_are_rounded_in_some_columns() {
    // (1 + 2^-12)^2 - 1 - 2^-11 is 2^-24 exactly, and 0 with a rounded product.
    let near_one = 1.0 + 1.0 / 4096.0;
    let x = array![-1.0, near_one, 0.0];
    for outputs in [1, 2, 3, 8, 9, 16, 17] {
        let mut kernel = Array2::zeros((3, outputs));
        kernel.row_mut(0).fill(1.0 + 1.0 / 2048.0);
        kernel.row_mut(1).fill(near_one);
        let rounded = match outputs {
            2 => Some(0),
            9 | 17 => Some(outputs - 1),
            _ => None,
        };
        let y = dense(x.view(), kernel.view(), None).unwrap();
        for (column, y) in y.iter().enumerate() {
            assert_eq!(*y, if Some(column) == rounded { 0.0 } else { HALF_ULP }, "column {column} of {outputs}");
        }
        let two = dense(x.slice(s![..2]), kernel.slice(s![..2, ..]), None).unwrap();
        assert_eq!(two, Array1::from_elem(outputs, HALF_ULP));
    }
}

#[test]
fn an_empty_axis_gives_zeros() {
    assert_eq!(dense(Array1::zeros(0).view(), Array2::zeros((0, 3)).view(), None).unwrap(), Array1::<f32>::zeros(3));
    assert_eq!(dense(Array1::zeros(3).view(), Array2::zeros((3, 0)).view(), None).unwrap(), Array1::<f32>::zeros(0));
}

#[test]
fn shapes_that_do_not_fit_are_errors() {
    let kernel = Array2::zeros((2, 3));
    let error = dense(Array1::zeros(3).view(), kernel.view(), None).unwrap_err();
    assert_eq!(error.to_string(), "expected an input whose last axis is 2, found shape (3,)");
    let error = dense(Array1::zeros(2).view(), kernel.view(), Some(Array1::zeros(2).view())).unwrap_err();
    assert_eq!(error.to_string(), "bias: expected shape (3,), found (2,)");
}

#[test]
fn subnormal_numbers_are_zeros() {
    assert_eq!(fused(1e-30, -1e-10, 0.0).to_bits(), (-0.0_f32).to_bits());
    assert_eq!(dense(array![1e-40].view(), array![[1e30]].view(), None).unwrap(), array![0.0]);
}
