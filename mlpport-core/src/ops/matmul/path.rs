//! The choice among instruction sets for which the kernels are compiled.
#![allow(unsafe_code)]

use std::sync::OnceLock;

#[cfg(target_arch = "x86_64")]
use super::avx2::Avx2;
#[cfg(target_arch = "x86_64")]
use super::avx512::Avx512;
use super::block::Room;
use super::chain::Ends;
use super::kernels::Kernels;
use super::layer::Layer;
use super::portable::Portable;
use super::product::Product;
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

    /// [`chain::chain_row`](super::chain::chain_row)
    ///
    /// # Safety
    ///
    /// As there.
    pub(super) unsafe fn chain_row(self, layers: &[Layer<'_>], ends: &Ends) {
        // SAFETY: the caller's; the processor has the instructions, since `Instructions::available`, the one source of this value, has looked.
        unsafe {
            match self.0 {
                Instructions::Baseline => Portable::chain_row(layers, ends),
                #[cfg(target_arch = "x86_64")]
                Instructions::Avx2 => Avx2::chain_row(layers, ends),
                #[cfg(target_arch = "x86_64")]
                Instructions::Avx512 => Avx512::chain_row(layers, ends),
            }
        }
    }

    /// [`chain::chain`](super::chain::chain)
    ///
    /// # Safety
    ///
    /// As there.
    pub(super) unsafe fn chain(self, layers: &[Layer<'_>], ends: &Ends) {
        // SAFETY: as in `chain_row`.
        unsafe {
            match self.0 {
                Instructions::Baseline => Portable::chain(layers, ends),
                #[cfg(target_arch = "x86_64")]
                Instructions::Avx2 => Avx2::chain(layers, ends),
                #[cfg(target_arch = "x86_64")]
                Instructions::Avx512 => Avx512::chain(layers, ends),
            }
        }
    }

    /// [`block::block`](super::block::block)
    ///
    /// # Safety
    ///
    /// As there.
    pub(super) unsafe fn block(self, p: &Product, room: Room) {
        // SAFETY: as in `chain_row`.
        unsafe {
            match self.0 {
                Instructions::Baseline => Portable::block(p, room),
                #[cfg(target_arch = "x86_64")]
                Instructions::Avx2 => Avx2::block(p, room),
                #[cfg(target_arch = "x86_64")]
                Instructions::Avx512 => Avx512::block(p, room),
            }
        }
    }

    /// [`stream::stream`](super::stream::stream)
    ///
    /// # Safety
    ///
    /// As there.
    pub(super) unsafe fn stream(self, p: &Product, sums: *mut f32) {
        // SAFETY: as in `chain_row`.
        unsafe {
            match self.0 {
                Instructions::Baseline => Portable::stream(p, sums),
                #[cfg(target_arch = "x86_64")]
                Instructions::Avx2 => Avx2::stream(p, sums),
                #[cfg(target_arch = "x86_64")]
                Instructions::Avx512 => Avx512::stream(p, sums),
            }
        }
    }

    /// [`stream::panels`](super::stream::panels)
    ///
    /// # Safety
    ///
    /// As there.
    pub(super) unsafe fn panels(self, p: &Product) {
        // SAFETY: as in `chain_row`.
        unsafe {
            match self.0 {
                Instructions::Baseline => Portable::panels(p),
                #[cfg(target_arch = "x86_64")]
                Instructions::Avx2 => Avx2::panels(p),
                #[cfg(target_arch = "x86_64")]
                Instructions::Avx512 => Avx512::panels(p),
            }
        }
    }

    /// [`stream::add_up`](super::stream::add_up)
    ///
    /// # Safety
    ///
    /// As there.
    pub(super) unsafe fn add_up(self, p: &Product, sums: *const f32, slices: usize) {
        // SAFETY: as in `chain_row`.
        unsafe {
            match self.0 {
                Instructions::Baseline => Portable::add_up(p, sums, slices),
                #[cfg(target_arch = "x86_64")]
                Instructions::Avx2 => Avx2::add_up(p, sums, slices),
                #[cfg(target_arch = "x86_64")]
                Instructions::Avx512 => Avx512::add_up(p, sums, slices),
            }
        }
    }
}
