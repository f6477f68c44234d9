//! Layers with functions, and several of them.

use std::mem::MaybeUninit;

use proptest::prelude::*;

use super::super::kernel::{DEPTH, sums};
use super::super::kernels::Kernels;
use super::super::panels::Panels;
use super::super::{CHAINED, Elementwise, Function, Layer, Layers, Rows, layer_by, together_by};
use super::{POOLS, bits, by, layer_in, matrix, numbers, sizes};
use crate::ops::activation::relu;

/// `-2 · x`
struct Doubled;

impl Elementwise for Doubled {
    fn apply_to(&self, elements: &mut [f32]) {
        elements.iter_mut().for_each(|x| *x *= -2.0);
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(if cfg!(miri) { 2 } else { 30 }))]

    #[test]
    fn a_chain_gives_the_bits_of_its_layers(
        rows in 0..70_usize, inputs in 0..25 * DEPTH / 16, hidden in prop::collection::vec(0..=DEPTH, 0..4), outputs in 0..DEPTH + 22,
        functions in prop::collection::vec(0..3_usize, 4), seed: u64, biased: bool,
    ) {
        let sizes: Vec<usize> = [inputs].into_iter().chain(hidden).chain([outputs]).collect();
        let weights: Vec<_> = sizes.windows(2).map(|pair| matrix(pair[0], pair[1], seed ^ pair[0] as u64, false)).collect();
        let biases: Vec<_> = sizes[1..].iter().map(|size| numbers(*size, !seed, false)).collect();
        let x = matrix(rows, inputs, seed / 3, false);
        let layer = |index: usize| {
            let bias = biased.then_some(&biases[index][..]);
            let mut layer = Layer::new(Rows::new(weights[index].view()).unwrap(), bias).unwrap();
            layer.function = [Function::Identity, Function::Relu, Function::Other(&Doubled)][functions[index]];
            layer
        };
        let mut layers = Layers::new();
        for index in 0..weights.len() {
            prop_assert!(layers.push(layer(index)));
        }
        for (path, kernels) in Kernels::all() {
            let mut expected = x.clone();
            for index in 0..weights.len() {
                let before = by(kernels, None, expected.view(), weights[index].view(), biased.then_some(&biases[index][..]));
                expected = match functions[index] {
                    0 => before,
                    1 => before.mapv(relu),
                    _ => before.mapv(|x| x * -2.0),
                };
            }
            for pool in POOLS.iter() {
                let mut y = vec![MaybeUninit::new(f32::NAN); rows * outputs];
                let runs = together_by(kernels, Some(pool), layers.as_slice(), Rows::new(x.view()).unwrap(), &mut y);
                prop_assert!(runs || sizes.windows(2).map(|pair| pair[0] * pair[1]).sum::<usize>() > CHAINED);
                if runs {
                    let y = y.into_iter().map(|y| unsafe { y.assume_init() }.to_bits()).collect::<Vec<_>>();
                    prop_assert_eq!(y, bits(&expected), "{:?}", path);
                }
            }
        }
    }

    #[test]
    fn a_layer_takes_its_function(
        (rows, inputs, columns) in sizes(), function in 0..3_usize, seed: u64,
    ) {
        let (x, kernel) = (matrix(rows, inputs, seed, false), matrix(inputs, columns, !seed, false));
        let mut layer = Layer::new(Rows::new(kernel.view()).unwrap(), None).unwrap();
        layer.function = [Function::Identity, Function::Relu, Function::Other(&Doubled)][function];
        for (path, kernels) in Kernels::all() {
            let before = by(kernels, None, x.view(), kernel.view(), None);
            let expected = match function {
                0 => before,
                1 => before.mapv(relu),
                _ => before.mapv(|x| x * -2.0),
            };
            let mut y = vec![MaybeUninit::new(f32::NAN); rows * columns];
            prop_assert!(layer_by(kernels, None, &layer, Rows::new(x.view()).unwrap(), &mut y));
            let y = y.into_iter().map(|y| unsafe { y.assume_init() }.to_bits()).collect::<Vec<_>>();
            prop_assert_eq!(y, bits(&expected), "{:?}", path);
        }
    }
}

