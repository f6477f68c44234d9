//! The dtypes of zarr2, as numpy writes them.

use super::Structure;
use crate::error::Result;
use crate::formats::orbax::json::Json;
use crate::tensor::DType;

/// A dtype, and the size of the numbers whose bytes are in big-endian order, where they are.
///
/// Beside numpy's `<f4` there are the names of the types that JAX adds, such as `bfloat16`, which TensorStore writes.
pub(super) fn of_zarr2(structure: &Structure<'_>, json: &Json) -> Result<(DType, Option<usize>)> {
    let unknown = || {
        let known = "a dtype such as `<f4`, `|b1`, `bfloat16` or `float8_e4m3fn`";
        Err(structure.wrong("dtype", known, json))
    };
    let Some(text) = json.text() else { return unknown() };
    let Some((order @ ("<" | ">" | "|"), kind)) = text.split_at_checked(1) else {
        return match DType::from_name(text) {
            Some(dtype) if is_of_jax(dtype) => Ok((dtype, None)),
            _ => unknown(),
        };
    };
    let dtype = match kind {
        "b1" => DType::Bool,
        "i1" => DType::I8,
        "i2" => DType::I16,
        "i4" => DType::I32,
        "i8" => DType::I64,
        "u1" => DType::U8,
        "u2" => DType::U16,
        "u4" => DType::U32,
        "u8" => DType::U64,
        "f2" => DType::F16,
        "f4" => DType::F32,
        "f8" => DType::F64,
        "c8" => DType::Complex64,
        "c16" => DType::Complex128,
        _ => return unknown(),
    };
    if order == "|" && dtype.size() > 1 {
        return unknown();
    }
    Ok((dtype, Some(width(dtype)).filter(|width| order == ">" && *width > 1)))
}

/// The dtype of a name in zarr3.
pub(super) fn of_zarr3(structure: &Structure<'_>, json: &Json) -> Result<DType> {
    let dtype = json.text().and_then(DType::from_name);
    dtype.ok_or_else(|| {
        let known: Vec<&str> = DType::ALL.iter().map(|dtype| dtype.name()).collect();
        structure.wrong("data_type", &known.join(", "), json)
    })
}

/// The size of the numbers in an element.
pub(super) fn width(dtype: DType) -> usize {
    match dtype {
        DType::Complex64 | DType::Complex128 => dtype.size() / 2,
        _ => dtype.size(),
    }
}

fn is_of_jax(dtype: DType) -> bool {
    dtype == DType::BF16 || dtype.is_float() && dtype.size() == 1
}
