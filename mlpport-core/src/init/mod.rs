//! The initialisers of Flax, bit for bit.
//!
//! They are those of `jax.nn.initializers`, under their names there and with their defaults: `flax.linen.initializers` and
//! `flax.nnx.initializers` export the same. Each is a value, which makes an array of a key and a shape:
//!
//! ```
//! use mlpport_core::init::{he_normal, zeros};
//! use mlpport_core::random::Key;
//!
//! let kernel = he_normal().init::<f32>(Key::from_seed(0), &[64, 32])?;
//! let bias = zeros().init::<f32>(Key::from_seed(1), &[32])?;
//! assert_eq!((kernel.shape(), bias.sum()), (&[64, 32][..], 0.0));
//! # Ok::<(), mlpport_core::Error>(())
//! ```
//!
//! The bits are those of JAX 0.10.2 on a CPU with fused multiply-add, as an initialiser returns them outside of `jax.jit`.
//! Only [`orthogonal`] and [`delta_orthogonal`] are not of the same bits; see there.

mod axes;
mod initializer;
mod orthogonal;
mod qr;
#[cfg(test)]
mod tests;
mod variance_scaling;

pub use axes::Axes;
pub use initializer::{Initializer, constant, normal, ones, truncated_normal, uniform, zeros};
pub use orthogonal::{DeltaOrthogonal, Orthogonal, delta_orthogonal, orthogonal};
pub use variance_scaling::{
    Distribution, Mode, VarianceScaling, glorot_normal, glorot_uniform, he_normal, he_uniform, kaiming_normal,
    kaiming_uniform, lecun_normal, lecun_uniform, variance_scaling, xavier_normal, xavier_uniform,
};
