//! How numpy writes a dtype: `<f4`.

use crate::tensor::DType;

/// The dtypes under their names in a header, without the order of their bytes.
const DTYPES: &[(&str, DType)] = &[
    ("f4", DType::F32),
    ("f8", DType::F64),
    ("f2", DType::F16),
    ("V2", DType::BF16),
    ("V1", DType::F8E4M3FN),
    ("f1", DType::F8E5M2),
    ("i1", DType::I8),
    ("i2", DType::I16),
    ("i4", DType::I32),
    ("i8", DType::I64),
    ("u1", DType::U8),
    ("u2", DType::U16),
    ("u4", DType::U32),
    ("u8", DType::U64),
    ("b1", DType::Bool),
    ("c8", DType::Complex64),
    ("c16", DType::Complex128),
];

/// The dtype, and whether the bytes of each number are in the other order than here.
///
/// # Errors
///
/// What is expected instead, and how to get there.
pub(super) fn parse(descr: &str) -> Result<(DType, bool), &'static str> {
    const KNOWN: &str = "a dtype of bools, integers, floats or complex numbers";
    let (Some(order), Some(name)) = (descr.get(..1), descr.get(1..)) else { return Err(KNOWN) };
    match name.get(..1) {
        Some("O") => return Err("an array of numbers"),
        Some("U" | "S" | "a") => return Err("a dtype of numbers; keep texts out of the file"),
        Some("M" | "m") => return Err("a dtype of numbers; `array.astype(\"int64\")` makes numbers of dates"),
        _ => {}
    }
    let Some((_, dtype)) = DTYPES.iter().find(|(known, _)| *known == name) else { return Err(KNOWN) };
    match order {
        "<" => Ok((*dtype, false)),
        "|" if dtype.size() == 1 || name == "V2" => Ok((*dtype, false)),
        ">" if !name.starts_with('V') => Ok((*dtype, true)),
        _ => Err("`<` or `>` in front of a dtype, for the order of its bytes, or `|` where it has none"),
    }
}

/// The name of a dtype in a header; `None` where `numpy.load` would not read it, or not as one of its own.
pub(super) fn of(dtype: DType) -> Option<String> {
    let (name, _) = DTYPES.iter().find(|(name, known)| *known == dtype && *name != "f1")?;
    let order = if dtype.size() == 1 && *name != "V1" { '|' } else { '<' };
    Some(format!("{order}{name}"))
}

/// The dtypes that are written.
pub(super) fn written() -> String {
    let names = DTYPES.iter().map(|(_, dtype)| *dtype).filter(|dtype| of(*dtype).is_some());
    names.map(DType::name).collect::<Vec<_>>().join(", ")
}

/// The size of the numbers in an element, whose bytes have an order.
pub(super) fn width(dtype: DType) -> usize {
    match dtype {
        DType::Complex64 | DType::Complex128 => dtype.size() / 2,
        _ => dtype.size(),
    }
}
