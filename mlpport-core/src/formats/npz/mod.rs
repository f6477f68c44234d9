//! npz and npy: the arrays of numpy, in a ZIP archive or alone.
//!
//! The names of an archive's members, without `.npy`, are the keys of the arrays, which
//! [are split](super::safetensors) as those of safetensors are; Big Vision joins names with `/`. A file with one array has it at
//! the root.
//!
//! Read are the versions 1 to 3 of numpy's header, stored and deflated members, elements in C and in Fortran order, and both
//! orders of bytes. A member is read when its array is asked for, and compared with its checksum.
//!
//! numpy has no names for the dtypes that JAX adds, so that it writes bfloat16 as `<V2`, `float8_e5m2` as `<f1` and every
//! other float of 8 bits as `<V1`. `V2` is read as bfloat16, as `jax.numpy.load` does, `f1` as `float8_e5m2`, and `V1` as
//! `float8_e4m3fn`, the one that Flax and JAX train with: another one cannot be told from it.
//!
//! Object arrays, which are pickles inside, are never read. The error has the two lines of Python that convert them.
//!
//! What is written is what `numpy.savez` writes, but that names are in order and times are those of 1980: stored, and with
//! ZIP64 where a member is large. bfloat16 becomes `<V2` and `float8_e4m3fn` becomes `<V1`; the other floats of 8 bits, which
//! `numpy.load` could not read or tell apart, have no place in the format, nor have Python values and empty dicts. Names are
//! joined with `/` or with [`SaveOptions::separator`](super::SaveOptions::separator). In Python,
//! `flax.traverse_util.unflatten_dict(dict(numpy.load(file)), sep="/")` is the tree again, with
//! `array.view(ml_dtypes.bfloat16)` where an array is of `V2`.

mod archive;
mod array;
mod descr;
mod header;
mod latch;
mod reader;
#[cfg(test)]
mod tests;
mod write;

pub(super) use archive::index;
pub(super) use array::index_npy;
pub(super) use write::{check, write_to};

/// The name of the format in errors.
const NAME: &str = "npz";

/// What an array file begins with.
const MAGIC: &[u8] = b"\x93NUMPY";

/// What the names of an archive's members end with.
const EXTENSION: &str = ".npy";

/// Axes that an array may have, as in numpy.
const MOST_AXES: usize = 64;
