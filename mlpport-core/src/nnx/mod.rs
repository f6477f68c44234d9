//! The NNX side: layers as `flax.nnx` has them, and the trait of a struct with `#[derive(NnxModule)]`.
//!
//! Names come from the author: a submodule is called as its field.

mod linear;
mod module;

pub use linear::Linear;
pub use module::NnxModule;
