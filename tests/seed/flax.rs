//! The sums that Flax returns: golden values, and the cases that `tests/fixtures/port_mlp/export.py` wrote.

use mlpport::port_mlp;
use ndarray::{Array1, Ix1, array};

use super::sum;

/// The sum of both sides of a 4-8-3 MLP for 0, 1, 2, 3.
fn small(seed: impl Into<mlpport::Seed>) -> u32 {
    let sums = port_mlp(seed, array![0.0, 1.0, 2.0, 3.0].view(), 8.0, 3.0).unwrap();
    assert_eq!(sums[0].to_bits(), sums[1].to_bits());
    sums[0].to_bits()
}

#[test]
fn known_answers() {
    assert_eq!(small(0), 0x3e33_faa6);
    assert_eq!(small(-1), 0xc021_7992);
    assert_eq!(small(1_i64 << 31), 0x3db7_aab0);
    assert_eq!(small(1_i64 << 32), 0x3e33_faa6);
    assert_eq!(small((1_i64 << 40) + 5), 0xbea9_9f4c);
    #[expect(clippy::cast_possible_truncation, reason = "as the script rounds it")]
    let x = Array1::linspace(-1.0, 1.0, 16).mapv(|x: f64| x as f32);
    assert_eq!(sum(42.0, x.view(), 32, 10).to_bits(), 0xbf08_f1a5);
}

#[test]
fn integers_and_floats_of_any_type_are_seeds() {
    for bits in [small(7), small(7_u8), small(7_u64), small(7_i64), small(7.0_f32), small(7.9), small(7_i128)] {
        assert_eq!(bits, small(7.0));
    }
}

/// One row to the bit, a batch within 10⁻⁶ of the sum of the absolute outputs.
#[test]
fn random_cases() {
    let golden =
        mlpport::load(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/fixtures/port_mlp/port_mlp.msgpack")).unwrap();
    assert!(golden.collections().len() > 300);
    for case in golden.collections() {
        let number = |name: &str| golden.get(&format!("{case}/{name}")).unwrap().view::<i64>().unwrap().sum();
        let [seed, hidden, out] = ["seed", "hidden", "out"].map(number);
        let x = golden.get(&format!("{case}/x")).unwrap().view::<f32>().unwrap();
        let expected = golden.view::<f32, Ix1>(&format!("{case}/sums")).unwrap();
        let size = golden.get(&format!("{case}/size")).unwrap().view::<f32>().unwrap().sum();
        let found = port_mlp(seed, x.view(), hidden as f64, out as f64).unwrap();
        let one_row = x.len() == *x.shape().last().unwrap();
        for (found, expected) in found.iter().zip(expected) {
            // The sign of a NaN is the processor's.
            let same = found.to_bits() == expected.to_bits() || (found.is_nan() && expected.is_nan());
            let near = !one_row && (found - expected).abs() <= 1e-6 * size;
            let context = format!("case {case}: seed {seed}, x {:?}, hidden {hidden}, out {out}", x.shape());
            assert!(same || near, "{context}: found {found}, expected {expected}");
        }
    }
}
