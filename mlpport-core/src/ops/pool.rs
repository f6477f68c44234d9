//! Threads that wait for work, since to start one takes longer than most products.
#![allow(unsafe_code)]

use std::any::Any;
use std::cell::UnsafeCell;
use std::hint::spin_loop;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::sync::atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, OnceLock, PoisonError, TryLockError};
use std::thread;
use std::time::{Duration, Instant};

use super::lead::{Last, Lead};

/// How often a thread looks for work before it sleeps: some tens of microseconds.
const SPINS: u32 = 2_000;

/// How often a caller looks for the end of a helper that is not late.
const FEW_SPINS: u32 = 1;

/// What passes at most between one caller and the next that come often.
const OFTEN: Duration = Duration::from_micros(30);

/// Threads that help the one that calls.
pub(super) struct Pool {
    shared: Arc<Shared>,
    /// Held by the caller that has the threads: when one last had so little to do that it woke none.
    caller: Mutex<Option<Instant>>,
    helpers: usize,
    pub(super) lead: Lead,
}

/// Whether threads that sleep are woken: that takes some microseconds of the caller, and longer before they help.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Wake {
    Always,
    /// Where the caller comes again and again, so that there is more to do.
    IfOften,
}

struct Shared {
    job: Job,
    /// The helpers that sleep, or are about to.
    sleeping: AtomicUsize,
    /// Whether a helper has panicked in the job.
    has_panicked: AtomicBool,
    state: Mutex<State>,
    wake: Condvar,
}

struct State {
    /// How often helpers were woken.
    wakes: usize,
    /// What a helper panicked with in the job.
    panic: Option<Box<dyn Any + Send>>,
}

/// The tasks of a caller, which waits for them: all that goes from one processor to another for a job, in lines of a cache of its own.
#[repr(align(128))]
struct Job {
    tasks: Tasks,
    run: UnsafeCell<Option<*const (dyn Fn(usize) + Sync)>>,
}

// SAFETY: `run` is written while no task is there to be taken and all that were are done, and read by who has taken one and is not done.
// What it points to is `Sync`, and lives until then (see `Open`).
unsafe impl Send for Job {}
// SAFETY: likewise.
unsafe impl Sync for Job {}

/// The tasks `start..end` that nobody has taken, and how many helpers have done, in one number.
///
/// The caller takes them from the front and helpers from the back, so that in one job after another each has the same part of the
/// memory in its cache.
struct Tasks(AtomicU64);

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Left {
    start: usize,
    end: usize,
    done: usize,
}

/// The bits of each part of [`Left`].
const BITS: u32 = 21;

const MASK: usize = (1 << BITS) - 1;

/// The most tasks of a job: fewer under miri, which is slow.
const MOST: usize = if cfg!(miri) { 5 } else { MASK };

impl Left {
    fn of(bits: u64) -> Self {
        let part = |index: u32| usize::try_from(bits >> (index * BITS) & MASK as u64).unwrap_or(MASK);
        Self { start: part(0), end: part(1), done: part(2) }
    }

    fn bits(self) -> u64 {
        self.start as u64 | (self.end as u64) << BITS | (self.done as u64) << (2 * BITS)
    }

    fn is_empty(self) -> bool {
        self.start >= self.end
    }
}

impl Tasks {
    fn load(&self, order: Ordering) -> Left {
        Left::of(self.0.load(order))
    }

    /// Changes what is left, unless `change` returns `None`, and returns what was.
    fn update(&self, change: impl Fn(Left) -> Option<Left>) -> Option<Left> {
        let change = |bits| change(Left::of(bits)).map(Left::bits);
        self.0.fetch_update(Ordering::AcqRel, Ordering::Acquire, change).ok().map(Left::of)
    }

    /// A task for the caller.
    fn take_first(&self) -> Option<usize> {
        let left = self.update(|left| (!left.is_empty()).then_some(Left { start: left.start + 1, ..left }))?;
        Some(left.start)
    }

    /// A task for a helper that has `done` as many since it last asked.
    fn take_last(&self, done: usize) -> Option<usize> {
        let left = self.update(|left| {
            let takes = usize::from(!left.is_empty());
            (takes + done > 0).then_some(Left { end: left.end - takes, done: left.done + done, ..left })
        })?;
        (!left.is_empty()).then(|| left.end - 1)
    }

