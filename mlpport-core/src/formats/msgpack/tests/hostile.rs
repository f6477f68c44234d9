//! Bytes that are no file of Flax, and variables that no file can hold.

use super::super::write::write_in_chunks;
use super::super::{CHUNKED, from_bytes, to_bytes};
use super::{array_bytes, chunked, ext, map, payload, sample};
use crate::error::Error;
use crate::tensor::Tensor;
use crate::variables::{Entry, Path, Value, Variables};
use ndarray::array;

/// Offset, what was expected and what was found.
fn fault(bytes: &[u8]) -> (u64, String, String) {
    match from_bytes(bytes) {
        Err(Error::Format { file: None, format: "msgpack", offset, expected, found }) => (offset, expected, found),
        other => panic!("expected Error::Format, found {other:?}"),
    }
}

fn assert_fault(bytes: &[u8], offset: u64, expected: &str, found: &str) {
    assert_eq!(fault(bytes), (offset, expected.to_owned(), found.to_owned()));
}

#[test]
fn wrong_chunks_are_refused() {
    let chunk = array_bytes(&[2], "bool", &[1, 0]);
    let one = map(&[(b'0', &chunk)]);
    let at = |bytes: &[u8]| (fault(bytes).1, fault(bytes).2);
    let pair = |expected: &str, found: &str| (expected.to_owned(), found.to_owned());

    assert_eq!(at(&chunked(b"\x81\xa10\x03", &one)), pair("3 bytes for bool (3,)", "2 bytes"));
    let huge = [b"\x82\xa10\xcf\x7f\xff\xff\xff\xff\xff\xff\xff\xa11\x03", &[][..]].concat();
    assert_eq!(at(&chunked(&huge, &one)), pair("a shape that fits into memory", "(9223372036854775807, 3)"));
    assert_eq!(at(&chunked(b"\x81\xa10\xff", &one)), pair("the lengths of the axes", "another value among them"));
    assert_eq!(at(&chunked(b"\x81\xa11\x02", &one)), pair("the names from 0 on, 1 of them", "`1`"));
    assert_eq!(at(&chunked(b"\x81\xa200\x02", &one)), pair("the names from 0 on, 1 of them", "`00`"));
    assert_eq!(at(&chunked(b"\x80", b"\x80")), pair("at least one chunk", "none"));
    assert_eq!(
        at(&chunked(b"\x01", &one)),
        pair("maps as `shape` and `chunks` of an array of chunks", "another value")
    );
    let flat = pair("arrays of one axis as chunks", "another value among them");
    assert_eq!(at(&chunked(b"\x80", &map(&[(b'0', b"\xc0")]))), flat);
    assert_eq!(at(&chunked(b"\x80", &map(&[(b'0', &array_bytes(&[], "bool", &[1]))]))), flat);
    let mixed = map(&[(b'0', &chunk), (b'1', &array_bytes(&[1], "uint8", &[1]))]);
    assert_eq!(at(&chunked(b"\x81\xa10\x03", &mixed)), pair("a chunk of bool", "one of uint8"));

    let only = [b"\x81\xb9".as_slice(), CHUNKED.as_bytes(), b"\xc3"].concat();
    assert_eq!(at(&only), pair("`shape` and `chunks` in an array of chunks", "only one of them or none"));
    let more = [b"\x82\xb9".as_slice(), CHUNKED.as_bytes(), b"\xc3\xa1x\xc0"].concat();
    assert_eq!(at(&more), pair("`shape` and `chunks` alone in an array of chunks", "`x`"));

    let two = map(&[(b'0', &chunk), (b'1', &array_bytes(&[1], "bool", &[9]))]);
    let bytes = chunked(b"\x81\xa10\x03", &two);
    assert_eq!(fault(&bytes), (bytes.len() as u64 - 1, "0 or 1 for a bool".into(), "9".into()));
}

