//! The envelopes of OCDBT: a magic number, the length, and at the end a CRC-32C of all before it.

const MAGICS: [u32; 3] = [0x0cdb_3a2a, 0x0cdb_20de, 0x0cdb_1234];

/// Magic number, length, version, compression, and the checksum.
const LEAST: usize = 4 + 8 + 1 + 1 + 4;

/// Corrects the checksum of every envelope, and the length of one that begins a file: a manifest, which is all of it.
pub fn correct(bytes: &mut [u8]) {
    let mut place = 0;
    while let Some(header) = bytes.get(place..place + 12) {
        let (magic, length) = header.split_at(4);
        if !MAGICS.iter().any(|known| known.to_be_bytes() == magic) {
            place += 1;
            continue;
        }
        let left = bytes.len() - place;
        let length = u64::from_le_bytes(length.try_into().expect("8 bytes"));
        let length = match usize::try_from(length) {
            Ok(length) if (LEAST..=left).contains(&length) && magic != MAGICS[0].to_be_bytes() => length,
            _ if left >= LEAST && place == 0 => left,
            _ => {
                place += 1;
                continue;
            }
        };
        let envelope = &mut bytes[place..place + length];
        let written = u64::try_from(length).expect("a length");
        envelope[4..12].copy_from_slice(&written.to_le_bytes());
        let (body, sum) = envelope.split_at_mut(length - 4);
        sum.copy_from_slice(&crc32c::crc32c(body).to_le_bytes());
        place += length;
    }
}
