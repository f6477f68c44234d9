//! Small layers one after another, some rows at a time, so that what passes between them stays in registers and the first cache.
#![allow(unsafe_code)]

use std::mem::MaybeUninit;
use std::ops::Range;

use super::block::{padded, row};
use super::kernel::DEPTH;
use super::lanes::Lanes;
use super::layer::{Function, Layer};
use super::product::{Product, steps};
use super::room::Room;

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
    unsafe { through::<V>(layers, ends, front, back, None) };
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
            through::<V>(layers, &ends, front, back, Some(block));
        }
    }
}

/// Runs as many rows as there is room for at `front` and `back`: one, or where there is a `block` several.
#[inline(always)]
unsafe fn through<V: Lanes>(
    layers: &[Layer<'_>],
    ends: &Ends,
    front: *mut f32,
    back: *mut f32,
    block: Option<unsafe fn(&Product, Room)>,
) {
    let (mut x, mut x_stride) = (ends.x, ends.x_stride);
    let (mut from, mut to) = (back, front);
    for (index, layer) in layers.iter().enumerate() {
        let is_last = index + 1 == layers.len();
        let (y, y_stride) = if is_last { (ends.y, layer.outputs()) } else { (to, DEPTH) };
        let product = layer.product(x, x_stride, y, y_stride, ends.rows);
        // SAFETY: the caller's; what is not read at the time is room.
        unsafe {
            match block {
                Some(block) => {
                    block(&product, Room { x: from, copied: (index > 0).then_some(0), packed: std::ptr::null_mut() })
                }
                None => row::<V>(&product),
            }
            apply(layer.function, &product);
        }
        (x, x_stride) = (to, DEPTH.cast_signed());
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
