#![allow(clippy::unwrap_used, clippy::panic, clippy::cast_possible_truncation, reason = "a test fails by panicking")]

mod hostile;

use ndarray::{Array1, ArrayD, IxDyn, array};
use proptest::prelude::*;

use super::write::write_in_chunks;
use super::{from_bytes, to_bytes};
use crate::formats::Checkpoint;
use crate::tensor::{BF16, Complex, DType, Tensor};
use crate::variables::{Entry, Path, Value, Variables};

/// Extension 1 with this payload, in its shortest form.
fn ext(kind: u8, payload: &[u8]) -> Vec<u8> {
    let mut bytes = Vec::new();
    rmp::encode::write_ext_meta(&mut bytes, payload.len() as u32, kind as i8).unwrap();
    [&bytes, payload].concat()
}

fn payload(shape: &[u8], dtype: &str, data: &[u8]) -> Vec<u8> {
    let name = [&[0xa0 | dtype.len() as u8], dtype.as_bytes()].concat();
    [&[0x93, 0x90 | shape.len() as u8], shape, &name, &[0xc4, data.len() as u8], data].concat()
}

fn array_bytes(shape: &[u8], dtype: &str, data: &[u8]) -> Vec<u8> {
    ext(1, &payload(shape, dtype, data))
}

/// A map of one-letter keys.
fn map(entries: &[(u8, &[u8])]) -> Vec<u8> {
    let entry = |(key, value): &(u8, &[u8])| [&[0xa1, *key], *value].concat();
    [vec![0x80 | entries.len() as u8], entries.iter().flat_map(entry).collect()].concat()
}

fn paths(variables: &Variables) -> Vec<String> {
    variables.entries().map(|(path, _)| path.to_string()).collect()
}

fn sample() -> Variables {
    let mut variables = Variables::new();
    let mut put = |path: &str, entry: Entry| variables.insert(path, entry).unwrap();
    put("params/Dense_0/kernel", array![[1.0_f32, -2.0], [f32::NAN, 0.0]].into());
    put("params/Dense_0/bias", array![BF16::from_f32(1.0)].into());
    put("params/mask", array![true, false].into());
    put("opt_state/0/count", Value::Scalar(Tensor::from_array(ndarray::arr0(7_i32))).into());
    put("opt_state/1", Entry::Empty);
    put("extra/none", Value::None.into());
    put("extra/float", Value::Float(0.1).into());
    put("extra/complex", Value::Complex(Complex { re: 1.5, im: -2.0 }).into());
    put("extra/text", Value::from("größe").into());
    put("extra/bytes", Value::Bytes(vec![0, 255]).into());
    put("extra/big", Value::UInt(u64::MAX).into());
    put("extra/small", Value::Int(-129).into());
    variables
}

#[test]
fn bytes_are_those_of_flax() {
    // flax.serialization.to_bytes({"a": np.float32([1, 2]), "b": {"c": np.int32(7), "d": None, "e": 1 + 2j}})
    let expected = [
        &b"\x82\xa1a\xc7\x15\x01\x93\x91\x02\xa7float32\xc4\x08\0\0\x80?\0\0\0@"[..],
        b"\xa1b\x83\xa1c\xc7\x0e\x03\x93\x90\xa5int32\xc4\x04\x07\0\0\0\xa1d\xc0",
        b"\xa1e\xc7\x13\x02\x92\xcb?\xf0\0\0\0\0\0\0\xcb@\0\0\0\0\0\0\0",
    ];
    let mut variables = Variables::new();
    variables.insert("a", array![1.0_f32, 2.0]).unwrap();
    variables.insert("b/c", Value::Scalar(Tensor::from_array(ndarray::arr0(7_i32)))).unwrap();
    variables.insert("b/d", Value::None).unwrap();
    variables.insert("b/e", Value::Complex(Complex { re: 1.0, im: 2.0 })).unwrap();
    let bytes = to_bytes(&variables).unwrap();
    assert_eq!(from_bytes(&bytes).unwrap(), variables);
    assert_eq!(bytes.escape_ascii().to_string(), expected.concat().escape_ascii().to_string());
}