#[test]
fn chunks_are_no_chunked_arrays() {
    let inner = chunked(b"\x81\xa10\x01", &map(&[(b'0', &array_bytes(&[1], "bool", &[1]))]));
    let outer = chunked(b"\x81\xa10\x01", &map(&[(b'0', &inner)]));
    assert_eq!(fault(&outer).1, "arrays of one axis as chunks");
}

#[test]
fn lengths_are_claims() {
    assert_fault(b"", 0, "a value", "the end");
    assert_fault(
        b"\xdf\xff\xff\xff\xff\xa1a",
        0,
        "at least 8589934590 bytes for 4294967295 entries",
        "2, up to the end",
    );
    assert_fault(
        b"\xdd\x7f\xff\xff\xff\xc0",
        0,
        "at least 2147483647 bytes for 2147483647 entries",
        "1, up to the end",
    );
    assert_fault(b"\xc6\xff\xff\xff\xff\0", 5, "4294967295 bytes", "the end after 1");
    assert_fault(b"\xdb\xff\xff\xff\xff\0", 5, "4294967295 bytes", "the end after 1");
    assert_fault(b"\xc9\xff\xff\xff\xff\x01\x93", 6, "4294967295 bytes", "the end after 1");
    assert_fault(b"\xcd\x01", 1, "2 bytes", "the end after 1");
    let inner = [0x93, 0x90, 0xa5, b'u', b'i', b'n', b't', b'8', 0xc4, 2, 0];
    assert_fault(&[&ext(1, &inner)[..], &[0, 0]].concat(), 13, "2 bytes", "the end after 1");
}

#[test]
fn arrays_fit_their_shapes() {
    let a = |value: &[u8]| map(&[(b'a', value)]);
    assert_fault(&a(&array_bytes(&[2, 3], "uint8", &[0; 5])), 16, "6 bytes for uint8 (2, 3)", "5 bytes (in a)");
    let huge =
        [&[0x93, 0x92], &[0xcf, 0x7f, 255, 255, 255, 255, 255, 255, 255][..], &[2, 0xa4], b"int8", &[0xc4, 0]].concat();
    assert_fault(&a(&ext(1, &huge)), 7, "a shape that fits into memory", "(9223372036854775807, 2) (in a)");
    assert_fault(&a(&array_bytes(&[0xff], "int8", &[])), 8, "the length of an axis", "the integer -1 (in a)");
    assert_fault(&a(&array_bytes(&[2], "bool", &[1, 2])), 17, "0 or 1 for a bool", "2 (in a)");
    let (offset, expected, found) = fault(&a(&array_bytes(&[1], "float128", &[0])));
    assert_eq!((offset, found.as_str()), (9, "`float128` (in a)"));
    assert!(expected.starts_with("one of the dtypes float32, float64,"), "{expected}");
    assert_fault(&a(&ext(1, b"\x92\x90\xa0")), 6, "an array's shape, dtype and bytes", "a list of 2 (in a)");
    assert_fault(&a(&ext(1, b"\x93\xc0\xa0\xa0")), 6, "the list of a shape", "nil (in a)");
    assert_fault(&a(&ext(1, b"\x93\x90\x05\xa0")), 7, "the name of a dtype", "the integer 5 (in a)");
    assert_fault(&a(&ext(1, b"\x93\x90\xa4int8\xc3")), 12, "the bytes of an array", "true (in a)");
    let longer = [&payload(&[1], "int8", &[0])[..], &[0]].concat();
    assert_fault(&a(&ext(1, &longer)), 17, "the end of the array", "1 more bytes (in a)");
}