#[test]
fn large_layers_run_together_where_tasks_have_all_columns_of_some_rows() {
    let usual = [
        (260, [130, 300, 40, 10], true),
        (150, [130, 300, 40, 10], true),
        (15, [130, 300, 40, 10], false),
        (70, [300, 130, 200, 10], true),
        (3, [700, 130, 200, 10], false),
        (260, [4, 2050, 3, 10], false),
    ];
    let under_miri = [(8, [6, 70, 9, 5], true), (7, [6, 90, 9, 5], false), (3, [6, 70, 9, 5], false)];
    for &(count, sizes, expected) in if cfg!(miri) { &under_miri[..] } else { &usual } {
        let x = matrix(count, sizes[0], 1, false);
        let kernels: Vec<_> = sizes.windows(2).map(|pair| matrix(pair[0], pair[1], pair[1] as u64, false)).collect();
        let biases: Vec<_> = sizes[1..].iter().map(|size| numbers(*size, 2, false)).collect();
        let panels: Vec<_> = kernels.iter().map(|kernel| Panels::pack(kernel.view())).collect();
        let functions = [Function::Relu, Function::Other(&Doubled), Function::Identity];
        let layers = |in_panels: bool| -> Vec<_> {
            let layer = |index: usize| {
                let (kernel, bias) = (&kernels[index], Some(&biases[index][..]));
                let is_in_panels = in_panels && sums(kernel.ncols()) == 1;
                let layer = if is_in_panels {
                    Layer::new(panels[index].kernel(), bias)
                } else {
                    Layer::new(Rows::new(kernel.view()).unwrap(), bias)
                };
                let mut layer = layer.unwrap();
                layer.function = functions[index];
                layer
            };
            (0..3).map(layer).collect()
        };
        for (path, fastest) in Kernels::all() {
            let by_layer = layers(false).iter().fold(x.clone(), |x, layer| layer_in(fastest, None, x.view(), layer));
            for (layers, pool) in
                [layers(false), layers(true)].iter().flat_map(|layers| POOLS.iter().map(move |pool| (layers, pool)))
            {
                let mut y = vec![MaybeUninit::new(f32::NAN); by_layer.len()];
                let runs = together_by(fastest, Some(pool), layers, Rows::new(x.view()).unwrap(), &mut y);
                assert_eq!(runs, expected, "{path:?}: {count} rows of {sizes:?}");
                let y: Vec<_> = y.into_iter().map(|y| unsafe { y.assume_init() }.to_bits()).collect();
                assert!(if runs { y == bits(&by_layer) } else { y.iter().all(|y| f32::from_bits(*y).is_nan()) });
            }
        }
    }
}

#[test]
fn layers_that_do_not_fit_run_nothing() {
    let (x, first, second) = (matrix(2, 3, 1, false), matrix(3, 5, 2, false), matrix(4, 6, 3, false));
    let [first, second] = [&first, &second].map(|kernel| Layer::new(Rows::new(kernel.view()).unwrap(), None).unwrap());
    let rows = Rows::new(x.view()).unwrap();
    let mut y = vec![MaybeUninit::new(f32::NAN); 12];
    for (layers, count) in [(&[first, second][..], 12), (&[second], 12), (&[first], 9), (&[], 6)] {
        assert!(!together_by(Kernels::fastest(), None, layers, rows, &mut y[..count]));
    }
    assert!(!layer_by(Kernels::fastest(), None, &second, rows, &mut y));
    assert!(y.iter().all(|y| unsafe { y.assume_init() }.is_nan()));
    assert!(Layer::new(Rows::new(x.view()).unwrap(), Some(&[1.0])).is_none());
}
