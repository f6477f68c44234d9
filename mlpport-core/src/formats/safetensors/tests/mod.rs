#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

mod hostile;

use std::sync::Arc;

use ndarray::{Array2, array};
use safetensors::SafeTensors;
use safetensors::tensor::{Dtype, TensorView, serialize};

use super::{DTYPES, check, index, write_to};
use crate::error::{Error, Result};
use crate::formats::source::Source;
use crate::tensor::{DType, Tensor};
use crate::variables::{Entry, Path, Value, Variables};

/// A file of a header and data.
fn file(header: &str, data: &[u8]) -> Vec<u8> {
    [&u64::try_from(header.len()).unwrap().to_le_bytes(), header.as_bytes(), data].concat()
}

/// One array of a header.
fn info(dtype: &str, shape: &str, from: u64, to: u64) -> String {
    format!(r#"{{"dtype":"{dtype}","shape":[{shape}],"data_offsets":[{from},{to}]}}"#)
}

fn read(bytes: &[u8], separator: Option<char>) -> Result<Variables> {
    let source = Arc::new(Source::memory(bytes));
    let mut variables = Variables::new();
    for (path, slot) in index(&source, separator)?.entries() {
        variables.insert(path, slot.read()?).unwrap();
    }
    Ok(variables)
}

fn written(variables: &Variables, separator: Option<char>) -> Vec<u8> {
    check(variables, separator).unwrap();
    let mut bytes = Vec::new();
    write_to(variables, separator, &mut bytes).unwrap();
    bytes
}

fn sample() -> Variables {
    let mut variables = Variables::new();
    variables.insert("params/Dense_0/kernel", Array2::<f32>::from_elem((3, 2), 0.25)).unwrap();
    variables.insert("params/Dense_0/bias", array![1.0_f32, -2.0]).unwrap();
    variables.insert("params/mask", array![true, false, true]).unwrap();
    variables.insert("step", Value::Scalar(Tensor::from_array(ndarray::arr0(7_i64)))).unwrap();
    variables
}

fn paths(keys: &[&str]) -> Vec<Path> {
    let entries = keys.iter().map(|key| format!("\"{key}\":{}", info("U8", "0", 0, 0))).collect::<Vec<_>>();
    let variables = read(&file(&format!("{{{}}}", entries.join(",")), &[]), None).unwrap();
    variables.entries().map(|(path, _)| path.clone()).collect()
}

#[test]
fn the_bytes_are_those_of_the_reference() {
    let mut variables = sample();
    for (name, dtype) in DTYPES {
        variables.insert(["dtypes", *name], Tensor::zeros(*dtype, &[2, 1]).unwrap()).unwrap();
    }
    let views: Vec<(String, Dtype, Vec<usize>, Vec<u8>)> = variables
        .leaves()
        .map(|(path, tensor)| {
            let (name, _) = DTYPES.iter().find(|(_, dtype)| *dtype == tensor.dtype()).unwrap();
            let dtype: Dtype = serde_json::from_value((*name).into()).unwrap();
            (path.to_string(), dtype, tensor.shape().to_vec(), tensor.le_bytes().into_owned())
        })
        .collect();
    let views =
        views.iter().map(|(key, dtype, shape, bytes)| (key, TensorView::new(*dtype, shape.clone(), bytes).unwrap()));
    let bytes = written(&variables, None);
    assert_eq!(bytes, serialize(views, None).unwrap());
    assert_eq!(read(&bytes, None).unwrap().leaves().collect::<Vec<_>>(), variables.leaves().collect::<Vec<_>>());
    assert_eq!(SafeTensors::deserialize(&bytes).unwrap().len(), variables.len());
}

#[test]
fn the_separator_is_the_one_that_most_keys_have() {
    assert_eq!(paths(&["a/b.c", "a/d"]), [Path::from(["a", "b.c"]), Path::from(["a", "d"])]);
    assert_eq!(paths(&["a.b/c", "a.d"]), [Path::from(["a", "b/c"]), Path::from(["a", "d"])]);
    assert_eq!(paths(&["a/b.c"]), [Path::from(["a", "b.c"])]);
    assert_eq!(paths(&["a,b,c", "step"]), [Path::from(["a", "b", "c"]), Path::from(["step"])]);
    assert_eq!(paths(&["a", "b"]), [Path::from(["a"]), Path::from(["b"])]);
    // A separator that would leave an empty name is none.
    assert_eq!(paths(&["/a.b", "c.d"]), [Path::from(["/a", "b"]), Path::from(["c", "d"])]);
    assert_eq!(paths(&["a."]), [Path::from(["a."])]);
    assert_eq!(paths(&[""]), [Path::from([""])]);
}

#[test]
fn what_has_no_place_in_the_format_is_refused() {
    let refused = |path: Path, entry: Entry| {
        let mut variables = Variables::new();
        variables.insert(path, entry).unwrap();
        match check(&variables, None) {
            Err(error @ Error::Unsupported { .. }) => error.to_string(),
            other => panic!("expected Error::Unsupported, found {other:?}"),
        }
    };
    let arrays = "a/b: safetensors stores arrays alone, found ";
    assert_eq!(refused("a/b".into(), Value::Int(3).into()), format!("{arrays}3"));
    assert_eq!(refused("a/b".into(), Value::None.into()), format!("{arrays}None"));
    assert_eq!(refused("a/b".into(), Entry::Empty), format!("{arrays}{{}}"));
    let zeros = |dtype| Entry::Tensor(Tensor::zeros(dtype, &[1]).unwrap());
    let message = refused("a".into(), zeros(DType::Complex128));
    assert!(message.starts_with("a: safetensors stores the dtypes bool, uint8,"), "{message}");
    assert!(message.ends_with(", found complex128"), "{message}");
    assert!(refused(Path::root(), zeros(DType::F32)).starts_with("the root: safetensors stores arrays with names"));
    assert!(refused(Path::from(["a", ""]), zeros(DType::F32)).ends_with("found \\e"));
    assert!(refused(Path::from(["__metadata__"]), zeros(DType::F32)).ends_with("found `__metadata__`"));
    assert!(refused(Path::from(["a.b"]), zeros(DType::F32)).ends_with("found more keys with `.`"));
    let axes = refused("a".into(), Tensor::zeros(DType::F32, &[1; 65]).unwrap().into());
    assert!(axes.starts_with("a: safetensors stores arrays of at most 64 axes"), "{axes}");
}
