//! 8-bit floats, as `ml_dtypes` defines them.

use std::fmt;

use super::rounding::{Layout, Specials};

macro_rules! float8 {
    ($($name:ident($exponent:literal, $mantissa:literal, $bias:literal, $specials:ident), $dtype:literal;)*) => {
        $(
            #[doc = concat!("One element of dtype `", $dtype, "`. Two are equal when their bits are.")]
            ///
            /// ```
            #[doc = concat!("use mlpport_core::tensor::", stringify!($name), ";")]
            ///
            #[doc = concat!("assert_eq!(", stringify!($name), "::from_f64(1.5).to_f32(), 1.5);")]
            /// ```
            #[derive(Clone, Copy, Default, PartialEq, Eq, Hash)]
            #[repr(transparent)]
            pub struct $name(u8);

            impl $name {
                const LAYOUT: Layout = Layout {
                    exponent_bits: $exponent,
                    mantissa_bits: $mantissa,
                    bias: $bias,
                    specials: Specials::$specials,
                };

                /// The number with these bits.
                #[must_use]
                pub const fn from_bits(bits: u8) -> Self {
                    Self(bits)
                }

                /// The bits of this number.
                #[must_use]
                pub const fn to_bits(self) -> u8 {
                    self.0
                }

                /// The nearest number, ties to even. Too large a number becomes infinity, or NaN where the type has none.
                #[must_use]
                pub fn from_f64(value: f64) -> Self {
                    Self::of_layout(Self::LAYOUT.round(value))
                }

                /// The exact value.
                #[must_use]
                pub fn to_f64(self) -> f64 {
                    Self::LAYOUT.value(u16::from(self.0))
                }

                /// The exact value.
                #[must_use]
                #[expect(clippy::cast_possible_truncation, reason = "an f32 holds every 8-bit float")]
                pub fn to_f32(self) -> f32 {
                    self.to_f64() as f32
                }

                pub(super) fn from_integer(value: i128) -> Self {
                    Self::of_layout(Self::LAYOUT.round_integer(value))
                }

                fn of_layout(bits: u16) -> Self {
                    let [low, _] = bits.to_le_bytes();
                    Self(low)
                }
            }

            impl fmt::Debug for $name {
                fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                    fmt::Debug::fmt(&self.to_f32(), f)
                }
            }
        )*
    };
}

float8! {
    F8E4M3FN(4, 3, 7, Fn), "float8_e4m3fn";
    F8E5M2(5, 2, 15, Ieee), "float8_e5m2";
    F8E4M3FNUZ(4, 3, 8, Fnuz), "float8_e4m3fnuz";
    F8E5M2FNUZ(5, 2, 16, Fnuz), "float8_e5m2fnuz";
    F8E4M3B11FNUZ(4, 3, 11, Fnuz), "float8_e4m3b11fnuz";
    F8E4M3(4, 3, 7, Ieee), "float8_e4m3";
    F8E3M4(3, 4, 3, Ieee), "float8_e3m4";
}
