//! Small layers one after another, some rows at a time, so that what passes between them stays in registers and the first cache.
#![allow(unsafe_code)]

use std::marker::PhantomData;
use std::mem::MaybeUninit;
use std::ops::Range;

use super::block::{padded, row};
use super::kernel::DEPTH;
use super::lanes::Lanes;
use super::layer::{Function, Layer};
use super::product::{Product, steps};
use super::room::{Room, Source};

/// The rows that run through all layers at once.
pub(super) const ROWS: usize = 24;

/// What is between two layers: rows of [`DEPTH`] elements.
#[repr(align(64))]
struct Hidden<const ROWS: usize>([[MaybeUninit<f32>; DEPTH]; ROWS]);

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

/// Runs one row through the layers, of which all but the last have at most [`DEPTH`] outputs.
///
/// # Safety
///
/// The processor has the instructions of `V`. Each layer takes what the one before it gives; `ends` has rows of the inputs of the
/// first at `x`, to read, and of the outputs of the last at `y`, to write by nobody else.
#[inline(always)]
pub(super) unsafe fn chain_row<V: Lanes>(layers: &[Layer<'_>], ends: &Ends) {
    let mut hidden = [const { MaybeUninit::<Hidden<1>>::uninit() }; 2];
    let [front, back] = hidden.each_mut().map(|rows| rows.as_mut_ptr().cast());
    // SAFETY: the caller's; there is room for the row.
    unsafe { through(layers, ends, [front, back], DEPTH, &OneRow::<V>(PhantomData)) };
}

/// The same for any number of rows, by [`block`](super::block::block) as it is compiled for `V`.
///
/// # Safety
///
/// As [`chain_row`].
#[inline(always)]
pub(super) unsafe fn chain<V: Lanes>(layers: &[Layer<'_>], ends: &Ends, block: unsafe fn(&Product, Room)) {
    let mut hidden = [const { MaybeUninit::<Hidden<ROWS>>::uninit() }; 2];
    let [front, back] = hidden.each_mut().map(|rows| rows.as_mut_ptr().cast::<f32>());
    let outputs = layers.last().map_or(0, Layer::outputs);
    for rows in steps(ends.rows, ROWS) {
        let ends = ends.part(rows, outputs);
        // SAFETY: the caller's; there is room for so many rows and for those of the padding, which are whole tiles.
        unsafe {
            for row in ends.rows..padded::<V>(ends.rows) {
                front.add(row * DEPTH).write_bytes(0, DEPTH);
                back.add(row * DEPTH).write_bytes(0, DEPTH);
            }
            through(layers, &ends, [front, back], DEPTH, &InBlocks(block));
        }
    }
}

/// How some rows run through a layer.
///
/// A closure would be compiled without the instructions of the function in which it stands.
pub(super) trait Step {
    /// Runs `p`, which has its input at `room`; the first of all layers has it elsewhere.
    ///
    /// # Safety
    ///
    /// As [`chain_row`]; `p` is valid, and so is `room` for its input.
    unsafe fn run(&self, p: &Product, room: *mut f32, is_first: bool);
}

struct OneRow<V>(PhantomData<V>);

impl<V: Lanes> Step for OneRow<V> {
    #[inline(always)]
    unsafe fn run(&self, p: &Product, _: *mut f32, _: bool) {
        // SAFETY: the caller's.
        unsafe { row::<V>(p) }
    }
}

/// Rows that lie as [`block`](super::block::block) copies them, so that it has only to copy the first.
struct InBlocks(unsafe fn(&Product, Room));

impl Step for InBlocks {
    #[inline(always)]
    unsafe fn run(&self, p: &Product, room: *mut f32, is_first: bool) {
        let x = if is_first { Source::of(p.rows, room) } else { Source::Copied(room, 0) };
        // SAFETY: the caller's.
        unsafe { (self.0)(p, Room { x, packed: std::ptr::null_mut(), is_large: false }) }
    }
}

/// Runs some rows through all layers.
///
/// # Safety
///
/// As [`chain_row`], for any number of outputs; at `front` and at `back` there is room for the rows, a `stride` apart, that all layers
/// but the last give, and for what `step` needs.
#[inline(always)]
pub(super) unsafe fn through(
    layers: &[Layer<'_>],
    ends: &Ends,
    [front, back]: [*mut f32; 2],
    stride: usize,
    step: &impl Step,
) {
    let (mut x, mut x_stride) = (ends.x, ends.x_stride);
    let (mut from, mut to) = (back, front);
    for (index, layer) in layers.iter().enumerate() {
        let is_last = index + 1 == layers.len();
        let (y, y_stride) = if is_last { (ends.y, layer.outputs()) } else { (to, stride) };
        let product = layer.product(x, x_stride, y, y_stride, ends.rows);
        // SAFETY: the caller's; what is not read at the time is room.
        unsafe {
            step.run(&product, from, index == 0);
            apply(layer.function, &product);
        }
        (x, x_stride) = (to, stride.cast_signed());
        std::mem::swap(&mut from, &mut to);
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
