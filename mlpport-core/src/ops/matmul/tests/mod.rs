//! Each path against the product in float64.

mod layers;
mod threads;
mod zeros;

use std::mem::MaybeUninit;
use std::sync::LazyLock;

use ndarray::{Array1, Array2, ArrayView2, ShapeBuilder, s};
use proptest::prelude::*;

use super::compressed::Compressed;
use super::kernel::sums;
use super::kernels::Kernels;
use super::panels::Panels;
use super::{Layer, PackedKernel, Rows, layer_by};
use crate::ops::instructions::Instructions;
use crate::ops::pool::Pool;
use crate::ops::{linear, linear_into};

/// For one, two and three threads.
static POOLS: LazyLock<[Pool; 3]> = LazyLock::new(|| [Pool::new(0), Pool::new(1), Pool::new(2)]);

/// Numbers between -1 and 1, or between 0 and 1, which add up without cancellation.
fn numbers(count: usize, seed: u64, positive: bool) -> Vec<f32> {
    let mut state = seed | 1;
    let next = |_| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        let number = (state >> 40) as f32 / (1_u64 << 24) as f32;
        if positive { number } else { 2.0 * number - 1.0 }
    };
    (0..count).map(next).collect()
}

fn matrix(rows: usize, columns: usize, seed: u64, positive: bool) -> Array2<f32> {
    Array2::from_shape_vec((rows, columns), numbers(rows * columns, seed, positive)).unwrap()
}

/// The product by `path` in an array full of NaN.
fn by(
    kernels: &Kernels,
    pool: Option<&Pool>,
    x: ArrayView2<'_, f32>,
    kernel: ArrayView2<'_, f32>,
    bias: Option<&[f32]>,
) -> Array2<f32> {
    layer_in(kernels, pool, x, &Layer::new(Rows::new(kernel).unwrap(), bias).unwrap())
}

fn layer_in(kernels: &Kernels, pool: Option<&Pool>, x: ArrayView2<'_, f32>, layer: &Layer<'_>) -> Array2<f32> {
    let mut y = vec![MaybeUninit::new(f32::NAN); x.nrows() * layer.outputs()];
    assert!(layer_by(kernels, pool, layer, Rows::new(x).unwrap(), &mut y));
    let y = y.into_iter().map(|y| unsafe { y.assume_init() }).collect();
    Array2::from_shape_vec((x.nrows(), layer.outputs()), y).unwrap()
}

/// The largest error, in units of what is allowed.
fn error(y: &Array2<f32>, x: ArrayView2<'_, f32>, kernel: ArrayView2<'_, f32>, bias: Option<&[f32]>) -> f64 {
    let (x, kernel) = (x.mapv(f64::from), kernel.mapv(f64::from));
    let bias = bias.map_or(Array1::zeros(kernel.ncols()), |bias| bias.iter().map(|x| f64::from(*x)).collect());
    let exact = x.dot(&kernel) + &bias;
    let allowed = 1e-6 * (x.mapv(f64::abs).dot(&kernel.mapv(f64::abs)) + bias.mapv(f64::abs));
    let errors = y.iter().zip(&exact).zip(&allowed).map(|((y, exact), allowed)| {
        let error = (f64::from(*y) - exact).abs();
        if error == 0.0 { 0.0 } else { error / allowed }
    });
    errors.fold(0.0, |largest, error| if error <= largest { largest } else { error })
}

fn bits(y: &Array2<f32>) -> Vec<u32> {
    y.iter().map(|y| y.to_bits()).collect()
}

/// Rows, inputs and columns.
fn sizes() -> impl Strategy<Value = (usize, usize, usize)> {
    let most = if cfg!(miri) { [16, 20, 140] } else { [300; 3] };
    let [rows, inputs, columns] = most.map(|most| prop_oneof![0..20_usize.min(most), 0..=most]);
    (rows, inputs, columns)
}

/// A layout of a matrix in a larger one: steps, order, direction.
fn layout() -> impl Strategy<Value = (usize, usize, bool, bool)> {
    (1..3_usize, 1..3_usize, any::<bool>(), any::<bool>())
}

