#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

mod archives;
mod headers;

use std::io::{Cursor, Write};
use std::sync::Arc;

use ndarray::{Array2, array};
use zip::write::{SimpleFileOptions, ZipWriter};
use zip::{CompressionMethod, DateTime};

use super::{check, index, index_npy, write_to};
use crate::error::{Error, Result};
use crate::formats::index::Index;
use crate::formats::source::Source;
use crate::tensor::{DType, Tensor};
use crate::variables::{Entry, Path, Value, Variables};

/// An array file of version 1.
fn npy(header: &str, data: &[u8]) -> Vec<u8> {
    let length = u16::try_from(header.len()).unwrap().to_le_bytes();
    [b"\x93NUMPY\x01\0", &length[..], header.as_bytes(), data].concat()
}

/// The header of an array in C order.
fn header(descr: &str, shape: &str) -> String {
    format!("{{'descr': '{descr}', 'fortran_order': False, 'shape': {shape}, }}")
}

fn archive(members: &[(&str, &[u8])], method: CompressionMethod) -> Vec<u8> {
    let mut archive = ZipWriter::new(Cursor::new(Vec::new()));
    let options = SimpleFileOptions::DEFAULT.compression_method(method).last_modified_time(DateTime::DEFAULT);
    for (name, data) in members {
        archive.start_file(*name, options).unwrap();
        archive.write_all(data).unwrap();
    }
    archive.finish().unwrap().into_inner()
}

fn stored(members: &[(&str, &[u8])]) -> Vec<u8> {
    archive(members, CompressionMethod::Stored)
}

fn values(index: &Index<'_>) -> Result<Variables> {
    let mut variables = Variables::new();
    for (path, slot) in index.entries() {
        variables.insert(path, slot.read()?).unwrap();
    }
    Ok(variables)
}

fn read(bytes: &[u8]) -> Result<Variables> {
    values(&index(&Arc::new(Source::memory(bytes)), None)?)
}

fn read_npy(bytes: &[u8]) -> Result<Variables> {
    values(&index_npy(&Arc::new(Source::memory(bytes)))?)
}

/// Offset, what was expected and what was found.
fn fault(result: Result<Variables>) -> (u64, String, String) {
    match result {
        Err(Error::Format { file: None, format: "npz", offset, expected, found }) => (offset, expected, found),
        other => panic!("expected Error::Format, found {other:?}"),
    }
}

#[track_caller]
fn assert_fault(result: Result<Variables>, offset: u64, expected: &str, found: &str) {
    assert_eq!(fault(result), (offset, expected.to_owned(), found.to_owned()));
}

fn written(variables: &Variables) -> Vec<u8> {
    check(variables, None).unwrap();
    let mut bytes = Cursor::new(Vec::new());
    write_to(variables, None, &mut bytes).unwrap();
    bytes.into_inner()
}

fn sample() -> Variables {
    let mut variables = Variables::new();
    variables.insert("params/Dense_0/kernel", Array2::<f32>::from_elem((3, 2), 0.25)).unwrap();
    variables.insert("params/mask", array![true, false, true]).unwrap();
    variables.insert("step", Tensor::from_array(ndarray::arr0(7_i64))).unwrap();
    variables
}

#[test]
fn what_is_written_is_read() {
    let mut variables = sample();
    for dtype in DType::ALL.iter().filter(|dtype| super::descr::of(**dtype).is_some()) {
        variables.insert(["dtypes", dtype.name()], Tensor::zeros(*dtype, &[2, 1]).unwrap()).unwrap();
    }
    assert_eq!(variables.len(), 3 + 16);
    let bytes = written(&variables);
    assert_eq!(read(&bytes).unwrap(), variables);
    assert_eq!(bytes, written(&variables));
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
    assert_eq!(refused("a/b".into(), Value::Int(3).into()), "a/b: npz stores arrays alone, found 3");
    assert_eq!(refused("a/b".into(), Entry::Empty), "a/b: npz stores arrays alone, found {}");
    let zeros = |dtype| Entry::Tensor(Tensor::zeros(dtype, &[1]).unwrap());
    let message = refused("a".into(), zeros(DType::F8E5M2));
    assert!(message.starts_with("a: npz stores the dtypes float32, float64,"), "{message}");
    assert!(message.ends_with(", found float8_e5m2"), "{message}");
    assert!(refused(Path::root(), zeros(DType::F32)).starts_with("the root: npz stores arrays with names"));
    assert!(refused(Path::from(["a/b"]), zeros(DType::F32)).contains("`SaveOptions::separator`"));
    assert!(refused(Path::from(["a\0b"]), zeros(DType::F32)).contains("without the character 0"));
    assert!(
        refused(Path::from(["a".repeat(65_532).as_str()]), zeros(DType::F32)).ends_with("found one of 65532 bytes")
    );
    assert!(refused("a".into(), Tensor::zeros(DType::F32, &[1; 65]).unwrap().into()).contains("at most 64 axes"));
}
