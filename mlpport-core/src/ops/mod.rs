//! The math, as plain functions on array views, and the trait of everything that runs.

pub mod activation;
mod forward;
mod linear;
mod norm;
pub(crate) mod random;
mod run;
pub mod xla;

pub use forward::Forward;
pub use linear::linear;
pub use norm::{batch_norm, layer_norm};
pub use run::Run;
