//! How the operating system provides the memory of a large array.
#![allow(unsafe_code)]

/// Asks for huge pages, with which the first writes to `out` take a fifth of the time: with small ones, they take as long as
/// to draw all numbers of a large kernel, and several times as long as to copy a file that is in memory. Where there are
/// none, or something is written already, nothing happens.
#[cfg(all(target_os = "linux", not(miri)))]
pub(crate) fn prefer_huge<T>(out: &mut [T]) {
    use rustix::mm::{Advice, madvise};

    /// That of x86-64, and a multiple of that of a small page everywhere.
    const SIZE: usize = 1 << 21;

    let start = out.as_mut_ptr().cast::<u8>();
    // Only pages that no other array has a part of.
    let skipped = start.addr().wrapping_neg() % SIZE;
    let length = size_of_val(out).saturating_sub(skipped) / SIZE * SIZE;
    if length > 0 {
        // SAFETY: this advice does not change what the memory holds, and all of it is of `out`. An error changes nothing.
        let _ = unsafe { madvise(start.wrapping_add(skipped).cast(), length, Advice::LinuxHugepage) };
    }
}

/// Does nothing: no such request is known here.
#[cfg(not(all(target_os = "linux", not(miri))))]
pub(crate) fn prefer_huge<T>(_out: &mut [T]) {}
