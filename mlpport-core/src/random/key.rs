//! Keys, and the functions of `jax.random`.

use std::fmt;

use ndarray::{ArrayD, IxDyn};

use super::{Float, Integer, Unsigned};
use crate::error::{Error, Result};
use crate::ops::random::{generate_of_bits, threefry};
use crate::tensor::Shape;

/// A key of JAX's default generator, Threefry: 64 bits.
///
/// A key is a value, as in JAX: the same function of the same key returns the same numbers. Make new keys with
/// [`split`](Key::split) or [`fold_in`](Key::fold_in) for numbers that are independent.
///
/// Each function that returns an array takes its shape, `&[]` for a scalar, and returns it in standard (C) layout. The type
/// of the elements follows from where the array goes, or is written out: `key.normal::<f32>(&[2, 3])`.
///
/// ```
/// use mlpport_core::random::Key;
///
/// let key = Key::from_seed(42);
/// assert_eq!(key.to_string(), "0x00000000 0x0000002a");
/// let [dropout, noise] = key.split();
/// assert_ne!(dropout, noise);
/// ```
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Key([u32; 2]);

impl Key {
    /// The key with these words: `jax.random.wrap_key_data`.
    #[must_use]
    pub const fn from_words(words: [u32; 2]) -> Self {
        Self(words)
    }

    /// The words of the key: `jax.random.key_data`.
    #[must_use]
    pub const fn words(self) -> [u32; 2] {
        self.0
    }

