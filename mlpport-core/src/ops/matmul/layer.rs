//! What is multiplied.
#![allow(unsafe_code)]

use std::marker::PhantomData;
use std::mem::MaybeUninit;

use ndarray::ArrayView2;

use super::compressed::{Exponents, STRIDE};
use super::kernel::sums;
use super::product::{PANEL, Product};

/// A matrix whose rows are slices.
#[derive(Debug, Clone, Copy)]
pub(in crate::ops) struct Rows<'a> {
    pub(super) start: *const f32,
    pub(super) stride: isize,
    pub(super) count: usize,
    pub(super) length: usize,
    lifetime: PhantomData<&'a [f32]>,
}

// SAFETY: as a slice, which is read.
unsafe impl Sync for Rows<'_> {}

impl<'a> Rows<'a> {
    /// The view, or `None` where the elements of a row do not lie one after another.
    #[inline]
    pub(in crate::ops) fn new(view: ArrayView2<'a, f32>) -> Option<Self> {
        let &[stride, step] = view.strides() else { return None };
        let (count, length) = view.dim();
        let fits = step == 1 || length <= 1 || count == 0;
        fits.then_some(Self { start: view.as_ptr(), stride, count, length, lifetime: PhantomData })
    }

    /// `count` rows of `length` elements that lie one after another, or `None` where there are not as many elements.
    #[inline]
    pub(in crate::ops) fn of(elements: &'a [f32], count: usize, length: usize) -> Option<Self> {
        let fits = count.checked_mul(length) == Some(elements.len());
        let stride = length.cast_signed();
        fits.then_some(Self { start: elements.as_ptr(), stride, count, length, lifetime: PhantomData })
    }
}

/// A kernel, row by row or in [panels](super::panels), which may be [compressed](super::compressed).
#[derive(Debug, Clone, Copy)]
pub(in crate::ops) struct Kernel<'a> {
    rows: Rows<'a>,
    panel_stride: usize,
    /// Whether all weights are known to be finite.
    is_finite: bool,
    exponents: Option<&'a Exponents>,
}

impl<'a> From<Rows<'a>> for Kernel<'a> {
    #[inline]
    fn from(rows: Rows<'a>) -> Self {
        Self { rows, panel_stride: PANEL, is_finite: false, exponents: None }
    }
}

impl<'a> Kernel<'a> {
    /// # Safety
    ///
    /// At `start` are all panels, as long as the lifetime says.
    #[inline]
    pub(super) unsafe fn in_panels(start: *const f32, inputs: usize, outputs: usize, is_finite: bool) -> Self {
        let stride = PANEL.cast_signed();
        let rows = Rows { start, stride, count: inputs, length: outputs, lifetime: PhantomData };
        Self { rows, panel_stride: inputs * PANEL, is_finite, exponents: None }
    }

    /// # Safety
    ///
    /// At `start` are all units, as long as the lifetime says.
    #[inline]
    pub(super) unsafe fn compressed(
        start: *const f32,
        inputs: usize,
        outputs: usize,
        exponents: &'a Exponents,
    ) -> Self {
        let rows = Rows { start, stride: STRIDE.cast_signed(), count: inputs, length: outputs, lifetime: PhantomData };
        let panel_stride = inputs.next_multiple_of(2) * STRIDE;
        Self { rows, panel_stride, is_finite: false, exponents: Some(exponents) }
    }
}

/// A function of single elements, in place.
pub(in crate::ops) trait Elementwise: Sync {
    fn apply_to(&self, elements: &mut [f32]);
}

/// What is taken of each output.
#[derive(Clone, Copy)]
pub(in crate::ops) enum Function<'a> {
    Identity,
    /// [`relu`](crate::ops::activation::relu), which the kernels have.
    Relu,
    Other(&'a dyn Elementwise),
}

/// A linear layer with an activation behind it: `function(x · kernel + bias)`.
#[derive(Clone, Copy)]
pub(in crate::ops) struct Layer<'a> {
    kernel: Kernel<'a>,
    bias: Option<&'a [f32]>,
    pub(in crate::ops) function: Function<'a>,
}

impl<'a> Layer<'a> {
    /// The layer, or `None` where the bias has not as many elements as the kernel has columns.
    #[inline]
    pub(in crate::ops) fn new(kernel: impl Into<Kernel<'a>>, bias: Option<&'a [f32]>) -> Option<Self> {
        let kernel = kernel.into();
        let fits = bias.is_none_or(|bias| bias.len() == kernel.rows.length);
        fits.then_some(Self { kernel, bias, function: Function::Identity })
    }

    #[inline]
    pub(in crate::ops) fn inputs(&self) -> usize {
        self.kernel.rows.count
    }

    #[inline]
    pub(in crate::ops) fn outputs(&self) -> usize {
        self.kernel.rows.length
    }

    /// The elements of the kernel.
    #[inline]
    pub(super) fn size(&self) -> usize {
        // Rows without elements may be as many as there are numbers.
        self.inputs().saturating_mul(self.outputs())
    }

    /// The product of `rows` rows of its inputs at `x`, which lie `x_stride` apart, to rows that lie `y_stride` apart at `y`.
    #[inline(always)]
    pub(super) fn product(&self, x: *const f32, x_stride: isize, y: *mut f32, y_stride: usize, rows: usize) -> Product {
        Product {
            x,
            x_stride,
            kernel: self.kernel.rows.start,
            kernel_stride: self.kernel.rows.stride,
            panel_stride: self.kernel.panel_stride,
            is_finite: self.kernel.is_finite,
            exponents: self.kernel.exponents.map_or(std::ptr::null(), std::ptr::from_ref),
            bias: self.bias.map_or(std::ptr::null(), <[f32]>::as_ptr),
            y,
            y_stride,
            partial: y,
            partial_stride: y_stride,
            rows,
            inputs: self.inputs(),
            columns: self.outputs(),
            sums: sums(self.outputs()),
            relu: matches!(self.function, Function::Relu),
        }
    }
}

/// The most layers that are kept to run together.
const MOST: usize = 8;

/// Layers to run one after another.
pub(in crate::ops) struct Layers<'a> {
    layers: [MaybeUninit<Layer<'a>>; MOST],
    count: usize,
}

impl<'a> Layers<'a> {
    #[inline]
    pub(in crate::ops) const fn new() -> Self {
        Self { layers: [const { MaybeUninit::uninit() }; MOST], count: 0 }
    }

    /// Adds one, or returns false where there are as many as fit.
    #[inline]
    pub(in crate::ops) fn push(&mut self, layer: Layer<'a>) -> bool {
        let Some(place) = self.layers.get_mut(self.count) else { return false };
        place.write(layer);
        self.count += 1;
        true
    }

    #[inline]
    pub(in crate::ops) fn as_slice(&self) -> &[Layer<'a>] {
        // SAFETY: the first `count` were written.
        unsafe { std::slice::from_raw_parts(self.layers.as_ptr().cast(), self.count) }
    }

    #[inline]
    pub(in crate::ops) fn clear(&mut self) {
        self.count = 0;
    }

    #[inline]
    pub(in crate::ops) fn last_mut(&mut self) -> Option<&mut Layer<'a>> {
        // SAFETY: likewise.
        unsafe { std::slice::from_raw_parts_mut(self.layers.as_mut_ptr().cast::<Layer<'a>>(), self.count) }.last_mut()
    }
}