/// The matrix in this layout, in an array that a view of the same shape is taken of.
fn laid_out(matrix: &Array2<f32>, (down, across, fortran, reversed): (usize, usize, bool, bool)) -> Array2<f32> {
    let (rows, columns) = matrix.dim();
    let mut array = Array2::from_elem((rows * down, columns * across).set_f(fortran), f32::NAN);
    view_mut(&mut array, down, across, reversed).assign(matrix);
    array
}

fn view_mut(array: &mut Array2<f32>, down: usize, across: usize, reversed: bool) -> ndarray::ArrayViewMut2<'_, f32> {
    let mut view = array.slice_mut(s![..;down, ..;across]);
    if reversed {
        view.invert_axis(ndarray::Axis(0));
    }
    view
}

fn view(array: &Array2<f32>, (down, across, _, reversed): (usize, usize, bool, bool)) -> ArrayView2<'_, f32> {
    let mut view = array.slice(s![..;down, ..;across]);
    if reversed {
        view.invert_axis(ndarray::Axis(0));
    }
    view
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(if cfg!(miri) { 2 } else { 50 }))]

    #[test]
    fn each_path_is_near_the_exact_product(
        (rows, inputs, columns) in sizes(), seed: u64, positive: bool, biased: bool,
    ) {
        let (x, kernel) = (matrix(rows, inputs, seed, positive), matrix(inputs, columns, !seed, positive));
        let bias = biased.then(|| numbers(columns, seed / 3, positive));
        let mut fused: Option<Vec<u32>> = None;
        for (path, kernels) in Kernels::all() {
            let [one, two, three] =
                POOLS.each_ref().map(|pool| by(kernels, Some(pool), x.view(), kernel.view(), bias.as_deref()));
            let error = error(&one, x.view(), kernel.view(), bias.as_deref());
            prop_assert!(error <= 1.0, "{path:?}: {error}");
            prop_assert_eq!(bits(&one), bits(&two));
            prop_assert_eq!(bits(&one), bits(&three));
            if sums(columns) == 1 {
                let panels = PackedKernel::Panels(Panels::pack(kernel.view()));
                let compressed = Compressed::compress(kernel.view()).map(PackedKernel::Compressed);
                for packed in [Some(panels), compressed].iter().flatten() {
                    prop_assert_eq!(packed.to_array(), &kernel);
                    let layer = Layer::new(packed.kernel(), bias.as_deref()).unwrap();
                    for pool in &*POOLS {
                        prop_assert_eq!(bits(&one), bits(&layer_in(kernels, Some(pool), x.view(), &layer)));
                    }
                }
            }
            if path != Instructions::Baseline {
                prop_assert_eq!(fused.get_or_insert_with(|| bits(&one)), &bits(&one));
            }
        }
    }

    #[test]
    fn each_layout_gives_the_same_bits(
        (rows, inputs, columns) in sizes(), seed: u64, layouts in [layout(), layout(), layout()],
    ) {
        let (x, kernel) = (matrix(rows, inputs, seed, false), matrix(inputs, columns, !seed, false));
        let bias = Array1::from(numbers(columns, seed / 3, false));
        let y = linear(x.view(), kernel.view(), Some(bias.view())).unwrap();
        prop_assert!(error(&y, x.view(), kernel.view(), bias.as_slice()) <= 1.0);

        let [of_x, of_kernel, of_y] = layouts;
        let (x_array, kernel_array) = (laid_out(&x, of_x), laid_out(&kernel, of_kernel));
        let (x_view, kernel_view) = (view(&x_array, of_x), view(&kernel_array, of_kernel));
        let other = linear(x_view, kernel_view, Some(bias.view())).unwrap();
        prop_assert_eq!(bits(&y), bits(&other));

        let mut y_array = laid_out(&Array2::zeros(y.dim()), of_y);
        let place = view_mut(&mut y_array, of_y.0, of_y.1, of_y.3);
        linear_into(x_view, kernel_view, Some(bias.view()), place).unwrap();
        prop_assert_eq!(bits(&y), bits(&view(&y_array, of_y).to_owned()));
    }
}

