//! Several threads.

use std::mem::MaybeUninit;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::{self, ThreadId};
use std::time::{Duration, Instant};

use ndarray::{ArrayView2, s};

use super::super::kernel::DEPTH;
use super::super::kernels::Kernels;
use super::super::{Elementwise, Function, Layer, Rows, layer_by, together_by};
use super::{POOLS, bits, by, matrix};
use crate::ops::pool::Pool;

/// Panics on any thread but the one that made it, which waits for that.
struct Panics {
    caller: ThreadId,
    has_panicked: AtomicBool,
}

impl Elementwise for Panics {
    fn apply_to(&self, _: &mut [f32]) {
        if thread::current().id() != self.caller {
            self.has_panicked.store(true, Ordering::Relaxed);
            panic!("on another thread");
        }
        let start = Instant::now();
        while !self.has_panicked.load(Ordering::Relaxed) {
            assert!(start.elapsed() < Duration::from_secs(100), "no other thread takes part");
            thread::sleep(Duration::from_millis(1));
        }
    }
}

#[test]
fn a_panic_on_another_thread_reaches_the_caller() {
    let (rows, width) = if cfg!(miri) { (130, DEPTH) } else { (400, 64) };
    let (x, kernel) = (matrix(rows, width, 1, false), matrix(width, width, 2, false));
    let layer = Layer::new(Rows::new(kernel.view()).unwrap(), None).unwrap();
    let run = |function: Function<'_>, pool: &Pool| {
        let mut y = vec![MaybeUninit::new(f32::NAN); rows * width];
        let mut layer = layer;
        layer.function = function;
        assert!(together_by(Kernels::fastest(), Some(pool), &[layer], Rows::new(x.view()).unwrap(), &mut y));
    };
    // Pools that no other test has: the threads of one whose caller is busy help nobody else.
    for helpers in [1, 2] {
        let pool = Pool::new(helpers);
        let panics = Panics { caller: thread::current().id(), has_panicked: AtomicBool::new(false) };
        let run_with_panic = || run(Function::Other(&panics), &pool);
        let panic = catch_unwind(AssertUnwindSafe(run_with_panic)).unwrap_err();
        assert_eq!(panic.downcast_ref(), Some(&"on another thread"));
        run(Function::Relu, &pool);
    }
}

/// A function that runs a layer on the thread that calls it, and takes the first number that this gives.
struct Nested<'a> {
    x: ArrayView2<'a, f32>,
    kernel: ArrayView2<'a, f32>,
}

impl Nested<'_> {
    fn first(&self) -> f32 {
        by(Kernels::fastest(), None, self.x, self.kernel, None)[[0, 0]]
    }
}

impl Elementwise for Nested<'_> {
    fn apply_to(&self, elements: &mut [f32]) {
        elements.fill(self.first());
    }
}

#[test]
fn a_function_may_run_layers() {
    // Wider than what runs as a chain, and enough rows for several threads.
    let (rows, width) = if cfg!(miri) { (8, 20) } else { (20, 130) };
    let (x, kernel) = (matrix(rows, width, 1, false), matrix(width, width, 2, false));
    let nested = Nested { x: x.slice(s![..5, ..]), kernel: kernel.view() };
    let expected = nested.first();
    let mut layer = Layer::new(Rows::new(kernel.view()).unwrap(), None).unwrap();
    layer.function = Function::Other(&nested);
    for pool in &*POOLS {
        let mut y = vec![MaybeUninit::new(f32::NAN); rows * width];
        assert!(layer_by(Kernels::fastest(), Some(pool), &layer, Rows::new(x.view()).unwrap(), &mut y));
        assert!(y.iter().all(|y| unsafe { y.assume_init() }.to_bits() == expected.to_bits()));
        y.fill(MaybeUninit::new(f32::NAN));
        assert!(together_by(Kernels::fastest(), Some(pool), &[layer; 2], Rows::new(x.view()).unwrap(), &mut y));
        assert!(y.iter().all(|y| unsafe { y.assume_init() }.to_bits() == expected.to_bits()));
    }
}

#[test]
fn several_callers_share_the_threads() {
    let size = if cfg!(miri) { 20 } else { 300 };
    let (x, kernel) = (matrix(size, size, 1, false), matrix(size, size, 2, false));
    let expected = bits(&by(Kernels::fastest(), Some(&POOLS[0]), x.view(), kernel.view(), None));
    thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| {
                for _ in 0..if cfg!(miri) { 1 } else { 50 } {
                    assert_eq!(bits(&by(Kernels::fastest(), None, x.view(), kernel.view(), None)), expected);
                }
            });
        }
    });
}
