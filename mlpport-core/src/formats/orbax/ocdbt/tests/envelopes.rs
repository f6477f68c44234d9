//! What is around and at the beginning of manifests and nodes.

use super::build::{
    MANIFEST, NODE, NONE, envelope, inline, interior, leaf, manifest, raw, varint, with_leaf, with_manifest, with_root,
};
use super::fault;

fn good_leaf() -> Vec<u8> {
    leaf(&[], &[inline("a", "1"), inline("b", "23")])
}

fn empty_manifest() -> Vec<u8> {
    manifest(&[("", 0)], 0, [0, NONE, NONE])
}

#[test]
fn a_database_by_hand_is_read() {
    let read = with_root(0, &raw(NODE, &good_leaf())).read().unwrap();
    assert_eq!(read, [("a".to_owned(), b"1".to_vec()), ("b".to_owned(), b"23".to_vec())]);
    assert_eq!(with_manifest(&raw(MANIFEST, &empty_manifest())).read().unwrap(), []);
}

#[test]
fn envelopes_are_checked() {
    let length = |bytes: &mut Vec<u8>| bytes[4] ^= 1;
    let crc = |bytes: &mut Vec<u8>| *bytes.last_mut().unwrap() ^= 1;
    let magic = |bytes: &mut Vec<u8>| bytes[0] = 1;
    type Change = fn(&mut Vec<u8>);
    for (offset, message, change) in [
        (0, "begins with 0cdb", magic as Change),
        (4, "the length of a", length as Change),
        (0, "CRC-32C", crc as Change),
    ] {
        for (kind, mut bytes) in [(MANIFEST, raw(MANIFEST, &empty_manifest())), (NODE, raw(NODE, &good_leaf()))] {
            change(&mut bytes);
            let database = if kind == NODE { with_root(0, &bytes) } else { with_manifest(&bytes) };
            let (found, text) = fault(database.read());
            assert!(text.contains(message), "{text}");
            assert_eq!(found, if message == "CRC-32C" { bytes.len() as u64 - 4 } else { offset });
        }
    }
}

#[test]
fn versions_and_compressions_are_known() {
    for (inside, message, offset) in
        [([1, 0], "version 0 of the format; 1", 12), ([0, 2], "compression 0 (none) or 1 (zstd); 2", 13)]
    {
        let node = envelope(NODE, &[&inside, &*good_leaf()].concat());
        assert_eq!(fault(with_root(0, &node).read()), (offset, message.to_owned()));
        let bytes = envelope(MANIFEST, &[&inside, &*empty_manifest()].concat());
        assert_eq!(fault(with_manifest(&bytes).read()), (offset, message.to_owned()));
    }
}

#[test]
fn bodies_end_where_they_are_cut() {
    for body in [good_leaf(), interior(1, &[], &[])] {
        for length in 0..body.len() {
            fault(with_root(body[0], &raw(NODE, &body[..length])).read());
        }
    }
    for length in 0..empty_manifest().len() {
        fault(with_manifest(&raw(MANIFEST, &empty_manifest()[..length])).read());
    }
    for length in 0..18 {
        fault(with_manifest(&raw(MANIFEST, &empty_manifest())[..length]).read());
    }
}

#[test]
fn nothing_follows() {
    let (_, text) = fault(with_root(0, &raw(NODE, &[good_leaf(), vec![0]].concat())).read());
    assert_eq!(text, "the end of the node; 1 more bytes");
    let (_, text) = fault(with_manifest(&raw(MANIFEST, &[empty_manifest(), vec![0]].concat())).read());
    assert_eq!(text, "the end of the manifest; 1 more bytes");
}

#[test]
fn counts_fit_into_what_is_there() {
    let many = varint(1 << 19);
    let most = varint(u64::MAX);
    let keys = |count: &[u8]| raw(NODE, &[&[0, 0], count, &[0; 50]].concat());
    for (node, message) in [
        (raw(NODE, &[&[0], &*many, &[0; 50]].concat()), "a number of files that fits into"),
        (raw(NODE, &[&[0], &*most, &[0; 50]].concat()), "a number of files that fits into"),
        (keys(&many), "a number of keys that fits into 50 bytes"),
        (keys(&most), "a number of keys of at most 1048576"),
        (keys(&[0]), "a node with keys; none"),
        (raw(NODE, &[0, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 2]), "a number of at most 64 bits"),
    ] {
        let (_, text) = fault(with_root(0, &node).read());
        assert!(text.contains(message), "{text}");
    }
}

#[test]
fn manifests_say_what_is_known() {
    // The places of: kind, arity, compression, number of versions, generation, height.
    for (at, byte, message) in [
        (16, 2, "a manifest of kind 0 (single) or 1 (numbered); 2"),
        (19, 0, "an arity of 1 to 16 bits; 0"),
        (19, 17, "an arity of 1 to 16 bits; 17"),
        (20, 2, "compression 0 (none) or 1 (zstd); 2"),
        (24, 0, "a version or more; none"),
        (24, 17, "a number of versions of at most 16; 17"),
        (25, 0, "a version after 0; 0"),
        (26, 1, "height 0 of a version without keys; 1"),
        (27, 1, "a file below 1; 1"),
    ] {
        let mut body = empty_manifest();
        body[at] = byte;
        if at == 27 {
            body = manifest(&[("", 0)], 0, [1, 0, 0]);
        }
        let (offset, text) = fault(with_manifest(&raw(MANIFEST, &body)).read());
        assert_eq!(text, message);
        assert!(offset >= 14 + at as u64 - 1, "{offset}");
    }
}

#[test]
fn numbered_manifests_are_those_of_the_database() {
    let config = [&[7; 16][..], &[1, 100, 100, 4, 0]].concat();
    let database = with_manifest(&raw(MANIFEST, &config));
    let (_, text) = fault(database.read());
    assert_eq!(text, "a file manifest.<16 hex digits> beside this one; none");

    // Other names are of other things.
    database.write("manifest.000000000000000g", b"");
    database.write("manifest.00000000000000001", b"");
    database.write("manifest.000000000000000A", b"");
    database.write("manifest.0000000000000001", &raw(MANIFEST, &empty_manifest()));
    assert_eq!(database.read().unwrap(), []);

    database.write("manifest.000000000000000b", &raw(MANIFEST, &empty_manifest()));
    assert_eq!(fault(database.read()).1, "version 11, as the name of the file says; 1");
    database.write("manifest.000000000000000b", &raw(MANIFEST, &config));
    assert!(fault(database.read()).1.contains("of the database of manifest.ocdbt"));
    let mut other = empty_manifest();
    other[0] = 8;
    database.write("manifest.000000000000000b", &raw(MANIFEST, &other));
    assert!(fault(database.read()).1.contains("of the database of manifest.ocdbt"));
}

#[test]
fn heights_fall_by_one() {
    let (_, text) = fault(with_root(1, &raw(NODE, &good_leaf())).read());
    assert_eq!(text, "a node of height 1; 0");
    let (_, text) = fault(with_root(255, &raw(NODE, &good_leaf())).read());
    assert_eq!(text, "a tree whose height is at most 64; 255");
    let (_, text) = fault(with_leaf(&[], &[]).read());
    assert_eq!(text, "a node with keys; none");
}
