//! A zstd frame of limited size.

use ruzstd::decoding::{BlockDecodingStrategy, FrameDecoder};

/// What one frame holds, and no more than `most` bytes of it; nothing may follow.
///
/// # Errors
///
/// What was expected and what was found.
pub(super) fn decompress(bytes: &[u8], most: u64) -> Result<Vec<u8>, (String, String)> {
    let damaged = |error: &dyn std::fmt::Display| ("a zstd frame".to_owned(), error.to_string());
    let mut rest = bytes;
    let mut decoder = FrameDecoder::new();
    // As much as a window is held back until the end; a frame that needs all of a greater one is too long anyway.
    decoder.set_max_window_size(most);
    decoder.init(&mut rest).map_err(|error| damaged(&error))?;
    let mut out = Vec::new();
    while !decoder.is_finished() {
        decoder.decode_blocks(&mut rest, BlockDecodingStrategy::UptoBlocks(1)).map_err(|error| damaged(&error))?;
        if length(out.len()).saturating_add(length(decoder.can_collect())) > most {
            return Err((format!("at most {most} bytes after decompression"), "more".to_owned()));
        }
        decoder.collect_to_writer(&mut out).map_err(|error| damaged(&error))?;
    }
    if !rest.is_empty() {
        return Err(("the end of the zstd frame".to_owned(), format!("{} more bytes", rest.len())));
    }
    if declares_length(bytes) && decoder.content_size() != length(out.len()) {
        let expected = format!("{} bytes after decompression, as the zstd frame says", decoder.content_size());
        return Err((expected, out.len().to_string()));
    }
    let (written, computed) = (decoder.get_checksum_from_data(), decoder.get_calculated_checksum());
    if written.is_some() && written != computed {
        let in_words = |sum: Option<u32>| format!("{:08x}", sum.unwrap_or_default());
        return Err((format!("a zstd frame with the checksum {}", in_words(written)), in_words(computed)));
    }
    Ok(out)
}

/// Whether the header, which is in order, has the length of the content: its flag is in two bits, or implied by a third.
fn declares_length(frame: &[u8]) -> bool {
    frame.get(4).is_some_and(|descriptor| descriptor & 0b1110_0000 != 0)
}

fn length(length: usize) -> u64 {
    u64::try_from(length).unwrap_or(u64::MAX)
}
