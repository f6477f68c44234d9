//! The product of two matrices, with a bias.
//!
//! For each element of the output the products are added in the same order, whatever the sizes, the instruction set, and
//! the number of threads; only without fused multiply-add, each product is rounded as well.
#![allow(unsafe_code)]

mod kernel;
mod lanes;
mod path;
#[cfg(test)]
mod tests;
#[cfg(target_arch = "x86_64")]
mod x86;

use std::cell::RefCell;
use std::mem::MaybeUninit;
use std::ops::Range;

use ndarray::ArrayView2;

use self::kernel::{DEPTH, STREAM};
use self::path::Path;
use super::pool::Pool;

/// Products of more elements than this run on several threads.
const THREADED: usize = 200_000;

/// The elements of a kernel from which a row is multiplied as the kernel lies in memory.
const STREAMED: usize = 16 * 1024;

/// The elements of a kernel from which it is packed.
const PACKED: usize = 16 * 1024;

/// The rows of a task.
const TASK_ROWS: usize = 256;

/// The columns of a block that is packed at once.
const BLOCK: usize = 256;

/// A matrix whose rows are slices.
#[derive(Debug, Clone, Copy)]
pub(super) struct Rows<'a> {
    view: ArrayView2<'a, f32>,
    stride: isize,
}

impl<'a> Rows<'a> {
    /// The view, or `None` where the elements of a row do not lie one after another.
    #[inline]
    pub(super) fn new(view: ArrayView2<'a, f32>) -> Option<Self> {
        let &[stride, step] = view.strides() else { return None };
        (step == 1 || view.ncols() <= 1 || view.is_empty()).then_some(Self { view, stride })
    }
}

/// Writes `x · kernel + bias` to `y`, row by row.
///
/// Does nothing unless the sizes fit: `x` is `(rows, inputs)`, `kernel` `(inputs, columns)`, `bias` `(columns,)`, `y`
/// `rows · columns`. Returns whether they do, and every element is written.
#[inline]
pub(super) fn product(x: Rows<'_>, kernel: Rows<'_>, bias: Option<&[f32]>, y: &mut [MaybeUninit<f32>]) -> bool {
    product_by(Path::fastest(), None, x, kernel, bias, y)
}

/// [`product`] by a path, and by a pool other than that of the process.
fn product_by(
    path: Path,
    pool: Option<&Pool>,
    x: Rows<'_>,
    kernel: Rows<'_>,
    bias: Option<&[f32]>,
    y: &mut [MaybeUninit<f32>],
) -> bool {
    let ((rows, inputs), (kernel_inputs, columns)) = (x.view.dim(), kernel.view.dim());
    let fits = inputs == kernel_inputs
        && bias.is_none_or(|bias| bias.len() == columns)
        && rows.checked_mul(columns) == Some(y.len());
    if !fits {
        return false;
    }
    let product = Product {
        x: x.view.as_ptr(),
        x_stride: x.stride,
        kernel: kernel.view.as_ptr(),
        kernel_stride: kernel.stride,
        bias: bias.map_or(std::ptr::null(), <[f32]>::as_ptr),
        y: y.as_mut_ptr().cast(),
        y_stride: columns,
        rows,
        inputs,
        columns,
    };
    // SAFETY: the pointers are those of the views and slices, whose sizes were compared above.
    unsafe { product.run(path, pool) };
    true
}

/// The places of a product, or of a part of one.
///
/// It is valid where `rows` rows of `inputs` elements from `x`, `inputs` of `columns` from `kernel`, and `columns` from `bias`
/// unless that is null, may be read, and `rows` of `columns` from `y` be written, by nobody else meanwhile.
#[derive(Debug, Clone, Copy)]
struct Product {
    x: *const f32,
    x_stride: isize,
    kernel: *const f32,
    kernel_stride: isize,
    bias: *const f32,
    y: *mut f32,
    y_stride: usize,
    rows: usize,
    inputs: usize,
    columns: usize,
}

// SAFETY: what is shared is read, and each thread writes its own part of `y`.
unsafe impl Sync for Product {}

thread_local! {
    /// A block of the kernel, packed.
    static BUFFER: RefCell<Vec<f32>> = const { RefCell::new(Vec::new()) };
}

