//! Fill values.

use ndarray::arr0;

use crate::formats::orbax::json::Json;
use crate::tensor::{DType, Tensor};

/// The bytes of an element; `None` where there is no fill value, or none that the dtype has.
pub(super) fn bytes(json: &Json, dtype: DType) -> Option<Vec<u8>> {
    match dtype {
        DType::Complex64 | DType::Complex128 => {
            let part = if dtype == DType::Complex64 { DType::F32 } else { DType::F64 };
            let [re, im] = json.list()? else { return None };
            Some([bytes(re, part)?, bytes(im, part)?].concat())
        }
        DType::Bool => json.bool().map(|value| vec![u8::from(value)]),
        _ if dtype.is_float() => {
            let value = float(json)?;
            Some(Tensor::from_array(arr0(value)).cast(dtype).le_bytes().into_owned())
        }
        _ => integer(json, dtype),
    }
}

fn float(json: &Json) -> Option<f64> {
    match json {
        Json::Float(value) => Some(*value),
        // Beyond these, no integer is sure to be a float.
        Json::Int(value) => i32::try_from(*value).ok().map(f64::from),
        Json::Text(text) => match text.as_str() {
            "NaN" => Some(f64::NAN),
            "Infinity" => Some(f64::INFINITY),
            "-Infinity" => Some(f64::NEG_INFINITY),
            _ => None,
        },
        _ => None,
    }
}

fn integer(json: &Json, dtype: DType) -> Option<Vec<u8>> {
    let Json::Int(value) = json else { return None };
    Some(match dtype {
        DType::I8 => i8::try_from(*value).ok()?.to_le_bytes().to_vec(),
        DType::I16 => i16::try_from(*value).ok()?.to_le_bytes().to_vec(),
        DType::I32 => i32::try_from(*value).ok()?.to_le_bytes().to_vec(),
        DType::I64 => i64::try_from(*value).ok()?.to_le_bytes().to_vec(),
        DType::U8 => u8::try_from(*value).ok()?.to_le_bytes().to_vec(),
        DType::U16 => u16::try_from(*value).ok()?.to_le_bytes().to_vec(),
        DType::U32 => u32::try_from(*value).ok()?.to_le_bytes().to_vec(),
        DType::U64 => u64::try_from(*value).ok()?.to_le_bytes().to_vec(),
        _ => return None,
    })
}
