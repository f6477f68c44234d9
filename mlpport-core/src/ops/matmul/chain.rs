//! Small layers one after another, some rows at a time, so that what passes between them stays in registers and the first cache.
#![allow(unsafe_code)]

use std::mem::MaybeUninit;
use std::ops::Range;

use super::block::{Room, block, padded};
use super::kernel::DEPTH;
use super::lanes::Lanes;
use super::layer::{Function, Layer};
use super::product::{Product, steps};

/// The rows that run through all layers at once.
pub(super) const ROWS: usize = 24;

/// What is between two layers: [`ROWS`] rows of [`DEPTH`] elements.
#[repr(align(64))]
struct Hidden(#[expect(dead_code, reason = "it is room, used through a pointer")] [MaybeUninit<f32>; ROWS * DEPTH]);

/// The input and the output of all layers.
#[derive(Debug, Clone, Copy)]
pub(super) struct Ends {
    pub(super) x: *const f32,
    pub(super) x_stride: isize,
    pub(super) y: *mut f32,
    pub(super) rows: usize,
}

// SAFETY: what is shared is read, and each thread writes its own rows of `y`.
unsafe impl Sync for Ends {}

impl Ends {
    /// These rows, where the layers have so many outputs.
    #[inline(always)]
    pub(super) fn part(&self, rows: Range<usize>, outputs: usize) -> Self {
        Self {
            x: self.x.wrapping_offset(rows.start.cast_signed() * self.x_stride),
            y: self.y.wrapping_add(rows.start * outputs),
            rows: rows.len(),
            ..*self
        }
    }
}

/// Runs `rows` through the layers, of which all but the last have at most [`DEPTH`] outputs.
///
/// # Safety
///
/// The processor has the instructions of `V`. Each layer takes what the one before it gives; `ends` has rows of the inputs of the
/// first at `x`, to read, and of the outputs of the last at `y`, to write by nobody else.
#[inline(always)]
pub(super) unsafe fn chain<V: Lanes>(layers: &[Layer<'_>], ends: &Ends) {
    let mut hidden = [const { MaybeUninit::<Hidden>::uninit() }; 2];
    let [front, back] = &mut hidden;
    let (front, back) = (front.as_mut_ptr().cast::<f32>(), back.as_mut_ptr().cast::<f32>());
    let outputs = layers.last().map_or(0, Layer::outputs);
    for rows in steps(ends.rows, ROWS) {
        let ends = ends.part(rows, outputs);
        let count = ends.rows;
        // SAFETY: a row of the padding is one of the buffer; the rest is the caller's contract, and that all but the last layer
        // have outputs that fit into a row.
        unsafe {
            for row in count..padded::<V>(count) {
                front.add(row * DEPTH).write_bytes(0, DEPTH);
                back.add(row * DEPTH).write_bytes(0, DEPTH);
            }
            let (mut x, mut x_stride) = (ends.x, ends.x_stride);
            let (mut from, mut to) = (back, front);
            for (index, layer) in layers.iter().enumerate() {
                let (y, y_stride) = if index + 1 == layers.len() {
                    (ends.y, outputs)
                } else {
                    (to, DEPTH)
                };
                let product = layer.product(x, x_stride, y, y_stride, count);
                block::<V>(&product, Room { x: from, packed: std::ptr::null_mut() });
                apply(layer.function, &product);
                (x, x_stride) = (to, DEPTH.cast_signed());
                std::mem::swap(&mut from, &mut to);
            }
        }
    }
}

/// Takes the function of the output, unless the kernels have.
///
/// # Safety
///
/// The output of `p` has been written.
#[inline(always)]
pub(super) unsafe fn apply(function: Function<'_>, p: &Product) {
    let Function::Other(function) = function else { return };
    for row in 0..p.rows {
        // SAFETY: a row of the output, which belongs to this caller.
        function.apply_to(unsafe { std::slice::from_raw_parts_mut(p.y.add(row * p.y_stride), p.columns) });
    }
}
