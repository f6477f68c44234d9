//! Bytes that are no file of safetensors.

use super::{file, info, read, sample, written};
use crate::error::Error;
use safetensors::SafeTensors;

/// Offset, what was expected and what was found.
fn fault(bytes: &[u8]) -> (u64, String, String) {
    match read(bytes, None) {
        Err(Error::Format { file: None, format: "safetensors", offset, expected, found }) => (offset, expected, found),
        other => panic!("expected Error::Format, found {other:?}"),
    }
}

#[track_caller]
fn assert_fault(bytes: &[u8], offset: u64, expected: &str, found: &str) {
    assert_eq!(fault(bytes), (offset, expected.to_owned(), found.to_owned()));
}

/// A file with arrays under these keys.
fn arrays(entries: &[(&str, String)], data: &[u8]) -> Vec<u8> {
    let entries: Vec<String> = entries.iter().map(|(key, info)| format!("\"{key}\":{info}")).collect();
    file(&format!("{{{}}}", entries.join(",")), data)
}

/// Where the data of [`arrays`] begin.
fn start(bytes: &[u8]) -> u64 {
    8 + u64::from_le_bytes(*bytes.first_chunk().unwrap())
}

#[test]
fn the_length_of_the_header_is_a_claim() {
    assert_fault(b"", 0, "8 bytes with the length of the header", "the end after 0");
    assert_fault(&[1, 0, 0], 0, "8 bytes with the length of the header", "the end after 3");
    assert_fault(&[3, 0, 0, 0, 0, 0, 0, 0, b'{', b'}'], 0, "a header of at most 2 bytes", "3");
    assert_fault(&[255; 8], 0, "a header of at most 0 bytes", "18446744073709551615");
}

