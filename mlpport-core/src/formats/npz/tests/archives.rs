//! Archives, around their members.

use zip::CompressionMethod;

use super::{archive, assert_fault, fault, header, npy, read, sample, stored, written};
use crate::formats::npz::write;
use crate::variables::{Path, Variables};

fn zeros(count: usize) -> Vec<u8> {
    npy(&header("|u1", &format!("({count},)")), &vec![0; count])
}

/// Where `part` stands, the `nth` time.
fn place(bytes: &[u8], part: &[u8], nth: usize) -> usize {
    let places = bytes.windows(part.len()).enumerate().filter(|(_, window)| *window == part);
    places.map(|(place, _)| place).nth(nth).unwrap()
}

/// Puts `with` wherever `part` stands.
fn replace(bytes: &mut [u8], part: &[u8], with: &[u8]) {
    for place in 0..bytes.len() - part.len() + 1 {
        if bytes[place..].starts_with(part) {
            bytes[place..place + with.len()].copy_from_slice(with);
        }
    }
}

fn put(bytes: &mut [u8], place: usize, value: &[u8]) {
    bytes[place..place + value.len()].copy_from_slice(value);
}

/// Says of the only member that it has so many bytes when it is inflated.
fn claim_length(bytes: &mut [u8], length: usize) {
    let length = u32::try_from(length).unwrap().to_le_bytes();
    let (local, central) = (place(bytes, LOCAL, 0), place(bytes, CENTRAL, 0));
    put(bytes, local + 22, &length);
    put(bytes, central + 24, &length);
}

const CENTRAL: &[u8] = b"PK\x01\x02";
const LOCAL: &[u8] = b"PK\x03\x04";

#[test]
fn members_have_names_of_their_own() {
    let mut bytes = stored(&[("a.npy", &zeros(1)), ("b.npy", &zeros(2))]);
    replace(&mut bytes, b"b.npy", b"a.npy");
    let directory = place(&bytes, CENTRAL, 0) as u64;
    assert_fault(read(&bytes), directory, "every name once", "`a.npy` twice");
    let bytes = stored(&[("a", &zeros(1)), ("a.npy", &zeros(2))]);
    let directory = place(&bytes, CENTRAL, 0) as u64;
    assert_fault(read(&bytes), directory, "every key once", "`a` twice");
    let (_, expected, found) = fault(read(&stored(&[("a.npy", &zeros(1)), ("a/b.npy", &zeros(2))])));
    assert!(expected.starts_with("keys none of which is above another one, split at `/`"), "{expected}");
    assert_eq!(found, "`a/b` beside a");
}

#[test]
fn names_are_only_names() {
    let variables = read(&stored(&[("../../etc/passwd.npy", &zeros(1)), ("x/..", &zeros(1))])).unwrap();
    assert!(variables.get_path(&Path::from(["..", "..", "etc", "passwd"])).is_some());
    let variables = read(&stored(&[("/etc/passwd.npy", &zeros(1))])).unwrap();
    assert!(variables.get_path(&Path::from(["/etc/passwd"])).is_some());
    let hidden = fault(read(&stored(&[("a\u{202e}\u{1b}.npy", b"no array")]))).2;
    assert_eq!(hidden, "`no array` (in `a\\u{202e}\\u{1b}`)");
}

#[test]
fn names_are_utf_8() {
    let mut bytes = stored(&[("é.npy", &zeros(1))]);
    replace(&mut bytes, "é".as_bytes(), &[0xff, 0xfe]);
    let (_, _, found) = fault(read(&bytes));
    assert_eq!(found, "`\\xff\\xfe.npy`");
}

#[test]
fn members_are_arrays() {
    let (_, expected, found) = fault(read(&stored(&[("notes.txt", b"read me first")])));
    assert_eq!(expected, "an array of numpy, which begins with \\x93NUMPY");
    assert_eq!(found, "`read me ` (in `notes.txt`)");
    assert_eq!(fault(read(&stored(&[("a.npy", b"\x93NUM")]))).1, "8 bytes");
    let pickle = fault(read(&stored(&[("a.npy", b"\x80\x04\x95\0\0\0\0\0\0\0")]))).2;
    assert!(pickle.contains("numpy.load(\"array.npy\", allow_pickle=True)[\"a\"].tolist()"), "{pickle}");
    let torch = fault(read(&stored(&[("archive/data.pkl", b"\x80\x02}q")]))).2;
    assert!(torch.ends_with("as PyTorch has it; save the state dict with `safetensors.torch.save_file`"), "{torch}");
    let (_, _, found) = fault(read(&stored(&[("a.npy", &zeros(3)[..10])])));
    assert_eq!(found, "the end before (in `a`)");
}

