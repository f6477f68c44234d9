//! The choice among instruction sets for which the kernels are compiled.
#![allow(unsafe_code)]

use std::sync::OnceLock;

use super::Product;
use super::kernel;
use super::lanes::Portable;
#[cfg(target_arch = "x86_64")]
use super::x86::{Avx2, Avx512};
use crate::ops::instructions::Instructions;

/// Kernels that the processor can run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Path(Instructions);

impl Path {
    /// All paths, the fastest last.
    #[cfg(test)]
    pub(super) fn all() -> impl Iterator<Item = Self> {
        Instructions::available().map(Self)
    }

    #[cfg(test)]
    pub(super) const fn baseline() -> Self {
        Self(Instructions::Baseline)
    }

    /// The last of all, found once.
    #[inline]
    pub(super) fn fastest() -> Self {
        static FASTEST: OnceLock<Path> = OnceLock::new();
        *FASTEST.get_or_init(|| Self(Instructions::fastest()))
    }

    /// The columns of a panel.
    #[inline]
    pub(super) fn width(self) -> usize {
        match self.0 {
            Instructions::Baseline => 8,
            #[cfg(target_arch = "x86_64")]
            Instructions::Avx2 => 16,
            #[cfg(target_arch = "x86_64")]
            Instructions::Avx512 => 64,
        }
    }

    /// [`kernel::panel`]
    ///
    /// # Safety
    ///
    /// `p` is valid, has at most [`kernel::DEPTH`] inputs, and at most [`width`](Path::width) columns.
    #[inline]
    pub(super) unsafe fn panel(self, p: &Product, is_first: bool) {
        // SAFETY: the caller's; the processor has the instructions, since `Instructions::available`, the one source of this value, has looked.
        unsafe {
            match self.0 {
                Instructions::Baseline => kernel::panel::<Portable, 2>(p, is_first),
                #[cfg(target_arch = "x86_64")]
                Instructions::Avx2 => panel_by_avx2(p, is_first),
                #[cfg(target_arch = "x86_64")]
                Instructions::Avx512 => panel_by_avx512(p, is_first),
            }
        }
    }

    /// [`kernel::stream`]
    ///
    /// # Safety
    ///
    /// `p` is valid, has at most [`kernel::DEPTH`] inputs, and at most [`kernel::STREAM`] columns.
    pub(super) unsafe fn stream(self, p: &Product, is_first: bool) {
        // SAFETY: as in `panel`.
        unsafe {
            match self.0 {
                Instructions::Baseline => kernel::stream::<Portable>(p, is_first),
                #[cfg(target_arch = "x86_64")]
                Instructions::Avx2 => stream_by_avx2(p, is_first),
                #[cfg(target_arch = "x86_64")]
                Instructions::Avx512 => stream_by_avx512(p, is_first),
            }
        }
    }

    /// [`kernel::pack`]
    ///
    /// # Safety
    ///
    /// `p` is valid; `to` has room for its inputs times its columns, rounded up to whole panels.
    pub(super) unsafe fn pack(self, p: &Product, to: *mut f32) {
        // SAFETY: as in `panel`.
        unsafe {
            match self.0 {
                Instructions::Baseline => kernel::pack::<Portable>(p, self.width(), to),
                #[cfg(target_arch = "x86_64")]
                Instructions::Avx2 => pack_by_avx2(p, self.width(), to),
                #[cfg(target_arch = "x86_64")]
                Instructions::Avx512 => pack_by_avx512(p, self.width(), to),
            }
        }
    }
}

/// Declares a kernel compiled for an instruction set.
#[cfg(target_arch = "x86_64")]
macro_rules! compiled {
    ($name:ident, $features:literal, $kernel:path, ($($argument:ident: $kind:ty),+)) => {
        #[target_feature(enable = $features)]
        unsafe fn $name($($argument: $kind),+) {
            // SAFETY: the caller's.
            unsafe { $kernel($($argument),+) }
        }
    };
}

#[cfg(target_arch = "x86_64")]
compiled!(panel_by_avx2, "avx2,fma", kernel::panel::<Avx2, 2>, (p: &Product, is_first: bool));
#[cfg(target_arch = "x86_64")]
compiled!(panel_by_avx512, "avx2,fma,avx512f", kernel::panel::<Avx512, 4>, (p: &Product, is_first: bool));
#[cfg(target_arch = "x86_64")]
compiled!(stream_by_avx2, "avx2,fma", kernel::stream::<Avx2>, (p: &Product, is_first: bool));
#[cfg(target_arch = "x86_64")]
compiled!(stream_by_avx512, "avx2,fma,avx512f", kernel::stream::<Avx512>, (p: &Product, is_first: bool));
#[cfg(target_arch = "x86_64")]
compiled!(pack_by_avx2, "avx2,fma", kernel::pack::<Avx2>, (p: &Product, width: usize, to: *mut f32));
#[cfg(target_arch = "x86_64")]
compiled!(pack_by_avx512, "avx2,fma,avx512f", kernel::pack::<Avx512>, (p: &Product, width: usize, to: *mut f32));