#[test]
fn everything_is_written_again() {
    let variables = sample();
    assert_eq!(from_bytes(&to_bytes(&variables).unwrap()).unwrap(), variables);
}

#[test]
fn any_root_is_read() {
    assert_eq!(from_bytes(b"\x80").unwrap(), Variables::new());
    assert_eq!(from_bytes(b"\x90").unwrap(), Variables::new());
    assert_eq!(to_bytes(&Variables::new()).unwrap(), b"\x80");
    let bytes = array_bytes(&[2], "uint8", &[7, 8]);
    let bare = from_bytes(&bytes).unwrap();
    assert_eq!(bare.get(""), Some(&Tensor::from_array(array![7_u8, 8])));
    assert_eq!(to_bytes(&bare).unwrap(), bytes);
    assert_eq!(from_bytes(b"\x03").unwrap().entry(&Path::root()), Some(&Entry::Value(Value::Int(3))));
}

#[test]
fn lists_and_numbers_become_names() {
    let list = from_bytes(b"\x93\xc0\x92\x01\x02\x90").unwrap();
    assert_eq!(paths(&list), ["0", "1/0", "1/1", "2"]);
    assert_eq!(list.entry(&Path::parse("2")), Some(&Entry::Empty));
    let keys = from_bytes(b"\x83\x01\xc0\xfe\xc0\xcf\xff\xff\xff\xff\xff\xff\xff\xff\xc0").unwrap();
    assert_eq!(paths(&keys), ["-2", "1", "18446744073709551615"]);
}

#[test]
fn names_may_hold_anything() {
    let mut variables = Variables::new();
    for names in [&[""][..], &["a", "b/c"], &["a/b", "c"], &["größe"], &["x", ""]] {
        variables.insert(names, Value::None).unwrap();
    }
    assert_eq!(variables.len(), 5);
    assert_eq!(from_bytes(&to_bytes(&variables).unwrap()).unwrap(), variables);
}

#[test]
fn values_of_every_encoding_are_read() {
    let read = |bytes: &[u8]| match from_bytes(bytes).unwrap().remove(&Path::root()) {
        Some(Entry::Value(value)) => value,
        other => panic!("expected a value, found {other:?}"),
    };
    assert_eq!(read(b"\xcc\x01"), Value::Int(1));
    assert_eq!(read(b"\xcd\0\x01"), Value::Int(1));
    assert_eq!(read(b"\xd0\x80"), Value::Int(-128));
    assert_eq!(read(b"\xd1\xff\x7f"), Value::Int(-129));
    assert_eq!(read(b"\xca\x3f\x80\0\0"), Value::Float(1.0));
    assert_eq!(read(b"\xda\0\x01x"), Value::from("x"));
    assert_eq!(read(b"\xdb\0\0\0\x01x"), Value::from("x"));
    assert_eq!(read(b"\xc5\0\x01x"), Value::Bytes(b"x".to_vec()));
    assert_eq!(read(b"\xc6\0\0\0\x01x"), Value::Bytes(b"x".to_vec()));
    assert_eq!(paths(&from_bytes(b"\xde\0\x01\xa1a\xc0").unwrap()), ["a"]);
    assert_eq!(paths(&from_bytes(b"\xdf\0\0\0\x01\xa1a\xc0").unwrap()), ["a"]);
    assert_eq!(paths(&from_bytes(b"\xdc\0\x01\xc0").unwrap()), ["0"]);
    assert_eq!(paths(&from_bytes(b"\xdd\0\0\0\x01\xc0").unwrap()), ["0"]);
}

