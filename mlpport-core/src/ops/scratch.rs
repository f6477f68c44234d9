//! Memory that a forward uses again.

use std::cell::Cell;

use super::lines::Lines;

/// Room for what passes between the layers of a module in [`Forward::forward_into`](super::Forward::forward_into).
///
/// It grows to what the largest input needs, and is not given back before it is dropped. Small layers need none, and others none for
/// many rows.
#[derive(Debug, Default)]
pub struct Scratch {
    /// What the last layer returned.
    pub(super) front: Lines,
    /// What the next one writes.
    pub(super) back: Lines,
    /// What layers return that run together, before it is at the front.
    pub(super) spare: Lines,
}

/// The elements that a thread keeps between one forward without a scratch and the next: 16 MiB.
const KEPT: usize = 4 << 20;

thread_local! {
    static OF_THREAD: Cell<Scratch> = const { Cell::new(Scratch::new()) };
}

impl Scratch {
    /// An empty one.
    #[must_use]
    pub const fn new() -> Self {
        Self { front: Lines::new(), back: Lines::new(), spare: Lines::new() }
    }

    /// Calls `f` with that of the thread, or in such a call with an empty one.
    pub(super) fn of_thread<T>(f: impl FnOnce(&mut Self) -> T) -> T {
        // A thread that ends has none left.
        let mut scratch = OF_THREAD.try_with(Cell::take).unwrap_or_default();
        let result = f(&mut scratch);
        if [&scratch.front, &scratch.back, &scratch.spare].map(Lines::capacity).iter().sum::<usize>() <= KEPT {
            let _ = OF_THREAD.try_with(|kept| kept.set(scratch));
        }
        result
    }
}
