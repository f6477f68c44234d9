//! A kernel that does not lie row by row.

use ndarray::{Array2, ArrayView2};

use super::compressed::Compressed;
use super::layer::Kernel;
use super::panels::Panels;

/// A kernel in an order in which the loops read it.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum PackedKernel {
    Panels(Panels),
    Compressed(Compressed),
}

impl PackedKernel {
    /// The kernel as it is multiplied fastest, or `None` where it gains nothing.
    pub(crate) fn fast(kernel: ArrayView2<'_, f32>) -> Option<Self> {
        Panels::of(kernel).map(Self::Panels)
    }

    /// The kernel as it is read fastest, or `None` where it gains nothing.
    pub(crate) fn small(kernel: ArrayView2<'_, f32>) -> Option<Self> {
        Compressed::of(kernel).map(Self::Compressed).or_else(|| Self::fast(kernel))
    }

    /// The kernel, `(inputs, outputs)`.
    pub(crate) fn to_array(&self) -> Array2<f32> {
        match self {
            Self::Panels(panels) => panels.to_array(),
            Self::Compressed(compressed) => compressed.to_array(),
        }
    }

    #[inline]
    pub(in crate::ops) fn kernel(&self) -> Kernel<'_> {
        match self {
            Self::Panels(panels) => panels.kernel(),
            Self::Compressed(compressed) => compressed.kernel(),
        }
    }
}