    /// The key of a seed: `jax.random.key(seed)`, and `jax.random.PRNGKey(seed)`.
    ///
    /// It is made of the lower 32 bits of the seed, so that seeds that differ by a multiple of 2³² give the same key.
    ///
    /// ```
    /// use mlpport_core::random::Key;
    ///
    /// assert_eq!(Key::from_seed(-1).words(), [0, 0xffff_ffff]);
    /// assert_eq!(Key::from_seed(1 << 40), Key::from_seed(0));
    /// ```
    #[must_use]
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "as JAX does without 64-bit types")]
    pub const fn from_seed(seed: i64) -> Self {
        Self([0, seed as u32])
    }

    /// A new key of this one and a number: `jax.random.fold_in(key, data)`.
    #[must_use]
    pub fn fold_in(self, data: u32) -> Self {
        Self(threefry(self.0, u64::from(data)))
    }

    /// New keys of this one: `jax.random.split(key, N)`.
    ///
    /// ```
    /// use mlpport_core::random::Key;
    ///
    /// let [a, b, c] = Key::from_seed(7).split();
    /// assert_eq!(Key::from_seed(7).keys().take(3).collect::<Vec<_>>(), [a, b, c]);
    /// ```
    #[must_use]
    pub fn split<const N: usize>(self) -> [Self; N] {
        let mut keys = self.keys();
        [(); N].map(|()| keys.next().unwrap_or(self))
    }

    /// The keys that [`split`](Key::split) returns, without an end: `jax.random.split(key, n)` has the first `n`.
    pub fn keys(self) -> impl Iterator<Item = Self> {
        (0..=u64::MAX).map(move |index| Self(threefry(self.0, index)))
    }

    /// Random bits, as integers of 8, 16 or 32 bits without a sign: `jax.random.bits(key, shape, dtype)`.
    ///
    /// # Errors
    ///
    /// [`Error::Argument`] where no array can have the shape.
    pub fn bits<T: Unsigned>(self, shape: &[usize]) -> Result<ArrayD<T>> {
        array(shape, |length| generate_of_bits([self.0], length, |[bits]| T::narrow(bits)))
    }

    /// Numbers that are uniform in `[minval, maxval)`: `jax.random.uniform(key, shape, dtype, minval, maxval)`.
    ///
    /// As in JAX, rounding may make one equal to `maxval`, and all are `minval` where that is the larger.
    ///
    /// ```
    /// use mlpport_core::random::Key;
    ///
    /// let x = Key::from_seed(0).uniform(&[3], -1.0_f32, 1.0)?;
    /// assert_eq!(x.as_slice(), Some(&[0.895_334, 0.957_159_76, -0.335_417_03][..]));
    /// # Ok::<(), mlpport_core::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// [`Error::Argument`] where no array can have the shape.
    pub fn uniform<T: Float>(self, shape: &[usize], minval: T, maxval: T) -> Result<ArrayD<T>> {
        array(shape, |length| T::uniform(self, minval, maxval, T::one(), length))
    }

    /// Numbers of the standard normal distribution: `jax.random.normal(key, shape, dtype)`.
    ///
    /// # Errors
    ///
    /// [`Error::Argument`] where no array can have the shape.
    pub fn normal<T: Float>(self, shape: &[usize]) -> Result<ArrayD<T>> {
        array(shape, |length| T::normal(self, T::one(), length))
    }

    /// Numbers of the standard normal distribution between `lower` and `upper`, both excluded:
    /// `jax.random.truncated_normal(key, lower, upper, shape, dtype)`.
    ///
    /// ```
    /// use mlpport_core::random::Key;
    ///
    /// let x = Key::from_seed(0).truncated_normal(-2.0_f32, 2.0, &[100])?;
    /// assert!(x.iter().all(|x| x.abs() < 2.0));
    /// # Ok::<(), mlpport_core::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// [`Error::Argument`] where no array can have the shape.
    pub fn truncated_normal<T: Float>(self, lower: T, upper: T, shape: &[usize]) -> Result<ArrayD<T>> {
        array(shape, |length| T::truncated_normal(self, [lower, upper], T::one(), length))
    }

    /// `true` with the probability `p`, drawn in the precision of `p`: `jax.random.bernoulli(key, p, shape)`.
    ///
    /// # Errors
    ///
    /// [`Error::Argument`] where no array can have the shape.
    pub fn bernoulli<T: Float>(self, p: T, shape: &[usize]) -> Result<ArrayD<bool>> {
        array(shape, |length| T::bernoulli(self, p, length))
    }

    /// Integers that are uniform in `[minval, maxval)`: `jax.random.randint(key, shape, minval, maxval, dtype)`.
    ///
    /// The bounds are clipped to what `T` holds, and all are `minval` where no integer is in between, as in JAX. To draw
    /// the largest `T`, too, `maxval` is one more.
    ///
    /// ```
    /// use mlpport_core::random::Key;
    ///
    /// let dice = Key::from_seed(0).randint::<i32>(&[5], 1, 7)?;
    /// assert!(dice.iter().all(|eyes| (1..=6).contains(eyes)));
    /// # Ok::<(), mlpport_core::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// [`Error::Argument`] where no array can have the shape.
    pub fn randint<T: Integer>(self, shape: &[usize], minval: i64, maxval: i64) -> Result<ArrayD<T>> {
        array(shape, |length| T::randint(self, minval, maxval, length))
    }
}

/// The array of a shape with so many elements.
pub(crate) fn array<T>(shape: &[usize], elements: impl FnOnce(usize) -> Vec<T>) -> Result<ArrayD<T>> {
    let too_large = || Error::Argument {
        argument: "shape",
        expected: "a shape whose size in bytes is at most isize::MAX".to_owned(),
        found: Shape::from(shape).to_string(),
    };
    let length = Shape::from(shape).checked_len().ok_or_else(too_large)?;
    let size = length.checked_mul(size_of::<T>()).ok_or_else(too_large)?;
    isize::try_from(size).map_err(|_| too_large())?;
    ArrayD::from_shape_vec(IxDyn(shape), elements(length)).map_err(|_| too_large())
}

/// [`Key::from_seed`].
impl From<i64> for Key {
    fn from(seed: i64) -> Self {
        Self::from_seed(seed)
    }
}

/// The two words in hexadecimal: `0x00000000 0x0000002a`.
impl fmt::Display for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:#010x} {:#010x}", self.0[0], self.0[1])
    }
}

/// `Key(0x00000000 0x0000002a)`.
impl fmt::Debug for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Key({self})")
    }
}
