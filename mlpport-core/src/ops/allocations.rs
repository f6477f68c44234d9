//! That a forward with a warm scratch asks for no memory: counted by thread, in the tests of this crate.
#![allow(unsafe_code)]

use std::alloc::{GlobalAlloc, Layout, System};
use std::cell::Cell;

use ndarray::{Array, Array1, Array2, ArrayView, Dimension, array};

use super::activation::{Relu, Tanh};
use super::{Forward, Run, Scratch, linear};
use crate::error::Result;

struct Counting;

thread_local! {
    static COUNT: Cell<usize> = const { Cell::new(0) };
}

// SAFETY: all is left to the system's allocator.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        // A thread that ends has no counter left.
        let _ = COUNT.try_with(|count| count.set(count.get() + 1));
        // SAFETY: the caller's.
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, place: *mut u8, layout: Layout) {
        // SAFETY: likewise.
        unsafe { System.dealloc(place, layout) }
    }
}

#[global_allocator]
static ALLOCATOR: Counting = Counting;

struct Linear(Array2<f32>, Array1<f32>);

impl Linear {
    fn ones(inputs: usize, outputs: usize) -> Self {
        Self(Array2::ones((inputs, outputs)), Array1::ones(outputs))
    }
}

impl Forward for Linear {
    fn try_forward<D: Dimension>(&self, x: ArrayView<'_, f32, D>) -> Result<Array<f32, D>> {
        linear(x, self.0.view(), Some(self.1.view()))
    }

    fn steps<'x, D: Dimension>(&'x self, run: &mut Run<'x, D>) {
        run.linear(self.0.view(), Some(self.1.view()));
    }
}

#[test]
fn a_warm_scratch_is_enough() {
    let (first, second) = (Linear::ones(3, 400), Linear::ones(400, 70));
    let mut scratch = Scratch::new();
    for rows in [1, 2, 30] {
        let (x, mut y) = (Array2::ones((rows, 3)), Array2::zeros((rows, 70)));
        let mut counts = [0; 3];
        for count in &mut counts {
            let before = COUNT.get();
            let mut run = Run::new(x.view(), &mut scratch);
            run.layer("first", &first).activation(&Relu).layer("second", &second).activation(&Tanh);
            run.finish_into(y.view_mut()).unwrap();
            *count = COUNT.get() - before;
        }
        assert_eq!(counts[1..], [0, 0], "{rows} rows: {counts:?}");
        assert_eq!(y, Array2::<f32>::ones((rows, 70)));
    }
    let x = array![[1.0, 1.0]];
    assert!(first.forward_into(x.view(), &mut scratch, Array2::zeros((1, 400)).view_mut()).is_err());
    let x = array![[1.0, 1.0, 1.0]];
    assert!(first.forward_into(x.view(), &mut scratch, Array2::zeros((1, 399)).view_mut()).is_err());
}
