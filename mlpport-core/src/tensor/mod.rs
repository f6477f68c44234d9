//! Arrays whose dtype and shape are known only when a checkpoint is read.
//!
//! A [`Tensor`] is an [`ndarray::ArrayD`] of one of the [`DType`]s, which are those that Flax writes. It is always in
//! standard (C) layout, so its bytes are the ones that stand in the file. Rust types that can be elements implement
//! [`Element`].
//!
//! ```
//! use mlpport_core::tensor::{DType, Tensor};
//! use ndarray::array;
//!
//! let kernel = Tensor::from_array(array![[1.0_f32, 2.0], [3.0, 4.0]]);
//! assert_eq!(kernel.to_string(), "float32 (2, 2)");
//! assert_eq!(kernel.view::<f32>()?[[1, 0]], 3.0);
//! assert_eq!(kernel.cast(DType::BF16).size_in_bytes(), 8);
//! # Ok::<(), mlpport_core::Error>(())
//! ```

mod bytes;
mod cast;
mod data;
mod dtype;
mod element;
mod float16;
mod float8;
mod number;
mod pages;
mod rounding;
mod shape;
#[cfg(test)]
mod tests;

pub(crate) use bytes::{BytesError, FillError};
pub use data::Tensor;
pub use dtype::DType;
pub use element::{Complex, Element};
pub use float8::{F8E3M4, F8E4M3, F8E4M3B11FNUZ, F8E4M3FN, F8E4M3FNUZ, F8E5M2, F8E5M2FNUZ};
pub use float16::{BF16, F16};
pub(crate) use pages::prefer_huge;
pub use shape::{DYN, Shape, fixed_size};