    /// Leaves no more tasks to be taken.
    fn close(&self) {
        self.update(|left| (!left.is_empty()).then_some(Left { start: left.end, ..left }));
    }
}

impl Pool {
    /// A pool with this many helpers, or as many as the system starts.
    pub(super) fn new(helpers: usize) -> Self {
        let shared = Arc::new(Shared {
            job: Job { tasks: Tasks(AtomicU64::new(0)), run: UnsafeCell::new(None) },
            sleeping: AtomicUsize::new(0),
            has_panicked: AtomicBool::new(false),
            state: Mutex::new(State { wakes: 0, panic: None }),
            wake: Condvar::new(),
        });
        let started = (0..helpers).take_while(|_| {
            let shared = Arc::clone(&shared);
            thread::Builder::new().name("mlpport".to_owned()).spawn(move || shared.help()).is_ok()
        });
        let helpers = started.count();
        Self { shared, caller: Mutex::new(None), helpers, lead: Lead::new() }
    }

    /// The pool of the process: a helper for each processor but one.
    pub(super) fn global() -> &'static Self {
        static POOL: OnceLock<Pool> = OnceLock::new();
        POOL.get_or_init(|| Self::new(thread::available_parallelism().map_or(0, |count| count.get() - 1)))
    }

    /// This pool, or that of the process.
    pub(super) fn or_global(pool: Option<&Self>) -> &Self {
        match pool {
            Some(pool) => pool,
            None => Self::global(),
        }
    }

    /// The threads that run tasks, with the caller's.
    pub(super) fn threads(&self) -> usize {
        self.helpers + 1
    }

    /// Runs the tasks `0..count`, in any order, on this thread and on those helpers that are free. Where one panics, so does this.
    ///
    /// Returns who was done last, unless helpers were not asked.
    pub(super) fn run(&self, count: usize, wake: Wake, task: &(dyn Fn(usize) + Sync)) -> Option<Last> {
        let caller = match self.caller.try_lock() {
            _ if self.helpers == 0 || count < 2 => None,
            Ok(caller) => Some(caller),
            // A task has panicked once.
            Err(TryLockError::Poisoned(caller)) => Some(caller.into_inner()),
            Err(TryLockError::WouldBlock) => None,
        };
        let Some(mut last) = caller else {
            (0..count).for_each(task);
            return None;
        };
        if wake == Wake::IfOften && self.shared.sleeping.load(Ordering::Relaxed) == self.helpers {
            let now = Instant::now();
            let is_often = last.replace(now).is_some_and(|last| now.duration_since(last) < OFTEN);
            if !is_often {
                drop(last);
                (0..count).for_each(task);
                return None;
            }
        }
        let mut done_last = self.shared.run(count.min(MOST), task);
        for first in (MOST..count).step_by(MOST) {
            done_last = self.shared.run(MOST.min(count - first), &|index| task(first + index));
        }
        Some(done_last)
    }
}

/// A job that helpers may join, until this is dropped.
struct Open<'a> {
    job: &'a Job,
    count: usize,
}

impl Open<'_> {
    /// Waits until all tasks that were taken are done, and says whether that took long.
    fn wait(&self) -> bool {
        let mut spins = 0;
        loop {
            let left = self.job.tasks.load(Ordering::Acquire);
            if left.done == self.count - left.end {
                return spins > FEW_SPINS;
            }
            spins += 1;
            if spins < SPINS { spin_loop() } else { thread::yield_now() }
        }
    }
}

impl Drop for Open<'_> {
    fn drop(&mut self) {
        self.job.tasks.close();
        self.wait();
    }
}

