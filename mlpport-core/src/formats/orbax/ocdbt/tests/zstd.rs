//! Compressed manifests and nodes.

use std::io::Write;

use super::build::{NODE, envelope, inline, leaf, with_root};
use super::fault;

/// A frame of one or more RLE blocks of 128 KiB of zeros, with the length in its header.
fn zeros(blocks: u32, declared: u32) -> Vec<u8> {
    let mut frame = vec![0x28, 0xb5, 0x2f, 0xfd, 0b1010_0000];
    frame.extend(declared.to_le_bytes());
    for block in 1..=blocks {
        let header = (128 << 10) << 3 | 1 << 1 | u32::from(block == blocks);
        frame.extend(&header.to_le_bytes()[..3]);
        frame.push(0);
    }
    frame
}

/// A frame with a checksum.
fn compressed(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = zstd::stream::write::Encoder::new(Vec::new(), 1).unwrap();
    encoder.include_checksum(true).unwrap();
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

fn node(frame: &[u8]) -> Vec<u8> {
    envelope(NODE, &[&[0, 1], frame].concat())
}

fn message(frame: &[u8]) -> String {
    fault(with_root(0, &node(frame)).read()).1
}

#[test]
fn a_compressed_node_is_read() {
    let body = leaf(&[], &[inline("a", "1"), inline("b", &"2".repeat(500))]);
    let frame = compressed(&body);
    let read = with_root(0, &node(&frame)).read().unwrap();
    assert_eq!(read, [("a".to_owned(), b"1".to_vec()), ("b".to_owned(), vec![b'2'; 500])]);
}

#[test]
fn offsets_are_those_of_the_node_and_in_it() {
    let frame = compressed(&[3, 0, 0]);
    let text = message(&frame);
    assert_eq!(text, "a node of height 0; 3, at byte 0 of what is compressed here");
}

#[test]
fn bombs_do_not_go_off() {
    // 1 GiB in 32 KiB: as said, with less said, and with no more than a block said.
    let blocks = 8 << 10;
    for declared in [1 << 30, 1 << 20, 128 << 10] {
        let text = message(&zeros(blocks, declared));
        assert!(text.contains("bytes after decompression") || text.starts_with("a zstd frame"), "{text}");
    }
    // 8 MiB in a frame of the right length: the node in it is wrong.
    let text = message(&zeros(64, 8 << 20));
    assert!(text.starts_with("a node with keys; none"), "{text}");
}

#[test]
fn frames_are_checked() {
    let body = leaf(&[], &[inline("a", &"1".repeat(100))]);
    let frame = compressed(&body);
    assert!(with_root(0, &node(&frame)).read().is_ok());
    // With a checksum, which is the end.
    assert_eq!(frame[4] & 4, 4);
    let mut wrong = frame.clone();
    *wrong.last_mut().unwrap() ^= 1;
    assert!(message(&wrong).starts_with("a zstd frame; Restored data doesn't match checksum"));
    assert!(message(&[&*frame, &[0]].concat()).starts_with("the end of the zstd frame; 1 more bytes"));
    assert!(message(&[&*frame, &*frame].concat()).starts_with("the end of the zstd frame"));
    assert!(message(&zeros(1, (128 << 10) + 1)).starts_with("a zstd frame; "));
    // A skippable frame, none, and every beginning of one.
    message(&[0x50, 0x2a, 0x4d, 0x18, 0, 0, 0, 0]);
    for length in 0..frame.len() {
        message(&frame[..length]);
    }
}
