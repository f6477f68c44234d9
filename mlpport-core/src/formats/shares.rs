//! A large range of bytes, read by several threads.

use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};

use crate::error::Result;
use crate::threads;

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
    let shares = out.chunks_mut(share).enumerate().map(|(index, out)| (offset + (index * share) as u64, out));
    let failed = AtomicBool::new(false);
    let first = Mutex::new(None);
    threads::for_each(shares, |(offset, out)| {
        if !failed.load(Ordering::Relaxed)
            && let Err(error) = read(offset, out)
        {
            failed.store(true, Ordering::Relaxed);
            if let Ok(mut first) = first.lock()
                && first.as_ref().is_none_or(|(before, _)| offset < *before)
            {
                *first = Some((offset, error));
            }
        }
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