#[test]
fn large_arrays_are_written_and_read_in_chunks() {
    let mut variables = Variables::new();
    variables.insert("a", Array1::from_iter((0..35).map(|x| x as f32)).into_shape_with_order((5, 7)).unwrap()).unwrap();
    variables.insert("b", Array1::from_iter((0..11).map(f64::from))).unwrap();
    variables.insert("c", Tensor::from_array(array![true, false, true, false])).unwrap();
    variables.insert("d", array![Complex { re: 1.0_f64, im: 2.0 }, Complex { re: 3.0, im: 4.0 }]).unwrap();
    variables.insert("e", Tensor::zeros(DType::F32, &[0, 3]).unwrap()).unwrap();
    for largest in [3, 16, 40, 1000] {
        let mut bytes = Vec::new();
        write_in_chunks(&variables, largest, &mut bytes).unwrap();
        assert_eq!(from_bytes(&bytes).unwrap(), variables);
    }
    let mut bytes = Vec::new();
    write_in_chunks(&variables.clone().subtree("c").unwrap(), 3, &mut bytes).unwrap();
    let chunk = |length: u8, data: &[u8]| array_bytes(&[length], "bool", data);
    let expected = [
        b"\x83\xb9__msgpack_chunked_array__\xc3\xa5shape\x81\xa10\x04\xa6chunks\x82\xa10",
        &chunk(3, &[1, 0, 1])[..],
        b"\xa11",
        &chunk(1, &[0]),
    ]
    .concat();
    assert_eq!(bytes, expected);
}

fn chunked(shape: &[u8], chunks: &[u8]) -> Vec<u8> {
    [b"\x83\xb9__msgpack_chunked_array__\xc3\xa5shape", shape, b"\xa6chunks", chunks].concat()
}

#[test]
fn chunks_are_read_by_their_numbers() {
    let (first, second) = (array_bytes(&[1], "uint8", &[1]), array_bytes(&[2], "uint8", &[2, 3]));
    let chunks = map(&[(b'1', &second), (b'0', &first)]);
    let read = from_bytes(&chunked(b"\x81\xa10\x03", &chunks)).unwrap();
    assert_eq!(read.get(""), Some(&Tensor::from_array(array![1_u8, 2, 3])));
    let list = [&[0x92], &first[..], &second].concat();
    assert_eq!(from_bytes(&chunked(b"\x91\x03", &list)).unwrap(), read);
}

#[test]
fn texts_and_arrays_of_any_length_are_found_behind_each_other() {
    // Around the 8192 bytes that are read at once.
    for length in [0, 1, 4000, 8170, 8180, 8190, 8191, 8192, 8193, 20_000] {
        let mut variables = Variables::new();
        variables.insert("a", Value::Str("x".repeat(length))).unwrap();
        variables.insert("b", Tensor::zeros(DType::U8, &[length]).unwrap()).unwrap();
        variables.insert("c", Value::Int(-70_000)).unwrap();
        variables.insert("d".repeat(length + 1), Value::Bytes(vec![7; length])).unwrap();
        variables.insert("e", array![1.5_f64]).unwrap();
        assert_eq!(from_bytes(&to_bytes(&variables).unwrap()).unwrap(), variables, "{length}");
    }
}

#[cfg(target_os = "linux")]
#[test]
fn a_large_file_is_opened_without_its_arrays() {
    use std::io::Write;

    // 3 GiB that the file system does not store.
    let (length, mut file) = (3_u32 << 30, tempfile::NamedTempFile::new().unwrap());
    let payload = [&b"\x93\x91\xce"[..], &length.to_be_bytes(), b"\xa5uint8\xc6", &length.to_be_bytes()].concat();
    let ext = [&b"\x81\xa1a\xc9"[..], &(payload.len() as u32 + length).to_be_bytes(), b"\x01", &payload].concat();
    file.write_all(&ext).unwrap();
    file.as_file().set_len(ext.len() as u64 + u64::from(length)).unwrap();
    let checkpoint = Checkpoint::open(file.path()).unwrap();
    let leaves: Vec<_> = checkpoint.leaves().map(|leaf| (leaf.path.to_string(), leaf.shape.to_vec())).collect();
    assert_eq!(leaves, [("a".to_owned(), vec![length as usize])]);

    file.as_file().set_len(ext.len() as u64 + u64::from(length) - 1).unwrap();
    let error = Checkpoint::open(file.path()).unwrap_err().to_string();
    assert!(error.starts_with(&file.path().display().to_string()), "{error}");
    assert!(error.ends_with("byte 9: expected 3221225490 bytes, found the end after 3221225489 (in a)"), "{error}");
}

