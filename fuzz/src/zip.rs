//! The checksums of a ZIP archive: a CRC-32 of each file, in front of the file and in the directory.

const LOCAL: &[u8] = b"PK\x03\x04";
const CENTRAL: &[u8] = b"PK\x01\x02";

/// Files that are larger keep their checksum.
const MOST_BYTES: usize = 1 << 20;

/// Corrects the checksum of each file that the directory lists.
pub fn correct(bytes: &mut [u8]) {
    let mut place = 0;
    while let Some(found) = bytes.get(place..).and_then(|rest| rest.windows(4).position(|window| window == CENTRAL)) {
        place += found;
        if let Some((local, sum)) = checksum(bytes, place) {
            for sums in [place + 16, local + 14] {
                bytes[sums..sums + 4].copy_from_slice(&sum.to_le_bytes());
            }
        }
        place += CENTRAL.len();
    }
}

/// Where the file of an entry of the directory begins, and its checksum.
fn checksum(bytes: &[u8], central: usize) -> Option<(usize, u32)> {
    let method = number::<2>(bytes, central + 10)?;
    let length = number::<4>(bytes, central + 20)?;
    let local = number::<4>(bytes, central + 42)?;
    if bytes.get(local..local.checked_add(4)?)? != LOCAL {
        return None;
    }
    let begin = local + 30 + number::<2>(bytes, local + 26)? + number::<2>(bytes, local + 28)?;
    // With ZIP64 the length stands elsewhere; the file then ends where the next header does.
    let end = if length == 0xffff_ffff { next_header(bytes, begin)? } else { begin.checked_add(length)? };
    let stored = bytes.get(begin..end)?;
    let sum = match method {
        0 => crc32fast::hash(stored),
        8 => crc32fast::hash(&miniz_oxide::inflate::decompress_to_vec_with_limit(stored, MOST_BYTES).ok()?),
        _ => return None,
    };
    Some((local, sum))
}

fn next_header(bytes: &[u8], begin: usize) -> Option<usize> {
    let rest = bytes.get(begin..)?;
    rest.windows(4).position(|window| window == LOCAL || window == CENTRAL).map(|place| begin + place)
}

fn number<const N: usize>(bytes: &[u8], place: usize) -> Option<usize> {
    let bytes = bytes.get(place..place.checked_add(N)?)?;
    Some(bytes.iter().rev().fold(0, |number, byte| number << 8 | usize::from(*byte)))
}
