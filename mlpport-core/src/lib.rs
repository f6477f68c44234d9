//! The core of [mlpport](https://docs.rs/mlpport): everything but the derives. Depend on `mlpport` instead, which has both.
//!
//! The way of the data is the order of the modules: [`formats`] turns the bytes of a checkpoint into
//! [`Variables`](variables::Variables), which are [`Tensor`](tensor::Tensor)s by path; a [`linen`] model takes them apart into
//! checked [`params`]; [`port`] moves these into an [`nnx`] model, which runs on [`ops`].
//! [`random`] and [`init`] draw the numbers of JAX.

pub mod error;
pub mod formats;
pub mod init;
pub mod linen;
pub mod nnx;
pub mod ops;
pub mod params;
pub mod port;
pub mod random;
pub mod tensor;
mod threads;
pub mod variables;

pub use error::{Error, Result};

/// The arrays of every public signature here; use it to have the same version.
pub use ndarray;
