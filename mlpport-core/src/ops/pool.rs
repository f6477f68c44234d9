//! Threads that wait for work, since to start one takes longer than most products.
#![allow(unsafe_code)]

use std::any::Any;
use std::hint::spin_loop;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, OnceLock, PoisonError, TryLockError};
use std::thread;
use std::time::{Duration, Instant};

/// How often a thread looks for work before it sleeps: some tens of microseconds.
const SPINS: u32 = 2_000;

/// What passes at most between one caller and the next that come often.
const OFTEN: Duration = Duration::from_micros(30);

/// Threads that help the one that calls.
pub(super) struct Pool {
    shared: Arc<Shared>,
    /// Held by the caller that has the threads: when one last had so little to do that it woke none.
    caller: Mutex<Option<Instant>>,
    helpers: usize,
}

/// Whether threads that sleep are woken: that takes some microseconds of the caller, and longer before they help.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Wake {
    Always,
    /// Where the caller comes again and again, so that there is more to do.
    IfOften,
}

struct Shared {
    state: Mutex<State>,
    wake: Condvar,
    /// Counts the jobs.
    epoch: AtomicUsize,
    /// The tasks of the job that are left.
    left: Left,
    /// The helpers that run tasks.
    active: AtomicUsize,
}

/// A range of tasks: the first, and in the upper half the one behind the last.
///
/// The caller takes them from the front and helpers from the back, so that in one job after another each has the same part of the
/// memory in its cache.
struct Left(AtomicU64);

impl Left {
    fn set(&self, count: u32) {
        self.0.store(u64::from(count) << 32, Ordering::Relaxed);
    }

    fn take(&self, side: Side) -> Option<usize> {
        let split = |left: u64| ((left & u64::from(u32::MAX)), left >> 32);
        let take = |left| {
            let (start, end) = split(left);
            let rest = if side == Side::Front { left + 1 } else { left.wrapping_sub(1 << 32) };
            (start < end).then_some(rest)
        };
        let (start, end) = split(self.0.fetch_update(Ordering::Relaxed, Ordering::Relaxed, take).ok()?);
        usize::try_from(if side == Side::Front { start } else { end - 1 }).ok()
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Side {
    Front,
    Back,
}

struct State {
    job: Option<Job>,
    sleeping: usize,
    /// What a helper panicked with in the job.
    panic: Option<Box<dyn Any + Send>>,
}

/// Tasks `0..count` of a caller that waits for them.
#[derive(Clone, Copy)]
struct Job {
    run: *const (dyn Fn(usize) + Sync),
    count: u32,
}

// SAFETY: what it points to is `Sync`, and lives until the caller has closed the job (see `Open`).
unsafe impl Send for Job {}

impl Pool {
    /// A pool with this many helpers, or as many as the system starts.
    pub(super) fn new(helpers: usize) -> Self {
        let shared = Arc::new(Shared {
            state: Mutex::new(State { job: None, sleeping: 0, panic: None }),
            wake: Condvar::new(),
            epoch: AtomicUsize::new(0),
            left: Left(AtomicU64::new(0)),
            active: AtomicUsize::new(0),
        });
        let started = (0..helpers).take_while(|_| {
            let shared = Arc::clone(&shared);
            thread::Builder::new().name("mlpport".to_owned()).spawn(move || shared.help()).is_ok()
        });
        let helpers = started.count();
        Self { shared, caller: Mutex::new(None), helpers }
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
    pub(super) fn run(&self, count: usize, wake: Wake, task: &(dyn Fn(usize) + Sync)) {
        let caller = match self.caller.try_lock() {
            _ if self.helpers == 0 || count < 2 => None,
            Ok(caller) => Some(caller),
            // A task has panicked once.
            Err(TryLockError::Poisoned(caller)) => Some(caller.into_inner()),
            Err(TryLockError::WouldBlock) => None,
        };
        let (Some(mut last), Ok(tasks)) = (caller, u32::try_from(count)) else {
            (0..count).for_each(task);
            return;
        };
        // SAFETY: only the lifetime changes; `Open` ends the use of the pointer before `task` ends, on unwinding as well.
        let run = unsafe { std::mem::transmute::<*const (dyn Fn(usize) + Sync), *const (dyn Fn(usize) + Sync)>(task) };
        if self.shared.post(Job { run, count: tasks }, wake, self.helpers, &mut last) {
            let open = Open(&self.shared);
            open.0.work(task, Side::Front);
            drop(open);
            let panic = self.shared.state().panic.take();
            drop(last);
            if let Some(panic) = panic {
                resume_unwind(panic);
            }
        } else {
            drop(last);
            (0..count).for_each(task);
        }
    }
}

/// A job that helpers may join, until this is dropped.
struct Open<'a>(&'a Shared);

impl Drop for Open<'_> {
    fn drop(&mut self) {
        self.0.state().job = None;
        let mut spins = 0;
        while self.0.active.load(Ordering::Acquire) > 0 {
            spins += 1;
            if spins < SPINS { spin_loop() } else { thread::yield_now() }
        }
    }
}

impl Shared {
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Opens the job, unless all helpers sleep and are left to.
    fn post(&self, job: Job, wake: Wake, helpers: usize, last: &mut Option<Instant>) -> bool {
        let mut state = self.state();
        if state.sleeping == helpers && wake == Wake::IfOften {
            let now = Instant::now();
            let is_often = last.replace(now).is_some_and(|last| now.duration_since(last) < OFTEN);
            if !is_often {
                return false;
            }
        }
        self.left.set(job.count);
        state.job = Some(job);
        state.panic = None;
        self.epoch.fetch_add(1, Ordering::Release);
        let sleeping = state.sleeping;
        drop(state);
        if sleeping > 0 {
            self.wake.notify_all();
        }
        true
    }

    fn work(&self, task: &(dyn Fn(usize) + Sync), side: Side) {
        while let Some(index) = self.left.take(side) {
            task(index);
        }
    }

    /// Joins each job, for ever.
    fn help(&self) {
        let mut seen = 0;
        loop {
            let mut spins = 0;
            while self.epoch.load(Ordering::Acquire) == seen && spins < SPINS {
                spins += 1;
                spin_loop();
            }
            let mut state = self.state();
            while self.epoch.load(Ordering::Relaxed) == seen {
                state.sleeping += 1;
                state = self.wake.wait(state).unwrap_or_else(PoisonError::into_inner);
                state.sleeping -= 1;
            }
            seen = self.epoch.load(Ordering::Relaxed);
            let Some(job) = state.job else { continue };
            // Under the lock, so that the caller, which closes the job under it, sees each helper that has joined.
            self.active.fetch_add(1, Ordering::Relaxed);
            drop(state);
            let _active = Active(self);
            // SAFETY: the job was open when this helper became active, and its caller waits for active helpers.
            let task = unsafe { &*job.run };
            if let Err(panic) = catch_unwind(AssertUnwindSafe(|| self.work(task, Side::Back))) {
                self.state().panic = Some(panic);
            }
        }
    }
}

/// A helper that runs tasks.
struct Active<'a>(&'a Shared);

impl Drop for Active<'_> {
    fn drop(&mut self) {
        self.0.active.fetch_sub(1, Ordering::Release);
    }
}
