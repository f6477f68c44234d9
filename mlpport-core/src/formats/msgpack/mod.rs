//! Flax's own format: `flax.serialization.to_bytes` and `from_bytes`.
//!
//! Nested dicts as msgpack maps. An array is extension 1, of `[shape, dtype name, bytes in C order]`; a Python complex
//! number extension 2; a numpy scalar extension 3, laid out as an array. An array of more than 2^30 bytes is a map of flat
//! chunks. So written are Flax's `to_bytes`, `msgpack_serialize`, `flax.training.checkpoints` and the Hugging Face
//! `flax_model.msgpack`.
//!
//! A list is read as Flax's `to_state_dict` turns it into a dict, with the names `0`, `1`, …, and a number that is a key
//! becomes its text. An array or value that is the whole file stands at the root, the empty path.
//!
//! What is read is all written again. The bytes are those of Flax for a tree of sorted keys, as `msgpack_serialize`
//! writes it; names are always written in order, while Flax's `to_bytes` keeps the order of insertion.
//!
//! ```
//! use mlpport_core::formats::msgpack;
//! use mlpport_core::variables::Variables;
//! use ndarray::array;
//!
//! let mut variables = Variables::new();
//! variables.insert("params/Dense_0/bias", array![0.5_f32, -0.5])?;
//! let bytes = msgpack::to_bytes(&variables)?;
//! assert!(bytes.starts_with(b"\x81\xa6params\x81\xa7Dense_0\x81\xa4bias"));
//! assert_eq!(msgpack::from_bytes(&bytes)?, variables);
//! # Ok::<(), mlpport_core::Error>(())
//! ```

mod array;
mod chunks;
mod cursor;
mod node;
mod read;
#[cfg(test)]
mod tests;
mod write;

pub use read::from_bytes;
pub(super) use read::index;
pub use write::to_bytes;
pub(super) use write::{check, write_to};

/// The name of the format in errors.
const NAME: &str = "msgpack";

/// Names that a path can have in a file; Python refuses deeper ones at about 500, and no model comes near.
const MOST_LEVELS: usize = 128;

/// Axes of an array, as many as numpy allows.
const MOST_AXES: usize = 64;

/// The extension types of Flax.
const EXT_ARRAY: i8 = 1;
const EXT_COMPLEX: i8 = 2;
const EXT_SCALAR: i8 = 3;

/// The key that marks a map as an array in chunks, and the other two keys of such a map.
const CHUNKED: &str = "__msgpack_chunked_array__";
const CHUNKED_SHAPE: &str = "shape";
const CHUNKED_CHUNKS: &str = "chunks";