#[test]
fn checksums_are_compared() {
    for method in [CompressionMethod::Stored, CompressionMethod::Deflated] {
        let mut bytes = archive(&[("a.npy", &zeros(100))], method);
        let (local, central) = (place(&bytes, LOCAL, 0), place(&bytes, CENTRAL, 0));
        put(&mut bytes, local + 14, &[1, 2, 3, 4]);
        put(&mut bytes, central + 16, &[1, 2, 3, 4]);
        let (_, expected, found) = fault(read(&bytes));
        assert_eq!((expected.as_str(), found.as_str()), ("bytes that are whole", "Invalid checksum (in `a`)"));
    }
}

#[test]
fn bombs_are_found_before_memory_is_taken() {
    let size = 0x7fff_ffff_u32;
    let claim = npy(&header("|u1", &format!("({size},)")), &[0; 1000]);
    for method in [CompressionMethod::Stored, CompressionMethod::Deflated] {
        let mut bytes = archive(&[("a.npy", &claim)], method);
        claim_length(&mut bytes, claim.len() - 1000 + usize::try_from(size).unwrap());
        let (_, expected, found) = fault(read(&bytes));
        assert!(expected.starts_with("at most ") && found.ends_with("for `a.npy`"), "{expected}, {found}");
    }
    // More than the directory says.
    let short = zeros(1000);
    let member = [short.as_slice(), &[0; 99_000]].concat();
    let mut bytes = archive(&[("a.npy", &member)], CompressionMethod::Deflated);
    claim_length(&mut bytes, short.len());
    assert_eq!(fault(read(&bytes)).1, "bytes that are whole");
}

#[test]
fn members_do_not_overlap() {
    let mut bytes = stored(&[("a.npy", &zeros(1)), ("b.npy", &zeros(1))]);
    let second = place(&bytes, CENTRAL, 1);
    put(&mut bytes, second + 42, &[0; 4]);
    assert_eq!(fault(read(&bytes)).1, "a ZIP archive that is whole");
}

#[test]
fn members_are_stored_or_deflated_and_not_encrypted() {
    let change = |local_at: usize, central_at: usize, value: &[u8]| {
        let mut bytes = stored(&[("a.npy", &zeros(1))]);
        let (local, central) = (place(&bytes, LOCAL, 0), place(&bytes, CENTRAL, 0));
        put(&mut bytes, local + local_at, value);
        put(&mut bytes, central + central_at, value);
        fault(read(&bytes))
    };
    assert_eq!(change(6, 8, &[1, 0]).1, "members that are not encrypted");
    assert_eq!(change(8, 10, &[93, 0]).1, "members that are stored or deflated");
    assert_eq!(change(22, 24, &[1, 0, 0, 0]).1, "at most 68 bytes in a member of 68");
}

#[test]
fn a_directory_is_as_large_as_the_file_allows() {
    let member = zeros(0);
    let long = "n".repeat(60_000);
    let names: Vec<String> = (0..60).map(|index| format!("{index}{long}")).collect();
    let members: Vec<(&str, &[u8])> = names.iter().map(|name| (name.as_str(), member.as_slice())).collect();
    let (_, expected, _) = fault(read(&stored(&members)));
    assert_eq!(expected, "a smaller directory of members in so small a file");
}

#[test]
fn archives_are_whole() {
    assert_eq!(fault(read(b"")).1, "a ZIP archive that is whole");
    assert_eq!(fault(read(b"PK\x05\x06")).1, "a ZIP archive that is whole");
    assert_eq!(read(&stored(&[])).unwrap(), Variables::new());
    let bytes = written(&sample());
    for length in 0..bytes.len() {
        fault(read(&bytes[..length]));
    }
}

#[test]
fn every_changed_byte_is_an_error_or_the_same_arrays() {
    let bias = [write::header("<f4", &[4]), vec![1; 16]].concat();
    let deflated = archive(&[("params/bias.npy", &bias)], CompressionMethod::Deflated);
    for mut bytes in [written(&sample()), deflated] {
        let expected = read(&bytes).unwrap();
        for index in 0..bytes.len() {
            let original = bytes[index];
            for changed in (0..8).map(|bit| original ^ 1 << bit).chain([0, 255]) {
                bytes[index] = changed;
                if let Ok(variables) = read(&bytes) {
                    assert!(variables == expected, "byte {index} from {original} to {changed}: {variables}");
                }
            }
            bytes[index] = original;
        }
    }
}
