//! core
pub mod error;
pub mod formats;
pub mod linen;
pub mod nnx;
pub mod ops;
pub mod params;
pub mod port;
pub mod tensor;
pub mod variables;

pub use error::{Error, Result};

/// The arrays of every public signature here; use it to have the same version.
pub use ndarray;
