#![allow(clippy::cast_possible_truncation, reason = "bits are cut off on purpose")]

use std::fmt::Debug;
use std::io::{Write, stderr};
use std::sync::Once;

use bytemuck::allocation::zeroed_vec;
use proptest::prelude::*;

use super::fused::{Emulated, Fused};
use super::path::Path;
use super::sampler::Bits;
use super::*;

/// So few under Miri, which takes a thousand times as long.
const LENGTH: usize = if cfg!(miri) { 2 * BLOCK + 7 } else { 300 * BLOCK + 7 };
const KEY: [u32; 2] = [0x1234_5678, 0x9abc_def0];

fn tails() -> Normal {
    let low = (-1f32).next_up();
    Normal { key: KEY, low, span: 2.0, bounds: [f32::NEG_INFINITY, f32::INFINITY], factor: 0.3 }
}

/// Those of this processor. Those that it lacks are named where the test harness does not hide it.
fn paths() -> impl Iterator<Item = Path> {
    static NAMED: Once = Once::new();
    NAMED.call_once(|| {
        for lacking in Path::lacking() {
            writeln!(stderr(), "not tested, since this processor lacks it: the path {lacking}").unwrap();
        }
    });
    Path::all()
}

fn fill_by<S: Sampler>(path: Path, threads: usize, sampler: &S, length: usize) -> Vec<S::Out> {
    let mut out = zeroed_vec(length);
    threads::for_each_on(threads, shares(&mut out), |(first, out)| path.fill(sampler, first, out));
    out
}

/// Each path, and each number of threads, gives the same.
fn agree<S: Sampler<Out: Debug + PartialEq>>(sampler: &S) {
    let length = if cfg!(miri) { LENGTH } else { 2 * SHARE + LENGTH };
    let expected = fill_by(Path::fastest(), 1, sampler, length);
    assert_eq!(generate(sampler, length), expected);
    for path in paths() {
        assert_eq!(fill_by(path, 3, sampler, length), expected, "{path:?}");
    }
}

fn all_bits(key: [u32; 2], length: usize) -> Vec<u32> {
    generate_of_bits([key], length, |[bits]| bits)
}

/// Makes bits of floats, so that a NaN equals itself.
struct AsBits<S>(S);

impl<S: Sampler<Out = f32>> Sampler for AsBits<S> {
    type Out = u32;

    #[inline(always)]
    fn sample<F: Fused>(&self, first: u64, out: &mut [u32; BLOCK]) {
        let mut floats = [0.0; BLOCK];
        self.0.sample::<F>(first, &mut floats);
        // Rust leaves the sign of a NaN open. A processor has its rule, by which all paths agree, but Miri draws lots.
        *out = floats.map(|float| if cfg!(miri) && float.is_nan() { f32::NAN.to_bits() } else { float.to_bits() });
    }
}

#[test]
fn all_paths_agree_on_normal_numbers() {
    agree(&AsBits(tails()));
    agree(&AsBits(Normal { low: -0.9, span: 1.8, bounds: [-1.9, 1.9], factor: 1.0, ..tails() }));
    agree(&AsBits(Normal { low: -1.0, ..tails() }));
    agree(&AsBits(Normal { low: f32::NAN, ..tails() }));
}

#[test]
fn all_paths_agree_on_bits_and_uniform_numbers() {
    agree(&Bits { key: KEY });
    agree(&AsBits(Uniform { key: KEY, low: -0.1, span: 0.3, factor: 1.7 }));
}

#[test]
fn threefry_gives_its_known_answers() {
    // Those of Random123.
    assert_eq!(threefry([0, 0], 0), [0x6b20_0159, 0x99ba_4efe]);
    assert_eq!(threefry([u32::MAX; 2], u64::MAX), [0x1cb9_96fc, 0xbb00_2be7]);
    assert_eq!(threefry([0x1319_8a2e, 0x0370_7344], 0x243f_6a88_85a3_08d3), [0xc492_3a9c, 0x483d_f7a0]);
}