#[test]
fn shapes_have_few_axes_whose_product_is_a_size() {
    let shape = |axes: &[&[u8]]| [&[0x93, 0x90 | axes.len() as u8], &axes.concat()[..], b"\xa4int8\xc4\0"].concat();
    let large = &[0xcf, 0, 0, 1, 0, 0, 0, 0, 0][..];
    let refused = "a shape that fits into memory";
    assert_fault(&ext(1, &shape(&[&[0], large, large])), 4, refused, "(0, 1099511627776, 1099511627776)");
    assert_fault(&ext(1, &shape(&[large, &[0], large])), 4, refused, "(1099511627776, 0, 1099511627776)");

    let many = |axes: u8| [&b"\x93\xdc\0"[..], &[axes], &vec![1; axes.into()], b"\xa4int8\xc4\x01\x07"].concat();
    assert_fault(&ext(1, &many(65)), 4, "at most 64 axes", "65");
    assert_eq!(from_bytes(&ext(1, &many(64))).unwrap().get("").unwrap().shape(), [1; 64]);
    let chunk = array_bytes(&[1], "bool", &[1]);
    let in_chunks =
        |axes: u8| chunked(&[&[0xdc, 0, axes], &vec![1; axes.into()][..]].concat(), &map(&[(b'0', &chunk)]));
    assert_eq!(fault(&in_chunks(65)).1, "at most 64 axes");
    assert!(from_bytes(&in_chunks(64)).is_ok());
}

#[test]
fn the_other_extensions_are_checked_too() {
    assert_fault(&ext(3, &payload(&[1], "int8", &[0])), 3, "the shape () for a numpy scalar", "(1,)");
    assert_fault(&ext(2, b"\x91\xc0"), 2, "the two floats of a complex number", "a list of 1");
    assert_fault(&ext(2, b"\x92\xc0\xc0\xc0"), 3, "a float", "nil");
    assert_fault(&ext(2, b"\x92\xca\0\0\0\0\xca\0\0\0\0\x01"), 14, "the end of the complex number", "1 more bytes");
    let expected = "extension 1, 2 or 3: an array, a complex number or a numpy scalar";
    assert_fault(b"\xd4\xff\0", 0, expected, "extension -1");
}

#[test]
fn keys_are_texts_or_integers_and_stand_once() {
    assert_fault(b"\x81\xc0\xc0", 1, "a text or an integer as a key", "nil");
    assert_fault(b"\x82\xa1a\xc0\xa1a\xc0", 4, "every key once", "`a` twice");
    assert_fault(b"\x82\xa11\xc0\x01\xc0", 4, "every key once", "`1` twice");
    assert_fault(b"\x81\xa3a\xffb\xc0", 3, "UTF-8", "bytes that are none");
}

#[test]
fn texts_are_utf_8() {
    assert_fault(b"\xa2a\xff", 2, "UTF-8", "bytes that are none");
    assert_fault(&ext(1, b"\x93\x90\xa1\xff\xc4\0"), 6, "UTF-8", "bytes that are none");
}

#[test]
fn names_that_disturb_are_escaped() {
    let line = "\n\u{1b}[2J\u{202e}\u{200b}";
    let key = [&[0xa0 | line.len() as u8], line.as_bytes()].concat();
    let escaped = "\\u{a}\\u{1b}[2J\\u{202e}\\u{200b}";
    let bytes = [&b"\x81"[..], &key, b"\xc1"].concat();
    assert_eq!(fault(&bytes).2, format!("the byte c1, which msgpack does not use (in {escaped})"));
    let bytes = [&b"\x82"[..], &key, b"\xc0", &key, b"\xc0"].concat();
    assert_eq!(fault(&bytes).2, format!("`{escaped}` twice"));
    let bytes = chunked(b"\x80", &[&b"\x81"[..], &key, b"\xc0"].concat());
    assert_eq!(fault(&bytes).2, format!("`{escaped}`"));
    let bytes = array_bytes(&[], line, &[]);
    let shown = fault(&bytes).2;
    assert!(!shown.chars().any(|c| c.is_control() || matches!(c, '\u{202e}' | '\u{200b}')), "{shown:?}");
}

#[test]
fn files_end_where_the_root_does() {
    assert_fault(b"\x80\x80", 1, "the end of the file", "1 more bytes");
    assert_fault(b"\xc1", 0, "a value", "the byte c1, which msgpack does not use");
}

