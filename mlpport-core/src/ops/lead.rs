//! How much a caller is ahead of the threads that help it.

use std::sync::atomic::{AtomicUsize, Ordering};

/// What a caller does until a helper that it has asked begins, in products: the last jobs have shown it.
///
/// Processors that share a cache begin soon; others take as long as a small job.
pub(super) struct Lead(AtomicUsize);

/// Who was done last.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Last {
    Caller,
    /// A helper, for which the caller waited, or whose tasks it did itself.
    Helper,
}

impl Lead {
    pub(super) const fn new() -> Self {
        Self(AtomicUsize::new(0))
    }

    /// How many of the rows, each of so many products, a caller is to have for a helper that has the others to end with it, or all where
    /// to ask it takes about as long as it saves.
    pub(super) fn rows_of_caller(&self, rows: usize, products: usize) -> usize {
        let lead = self.0.load(Ordering::Relaxed) / products.max(1);
        if lead > rows / 3 { rows } else { (rows + lead).div_ceil(2).next_multiple_of(2) }
    }

    /// Learns who was done last from a job of so many products that was shared like that.
    pub(super) fn learn(&self, last: Option<Last>, products: usize) {
        let lead = self.0.load(Ordering::Relaxed);
        let lead = match last {
            Some(Last::Helper) => (lead + products / 32).min(products),
            Some(Last::Caller) => lead.saturating_sub(products / 64),
            // Helpers may be nearer than they were.
            None => lead.saturating_sub(products / 512),
        };
        self.0.store(lead, Ordering::Relaxed);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_caller_has_more_rows_the_later_helpers_begin() {
        let lead = Lead::new();
        let rows = || lead.rows_of_caller(32, 1_000);
        assert_eq!([1, 2, 3, 17, 32].map(|rows| lead.rows_of_caller(rows, 1_000)), [2, 2, 2, 10, 16]);
        (0..5).for_each(|_| lead.learn(Some(Last::Helper), 32_000));
        assert_eq!(rows(), 20);
        (0..5).for_each(|_| lead.learn(Some(Last::Caller), 32_000));
        assert_eq!(rows(), 18);
        (0..1_000).for_each(|_| lead.learn(Some(Last::Helper), 32_000));
        assert_eq!(rows(), 32);
        // They are asked again.
        (0..1_000).for_each(|_| lead.learn(None, 32_000));
        assert_eq!(rows(), 16);
        assert_eq!(lead.rows_of_caller(32, 0), 16);
    }
}