#[test]
fn elements_depend_on_their_index_alone() {
    let all = generate(&Bits { key: KEY }, LENGTH);
    assert_eq!(all_bits(KEY, LENGTH), all);
    for length in [0, 1, BLOCK - 1, BLOCK, BLOCK + 1] {
        assert_eq!(generate(&Bits { key: KEY }, length), all[..length]);
        assert_eq!(all_bits(KEY, length), all[..length]);
    }
    for index in [0, 1, BLOCK, LENGTH - 1] {
        let [x, y] = threefry(KEY, index as u64);
        assert_eq!(all[index], x ^ y);
    }
}

#[test]
fn counters_have_64_bits() {
    let mut out = [0; 2 * BLOCK];
    for path in paths() {
        let first = (1 << 32) - BLOCK as u64;
        path.fill(&Bits { key: KEY }, first, &mut out);
        for (out, index) in out.iter().zip(first..) {
            let [x, y] = threefry(KEY, index);
            assert_eq!(*out, x ^ y);
        }
    }
}

#[test]
fn a_table_takes_the_bits_above_the_shift() {
    for (shift, width) in [(6, 10), (1, 7)] {
        let table = Table::new(shift, width, |bits| bits);
        let is_right = |bits: u32| u32::from(table.of(bits)) == bits >> shift & ((1 << width) - 1);
        assert!(all_bits(KEY, LENGTH).into_iter().all(is_right));
    }
}

#[test]
fn a_span_of_0_is_all_numbers() {
    let integers = Integers::new(0, 0);
    let all = generate_of_bits([KEY, [7, 8]], LENGTH, |halves| integers.of(halves));
    assert_eq!(all, all_bits([7, 8], LENGTH));
}

#[test]
fn the_ends_of_the_inverse_error_function_are_infinite() {
    assert_eq!([erf_inv(-1.0), erf_inv(1.0), erf_inv(0.0)], [f32::NEG_INFINITY, f32::INFINITY, 0.0]);
    assert!(erf_inv(f32::NAN).is_nan());
    assert_eq!([erf(-4.0), erf(f32::INFINITY), erf(0.0)], [-1.0, 1.0, 0.0]);
    assert!(erf(f32::NAN).is_nan());
}

/// Floats of few bits and near exponents, whose products and sums are often half-way between two floats.
fn awkward() -> impl Strategy<Value = f32> {
    let few_bits = (0..1u32 << 5, 0..5u32, 110..140u32, any::<bool>()).prop_map(|(high, low, exponent, sign)| {
        f32::from_bits(u32::from(sign) << 31 | exponent << 23 | high << 18 | low)
    });
    prop_oneof![any::<f32>(), few_bits, (-150..128i32).prop_map(|exponent| 2f64.powi(exponent) as f32)]
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, cases: if cfg!(miri) { 20 } else { 20_000 }, ..ProptestConfig::default() })]

    #[test]
    fn the_emulation_rounds_once(a in awkward(), b in awkward(), c in awkward()) {
        let (found, expected) = (Emulated::fused(a, b, c), a.mul_add(b, c));
        prop_assert!(found.to_bits() == expected.to_bits() || found.is_nan() && expected.is_nan(), "{found:e} {expected:e}");
    }

    #[test]
    fn the_emulation_rounds_once_where_the_sum_is_half_way(a in any::<f32>(), b in any::<f32>(), ulps in 1..4u32, half in any::<bool>()) {
        // c is so near to -a · b, or so much larger, that the rest of the product decides.
        let near = f32::from_bits((-a * b).to_bits().wrapping_add(ulps));
        let c = if half { near * 16_777_216.0 } else { near };
        let (found, expected) = (Emulated::fused(a, b, c), a.mul_add(b, c));
        prop_assert!(found.to_bits() == expected.to_bits() || found.is_nan() && expected.is_nan(), "{found:e} {expected:e}");
    }
}
