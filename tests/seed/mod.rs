//! `port_mlp`: two models from one seed, which a port makes equal.

mod flax;
mod refused;

use mlpport::port_mlp;
use ndarray::{Array1, ArrayView1, array, s};
use proptest::prelude::*;

/// The sum of both sides, which must be the same one.
#[track_caller]
fn sum(seed: f64, x: ArrayView1<f32>, hidden: usize, out: usize) -> f32 {
    let sums = port_mlp(seed, x, hidden as f64, out as f64).unwrap();
    assert_eq!(sums.len(), 2);
    assert_eq!(sums[0].to_bits(), sums[1].to_bits(), "seed {seed}, d {}, hidden {hidden}, out {out}", x.len());
    sums[0]
}

fn ramp(inputs: usize) -> Array1<f32> {
    Array1::from_shape_fn(inputs, |i| i as f32 - 1.5)
}

#[test]
fn both_sides_have_one_sum_for_every_size() {
    for (inputs, hidden, out) in [(1, 1, 1), (4, 8, 3), (1, 100, 1), (100, 1, 100), (64, 32, 10), (300, 500, 7)] {
        for seed in [0.0, 1.0, -1.0, 42.0, 1e9, -1e15] {
            assert!(sum(seed, ramp(inputs).view(), hidden, out).is_finite());
        }
    }
}

#[test]
fn the_first_and_the_last_seed_are_seeds() {
    let last = 2.0_f64.powi(63) - 1024.0; // the largest f64 below 2^63
    for seed in [-(2.0_f64.powi(63)), last] {
        assert!(sum(seed, ramp(4).view(), 8, 3).is_finite());
    }
}

#[test]
fn one_seed_gives_one_sum() {
    let first = sum(7.0, ramp(4).view(), 8, 3);
    for _ in 0..3 {
        assert_eq!(sum(7.0, ramp(4).view(), 8, 3).to_bits(), first.to_bits());
    }
}

#[test]
fn other_seeds_give_other_sums() {
    let mut sums: Vec<u32> = (-100..100).map(|seed| sum(f64::from(seed), ramp(16).view(), 32, 4).to_bits()).collect();
    sums.sort_unstable();
    sums.dedup();
    assert_eq!(sums.len(), 200);
}

#[test]
fn a_fraction_of_a_seed_is_cut_towards_zero() {
    let of = |seed| sum(seed, ramp(16).view(), 32, 4).to_bits();
    for (fraction, whole) in [(1.9, 1.0), (-1.9, -1.0), (0.9, 0.0), (-0.5, 0.0), (-0.0, 0.0), (1e-300, 0.0), (2.5, 2.0)]
    {
        assert_eq!(of(fraction), of(whole), "{fraction}");
    }
}

#[test]
fn the_layout_of_x_changes_no_bit() {
    let x = ramp(16);
    let expected = sum(3.0, x.view(), 32, 4).to_bits();
    let backwards = x.slice(s![..;-1]).to_owned();
    assert_eq!(sum(3.0, backwards.slice(s![..;-1]), 32, 4).to_bits(), expected);
    let mut spread = Array1::from_elem(48, f32::NAN);
    spread.slice_mut(s![1..;3]).assign(&x);
    assert_eq!(sum(3.0, spread.slice(s![1..;3]), 32, 4).to_bits(), expected);
}

/// The biases are zeros.
#[test]
fn zeros_give_zero() {
    assert_eq!(sum(5.0, Array1::zeros(6).view(), 8, 3), 0.0);
}

/// relu(2 x) = 2 relu(x), and a power of two loses no bit.
#[test]
fn twice_the_input_gives_twice_the_sum() {
    for seed in 0..20 {
        let once = sum(f64::from(seed), ramp(8).view(), 16, 3);
        assert_eq!(sum(f64::from(seed), (ramp(8) * 2.0).view(), 16, 3), 2.0 * once);
    }
}

/// With kernels of variance 1 / inputs, as `lecun_normal` has them, each output for ones has the variance 1 / 2: relu
/// takes away one half. The sum of four has four times as much.
#[test]
fn the_sums_have_the_spread_of_lecun_normal() {
    for (out, expected) in [(1, 0.5), (4, 2.0)] {
        let sums = (0..400).map(|seed| f64::from(sum(f64::from(seed), Array1::ones(16).view(), 64, out)));
        let variance = sums.map(|sum| sum * sum).sum::<f64>() / 400.0;
        assert!((variance / expected - 1.0).abs() < 0.2, "{variance} for {out} outputs");
    }
}

#[test]
fn nan_and_infinities_reach_both_sums() {
    for x in [array![f32::NAN], array![1.0, f32::NAN, 2.0], array![f32::INFINITY, 1.0], array![0.0, f32::NEG_INFINITY]]
    {
        let sum = sum(0.0, x.view(), 16, 3);
        assert!(!sum.is_finite(), "{sum} for {x}");
    }
    assert!(sum(0.0, array![1.0, f32::NAN].view(), 16, 3).is_nan());
}

proptest! {
    #[test]
    fn both_sides_have_one_sum(
        seed in -1e18..1e18,
        x in prop::collection::vec(any::<f32>(), 1..24),
        hidden in 1_usize..40,
        out in 1_usize..20,
    ) {
        sum(seed, Array1::from_vec(x).view(), hidden, out);
    }
}
