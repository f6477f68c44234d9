//! What `port_mlp` does not take: the error says which argument, what it may be and what it is.

use mlpport::{Error, Seed, port_mlp};
use ndarray::{Array0, Array1, Array2};

/// The text of the error for these arguments and an `x` of four elements.
#[track_caller]
fn message(seed: impl Into<Seed>, hidden: f64, out: f64) -> String {
    match port_mlp(seed, Array1::ones(4).view(), hidden, out) {
        Err(error @ Error::Argument { .. }) => error.to_string(),
        other => panic!("expected Error::Argument, found {other:?}"),
    }
}

#[test]
fn a_seed_is_a_number_of_64_bits() {
    for (seed, found) in [
        (f64::NAN, "NaN; cannot convert float NaN to integer"),
        (f64::INFINITY, "inf; cannot convert float infinity to integer"),
        (f64::NEG_INFINITY, "-inf; cannot convert float infinity to integer"),
        (2.0_f64.powi(63), "9.223372036854776e18"),
        (-(2.0_f64.powi(64)), "-1.8446744073709552e19"),
    ] {
        let expected = format!("`seed`: expected a number from -2^63 to 2^63 - 2, found {found}");
        assert_eq!(message(seed, 8.0, 3.0), expected);
    }
}

#[test]
fn a_seed_has_a_seed_after_it() {
    for (seed, found) in [
        (i128::from(i64::MAX), "9223372036854775807; `nnx.Rngs(seed + 1)` overflows"),
        (1 << 63, "9223372036854775808"),
        (i128::from(u64::MAX), "18446744073709551615"),
        (i128::from(i64::MIN) - 1, "-9223372036854775809"),
        (i128::MAX, "170141183460469231731687303715884105727"),
    ] {
        let expected = format!("`seed`: expected a number from -2^63 to 2^63 - 2, found {found}");
        assert_eq!(message(seed, 8.0, 3.0), expected);
    }
    assert_eq!(Seed::from(i64::MAX).to_i64().unwrap(), i64::MAX);
}

#[test]
fn a_size_is_a_whole_number_from_1() {
    for (size, found) in [
        (0.0, "0.0"),
        (-0.0, "-0.0"),
        (-1.0, "-1.0"),
        (0.5, "0.5"),
        (7.5, "7.5"),
        (f64::NAN, "NaN"),
        (f64::INFINITY, "inf"),
        (f64::NEG_INFINITY, "-inf"),
    ] {
        // 2^31 by the length of the other axis.
        let expected =
            |argument, most| format!("`{argument}`: expected a whole number from 1 to {most}, found {found}");
        assert_eq!(message(0.0, size, 3.0), expected("hidden", 536_870_912));
        assert_eq!(message(0.0, 8.0, size), expected("out", 268_435_456));
    }
}

#[test]
fn a_kernel_has_at_most_2_to_the_31_elements() {
    for (hidden, found) in
        [(536_870_913.0, "536870913.0"), (1e18, "1e18"), (1e300, "1e300"), (f64::MAX, "1.7976931348623157e308")]
    {
        let expected = format!("`hidden`: expected a whole number from 1 to 536870912, found {found}");
        assert_eq!(message(0.0, hidden, 3.0), expected);
    }
    let expected = "`out`: expected a whole number from 1 to 32768, found 32769.0";
    assert_eq!(message(0.0, 65_536.0, 32_769.0), expected);
}

#[test]
fn x_is_not_empty() {
    let error = port_mlp(0.0, Array1::zeros(0).view(), 8.0, 3.0).unwrap_err();
    let expected = "`x`: expected 1 to 2147483648 elements, found 0";
    assert_eq!(error.to_string(), expected);
}

#[test]
fn x_is_not_a_scalar() {
    let error = port_mlp(0, Array0::ones(()).view(), 8.0, 3.0).unwrap_err();
    assert_eq!(error.to_string(), "`x`: expected 1 to 2147483648 elements, found a scalar");
}

#[test]
fn the_outputs_of_a_batch_have_at_most_2_to_the_31_elements() {
    let x = Array2::ones((1 << 16, 1));
    for (hidden, out, argument) in [(32_769.0, 1.0, "hidden"), (1.0, 32_769.0, "out")] {
        let error = port_mlp(0, x.view(), hidden, out).unwrap_err();
        let expected = format!("`{argument}`: expected a whole number from 1 to 32768, found 32769.0");
        assert_eq!(error.to_string(), expected);
    }
}

#[test]
fn x_has_at_most_2_to_the_31_elements() {
    let one = Array0::<f32>::ones(());
    let x = one.broadcast((1 << 31) + 1).unwrap();
    let expected = "`x`: expected 1 to 2147483648 elements, found 2147483649";
    assert_eq!(port_mlp(0.0, x, 1.0, 1.0).unwrap_err().to_string(), expected);
}

/// The first kernel would take 8 GiB.
#[cfg(target_os = "linux")]
#[test]
fn every_argument_is_checked_before_anything_is_allocated() {
    let before = peak_memory();
    message(0.0, 536_870_912.0, f64::NAN);
    message(0.0, 536_870_912.0, 5.0);
    message(f64::NAN, 536_870_912.0, 4.0);
    assert!(peak_memory() - before < 4 << 20);
}

/// The most memory that this process has had reserved, in KiB.
#[cfg(target_os = "linux")]
fn peak_memory() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap();
    let line = status.lines().find_map(|line| line.strip_prefix("VmPeak:")).unwrap();
    line.trim().trim_end_matches(" kB").parse().unwrap()
}
