//! A kernel in the order in which the loops read it.
#![allow(unsafe_code)]

use std::mem::MaybeUninit;
use std::sync::atomic::{AtomicBool, Ordering};

use ndarray::{Array2, ArrayView2, Axis};

use super::CHAINED;
use super::kernel::sums;
use super::layer::Kernel;
use super::product::PANEL;
use crate::ops::lines::{LINE, Line};
use crate::tensor::prefer_huge;
use crate::threads;

/// The lines of a row of a panel.
const LINES: usize = PANEL / LINE;

/// A kernel as panels one after another, each with all its rows of [`PANEL`] columns; the last one has zeros behind its columns.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Panels {
    lines: Vec<Line>,
    inputs: usize,
    outputs: usize,
    is_finite: bool,
}

impl Panels {
    /// The kernel in panels, or `None` where they gain nothing or take more than 1.1 times its memory.
    pub(super) fn of(kernel: ArrayView2<'_, f32>) -> Option<Self> {
        let outputs = kernel.ncols();
        let columns = outputs.next_multiple_of(PANEL);
        let gains = kernel.len() > CHAINED && sums(outputs) == 1 && columns * 10 <= outputs * 11;
        gains.then(|| Self::pack(kernel))
    }

    /// The kernel in panels, which has one sum for each element of the output.
    pub(super) fn pack(kernel: ArrayView2<'_, f32>) -> Self {
        let (inputs, outputs) = kernel.dim();
        let count = outputs.div_ceil(PANEL) * inputs * LINES;
        let mut lines: Vec<Line> = Vec::with_capacity(count);
        let places = &mut lines.spare_capacity_mut()[..count];
        prefer_huge(places);
        let panels = places.chunks_mut((inputs * LINES).max(1)).zip(kernel.axis_chunks_iter(Axis(1), PANEL));
        let is_finite = AtomicBool::new(true);
        threads::for_each(panels, |(places, columns)| {
            if !write(columns, places) {
                is_finite.store(false, Ordering::Relaxed);
            }
        });
        // SAFETY: `write` has written them all.
        unsafe { lines.set_len(count) };
        Self { lines, inputs, outputs, is_finite: is_finite.into_inner() }
    }

    /// The kernel, `(inputs, outputs)`.
    pub(super) fn to_array(&self) -> Array2<f32> {
        Array2::from_shape_fn((self.inputs, self.outputs), |(row, column)| {
            let line = (column / PANEL * self.inputs + row) * LINES + column % PANEL / LINE;
            self.lines.get(line).and_then(|line| line.0.get(column % LINE)).copied().unwrap_or_default()
        })
    }

    #[inline]
    pub(super) fn kernel(&self) -> Kernel<'_> {
        // SAFETY: the elements that `Kernel` tells of are there.
        unsafe { Kernel::in_panels(self.lines.as_ptr().cast(), self.inputs, self.outputs, self.is_finite) }
    }
}

/// Writes a panel of these columns, and returns whether all are finite.
fn write(columns: ArrayView2<'_, f32>, places: &mut [MaybeUninit<Line>]) -> bool {
    let mut is_finite = true;
    for (row, places) in columns.rows().into_iter().zip(places.chunks_mut(LINES)) {
        let mut elements = [[0.0; LINE]; LINES];
        for (element, weight) in elements.as_flattened_mut().iter_mut().zip(row) {
            *element = *weight;
        }
        is_finite &= elements.as_flattened().iter().fold(true, |all, element| all & element.is_finite());
        for (place, elements) in places.iter_mut().zip(elements) {
            place.write(Line(elements));
        }
    }
    is_finite
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_kernel_that_gains_nothing_is_not_packed() {
        for (inputs, outputs) in [(0, 0), (CHAINED / 512, 512), (2000, 64), (1000, 100), (200, 9 * PANEL + 1)] {
            assert!(Panels::of(Array2::zeros((inputs, outputs)).view()).is_none(), "{inputs}, {outputs}");
        }
    }

    #[test]
    fn panels_take_at_most_a_tenth_more_memory() {
        let sizes = if cfg!(miri) { &[(1, 582)][..] } else { &[(113, 582), (137, 512), (600, 128), (100, 1009)] };
        for &(inputs, outputs) in sizes {
            let kernel = Array2::from_shape_fn((inputs, outputs), |(row, column)| (row * outputs + column) as f32);
            let panels = Panels::of(kernel.view()).unwrap();
            let bytes = panels.lines.capacity() * size_of::<Line>();
            assert!(bytes * 10 <= kernel.len() * size_of::<f32>() * 11, "{inputs}, {outputs}: {bytes}");
            assert_eq!(panels.to_array(), kernel);
        }
    }
}
