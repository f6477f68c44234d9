//! Work that is worth the start of threads.

use std::num::NonZero;
use std::sync::{Mutex, PoisonError};
use std::thread;

/// Calls `work` with each item, in any order, on a thread for each processor. Where it panics, so does this.
pub(crate) fn for_each<I: ExactSizeIterator + Send>(items: I, work: impl Fn(I::Item) + Sync) {
    let threads = match items.len() {
        0 | 1 => 1,
        _ => thread::available_parallelism().map_or(1, NonZero::get),
    };
    for_each_on(threads, items, work);
}

/// [`for_each`] on so many threads, or one for each item.
pub(crate) fn for_each_on<I: ExactSizeIterator + Send>(threads: usize, items: I, work: impl Fn(I::Item) + Sync) {
    let threads = threads.min(items.len());
    let items = Mutex::new(items);
    let next = || items.lock().unwrap_or_else(PoisonError::into_inner).next();
    on_threads(threads, &|| {
        while let Some(item) = next() {
            work(item);
        }
    });
}

fn on_threads(threads: usize, work: &(dyn Fn() + Sync)) {
    if threads <= 1 {
        return work();
    }
    thread::scope(|scope| {
        for _ in 1..threads {
            // Where the operating system refuses a thread, the others do its work.
            let _ = thread::Builder::new().spawn_scoped(scope, work);
        }
        work();
    });
}

#[cfg(test)]
mod tests {
    use std::panic::{AssertUnwindSafe, catch_unwind};
    use std::sync::atomic::{AtomicU32, Ordering};

    use super::*;

    #[test]
    fn each_item_comes_once() {
        for threads in [0, 1, 2, 3, 50] {
            for count in [0, 1, 2, 40] {
                let calls: Vec<_> = (0..count).map(|_| AtomicU32::new(0)).collect();
                for_each_on(threads, calls.iter(), |calls| {
                    calls.fetch_add(1, Ordering::Relaxed);
                });
                assert!(calls.iter().all(|calls| calls.load(Ordering::Relaxed) == 1), "{threads}, {count}");
            }
        }
    }

    #[test]
    fn a_panic_reaches_the_caller_when_the_other_items_are_done() {
        let done = AtomicU32::new(0);
        let work = |item: u32| {
            assert!(item != 3, "the third");
            done.fetch_add(1, Ordering::Relaxed);
        };
        catch_unwind(AssertUnwindSafe(|| for_each_on(2, [1, 2, 3, 4, 5].into_iter(), work))).unwrap_err();
        assert_eq!(done.load(Ordering::Relaxed), 4);
    }
}