impl Product {
    /// The part of these rows, inputs and columns, which are within those of `self`.
    #[inline]
    fn part(&self, rows: Range<usize>, inputs: Range<usize>, columns: Range<usize>) -> Self {
        let (row, input) = (rows.start.cast_signed(), inputs.start.cast_signed());
        Self {
            x: self.x.wrapping_offset(row * self.x_stride + input),
            kernel: self.kernel.wrapping_offset(input * self.kernel_stride).wrapping_add(columns.start),
            bias: if self.bias.is_null() { self.bias } else { self.bias.wrapping_add(columns.start) },
            y: self.y.wrapping_add(rows.start * self.y_stride + columns.start),
            rows: rows.len(),
            inputs: inputs.len(),
            columns: columns.len(),
            ..*self
        }
    }

    /// # Safety
    ///
    /// `self` is valid.
    #[inline]
    unsafe fn run(&self, path: Path, pool: Option<&Pool>) {
        // A saturated size is that of empty rows.
        let size = self.rows.saturating_mul(self.inputs).saturating_mul(self.columns);
        if size < THREADED {
            // SAFETY: the caller's.
            return unsafe { self.run_alone(path) };
        }
        let columns = match (self.rows, self.columns) {
            (..4, 4096..) => STREAM,
            (_, 2048..) => BLOCK,
            _ => BLOCK / 2,
        };
        let across = self.columns.div_ceil(columns);
        let down = self.rows.div_ceil(TASK_ROWS);
        let task = |task: usize| {
            let (row, column) = (task / across * TASK_ROWS, task % across * columns);
            let rows = row..(row + TASK_ROWS).min(self.rows);
            let part = self.part(rows, 0..self.inputs, column..(column + columns).min(self.columns));
            // SAFETY: a part of what is valid is, and no two tasks share a place of `y`.
            unsafe { part.run_alone(path) };
        };
        let pool = match pool {
            Some(pool) => pool,
            None => Pool::global(),
        };
        pool.run(across * down, &task);
    }

    /// # Safety
    ///
    /// `self` is valid.
    #[inline]
    unsafe fn run_alone(&self, path: Path) {
        let size = self.inputs * self.columns;
        // SAFETY: the caller's.
        unsafe {
            if self.rows < 4 && size >= STREAMED {
                self.stream(path);
            } else if self.rows >= 24 && size >= PACKED || self.rows >= 4 && size >= 16 * PACKED {
                self.pack(path);
            } else {
                self.panels(path);
            }
        }
    }

    #[inline]
    unsafe fn panels(&self, path: Path) {
        for columns in steps(self.columns, path.width()) {
            for (inputs, is_first) in slices(self.inputs) {
                let part = self.part(0..self.rows, inputs, columns.clone());
                // SAFETY: a part of what is valid is; it is no larger than a panel.
                unsafe { path.panel(&part, is_first) };
            }
        }
    }

    unsafe fn stream(&self, path: Path) {
        for columns in steps(self.columns, STREAM) {
            for (inputs, is_first) in slices(self.inputs) {
                for row in 0..self.rows {
                    let part = self.part(row..row + 1, inputs.clone(), columns.clone());
                    // SAFETY: likewise.
                    unsafe { path.stream(&part, is_first) };
                }
            }
        }
    }

    unsafe fn pack(&self, path: Path) {
        BUFFER.with_borrow_mut(|buffer| {
            buffer.resize(DEPTH * BLOCK, 0.0);
            for columns in steps(self.columns, BLOCK) {
                for (inputs, is_first) in slices(self.inputs) {
                    let block = self.part(0..self.rows, inputs.clone(), columns.clone());
                    // SAFETY: the buffer has room for the largest block, and widths of panels divide its columns.
                    unsafe { path.pack(&block, buffer.as_mut_ptr()) };
                    for panel in steps(block.columns, path.width()) {
                        let packed = buffer.as_ptr().wrapping_add(panel.start * block.inputs);
                        let part = block.part(0..block.rows, 0..block.inputs, panel.clone());
                        let part = Self { kernel: packed, kernel_stride: path.width().cast_signed(), ..part };
                        // SAFETY: as in `panels`; the kernel is the panel in the buffer.
                        unsafe { path.panel(&part, is_first) };
                    }
                }
            }
        });
    }
}

/// `0..length` in steps.
#[inline]
fn steps(length: usize, step: usize) -> impl Iterator<Item = Range<usize>> {
    (0..length.div_ceil(step)).map(move |index| index * step..((index + 1) * step).min(length))
}

/// The slices of the inputs, at least one, and whether each is the first.
#[inline]
fn slices(inputs: usize) -> impl Iterator<Item = (Range<usize>, bool)> {
    (0..inputs.div_ceil(DEPTH).max(1)).map(move |index| (index * DEPTH..((index + 1) * DEPTH).min(inputs), index == 0))
}