impl Shared {
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Runs the tasks of the only caller, `count` of 1 to [`MOST`], and returns who was done last.
    fn run(&self, count: usize, task: &(dyn Fn(usize) + Sync)) -> Last {
        // SAFETY: only the lifetime changes; `Open` ends the use of the pointer before `task` ends, on unwinding as well.
        let run = unsafe { std::mem::transmute::<*const (dyn Fn(usize) + Sync), *const (dyn Fn(usize) + Sync)>(task) };
        // SAFETY: no job is open, so that nobody reads it.
        unsafe { *self.job.run.get() = Some(run) };
        // One that falls asleep now does so until the next job: to make sure that it does not is to wait for the other processors.
        let are_sleeping = self.sleeping.load(Ordering::Relaxed) > 0;
        // The first task is the caller's: to take it would be to wait likewise.
        self.job.tasks.0.store(Left { start: 1, end: count, done: 0 }.bits(), Ordering::Release);
        let open = Open { job: &self.job, count };
        if are_sleeping {
            self.state().wakes += 1;
            self.wake.notify_all();
        }
        task(0);
        let mut done = 1;
        while let Some(index) = self.job.tasks.take_first() {
            task(index);
            done += 1;
        }
        let last = if open.wait() || done == count { Last::Helper } else { Last::Caller };
        drop(open);
        if self.has_panicked.swap(false, Ordering::Relaxed) {
            let panic = self.state().panic.take();
            if let Some(panic) = panic {
                resume_unwind(panic);
            }
        }
        last
    }

    /// Helps with each job, for ever.
    fn help(&self) {
        loop {
            let mut spins = 0;
            while spins < SPINS && self.job.tasks.load(Ordering::Relaxed).is_empty() {
                spins += 1;
                spin_loop();
            }
            if spins == SPINS {
                self.sleep();
            }
            let mut done = 0;
            while let Some(index) = self.job.tasks.take_last(done) {
                // SAFETY: this helper has a task of the job, whose caller waits for it.
                let task = || unsafe { (*self.job.run.get()).map(|run| (*run)(index)) };
                if let Err(panic) = catch_unwind(AssertUnwindSafe(task)) {
                    self.state().panic = Some(panic);
                    self.has_panicked.store(true, Ordering::Relaxed);
                    self.job.tasks.close();
                }
                done = 1;
            }
        }
    }

    /// Sleeps until a caller wakes this helper, unless there is a job.
    fn sleep(&self) {
        let mut state = self.state();
        let wakes = state.wakes;
        self.sleeping.fetch_add(1, Ordering::Relaxed);
        while state.wakes == wakes && self.job.tasks.load(Ordering::Relaxed).is_empty() {
            state = self.wake.wait(state).unwrap_or_else(PoisonError::into_inner);
        }
        self.sleeping.fetch_sub(1, Ordering::Relaxed);
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::AtomicU32;

    use super::*;

    /// Waits until this is true.
    fn wait(condition: impl Fn() -> bool) {
        let start = Instant::now();
        while !condition() {
            assert!(start.elapsed() < Duration::from_secs(100), "nothing happens");
            thread::yield_now();
        }
    }

    /// Runs as many tasks as there are threads, each of which waits until all run.
    fn all_help(pool: &Pool) {
        wait(|| {
            let _state = pool.shared.state();
            pool.shared.sleeping.load(Ordering::Relaxed) == pool.helpers
        });
        let running = AtomicUsize::new(0);
        pool.run(pool.threads(), Wake::Always, &|_| {
            running.fetch_add(1, Ordering::Relaxed);
            wait(|| running.load(Ordering::Relaxed) == pool.threads());
        });
    }

    #[test]
    fn each_task_runs_once() {
        for helpers in 0..3 {
            let pool = Pool::new(helpers);
            for count in [0, 1, 2, 3, 7, 100, MOST + 3] {
                let runs: Vec<_> = (0..count).map(|_| AtomicU32::new(0)).collect();
                for wake in [Wake::Always, Wake::IfOften] {
                    pool.run(count, wake, &|task| {
                        runs[task].fetch_add(1, Ordering::Relaxed);
                    });
                }
                assert!(runs.iter().all(|runs| runs.load(Ordering::Relaxed) == 2), "{helpers} helpers, {count} tasks");
            }
        }
    }

    #[test]
    fn helpers_that_sleep_are_woken_where_it_pays() {
        let pool = Pool::new(2);
        all_help(&pool);
        all_help(&pool);
        wait(|| pool.shared.sleeping.load(Ordering::Relaxed) == pool.helpers);
        let caller = thread::current().id();
        pool.run(3, Wake::IfOften, &|_| assert_eq!(thread::current().id(), caller));
    }

    #[test]
    fn a_panic_of_the_caller_leaves_the_helpers() {
        let pool = Pool::new(1);
        let caller = thread::current().id();
        let panics = || pool.run(100, Wake::Always, &|_| assert_ne!(thread::current().id(), caller, "no task for me"));
        catch_unwind(AssertUnwindSafe(panics)).unwrap_err();
        all_help(&pool);
    }
}
