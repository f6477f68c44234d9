//! Memory that a forward uses again.

use std::cell::Cell;

/// Room for what passes between the layers of a module in [`Forward::forward_into`](super::Forward::forward_into).
///
/// It grows to what the largest input needs, and is not given back before it is dropped. Small layers need none, and others none for
/// many rows.
#[derive(Debug, Default)]
pub struct Scratch {
    /// What the last layer returned.
    pub(super) front: Vec<f32>,
    /// What the next one writes.
    pub(super) back: Vec<f32>,
    /// What layers return that run together, before it is at the front.
    pub(super) spare: Vec<f32>,
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
        Self { front: Vec::new(), back: Vec::new(), spare: Vec::new() }
    }

    /// Calls `f` with that of the thread, or in such a call with an empty one.
    pub(super) fn of_thread<T>(f: impl FnOnce(&mut Self) -> T) -> T {
        // A thread that ends has none left.
        let mut scratch = OF_THREAD.try_with(Cell::take).unwrap_or_default();
        let result = f(&mut scratch);
        if [&scratch.front, &scratch.back, &scratch.spare].map(Vec::capacity).iter().sum::<usize>() <= KEPT {
            let _ = OF_THREAD.try_with(|kept| kept.set(scratch));
        }
        result
    }

    /// The first `count` elements of a buffer, which grows to that.
    pub(super) fn grown(buffer: &mut Vec<f32>, count: usize) -> &mut [f32] {
        if buffer.len() < count {
            buffer.resize(count, 0.0);
        }
        buffer.get_mut(..count).unwrap_or_default()
    }
}