#[test]
fn trees_may_be_128_levels_deep() {
    let nested = |levels: usize| [&[0x81, 0xa1, b'a'].repeat(levels)[..], &[0xc0]].concat();
    let deepest = from_bytes(&nested(128)).unwrap();
    assert_eq!(deepest.entries().map(|(path, _)| path.len()).collect::<Vec<_>>(), [128]);
    assert_eq!(to_bytes(&deepest).unwrap(), nested(128));
    let (offset, expected, _) = fault(&nested(200));
    assert_eq!((offset, expected.as_str()), (3 * 128, "at most 128 levels"));
    assert_eq!(fault(&[0x91].repeat(200)).0, 128);
    assert!(from_bytes(&[&[0x91].repeat(128)[..], &[0x90]].concat()).is_ok());
}

#[test]
fn a_small_file_does_not_become_large() {
    let entries = 100_000_u32;
    let mut bytes = [0x91].repeat(127);
    bytes.push(0xdd);
    bytes.extend(entries.to_be_bytes());
    bytes.resize(bytes.len() + entries as usize, 0xc0);
    let (offset, expected, _) = fault(&bytes);
    assert_eq!((offset, expected.as_str()), (127, "shorter paths in so small a file"));
    let long = |entries: u32| [&[0xdd][..], &entries.to_be_bytes(), &vec![0xc0; entries as usize]].concat();
    assert_eq!(from_bytes(&long(entries)).unwrap().len(), entries as usize);
    let (offset, expected, _) = fault(&long(150_000));
    assert_eq!((offset, expected.as_str()), (0, "fewer entries in so small a file"));
    let arrays = [&b"\xdd\0\x01\0\0"[..], &array_bytes(&[], "int8", &[1]).repeat(65_536)].concat();
    assert_eq!(fault(&arrays).1, "fewer arrays in so small a file");
}

#[test]
fn long_names_are_cut_in_errors() {
    let key = [&b"\xda\x80\0"[..], &[1; 0x8000]].concat();
    for bytes in [[b"\x81", &key[..], b"\xc1"].concat(), [b"\x82", &key[..], b"\xc0", &key, b"\xc0"].concat()] {
        let (_, _, found) = fault(&bytes);
        assert!(found.len() < 500 && found.contains('…'), "{found}");
    }
}

#[test]
fn what_has_no_place_in_the_format_is_refused() {
    let refused = |path: Path, entry: Entry| {
        let mut variables = Variables::new();
        variables.insert(path, entry).unwrap();
        match to_bytes(&variables) {
            Err(error @ Error::Unsupported { .. }) => error.to_string(),
            other => panic!("expected Error::Unsupported, found {other:?}"),
        }
    };
    let deep = refused(Path::from_names(["a"; 129]), Value::None.into());
    assert!(deep.ends_with("msgpack stores paths of at most 128 names, found one of 129"), "{deep}");
    assert_eq!(
        refused(Path::from(["a", CHUNKED]), Value::None.into()),
        "a/__msgpack_chunked_array__: msgpack stores names that Flax does not keep for itself, found `__msgpack_chunked_array__`"
    );
    assert_eq!(
        refused("a".into(), Value::Scalar(Tensor::from_array(array![1_u8])).into()),
        "a: msgpack stores numpy scalars without axes, found uint8 (1,)"
    );
}

#[test]
fn every_truncation_is_an_error() {
    let bytes = to_bytes(&sample()).unwrap();
    for length in 0..bytes.len() {
        fault(&bytes[..length]);
    }
}

#[test]
fn every_changed_byte_is_an_error_or_a_value() {
    let mut chunked = Vec::new();
    write_in_chunks(&sample().select("params").unwrap(), 3, &mut chunked).unwrap();
    for mut bytes in [to_bytes(&sample()).unwrap(), chunked, array_bytes(&[2], "bool", &[0, 1])] {
        for index in 0..bytes.len() {
            let original = bytes[index];
            for changed in 0..=u8::MAX {
                bytes[index] = changed;
                if let Ok(variables) = from_bytes(&bytes)
                    && (changed ^ original).is_power_of_two()
                {
                    assert_eq!(from_bytes(&to_bytes(&variables).unwrap()).unwrap(), variables);
                }
            }
            bytes[index] = original;
        }
    }
}