#[test]
fn headers_are_objects_of_arrays() {
    let json = |header: &str| {
        let (offset, expected, found) = fault(&file(header, &[]));
        assert_eq!(expected, "a header of safetensors");
        (offset, found)
    };
    assert!(json("[]").1.starts_with("invalid type: sequence, expected an object of arrays"));
    assert!(json("\"text\"").1.starts_with("invalid type: text, expected an object of arrays"));
    assert_eq!(json("{").1, "EOF while parsing an object at line 1 column 1");
    assert_eq!(json("{}{").0, 10);
    assert!(json(r#"{"a":3}"#).1.starts_with("invalid type: integer `3`, expected an object of `dtype`"));
    assert!(json(r#"{"a":{"shape":[],"data_offsets":[0,0]}}"#).1.starts_with("missing field `dtype`"));
    assert!(json(r#"{"a":{"dtype":"U8","dtype":"U8"}}"#).1.starts_with("`dtype` twice"));
    assert!(json(&format!(r#"{{"a":{}}}"#, info("U8", "-1", 0, 0))).1.starts_with("invalid type: integer `-1`"));
    assert!(json(&format!(r#"{{"a":{}}}"#, info("U8", "1.0", 0, 0))).1.starts_with("invalid type: floating point"));
    assert!(json(&format!(r#"{{"a":{}}}"#, info("U8", "1e400", 0, 0))).1.starts_with("number out of range"));
    assert!(json(&format!(r#"{{"a":{}}}"#, info("U8", &["1"; 65].join(","), 0, 1))).1.starts_with("more than 64"));
    assert!(json(r#"{"a":{"dtype":"U8","shape":[],"data_offsets":[0,0,0]}}"#).1.starts_with("more than 2"));
    assert!(json(r#"{"a":{"dtype":"U8","shape":[],"data_offsets":[0]}}"#).1.starts_with("no two numbers"));
    assert_eq!(json("{\n \"a\":{\"more\":[[[[").1, "the field `more`, which is none at line 2 column 12");
    assert_eq!(json("{\n \"a\":{\"more\":[[[[").0, 21);
    assert!(json(&"{\"a\":".repeat(200)).1.starts_with("the field `a`, which is none"));
}

#[test]
fn metadata_are_passed_over() {
    let header = format!(r#"{{"__metadata__":{{"format":"flax"}},"a":{},"__metadata__":{{}}}}"#, info("U8", "1", 0, 1));
    assert_eq!(read(&file(&header, &[5]), None).unwrap().len(), 1);
    let deep = fault(&file(&format!("{{\"__metadata__\":{{\"a\":{}", "[".repeat(200)), &[])).2;
    assert!(deep.starts_with("invalid type: sequence, expected a text"), "{deep}");
}

#[test]
fn the_parts_of_the_file_are_the_arrays() {
    let next =
        |next: u64| format!("the parts of the arrays one behind the other, the next from byte {next} of the data on");
    let gap = arrays(&[("a", info("U8", "1", 0, 1)), ("b", info("U8", "1", 2, 3))], &[0; 3]);
    assert_fault(&gap, start(&gap) + 1, &next(1), "2 to 3 for `b`");
    let first = arrays(&[("a", info("U8", "1", 1, 2))], &[0; 2]);
    assert_fault(&first, start(&first), &next(0), "1 to 2 for `a`");
    let overlap = arrays(&[("a", info("U8", "2", 0, 2)), ("b", info("U8", "2", 1, 3))], &[0; 3]);
    assert_fault(&overlap, start(&overlap) + 2, &next(2), "1 to 3 for `b`");
    let same = arrays(&[("a", info("U8", "2", 0, 2)), ("b", info("U8", "2", 0, 2))], &[0; 2]);
    assert_fault(&same, start(&same) + 2, &next(2), "0 to 2 for `b`");
    let backwards = arrays(&[("a", info("U8", "0", 1, 0))], &[0]);
    assert_fault(&backwards, start(&backwards), &next(0), "1 to 0 for `a`");
    let beyond = arrays(&[("a", info("U8", "4", 0, 4))], &[0; 3]);
    assert_fault(&beyond, start(&beyond) + 3, "4 bytes of data, with `a` as the last array", "3");
    let more = arrays(&[("a", info("U8", "2", 0, 2))], &[0; 3]);
    assert_fault(&more, start(&more) + 2, "2 bytes of data, with `a` as the last array", "3");
    assert_fault(&file("{}", &[0]), 10, "0 bytes of data, with no array", "1");
}

#[test]
fn shapes_fit_the_parts() {
    let one = |info: String| arrays(&[("a", info)], &[0; 4]);
    let bytes = one(info("F32", "2", 0, 4));
    assert_fault(&bytes, start(&bytes), "8 bytes for `a` float32 (2,)", "4 in the offsets 0 to 4");
    for shape in ["4294967296,4294967296", "0,9223372036854775807,4", "18446744073709551615"] {
        let bytes = one(info("U8", shape, 0, 4));
        assert_eq!(fault(&bytes).0, start(&bytes));
        assert_eq!(fault(&bytes).1, "a shape that fits into memory", "{shape}");
    }
    let bytes = one(info("BOOL", "4", 0, 4));
    assert!(read(&bytes, None).is_ok());
    let bytes = arrays(&[("a", info("BOOL", "2", 0, 2))], &[0, 2]);
    assert_fault(&bytes, start(&bytes) + 1, "0 or 1 for a bool", "2");
}

#[test]
fn dtypes_are_known() {
    let (offset, expected, found) = fault(&arrays(&[("a", info("F4", "2", 0, 1))], &[0]));
    assert_eq!((offset, found.as_str()), (8, "`F4` of `a`"));
    assert!(expected.starts_with("one of the dtypes BOOL, U8, I8, F8_E5M2, F8_E4M3,"), "{expected}");
    let long = fault(&arrays(&[("a", info(&"F".repeat(1000), "2", 0, 1))], &[0])).2;
    assert!(long.len() < 60, "{long}");
}

#[test]
fn keys_stand_once_and_none_is_above_another() {
    let zero = || info("U8", "0", 0, 0);
    assert_fault(&arrays(&[("a", zero()), ("b", zero()), ("a", zero())], &[]), 8, "every key once", "`a` twice");
    let (offset, expected, found) = fault(&arrays(&[("a/b", zero()), ("a", zero())], &[]));
    assert_eq!((offset, found.as_str()), (8, "`a/b` beside a"));
    assert!(expected.contains("split at `/`; `OpenOptions::separator` splits them elsewhere"), "{expected}");
    assert_eq!(read(&arrays(&[("a/b", zero()), ("a", zero())], &[]), Some('.')).unwrap().len(), 2);
}

#[test]
fn names_are_utf_8_and_are_shown_without_harm() {
    let zero = info("U8", "0", 0, 0);
    let mut bytes = arrays(&[("key", zero.clone())], &[]);
    let place = bytes.windows(3).position(|part| part == b"key").unwrap();
    bytes[place] = 0xff;
    assert!(fault(&bytes).2.starts_with("invalid unicode code point"), "{}", fault(&bytes).2);
    let hidden = arrays(&[("a\u{202e}\\n\\u001b", zero.clone()), ("a\u{202e}\\n\\u001b", zero)], &[]);
    assert_fault(&hidden, 8, "every key once", "`a\\u{202e}\\u{a}\\u{1b}` twice");
    assert!(fault(&arrays(&[(&"k".repeat(5000), info("F4", "", 0, 0))], &[])).2.len() < 200);
}

#[test]
fn keys_do_not_become_large() {
    let key = |names: usize| vec!["a"; names].join("/");
    let zero = info("U8", "0", 0, 0);
    assert!(read(&arrays(&[(&key(128), zero.clone())], &[]), None).is_ok());
    let (offset, expected, found) = fault(&arrays(&[(&key(129), zero.clone())], &[]));
    assert_eq!((offset, expected.as_str()), (8, "keys of at most 128 names"));
    assert!(found.starts_with("129 in `a/a/"), "{found}");

    let deep = key(128);
    let entries: Vec<String> = (0..4000).map(|index| format!("\"{deep}{index}\":{zero}")).collect();
    let bytes = file(&format!("{{{}}}", entries.join(",")), &[]);
    assert_eq!(fault(&bytes).1, "fewer or shorter keys in so small a file");
}

#[test]
fn every_truncation_is_an_error() {
    let bytes = written(&sample(), None);
    for length in 0..bytes.len() {
        fault(&bytes[..length]);
    }
}

#[test]
fn every_changed_byte_is_an_error_or_what_the_reference_reads() {
    let mut bytes = written(&sample(), None);
    for index in 0..bytes.len() {
        let original = bytes[index];
        for changed in 0..=u8::MAX {
            bytes[index] = changed;
            if let Ok(variables) = read(&bytes, None) {
                let reference = SafeTensors::deserialize(&bytes).unwrap();
                assert!(reference.len() == variables.len());
                let mut found: Vec<&[u8]> = reference.iter().map(|(_, view)| view.data()).collect();
                let leaves: Vec<_> = variables.leaves().map(|(_, tensor)| tensor.le_bytes()).collect();
                let mut expected: Vec<&[u8]> = leaves.iter().map(|bytes| &**bytes).collect();
                found.sort();
                expected.sort();
                assert_eq!(found, expected);
            }
        }
        bytes[index] = original;
    }
}
