//! Headers of array files, in front of their elements.

use super::{assert_fault, fault, header, npy, read_npy};
use crate::variables::Path;

fn assert_header(header: &str, offset: u64, expected: &str, found: &str) {
    assert_fault(read_npy(&npy(header, &[])), offset, expected, found);
}

#[test]
fn all_forms_of_a_header_are_read() {
    let shape = |header: &str, bytes: usize| {
        let variables = read_npy(&npy(header, &vec![0; bytes])).unwrap();
        variables.get_path(&Path::root()).unwrap().to_string()
    };
    assert_eq!(shape(&header("<f4", "(2, 3)"), 24), "float32 (2, 3)");
    assert_eq!(shape("{\"shape\":(2,),\"descr\":\"|u1\",\"fortran_order\":True}", 2), "uint8 (2,)");
    assert_eq!(shape(&header("<c16", "()"), 16), "complex128 ()");
    assert_eq!(shape(&header("<f8", "(2L, 1L,)"), 16), "float64 (2, 1)");
    assert_eq!(shape(&header("<V2", "(0, 18446744073709551)"), 0), "bfloat16 (0, 18446744073709551)");
    assert_eq!(shape(&header("|V1", "(1,)"), 1), "float8_e4m3fn (1,)");
    assert_eq!(shape(&header("<f1", "(1,)"), 1), "float8_e5m2 (1,)");
}

#[test]
fn headers_are_short_and_not_nested() {
    let long = format!("{}{}", header("<f4", "()"), " ".repeat(10_000));
    let (offset, expected, _) = fault(read_npy(&npy(&long, &[0; 4])));
    assert_eq!((offset, expected.as_str()), (8, "a header of at most 10000 bytes"));
    let claimed = [b"\x93NUMPY\x02\0\xff\xff\xff\xff".as_slice(), b"{"].concat();
    assert_eq!(fault(read_npy(&claimed)).0, 8);
    assert_fault(read_npy(b"\x93NUMPY\x03\0\x05\0\0\0{"), 12, "5 bytes", "the end before");
    let nested = format!("{{'descr': '<f4', 'fortran_order': False, 'shape': {}", "(".repeat(5000));
    assert_eq!(fault(read_npy(&npy(&nested, &[]))).1, "the length of an axis");
    let nested = format!("{{'descr': {}", "[".repeat(5000));
    assert_eq!(fault(read_npy(&npy(&nested, &[]))).1, "a dtype without fields; save each field as an array of its own");
}

#[test]
fn headers_are_one_dict_of_three_keys() {
    assert_header("", 10, "`{`", "the end of the header");
    assert_header("[1]", 10, "`{`", "`[1]`");
    assert_header("{}", 10, "`descr`, `fortran_order` and `shape`", "`{}`");
    assert_header("{'descr': '<f4'", 25, "`}`", "the end of the header");
    assert_header("{'descr': '<f4', 'descr': '<f4'}", 27, "each key once", "`'descr': '<f4'}`");
    assert_header("{'other': 3}", 11, "`descr`, `fortran_order` and `shape` alone", "`'other': 3}`");
    assert_header("{'fortran_order': 1}", 28, "True or False", "`1}`");
    assert_header("{'descr': <f4}", 20, "a text in quotes", "`<f4}`");
    assert_header("{'descr': '\\x3cf4'}", 20, "a text in quotes", "`'\\x3cf4'}`");
    assert_header("{'descr\u{1b}", 11, "a text in quotes", "`'descr\\x1b`");
    let more = header("<f4", "()") + "x";
    assert_eq!(fault(read_npy(&npy(&more, &[0; 4]))).1, "the end of the header");
}

#[test]
fn shapes_fit_the_elements() {
    let shape = |shape: &str| {
        let (_, expected, found) = fault(read_npy(&npy(&header("<f4", shape), &[0; 8])));
        (expected, found)
    };
    let pair = |expected: &str, found: &str| (expected.to_owned(), found.to_owned());
    assert_eq!(shape("(3,)"), pair("12 bytes for float32 (3,)", "8"));
    assert_eq!(shape("(1,)"), pair("4 bytes for float32 (1,)", "8"));
    assert_eq!(shape("(-1,)"), pair("the length of an axis", "`-1,), }`"));
    assert_eq!(shape("(2)").0, "`,` behind the only axis of a shape");
    assert_eq!(shape("(2.0,)").0, "`,` behind the only axis of a shape");
    assert_eq!(shape("(18446744073709551616,)").0, "the length of an axis");
    for overflow in ["(4294967296, 4294967296)", "(0, 9223372036854775807, 4)", "(9223372036854775807,)"] {
        assert_eq!(shape(overflow).0, "a shape that fits into memory", "{overflow}");
    }
    assert_eq!(shape(&format!("({})", "1, ".repeat(65))).0, "at most 64 axes");
}

#[test]
fn dtypes_are_those_of_numbers() {
    let dtype = |descr: &str| fault(read_npy(&npy(&header(descr, "(1,)"), &[0; 8]))).1;
    let order = "`<` or `>` in front of a dtype, for the order of its bytes, or `|` where it has none";
    for wrong in ["|f4", "=f4", "f4f4", ">V2"] {
        assert!(dtype(wrong) == order || dtype(wrong).starts_with("a dtype of bools"), "{wrong}");
    }
    for unknown in ["", "<", "<f16", "<f3", "<V4", "<i16", "|b2"] {
        assert_eq!(dtype(unknown), "a dtype of bools, integers, floats or complex numbers", "{unknown}");
    }
    for text in ["<U3", "|S5", "|a5"] {
        assert_eq!(dtype(text), "a dtype of numbers; keep texts out of the file");
    }
    let (offset, expected, found) = fault(read_npy(&npy(&header("|O", "(1,)"), b"\x80\x04.")));
    assert_eq!((offset, expected.as_str()), (20, "an array of numbers"));
    assert!(found.contains("\n  tree = numpy.load(\"array.npy\", allow_pickle=True).tolist()\n  open("), "{found}");
    assert!(fault(read_npy(b"\x80\x04\x95\0\0\0\0\0")).2.starts_with("a pickle; it can run any program"));
    let (offset, expected, _) = fault(read_npy(&npy(&header("|b1", "(2,)"), &[1, 2])));
    assert_eq!((offset, expected.as_str()), (68, "0 or 1 for a bool"));
}

#[test]
fn versions_are_known() {
    assert_fault(read_npy(b"\x93NUMPY\x04\0\x01\0{}"), 6, "the version 1.0, 2.0 or 3.0", "4.0");
    assert_fault(
        read_npy(b"\x93NUMPX\x01\0"),
        0,
        "an array of numpy, which begins with \\x93NUMPY",
        "`\\x93NUMPX\\x01\\x00`",
    );
    assert_fault(read_npy(b""), 0, "8 bytes", "the end before");
}

#[test]
fn every_truncation_and_changed_byte_is_an_error_or_an_array() {
    let mut bytes = npy(&header("<f4", "(2, 3)"), &[7; 24]);
    for length in 0..bytes.len() {
        fault(read_npy(&bytes[..length]));
    }
    for index in 0..bytes.len() {
        let original = bytes[index];
        for changed in 0..=u8::MAX {
            bytes[index] = changed;
            if let Ok(variables) = read_npy(&bytes) {
                assert_eq!(variables.size_in_bytes(), 24);
            }
        }
        bytes[index] = original;
    }
}
