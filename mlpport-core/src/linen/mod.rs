//! The Linen side: layers as `flax.linen` has them, and the traits of a struct with `#[derive(CompactModule)]`.
//!
//! Names come from Flax: a counter for each class, in the order in which submodules are made.

mod batch_norm;
mod dense;
mod layer_norm;
mod module;
mod param;
pub mod structure;

pub use batch_norm::BatchNorm;
pub use dense::Dense;
pub use layer_norm::LayerNorm;
pub use module::{CompactModule, Submodule};