#[test]
fn errors_of_elements_name_file_and_entry() {
    let file = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(&file, map(&[(b'a', &array_bytes(&[2], "bool", &[1, 2]))])).unwrap();
    let checkpoint = Checkpoint::open(&file).unwrap();
    let message = format!("{}: msgpack, byte 17: expected 0 or 1 for a bool, found 2 (in a)", file.path().display());
    assert_eq!(checkpoint.raw().unwrap_err().to_string(), message);
    assert_eq!(checkpoint.leaf("a").unwrap_err().to_string(), message);
    assert_eq!(checkpoint.subtree("a").unwrap_err().to_string(), message);
}

fn tensor() -> impl Strategy<Value = Tensor> {
    (prop::sample::select(DType::ALL.to_vec()), prop::collection::vec(0..4_usize, 0..4), any::<u64>()).prop_map(
        |(dtype, shape, seed)| {
            let length = shape.iter().product::<usize>() * dtype.size();
            let byte = |index: usize| (seed.rotate_left(index as u32 * 7) as u8).wrapping_add(index as u8);
            let bytes: Vec<u8> = (0..length).map(byte).map(|b| if dtype == DType::Bool { b & 1 } else { b }).collect();
            Tensor::from_le_bytes(dtype, &shape, &bytes).unwrap()
        },
    )
}

fn entry() -> impl Strategy<Value = Entry> {
    let scalar = prop::sample::select(DType::ALL.to_vec()).prop_map(|dtype| Tensor::zeros(dtype, &[]).unwrap());
    let value = prop_oneof![
        Just(Value::None),
        any::<bool>().prop_map(Value::Bool),
        any::<i64>().prop_map(Value::Int),
        any::<u64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::Float),
        any::<(f64, f64)>().prop_map(|(re, im)| Value::Complex(Complex { re, im })),
        any::<String>().prop_map(Value::Str),
        any::<Vec<u8>>().prop_map(Value::Bytes),
        scalar.prop_map(Value::Scalar),
    ];
    prop_oneof![tensor().prop_map(Entry::Tensor), value.prop_map(Entry::Value), Just(Entry::Empty)]
}

fn variables() -> impl Strategy<Value = Variables> {
    let names = prop::collection::vec(prop_oneof!["[a-c]{0,2}", any::<String>()], 0..4);
    prop::collection::vec((names, entry()), 0..12).prop_map(|entries| {
        let mut variables = Variables::new();
        for (names, entry) in entries {
            // Those that stand in the way of others are left out.
            let _ = variables.insert(names, entry);
        }
        variables
    })
}

proptest! {
    #[test]
    fn variables_round_trip(variables in variables(), largest in 1..64_usize) {
        let bytes = to_bytes(&variables).unwrap();
        prop_assert!(super::write::about(&variables) >= bytes.len());
        let read = from_bytes(&bytes).unwrap();
        prop_assert_eq!(&read, &variables);
        prop_assert_eq!(to_bytes(&read).unwrap(), bytes);

        let mut chunked = Vec::new();
        write_in_chunks(&variables, largest, &mut chunked).unwrap();
        prop_assert_eq!(from_bytes(&chunked).unwrap(), variables);
    }

    #[test]
    fn any_bytes_are_an_error_or_a_value(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        let _ = from_bytes(&bytes);
    }
}

#[test]
fn arrays_are_in_place_whatever_their_alignment() {
    for padding in 0..16 {
        let mut variables = Variables::new();
        variables.insert("k".repeat(padding + 1), ArrayD::from_elem(IxDyn(&[3]), 1.5_f64)).unwrap();
        assert_eq!(from_bytes(&to_bytes(&variables).unwrap()).unwrap(), variables);
    }
}