#[test]
fn a_row_has_the_same_bits_in_each_batch() {
    let many: &[usize] = &[1, 2, 3, 4, 5, 6, 7, 23, 24, 31, 257, 270];
    let usual: [(usize, usize, &[usize]); 6] = [
        (300, 300, many),
        (130, 2100, &[1, 2, 3, 4, 5, 31]),
        // Rows that are whole pages.
        (130, 2048, &[1, 2, 3, 4, 31]),
        (8, 64, many),
        (700, 70, many),
        // As large as one that is read from memory.
        (2050, 2100, &[1, 4, 7, 16, 25]),
    ];
    let under_miri: [(usize, usize, &[usize]); 5] =
        [(20, 90, &[1, 2, 3, 4, 7]), (20, 96, &[2, 7]), (9, 140, &[8]), (8, 64, &[5]), (30, 70, &[2, 7])];
    for &(inputs, columns, parts) in if cfg!(miri) { &under_miri[..] } else { &usual } {
        let count = parts.iter().max().copied().unwrap();
        let (x, kernel) = (matrix(count, inputs, 1, false), matrix(inputs, columns, 2, false));
        for (path, kernels) in Kernels::all() {
            let whole = by(kernels, None, x.view(), kernel.view(), None);
            let panels = (sums(columns) == 1).then(|| Panels::pack(kernel.view()));
            for &rows in parts {
                let (part, expected) = (x.slice(s![..rows, ..]), bits(&whole.slice(s![..rows, ..]).to_owned()));
                let by_rows = by(kernels, None, part, kernel.view(), None);
                assert_eq!(bits(&by_rows), expected, "{path:?}: {rows} rows of {inputs}");
                if let Some(panels) = &panels {
                    let packed = layer_in(kernels, None, part, &Layer::new(panels.kernel(), None).unwrap());
                    assert_eq!(bits(&packed), expected, "{path:?}: {rows} rows of {inputs}, in panels");
                }
            }
        }
    }
}

#[test]
fn rare_exponents_of_a_compressed_kernel_keep_their_places() {
    let (inputs, columns) = if cfg!(miri) { (33, 70) } else { (301, 330) };
    let (x, mut kernel) = (matrix(40, inputs, 1, false), matrix(inputs, columns, 2, true));
    kernel.mapv_inplace(|element| element + 0.1);
    for (index, rare) in
        [1e-30, -2e20, f32::MIN_POSITIVE / 4.0].into_iter().cycle().take(kernel.len() / 1000).enumerate()
    {
        kernel[[(index * 37) % inputs, (index * 61) % columns]] = rare;
    }
    let compressed = Compressed::compress(kernel.view()).unwrap();
    for (path, kernels) in Kernels::all() {
        for rows in [1, 3, 40] {
            let x = x.slice(s![..rows, ..]);
            let expected = by(kernels, None, x, kernel.view(), None);
            let y = layer_in(kernels, None, x, &Layer::new(compressed.kernel(), None).unwrap());
            assert_eq!(bits(&y), bits(&expected), "{path:?}: {rows} rows");
        }
    }
}

#[test]
fn nan_and_infinity_reach_their_outputs() {
    for (path, kernels) in Kernels::all() {
        for rows in [1, 7, 40] {
            let size = if cfg!(miri) { 20 } else { 150 };
            let (mut x, mut kernel) = (matrix(rows, size, 1, true), matrix(size, size, 2, true));
            let last = size - 1;
            x[[rows - 1, last]] = f32::INFINITY;
            kernel[[last, last]] = 0.0;
            kernel[[3, 5]] = f32::NAN;
            let y = by(kernels, None, x.view(), kernel.view(), None);
            for ((row, column), y) in y.indexed_iter() {
                match (row == rows - 1, column) {
                    (is_last, column) if column == 5 || is_last && column == last => {
                        assert!(y.is_nan(), "{path:?}: {y} at {row}, {column}")
                    }
                    (true, _) => assert_eq!(*y, f32::INFINITY),
                    _ => assert!(y.is_finite()),
                }
            }
        }
    }
}
