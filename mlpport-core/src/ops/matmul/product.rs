//! What a kernel works on.
#![allow(unsafe_code)]

use std::ops::Range;

use super::compressed::Exponents;
use super::kernel::DEPTH;
use super::size;

/// The columns of a panel, of which tasks have whole ones: those of the widest tile.
pub(super) const PANEL: usize = size(64, 32);

/// The places of a product, or of a part of one.
///
/// It is valid where `rows` rows of `inputs` elements from `x`, `inputs` of `columns` from `kernel`, in panels as it says, or the units
/// of those that are compressed, and `columns` from `bias` unless that is null, may be read, and `rows` of `columns` from `y` and from
/// `partial` be written, by nobody else meanwhile.
#[derive(Debug, Clone, Copy)]
pub(super) struct Product {
    pub(super) x: *const f32,
    pub(super) x_stride: isize,
    pub(super) kernel: *const f32,
    pub(super) kernel_stride: isize,
    /// From one panel to the next: [`PANEL`] where the kernel lies row by row.
    pub(super) panel_stride: usize,
    /// Whether all weights are known to be finite, so that their products with zero are zeros.
    pub(super) is_finite: bool,
    /// Those of a compressed kernel, or null.
    pub(super) exponents: *const Exponents,
    pub(super) bias: *const f32,
    pub(super) y: *mut f32,
    pub(super) y_stride: usize,
    /// Where sums lie until those of the last slice are added: rows of `y`, or of another place.
    pub(super) partial: *mut f32,
    pub(super) partial_stride: usize,
    pub(super) rows: usize,
    pub(super) inputs: usize,
    pub(super) columns: usize,
    /// The sums for each element of the output.
    pub(super) sums: usize,
    /// Whether `relu` is taken of what the last slice gives.
    pub(super) relu: bool,
}

// SAFETY: what is shared is read, and each thread writes its own part of `y`.
unsafe impl Sync for Product {}

impl Product {
    /// The part of these rows, inputs and columns, which are within those of `self`; of a kernel in panels the columns begin at one, or
    /// are within the first, and of a compressed one the inputs begin at an even one.
    #[inline(always)]
    pub(super) fn part(&self, rows: Range<usize>, inputs: Range<usize>, columns: Range<usize>) -> Self {
        let (row, input) = (rows.start.cast_signed(), inputs.start.cast_signed());
        // Without a division where it takes as long as a small product.
        let column = match columns.start {
            start if self.is_in_panels() => start / PANEL * self.panel_stride + start % PANEL,
            start => start,
        };
        Self {
            x: self.x.wrapping_offset(row * self.x_stride + input),
            kernel: self.kernel.wrapping_offset(input * self.kernel_stride).wrapping_add(column),
            bias: if self.bias.is_null() { self.bias } else { self.bias.wrapping_add(columns.start) },
            y: self.y.wrapping_add(rows.start * self.y_stride + columns.start),
            partial: self.partial.wrapping_add(rows.start * self.partial_stride + columns.start),
            rows: rows.len(),
            inputs: inputs.len(),
            columns: columns.len(),
            ..*self
        }
    }

    /// Whether the kernel is in panels.
    #[inline(always)]
    pub(super) fn is_in_panels(&self) -> bool {
        self.panel_stride != PANEL
    }

    /// Whether they are compressed.
    #[inline(always)]
    pub(super) fn is_compressed(&self) -> bool {
        !self.exponents.is_null()
    }

    /// Its slices: at least one.
    #[inline(always)]
    pub(super) fn slices(&self) -> impl Iterator<Item = Slice> + use<> {
        let p = *self;
        (0..p.slice_count()).map(move |index| p.slice(index))
    }

    #[inline(always)]
    pub(super) fn slice_count(&self) -> usize {
        if self.inputs <= DEPTH { 1 } else { self.inputs.div_ceil(self.slice_step()) }
    }

    /// Slices are of even length, since a short one costs as much as a long one around its loop, and several are an even number,
    /// for two threads that share them.
    #[inline(always)]
    fn slice_step(&self) -> usize {
        if self.inputs <= DEPTH {
            return self.inputs;
        }
        self.inputs.div_ceil(self.inputs.div_ceil(DEPTH).next_multiple_of(2)).next_multiple_of(4)
    }

    /// The slice of this index, which is below their count.
    #[inline(always)]
    pub(super) fn slice(&self, index: usize) -> Slice {
        let step = self.slice_step();
        let end = ((index + 1) * step).min(self.inputs);
        Slice { index, inputs: index * step..end, is_last: end == self.inputs }
    }
}

/// Inputs whose products are added to the output at once.
#[derive(Debug, Clone)]
pub(super) struct Slice {
    pub(super) index: usize,
    pub(super) inputs: Range<usize>,
    pub(super) is_last: bool,
}

impl Slice {
    /// Whether the bias is to be added.
    #[inline(always)]
    pub(super) fn is_first(&self) -> bool {
        self.index == 0
    }
}

/// `0..length` in steps.
#[inline(always)]
pub(super) fn steps(length: usize, step: usize) -> impl Iterator<Item = Range<usize>> {
    (0..length.div_ceil(step)).map(move |index| index * step..((index + 1) * step).min(length))
}

/// The step for parts of `length` that are at most `most` long, as few as there can be and as even as multiples of `unit` are.
#[inline(always)]
pub(super) fn even(length: usize, most: usize, unit: usize) -> usize {
    if length <= most {
        return length; // Without a division, which takes as long as a small product.
    }
    length.div_ceil(length.div_ceil(most)).next_multiple_of(unit)
}
