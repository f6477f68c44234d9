//! Numbers in types.

use super::numeric::narrow;

/// A number as it stands in the type of an activation: `LeakyRelu<{ parameter(0.2) }>`.
///
/// Rust has no const generics of a float type; what is returned are the bits.
pub const fn parameter(x: f32) -> u32 {
    x.to_bits()
}

/// The number in a type.
#[inline]
pub(super) const fn number(parameter: u32) -> f32 {
    f32::from_bits(parameter)
}

/// The number in a type as it was written, if that took no more than 15 decimals: 0.2, where the `f32` is 0.200000003.
pub(super) const fn decimal(parameter: u32) -> f64 {
    const ROUND: f64 = 6_755_399_441_055_744.0; // 1.5 · 2⁵²; adding it to a small number rounds that to an integer
    let exact = number(parameter) as f64;
    let mut scale = 1.0;
    while scale <= 1e15 {
        let decimal = ((exact * scale + ROUND) - ROUND) / scale;
        if narrow(decimal) == number(parameter) {
            return decimal;
        }
        scale *= 10.0;
    }
    exact
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn decimals_are_as_written() {
        for x in [0.01, 0.2, 0.25, 1.0, 4.0, 1e-5, -0.3, 1.673_263_2, 100.0, 0.0, 0.333_333_34, 1e-10, 123.456] {
            assert_eq!(decimal(parameter(x)).to_string(), x.to_string());
        }
        assert!(decimal(parameter(f32::NAN)).is_nan());
    }
}
