//! The integers that can be drawn.

use super::Key;
use crate::ops::random::{Integers, generate_of_bits};
use crate::tensor::Element;

/// An integer of which [`Key::bits`] returns arrays: `u8`, `u16` and `u32`; sealed.
#[diagnostic::on_unimplemented(
    message = "JAX draws no bits of type `{Self}`",
    label = "expected `u8`, `u16` or `u32`",
    note = "without `jax_enable_x64`, JAX has no 64-bit integers"
)]
pub trait Unsigned: Element + sealed::Narrow {}

/// An integer that [`Key::randint`] draws: of 8, 16 or 32 bits, with and without a sign; sealed.
#[diagnostic::on_unimplemented(
    message = "JAX draws no integers of type `{Self}`",
    label = "expected an integer of 8, 16 or 32 bits",
    note = "without `jax_enable_x64`, JAX has no 64-bit integers"
)]
pub trait Integer: Element + sealed::Randint {}

mod sealed {
    use bytemuck::Zeroable;

    use super::Key;

    pub trait Narrow: Copy + Zeroable {
        /// The lowest bits.
        fn narrow(bits: u32) -> Self;
    }

    pub trait Randint: Copy + Zeroable {
        /// `jax.random.randint` on a flat array.
        fn randint(key: Key, minval: i64, maxval: i64, length: usize) -> Vec<Self>;
    }
}

macro_rules! unsigned {
    ($($type:ty),*) => {
        $(
            impl Unsigned for $type {}

            impl sealed::Narrow for $type {
                #[inline(always)]
                #[allow(clippy::cast_possible_truncation, reason = "the lowest bits are asked for")]
                fn narrow(bits: u32) -> Self {
                    bits as Self
                }
            }
        )*
    };
}

unsigned!(u8, u16, u32);

macro_rules! integer {
    ($($type:ty),*) => {
        $(
            impl Integer for $type {}

            impl sealed::Randint for $type {
                #[allow(
                    clippy::cast_possible_truncation,
                    clippy::cast_possible_wrap,
                    clippy::cast_sign_loss,
                    reason = "what has wrapped around is a number between the bounds again"
                )]
                fn randint(key: Key, minval: i64, maxval: i64, length: usize) -> Vec<Self> {
                    let (lowest, highest) = (i64::from(Self::MIN), i64::from(Self::MAX));
                    let low = minval.clamp(lowest, highest);
                    let high = maxval.clamp(lowest, highest + 1);
                    // Where nothing is in between, the one offset is 0; all of 32 bits are a span that wraps to 0.
                    let span = if low < high { (high - low) as u32 } else { 1 };
                    let integers = Integers::new(low as u32, span);
                    generate_of_bits(key.split::<2>().map(Key::words), length, |halves| integers.of(halves) as Self)
                }
            }
        )*
    };
}

integer!(i8, i16, i32, u8, u16, u32);
