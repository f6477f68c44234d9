//! The NNX side: layers as `flax.nnx` has them, and the trait of a struct with `#[derive(NnxModule)]`.
//!
//! Names come from the author: a submodule is called as its field.

mod batch_norm;
mod compressed_linear;
mod layer_norm;
mod linear;
mod module;
mod packed_linear;

pub use batch_norm::BatchNorm;
pub use compressed_linear::CompressedLinear;
pub use layer_norm::LayerNorm;
pub use linear::Linear;
pub use module::NnxModule;
pub use packed_linear::PackedLinear;
