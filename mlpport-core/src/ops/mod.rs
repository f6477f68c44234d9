//! The math, as plain functions on array views, and the trait of everything that runs.

pub mod activation;
#[cfg(test)]
mod allocations;
mod forward;
mod instructions;
mod lead;
mod linear;
mod lines;
mod matmul;
mod norm;
mod pool;
pub(crate) mod random;
mod run;
mod scratch;
pub mod xla;

pub use forward::Forward;
pub use linear::{linear, linear_into};
pub(crate) use matmul::PackedKernel;
pub use norm::{batch_norm, layer_norm};
pub use run::Run;
pub use scratch::Scratch;
