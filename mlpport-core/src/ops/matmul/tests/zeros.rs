//! Inputs that are zero, which a kernel in panels leaves out.

use ndarray::{Array2, ArrayView2, Axis, s};

use super::super::kernels::Kernels;
use super::super::panels::Panels;
use super::super::{Function, Layer};
use super::{POOLS, bits, by, layer_in, matrix};

/// Rows of whose inputs so many hundredths are zero, of either sign.
fn with_zeros(mut x: Array2<f32>, hundredths: usize) -> Array2<f32> {
    for (index, x) in x.iter_mut().enumerate() {
        if index * 37 % 101 * 100 < hundredths * 101 {
            *x = 0.0_f32.copysign(*x);
        }
    }
    x
}

/// Asserts that the kernel in panels gives the bits that it gives as it lies, on every path.
fn assert_same_bits(x: ArrayView2<'_, f32>, kernel: ArrayView2<'_, f32>, bias: Option<&[f32]>, what: &str) {
    let panels = Panels::pack(kernel);
    for (path, kernels) in Kernels::all() {
        let expected = bits(&by(kernels, None, x, kernel, bias));
        for pool in &*POOLS {
            let y = layer_in(kernels, Some(pool), x, &Layer::new(panels.kernel(), bias).unwrap());
            assert_eq!(bits(&y), expected, "{path:?}: {what}, {:?} by {:?}", x.dim(), kernel.dim());
        }
    }
}

#[test]
fn inputs_that_are_zero_leave_the_bits_of_a_row() {
    let usual = [(300, 300), (64, 70), (784, 512), (129, 65)];
    let under_miri = [(20, 90), (9, 70)];
    for &(inputs, columns) in if cfg!(miri) { &under_miri[..] } else { &usual } {
        let kernel = matrix(inputs, columns, 2, false);
        for hundredths in [1, 10, 13, 30, 50, 95, 100] {
            let mut x = with_zeros(matrix(2, inputs, 1, false), hundredths);
            // No zeros in the first half, then none in the second.
            x.slice_mut(s![0, ..inputs / 2]).fill(0.5);
            x.slice_mut(s![1, inputs / 2..]).fill(0.5);
            for x in x.rows() {
                assert_same_bits(x.insert_axis(Axis(0)), kernel.view(), None, &format!("{hundredths} of 100 zeros"));
            }
        }
    }
}

#[test]
fn inputs_that_are_zero_leave_the_bits_of_a_batch() {
    let usual: &[(_, _, &[_])] = &[
        (0, 65, &[4]),
        (1, 192, &[70]),
        (64, 70, &[2, 8, 9]),
        (70, 300, &[261]),
        (129, 65, &[33]),
        (260, 512, &[9, 40]),
    ];
    let under_miri: &[(_, _, &[_])] = &[(0, 65, &[4]), (9, 70, &[4]), (20, 90, &[3, 33])];
    for &(inputs, columns, batches) in if cfg!(miri) { under_miri } else { usual } {
        let (kernel, bias) = (matrix(inputs, columns, 2, false), matrix(1, columns, 3, false));
        for &rows in batches {
            for hundredths in [10, 45, 100] {
                let mut x = with_zeros(matrix(rows, inputs + 3, 1, false), hundredths);
                // A row without zeros, and one without anything else.
                x.row_mut(rows / 2).fill(0.5);
                x.row_mut(rows - 1).fill(-0.0);
                let x = x.slice(s![.., ..inputs]);
                let bias = (hundredths != 45).then(|| bias.as_slice().unwrap());
                assert_same_bits(x, kernel.view(), bias, &format!("{hundredths} of 100 zeros"));
            }
        }
    }
}

#[test]
fn inputs_that_are_zero_leave_the_bits_of_a_large_kernel() {
    let (rows, inputs, columns) = if cfg!(miri) { (5, 40, 70) } else { (33, 2048, 2048) };
    let kernel = matrix(inputs, columns, 2, false);
    let panels = Panels::pack(kernel.view());
    let x = with_zeros(matrix(rows, inputs, 1, false), 50);
    let expected = bits(&by(Kernels::fastest(), None, x.view(), kernel.view(), None).mapv(|y| y.max(0.0)));
    let mut layer = Layer::new(panels.kernel(), None).unwrap();
    layer.function = Function::Relu;
    assert_eq!(bits(&layer_in(Kernels::fastest(), None, x.view(), &layer)), expected);
}

#[test]
fn a_weight_that_is_not_finite_meets_an_input_that_is_zero() {
    let (inputs, columns) = if cfg!(miri) { (20, 70) } else { (300, 300) };
    for rows in [1, 9, 40] {
        let x = Array2::zeros((rows, inputs));
        for weight in [f32::NAN, f32::INFINITY, f32::NEG_INFINITY] {
            let mut kernel = matrix(inputs, columns, 2, false);
            kernel[[inputs - 1, columns - 1]] = weight;
            let panels = Panels::pack(kernel.view());
            for (path, kernels) in Kernels::all() {
                let y = layer_in(kernels, None, x.view(), &Layer::new(panels.kernel(), None).unwrap());
                for ((_, column), y) in y.indexed_iter() {
                    assert_eq!(y.is_nan(), column == columns - 1, "{path:?}: {weight}: {y} at {column}");
                }
            }
        }
    }
}
