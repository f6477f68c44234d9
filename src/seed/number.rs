//! Seeds, as Python's `int(seed)` takes them.

use crate::{Error, Result};

/// A seed of [`port_mlp`](crate::port_mlp): any integer or float, which is made whole as Python's `int(seed)` does.
///
/// ```
/// use mlpport::Seed;
///
/// assert_eq!(Seed::from(-1.9).to_i64()?, -1);
/// assert_eq!(Seed::from(u32::MAX).to_i64()?, 4_294_967_295);
/// assert!(Seed::from(u64::MAX).to_i64().is_err());
/// # Ok::<(), mlpport::Error>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Seed(Number);

#[derive(Debug, Clone, Copy, PartialEq)]
enum Number {
    Integer(i128),
    Float(f64),
}

impl Seed {
    /// The whole seed that `jax.random.key` takes; of a fraction the part before the point.
    ///
    /// # Errors
    ///
    /// [`Error::Argument`] where it is NaN, infinite or outside of 64 bits.
    pub fn to_i64(self) -> Result<i64> {
        let whole = match self.0 {
            Number::Integer(whole) => Some(whole),
            #[expect(
                clippy::cast_possible_truncation,
                reason = "towards zero, as int() does; the rest is out of bounds"
            )]
            Number::Float(seed) => seed.is_finite().then_some(seed as i128),
        };
        whole.and_then(|whole| i64::try_from(whole).ok()).ok_or_else(|| self.error("2^63 - 1", ""))
    }

    /// The whole seed, and the one after it.
    pub(super) fn with_next(self) -> Result<[i64; 2]> {
        let last = "2^63 - 2";
        let seed = self.to_i64().map_err(|_| self.error(last, ""))?;
        let next = seed.checked_add(1).ok_or_else(|| self.error(last, "; `nnx.Rngs(seed + 1)` overflows"))?;
        Ok([seed, next])
    }

    fn error(self, last: &str, note: &str) -> Error {
        let found = match self.0 {
            Number::Integer(seed) => format!("{seed}{note}"),
            Number::Float(seed) if seed.is_nan() => "NaN; cannot convert float NaN to integer".to_owned(),
            Number::Float(seed) if seed.is_infinite() => format!("{seed}; cannot convert float infinity to integer"),
            Number::Float(seed) => format!("{seed:?}{note}"),
        };
        Error::Argument { argument: "seed", expected: format!("a number from -2^63 to {last}"), found }
    }
}

macro_rules! from {
    ($($number:ty),* => $variant:ident($wide:ty)) => {
        $(
            impl From<$number> for Seed {
                fn from(seed: $number) -> Self {
                    Self(Number::$variant(<$wide>::from(seed)))
                }
            }
        )*
    };
}

from!(i8, i16, i32, i64, i128, u8, u16, u32, u64 => Integer(i128));
from!(f32, f64 => Float(f64));
