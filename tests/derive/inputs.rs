//! Inputs of every rank and memory layout.
//!
//! The numbers are whole and small, so that float32 holds every sum exactly, in whatever order it is taken.

use mlpport::prelude::*;
use ndarray::{Array1, Array2, Array3, Array4, ArrayD, Axis, IxDyn, Slice};
use proptest::collection::vec;
use proptest::prelude::*;

use super::{LinenMlp, NnxMlp, numbered};

type Linen = LinenMlp<4, 8, 3>;
type Nnx = NnxMlp<4, 8, 3>;

fn nnx() -> Nnx {
    Nnx::port_from(numbered::<Linen>())
}

/// Different numbers, of both signs.
fn element(i: usize) -> f32 {
    (i % 97) as f32 - 48.0
}

/// Whole numbers.
fn elements(count: impl Into<proptest::collection::SizeRange>) -> impl Strategy<Value = Vec<f32>> {
    vec((-100_i8..=100).prop_map(f32::from), count)
}

/// Row by row, what the batch as a whole must be.
fn rows(model: &Nnx, x: &Array2<f32>) -> Vec<f32> {
    x.rows().into_iter().flat_map(|row| model.forward(row.to_owned().view())).collect()
}

#[test]
fn one_row_and_batches_of_any_rank_are_the_same_rows() {
    let model = nnx();
    let flat = Array2::from_shape_fn((24, 4), |(i, j)| element(4 * i + j));
    let expected = rows(&model, &flat);
    let flatten = |y: ArrayD<f32>| y.into_iter().collect::<Vec<_>>();

    let one: Array1<f32> = model.forward(flat.row(0));
    assert_eq!(one.to_vec(), expected[..3]);
    let two: Array2<f32> = model.forward(flat.view());
    assert_eq!((two.dim(), flatten(two.into_dyn())), ((24, 3), expected.clone()));
    let three: Array3<f32> = model.forward(flat.to_shape((6, 4, 4)).unwrap().view());
    assert_eq!((three.dim(), flatten(three.into_dyn())), ((6, 4, 3), expected.clone()));
    let four: Array4<f32> = model.forward(flat.to_shape((2, 3, 4, 4)).unwrap().view());
    assert_eq!((four.dim(), flatten(four.into_dyn())), ((2, 3, 4, 3), expected.clone()));
    let any: ArrayD<f32> = model.forward(flat.to_shape(IxDyn(&[2, 1, 3, 2, 2, 4])).unwrap().view());
    assert_eq!((any.shape(), flatten(any.clone())), (&[2, 1, 3, 2, 2, 3][..], expected));
}

#[test]
fn a_batch_may_be_empty() {
    let model = nnx();
    assert_eq!(model.forward(Array2::zeros((0, 4)).view()).dim(), (0, 3));
    assert_eq!(model.forward(Array3::zeros((2, 0, 4)).view()).dim(), (2, 0, 3));
    assert_eq!(model.forward(Array4::zeros((0, 5, 0, 4)).view()).dim(), (0, 5, 0, 3));
    assert!(model.try_forward(Array2::zeros((0, 5)).view()).is_err());
}

#[test]
fn the_input_is_not_changed_by_an_activation_in_front() {
    #[derive(CompactModule)]
    struct Model {
        relu: Relu,
        out: Dense<4, 2>,
    }
    let x = Array2::from_shape_fn((3, 4), |(i, j)| element(4 * i + j));
    let before = x.clone();
    numbered::<Model>().forward(x.view());
    assert_eq!(x, before);
}

proptest! {
    #[test]
    fn the_memory_layout_of_the_input_changes_no_bit(
        values in elements(5 * 3 * 4),
        (row_step, reversed) in (1_isize..4, any::<bool>()),
    ) {
        let model = nnx();
        let contiguous = Array3::from_shape_vec((5, 3, 4), values).unwrap();
        let expected = model.forward(contiguous.view());

        // Every order of the axes in memory, with the same array on top of it.
        for axes in [[0, 1, 2], [0, 2, 1], [1, 0, 2], [1, 2, 0], [2, 0, 1], [2, 1, 0]] {
            let stored = contiguous.view().permuted_axes(axes).as_standard_layout().to_owned();
            let mut back = [0; 3];
            axes.iter().enumerate().for_each(|(i, axis)| back[*axis] = i);
            prop_assert_eq!(&model.forward(stored.view().permuted_axes(back)), &expected);
        }

        let step = if reversed { -row_step } else { row_step };
        let strided = Slice::new(0, None, step);
        let rows = contiguous.slice_axis(Axis(0), strided);
        prop_assert_eq!(model.forward(rows), expected.slice_axis(Axis(0), strided));
        let column = contiguous.index_axis(Axis(1), 1);
        prop_assert_eq!(model.forward(column), expected.index_axis(Axis(1), 1));
    }

    #[test]
    fn a_row_does_not_depend_on_its_batch(values in elements(4..200)) {
        let model = nnx();
        let count = values.len() / 4;
        let x = Array2::from_shape_vec((count, 4), values[..4 * count].to_vec()).unwrap();
        prop_assert_eq!(model.forward(x.view()).into_raw_vec_and_offset().0, rows(&model, &x));
    }

    #[test]
    fn every_row_of_a_broadcast_input_is_the_same(row in elements(4)) {
        let row = Array1::from_vec(row);
        let y = nnx().forward(row.broadcast((7, 4)).unwrap());
        let expected = nnx().forward(row.view());
        prop_assert_eq!(y, expected.broadcast((7, 3)).unwrap());
    }
}
