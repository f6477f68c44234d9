//! How much memory the index of a database may take.
//!
//! Keys and paths are written by what they share with the one before, and nodes may be compressed: a few bytes can
//! stand for many. What is made of them is limited to a constant and the lengths of the data files, which have the values.

/// What any database may take.
const BASE: u64 = 48 << 20;

/// The bytes that may yet be taken.
#[derive(Debug)]
pub(super) struct Budget {
    left: u64,
}

/// There is no more.
#[derive(Debug)]
pub(super) struct Exceeded;

impl Budget {
    pub(super) fn new() -> Self {
        Self { left: BASE }
    }

    /// Adds the length of a file that is there.
    pub(super) fn grow(&mut self, length: u64) {
        self.left = self.left.saturating_add(length);
    }

    pub(super) fn take(&mut self, bytes: usize) -> Result<(), Exceeded> {
        let bytes = u64::try_from(bytes).map_err(|_| Exceeded)?;
        self.left = self.left.checked_sub(bytes).ok_or(Exceeded)?;
        Ok(())
    }

    pub(super) fn give_back(&mut self, bytes: usize) {
        self.grow(u64::try_from(bytes).unwrap_or(0));
    }

    /// The most that something may be after decompression, which takes about three times as much while it goes on.
    pub(super) fn most_decompressed(&self) -> u64 {
        self.left / 3
    }
}
