//! Chunks that are compressed, and damaged.

use std::io::Write;

use ndarray::array;
use serde_json::json;
use zstd::bulk::compress;

use super::{Item, changed};
use crate::tensor::Tensor;

const ELEMENTS: [u8; 8] = [1, 0, 0, 0, 2, 0, 0, 0];

fn item(id: &str, chunk: &[u8]) -> Item {
    Item::zarr2().with("a/.zarray", changed("compressor", json!({"id": id}))).with("a/0", chunk)
}

/// A frame with a checksum, which numcodecs writes on demand.
fn with_checksum(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = zstd::stream::write::Encoder::new(Vec::new(), 1).unwrap();
    encoder.include_checksum(true).unwrap();
    encoder.set_pledged_src_size(Some(bytes.len() as u64)).unwrap();
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

fn zlib(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::ZlibEncoder::new(Vec::new(), flate2::Compression::fast());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

#[test]
fn the_samples_are_read() {
    let expected = Tensor::from_array(array![1_i32, 2]);
    for (id, chunk) in [
        ("zstd", compress(&ELEMENTS, 1).unwrap()),
        ("zstd", with_checksum(&ELEMENTS)),
        ("gzip", gzip(&ELEMENTS)),
        ("zlib", zlib(&ELEMENTS)),
    ] {
        assert_eq!(item(id, &chunk).array(), expected);
    }
}

#[test]
fn bombs_end_where_the_chunk_does() {
    let zeros = vec![0; 1 << 20];
    for (id, bomb) in [("zstd", compress(&zeros, 3).unwrap()), ("gzip", gzip(&zeros)), ("zlib", zlib(&zeros))] {
        item(id, &bomb).assert_fault("a/0", "8 bytes of elements", "more when decompressed");
    }
}

#[test]
fn shorter_frames_are_refused() {
    for (id, chunk) in [("zstd", compress(&ELEMENTS[..4], 1).unwrap()), ("gzip", gzip(&ELEMENTS[..4]))] {
        item(id, &chunk).assert_fault("a/0", "8 bytes of elements", "4 when decompressed");
    }
}

#[test]
fn checksums_are_checked() {
    let mut frame = with_checksum(&ELEMENTS);
    *frame.last_mut().unwrap() ^= 1;
    item("zstd", &frame).assert_fault("a/0", "a frame of zstd", "checksum");
    let mut frame = gzip(&ELEMENTS);
    let place = frame.len() - 8;
    frame[place] ^= 1;
    item("gzip", &frame).assert_fault("a/0", "a frame of gzip", "checksum");
}

#[test]
fn the_size_in_a_frame_is_checked() {
    // Magic, descriptor of a single segment with a size of one byte, size, then one raw last block of 8 bytes.
    let frame = |size: u8| [&[0x28, 0xb5, 0x2f, 0xfd, 0x20, size, 0x41, 0, 0][..], &ELEMENTS].concat();
    assert_eq!(item("zstd", &frame(8)).array(), Tensor::from_array(array![1_i32, 2]));
    item("zstd", &frame(9)).assert_fault("a/0", "a frame of zstd", "");
    item("zstd", &frame(7)).assert_fault("a/0", "a frame of zstd", "");
    // A window of 3.75 TB.
    let window = [0x28, 0xb5, 0x2f, 0xfd, 0, 0xff, 0x41, 0, 0, 1, 0, 0, 0, 2, 0, 0, 0];
    item("zstd", &window).assert_fault("a/0", "a frame of zstd", "memory");
}

#[test]
fn frames_end_where_the_chunk_does() {
    for (id, frame) in [("zstd", compress(&ELEMENTS, 1).unwrap()), ("gzip", gzip(&ELEMENTS)), ("zlib", zlib(&ELEMENTS))]
    {
        item(id, &[&frame[..], &[0]].concat()).assert_fault("a/0", "one frame", "bytes behind it");
        for end in 0..frame.len() {
            item(id, &frame[..end]).fault();
        }
    }
}
