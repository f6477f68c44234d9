//! A zstd frame of limited size.

use std::io::Read;

use zstd::stream::read::Decoder;

/// The base 2 logarithm of the largest window that is read: what TensorStore writes needs less.
const WINDOW: u32 = 27;

/// What one frame holds, and no more than `most` bytes of it; nothing may follow. The decoder compares the length and the
/// checksum of the frame, where it has them.
///
/// # Errors
///
/// What was expected and what was found.
pub(super) fn decompress(bytes: &[u8], most: u64) -> Result<Vec<u8>, (String, String)> {
    let damaged = |error: std::io::Error| ("a zstd frame".to_owned(), error.to_string());
    let mut decoder = Decoder::with_buffer(bytes).map_err(damaged)?.single_frame();
    let window = most.checked_next_power_of_two().map_or(WINDOW, u64::ilog2).clamp(10, WINDOW);
    decoder.window_log_max(window).map_err(damaged)?;
    let mut out = Vec::new();
    decoder.by_ref().take(most.saturating_add(1)).read_to_end(&mut out).map_err(damaged)?;
    if u64::try_from(out.len()).unwrap_or(u64::MAX) > most {
        return Err((format!("at most {most} bytes after decompression"), "more".to_owned()));
    }
    match decoder.finish() {
        [] => Ok(out),
        rest => Err(("the end of the zstd frame".to_owned(), format!("{} more bytes", rest.len()))),
    }
}
