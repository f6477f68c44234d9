//! Floats of 16 bits: `float16` of IEEE 754, and `bfloat16` as `ml_dtypes` defines it.

use std::cmp::Ordering;
use std::fmt;

use super::rounding::{Layout, Specials};

macro_rules! float16 {
    ($(
        $name:ident($exponent:literal, $mantissa:literal, $bias:literal), $dtype:literal, $article:literal $other:literal,
        $from_f32:ident, $to_f32:ident;
    )*) => {
        $(
            #[doc = concat!("One element of dtype `", $dtype, "`. Two compare as their values do.")]
            ///
            #[doc = concat!("It has the bits of ", $article, " `", $other, "` of the crate `half`.")]
            ///
            /// ```
            #[doc = concat!("use mlpport_core::tensor::", stringify!($name), ";")]
            ///
            #[doc = concat!("assert_eq!(", stringify!($name), "::from_f32(1.5).to_f32(), 1.5);")]
            /// ```
            #[derive(Clone, Copy, Default)]
            #[repr(transparent)]
            pub struct $name(u16);

            impl $name {
                const LAYOUT: Layout = Layout {
                    exponent_bits: $exponent,
                    mantissa_bits: $mantissa,
                    bias: $bias,
                    specials: Specials::Ieee,
                };

                /// The number with these bits.
                #[must_use]
                pub const fn from_bits(bits: u16) -> Self {
                    Self(bits)
                }

                /// The bits of this number.
                #[must_use]
                pub const fn to_bits(self) -> u16 {
                    self.0
                }

                /// The nearest number, ties to even. Too large a number becomes infinity; a NaN keeps its sign and its upper bits.
                #[must_use]
                #[inline]
                pub fn from_f32(value: f32) -> Self {
                    Self($from_f32(value))
                }

                /// The nearest number, ties to even, rounded once. Too large a number becomes infinity.
                #[must_use]
                pub fn from_f64(value: f64) -> Self {
                    Self(Self::LAYOUT.round(value))
                }

                /// The exact value. The bits of a NaN are kept.
                #[must_use]
                #[inline]
                pub fn to_f32(self) -> f32 {
                    $to_f32(self.0)
                }

                /// The exact value.
                #[must_use]
                pub fn to_f64(self) -> f64 {
                    f64::from(self.to_f32())
                }

                pub(super) fn from_integer(value: i128) -> Self {
                    Self(Self::LAYOUT.round_integer(value))
                }
            }

            impl PartialEq for $name {
                fn eq(&self, other: &Self) -> bool {
                    self.to_f32() == other.to_f32()
                }
            }

            impl PartialOrd for $name {
                fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
                    self.to_f32().partial_cmp(&other.to_f32())
                }
            }

            impl fmt::Debug for $name {
                fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                    fmt::Debug::fmt(&self.to_f32(), f)
                }
            }

            impl fmt::Display for $name {
                fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                    fmt::Display::fmt(&self.to_f32(), f)
                }
            }
        )*
    };
}

float16! {
    F16(5, 10, 15), "float16", "an" "f16", f32_to_f16, f16_to_f32;
    BF16(8, 7, 127), "bfloat16", "a" "bf16", f32_to_bf16, bf16_to_f32;
}

// All of them are free of branches, so that the compiler vectorises them.

#[inline]
fn bf16_to_f32(bits: u16) -> f32 {
    f32::from_bits(u32::from(bits) << 16)
}

#[inline]
fn f32_to_bf16(value: f32) -> u16 {
    let bits = value.to_bits();
    let nearest = bits.wrapping_add(0x7fff + (bits >> 16 & 1));
    let quiet = bits | 0x0040_0000;
    ((if value.is_nan() { quiet } else { nearest }) >> 16) as u16
}

/// A multiplication by 2^112 moves the exponent, and makes normal numbers of subnormal ones.
#[inline]
fn f16_to_f32(bits: u16) -> f32 {
    let sign = u32::from(bits & 0x8000) << 16;
    let magnitude = u32::from(bits & 0x7fff) << 13;
    let finite = (f32::from_bits(magnitude) * f32::from_bits((127 + 112) << 23)).to_bits();
    let special = magnitude | 0x7f80_0000;
    f32::from_bits(sign | if bits & 0x7c00 == 0x7c00 { special } else { finite })
}

/// What is subnormal is rounded by an addition of 0.5, whose last bit is the smallest number; else the carry of rounding moves into
/// the exponent, up to infinity.
#[inline]
#[expect(clippy::cast_possible_truncation, reason = "the lower half is what is left")]
fn f32_to_f16(value: f32) -> u16 {
    let magnitude = value.to_bits() & 0x7fff_ffff;
    let sign = value.to_bits() >> 16 & 0x8000;
    let subnormal = (f32::from_bits(magnitude) + 0.5).to_bits().wrapping_sub(0.5_f32.to_bits());
    let normal = magnitude.wrapping_sub(112 << 23).wrapping_add(0xfff + (magnitude >> 13 & 1)) >> 13;
    let nan = 0x7e00 | (magnitude >> 13 & 0x3ff);
    let nearest = match magnitude {
        ..0x3880_0000 => subnormal,
        0x3880_0000..0x4780_0000 => normal,
        0x4780_0000..=0x7f80_0000 => 0x7c00,
        _ => nan,
    };
    (sign | nearest) as u16
}
