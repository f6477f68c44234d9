//! The choice among instruction sets for which the kernels are compiled.
#![allow(unsafe_code)]

use std::sync::OnceLock;

use super::block::{self, Room};
use super::chain::{self, Ends};
use super::lanes::Portable;
use super::layer::Layer;
use super::product::Product;
use super::stream;
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

    /// [`chain::few`]
    ///
    /// # Safety
    ///
    /// As there.
    pub(super) unsafe fn chain_few(self, layers: &[Layer<'_>], ends: &Ends) {
        // SAFETY: the caller's; the processor has the instructions, since `Instructions::available`, the one source of this value, has looked.
        unsafe {
            match self.0 {
                Instructions::Baseline => chain::few::<Portable>(layers, ends),
                #[cfg(target_arch = "x86_64")]
                Instructions::Avx2 => chain_few_by_avx2(layers, ends),
                #[cfg(target_arch = "x86_64")]
                Instructions::Avx512 => chain_few_by_avx512(layers, ends),
            }
        }
    }

    /// [`chain::many`]
    ///
    /// # Safety
    ///
    /// As there.
    pub(super) unsafe fn chain_many(self, layers: &[Layer<'_>], ends: &Ends) {
        // SAFETY: as in `chain_few`.
        unsafe {
            match self.0 {
                Instructions::Baseline => chain::many::<Portable>(layers, ends),
                #[cfg(target_arch = "x86_64")]
                Instructions::Avx2 => chain_many_by_avx2(layers, ends),
                #[cfg(target_arch = "x86_64")]
                Instructions::Avx512 => chain_many_by_avx512(layers, ends),
            }
        }
    }

    /// [`block::few`]
    ///
    /// # Safety
    ///
    /// As there.
    pub(super) unsafe fn block_few(self, p: &Product) {
        // SAFETY: as in `chain_few`.
        unsafe {
            match self.0 {
                Instructions::Baseline => block::few::<Portable>(p),
                #[cfg(target_arch = "x86_64")]
                Instructions::Avx2 => block_few_by_avx2(p),
                #[cfg(target_arch = "x86_64")]
                Instructions::Avx512 => block_few_by_avx512(p),
            }
        }
    }

    /// [`block::many`]
    ///
    /// # Safety
    ///
    /// As there.
    pub(super) unsafe fn block_many(self, p: &Product, room: Room) {
        // SAFETY: as in `chain_few`.
        unsafe {
            match self.0 {
                Instructions::Baseline => block::many::<Portable>(p, room),
                #[cfg(target_arch = "x86_64")]
                Instructions::Avx2 => block_many_by_avx2(p, room),
                #[cfg(target_arch = "x86_64")]
                Instructions::Avx512 => block_many_by_avx512(p, room),
            }
        }
    }

    /// [`stream::stream`]
    ///
    /// # Safety
    ///
    /// As there.
    pub(super) unsafe fn stream(self, p: &Product, sums: *mut f32) {
        // SAFETY: as in `chain_few`.
        unsafe {
            match self.0 {
                Instructions::Baseline => stream::stream::<Portable>(p, sums),
                #[cfg(target_arch = "x86_64")]
                Instructions::Avx2 => stream_by_avx2(p, sums),
                #[cfg(target_arch = "x86_64")]
                Instructions::Avx512 => stream_by_avx512(p, sums),
            }
        }
    }

    /// [`stream::add_up`]
    ///
    /// # Safety
    ///
    /// As there.
    pub(super) unsafe fn add_up(self, p: &Product, sums: *const f32, slices: usize) {
        // SAFETY: as in `chain_few`.
        unsafe {
            match self.0 {
                Instructions::Baseline => stream::add_up::<Portable>(p, sums, slices),
                #[cfg(target_arch = "x86_64")]
                Instructions::Avx2 => add_up_by_avx2(p, sums, slices),
                #[cfg(target_arch = "x86_64")]
                Instructions::Avx512 => add_up_by_avx512(p, sums, slices),
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
compiled!(chain_few_by_avx2, "avx2,fma", chain::few::<Avx2>, (layers: &[Layer<'_>], ends: &Ends));
#[cfg(target_arch = "x86_64")]
compiled!(chain_few_by_avx512, "avx2,fma,avx512f,avx512bw,avx512dq,avx512vl", chain::few::<Avx512>, (layers: &[Layer<'_>], ends: &Ends));
#[cfg(target_arch = "x86_64")]
compiled!(chain_many_by_avx2, "avx2,fma", chain::many::<Avx2>, (layers: &[Layer<'_>], ends: &Ends));
#[cfg(target_arch = "x86_64")]
compiled!(chain_many_by_avx512, "avx2,fma,avx512f,avx512bw,avx512dq,avx512vl", chain::many::<Avx512>, (layers: &[Layer<'_>], ends: &Ends));
#[cfg(target_arch = "x86_64")]
compiled!(block_few_by_avx2, "avx2,fma", block::few::<Avx2>, (p: &Product));
#[cfg(target_arch = "x86_64")]
compiled!(block_few_by_avx512, "avx2,fma,avx512f,avx512bw,avx512dq,avx512vl", block::few::<Avx512>, (p: &Product));
#[cfg(target_arch = "x86_64")]
compiled!(block_many_by_avx2, "avx2,fma", block::many::<Avx2>, (p: &Product, room: Room));
#[cfg(target_arch = "x86_64")]
compiled!(block_many_by_avx512, "avx2,fma,avx512f,avx512bw,avx512dq,avx512vl", block::many::<Avx512>, (p: &Product, room: Room));
#[cfg(target_arch = "x86_64")]
compiled!(stream_by_avx2, "avx2,fma", stream::stream::<Avx2>, (p: &Product, sums: *mut f32));
#[cfg(target_arch = "x86_64")]
compiled!(stream_by_avx512, "avx2,fma,avx512f,avx512bw,avx512dq,avx512vl", stream::stream::<Avx512>, (p: &Product, sums: *mut f32));
#[cfg(target_arch = "x86_64")]
compiled!(add_up_by_avx2, "avx2,fma", stream::add_up::<Avx2>, (p: &Product, sums: *const f32, slices: usize));
#[cfg(target_arch = "x86_64")]
compiled!(add_up_by_avx512, "avx2,fma,avx512f,avx512bw,avx512dq,avx512vl", stream::add_up::<Avx512>, (p: &Product, sums: *const f32, slices: usize));
