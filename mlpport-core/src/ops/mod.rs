//! The math, as plain functions on array views, and the trait of everything that runs.

pub mod activation;
mod forward;
mod linear;

pub use forward::{Forward, forward_field};
pub use linear::linear;
