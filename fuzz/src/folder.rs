//! A directory in one input: for each file [`MARK`], its name, a line feed, and its bytes.
//!
//! Inserting and removing bytes leaves the other files as they are. Checksums are corrected when it is unpacked:
//! those of OCDBT wherever they stand, and those of zarr's shards where the name ends in `#` and the number of chunks in a
//! shard, which the name loses.

use crate::ocdbt;

/// What a file begins with.
pub const MARK: &[u8] = b"\xff\xfe\xfd\n";

const MOST_FILES: usize = 64;
const MOST_NAME: usize = 200;

/// The files of an input, by names that stay within the directory.
pub fn unpack(bytes: &[u8]) -> Vec<(String, Vec<u8>)> {
    let mut files = Vec::new();
    let mut rest = bytes;
    while files.len() < MOST_FILES {
        let Some(begin) = find(rest, MARK) else { break };
        rest = &rest[begin + MARK.len()..];
        let file = &rest[..find(rest, MARK).unwrap_or(rest.len())];
        let Some(end) = find(file, b"\n") else { continue };
        let Ok(name) = std::str::from_utf8(&file[..end]) else { continue };
        let (name, chunks) = match name.rsplit_once('#') {
            Some((name, chunks)) => (name, chunks.parse::<usize>().ok()),
            None => (name, None),
        };
        if !is_inside(name) {
            continue;
        }
        let mut contents = file[end + 1..].to_vec();
        ocdbt::correct(&mut contents);
        if let Some(chunks) = chunks {
            correct_shard(&mut contents, chunks);
        }
        files.push((name.to_owned(), contents));
    }
    files
}

/// The input of these files.
pub fn pack(files: &[(String, Vec<u8>)]) -> Vec<u8> {
    let mut packed = Vec::new();
    for (name, bytes) in files {
        packed.extend_from_slice(MARK);
        packed.extend_from_slice(name.as_bytes());
        if let Some(chunks) = (1..=64).find(|chunks| {
            let mut corrected = bytes.clone();
            correct_shard(&mut corrected, *chunks) && corrected == *bytes
        }) {
            packed.extend_from_slice(format!("#{chunks}").as_bytes());
        }
        packed.push(b'\n');
        packed.extend_from_slice(bytes);
    }
    packed
}

/// A shard ends with two numbers for each chunk, and the CRC-32C of them; whether it is long enough.
fn correct_shard(bytes: &mut [u8], chunks: usize) -> bool {
    let Some(end) = bytes.len().checked_sub(4) else { return false };
    let Some(begin) = chunks.checked_mul(16).and_then(|length| end.checked_sub(length)) else { return false };
    let sum = crc32c::crc32c(&bytes[begin..end]);
    bytes[end..].copy_from_slice(&sum.to_le_bytes());
    true
}

fn is_inside(name: &str) -> bool {
    let is_plain = |part: &str| !matches!(part, "" | "." | "..") && !part.contains('\0');
    name.len() <= MOST_NAME && name.split('/').count() <= 8 && name.split('/').all(is_plain)
}

fn find(bytes: &[u8], wanted: &[u8]) -> Option<usize> {
    bytes.windows(wanted.len()).position(|window| window == wanted)
}
