//! The random numbers of JAX, bit for bit.
//!
//! A [`Key`] is one of `jax.random`, by JAX's default generator (Threefry, partitionable), and its methods are those
//! functions: the arrays that they return have the bits that JAX 0.10.2 returns on a CPU with fused multiply-add, with
//! `jax_enable_x64` off and called outside of another `jit`. Every machine returns the same, and any number of threads.
//!
//! Linen derives the key of each parameter from names and a count, [`Scope`], and NNX from a count alone, [`Rngs`].
//!
//! ```
//! use mlpport_core::random::Key;
//!
//! let key = Key::from_seed(0); // jax.random.key(0)
//! let x = key.normal::<f32>(&[2, 3])?; // jax.random.normal(key, (2, 3))
//! assert_eq!(x[[0, 0]], 1.622_642_2);
//! # Ok::<(), mlpport_core::Error>(())
//! ```

mod float;
mod half;
mod integer;
mod key;
mod rngs;
mod scope;
mod single;

pub(crate) use float::Draw;
pub use float::Float;
pub use integer::{Integer, Unsigned};
pub use key::Key;
pub(crate) use key::array;
pub use rngs::{RngStream, Rngs};
pub use scope::Scope;
