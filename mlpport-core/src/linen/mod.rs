//! The Linen side: layers as `flax.linen` has them, and the traits of a struct with `#[derive(CompactModule)]`.
//!
//! Names come from Flax: a counter for each class, in the order in which submodules are made.

mod dense;
mod module;
mod param;
pub mod structure;

pub use dense::Dense;
pub use module::{CompactModule, Submodule};
