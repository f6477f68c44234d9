//! safetensors: a header in JSON, then the elements of all arrays.
//!
//! The header has dtype, shape and place of every array under its key, which is the names of its path with a separator
//! between them. Flax users join with `/`, Hugging Face with `.`, JaxMARL with `,`: of these, the separator is the one that
//! stands in most keys, and of those in as many the first. One that would leave an empty name anywhere is none.
//! [`OpenOptions::separator`](super::OpenOptions::separator) sets it. What stands under `__metadata__` is not read.
//!
//! | | dtypes |
//! |---|---|
//! | read and written | `BOOL`, `U8`, `I8`, `U16`, `I16`, `U32`, `I32`, `U64`, `I64`, `F16`, `BF16`, `F32`, `F64`, `C64`, `F8_E4M3` (`float8_e4m3fn`), `F8_E5M2`, `F8_E4M3FNUZ`, `F8_E5M2FNUZ` |
//! | refused | `F4`, `F6_E2M3`, `F6_E3M2`, `F8_E8M0`, which no tensor here can have |
//!
//! Keys are written with `/` or with [`SaveOptions::separator`](super::SaveOptions::separator), and the bytes are those of
//! `safetensors.flax.save_file`. In Python, `flax.traverse_util.unflatten_dict(load_file(file), sep="/")` is the tree again;
//! floats of 8 bits are what that function cannot read in version 0.8, whoever wrote them.
//!
//! A numpy scalar is written as an array of no axes. Other Python values, `None` and empty dicts have no place in the format.

mod header;
mod read;
#[cfg(test)]
mod tests;
mod write;

pub(super) use read::index;
pub(super) use write::{check, write_to};

use crate::tensor::DType;

/// The name of the format in errors.
const NAME: &str = "safetensors";

/// What a header may have at most, as in the reference.
const MOST_HEADER: u64 = 100_000_000;

/// Axes that an array may have, as in numpy.
const MOST_AXES: usize = 64;

/// The key of what a header says beside the arrays.
const METADATA: &str = "__metadata__";

/// The dtypes under their names in the format, in the order in which the reference sorts arrays, the last ones first.
const DTYPES: &[(&str, DType)] = &[
    ("BOOL", DType::Bool),
    ("U8", DType::U8),
    ("I8", DType::I8),
    ("F8_E5M2", DType::F8E5M2),
    ("F8_E4M3", DType::F8E4M3FN),
    ("F8_E4M3FNUZ", DType::F8E4M3FNUZ),
    ("F8_E5M2FNUZ", DType::F8E5M2FNUZ),
    ("I16", DType::I16),
    ("U16", DType::U16),
    ("F16", DType::F16),
    ("BF16", DType::BF16),
    ("I32", DType::I32),
    ("U32", DType::U32),
    ("F32", DType::F32),
    ("C64", DType::Complex64),
    ("F64", DType::F64),
    ("I64", DType::I64),
    ("U64", DType::U64),
];
