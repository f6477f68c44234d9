//! A large range of bytes, read by several threads.

use std::num::NonZero;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;

use crate::error::Result;

/// The number of bytes that a thread reads at once: enough to be worth the start of one, and some huge pages.
pub(super) const SHARE: usize = 1 << 23;

/// Calls `read` for shares of `out` of at most `share` bytes, each with its offset, from several threads where there are
/// several shares.
///
/// # Errors
///
/// That of the first share in the order of `out` whose `read` failed; some behind it are not read then.
pub(super) fn in_shares(
    share: usize,
    offset: u64,
    out: &mut [u8],
    read: impl Fn(u64, &mut [u8]) -> Result<()> + Sync,
) -> Result<()> {
    let count = out.len().div_ceil(share);
    if count <= 1 {
        return read(offset, out);
    }
    let threads = thread::available_parallelism().map_or(1, NonZero::get).min(count);
    let shares = Mutex::new(out.chunks_mut(share).zip((offset..).step_by(share)));
    let failed = AtomicBool::new(false);
    let first = Mutex::new(None);
    let work = || {
        while !failed.load(Ordering::Relaxed)
            && let Ok(Some((out, offset))) = shares.lock().map(|mut shares| shares.next())
        {
            if let Err(error) = read(offset, out) {
                failed.store(true, Ordering::Relaxed);
                if let Ok(mut first) = first.lock()
                    && first.as_ref().is_none_or(|(before, _)| offset < *before)
                {
                    *first = Some((offset, error));
                }
            }
        }
    };
    thread::scope(|scope| {
        for _ in 1..threads {
            // Where the operating system refuses a thread, the others do its work.
            let _ = thread::Builder::new().spawn_scoped(scope, work);
        }
        work();
    });
    first.into_inner().ok().flatten().map_or(Ok(()), |(_, error)| Err(error))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::cast_possible_truncation, reason = "a test fails by panicking")]

    use super::*;
    use crate::error::Error;

    fn failed(offset: u64) -> Error {
        Error::Format { file: None, format: "test", offset, expected: String::new(), found: String::new() }
    }

    #[test]
    fn every_byte_is_read_once_at_its_offset() {
        for length in [0, 1, 7, 8, 9, 64, 1001] {
            let mut out = vec![0; length];
            in_shares(8, 5, &mut out, |offset, out| {
                assert!(out.len() <= 8);
                (offset..).zip(out).for_each(|(offset, byte)| *byte += offset as u8);
                Ok(())
            })
            .unwrap();
            assert!((5..).zip(&out).all(|(offset, byte): (u64, _)| offset as u8 == *byte));
        }
    }

    #[test]
    fn the_error_is_that_of_the_first_share_that_fails() {
        for from in [0, 3, 17, 1000] {
            let read = |offset: u64, _: &mut [u8]| if offset < from { Ok(()) } else { Err(failed(offset)) };
            let error = in_shares(8, 0, &mut [0; 1001], read).unwrap_err();
            assert!(matches!(error, Error::Format { offset, .. } if offset == from.next_multiple_of(8)), "{error}");
        }
    }
}
