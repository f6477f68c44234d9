//! The choice among instruction sets for which the kernels are compiled.
#![allow(unsafe_code)]

use std::sync::OnceLock;

use super::block::{self, Room};
use super::chain::{self, Compiled, Ends};
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

    /// [`chain::chain_row`]
    ///
    /// # Safety
    ///
    /// As there.
    pub(super) unsafe fn chain_row(self, layers: &[Layer<'_>], ends: &Ends) {
        // SAFETY: the caller's; the processor has the instructions, since `Instructions::available`, the one source of this value, has looked.
        unsafe {
            match self.0 {
                Instructions::Baseline => chain::chain_row::<Portable>(layers, ends),
                #[cfg(target_arch = "x86_64")]
                Instructions::Avx2 => chain_row_by_avx2(layers, ends),
                #[cfg(target_arch = "x86_64")]
                Instructions::Avx512 => chain_row_by_avx512(layers, ends),
            }
        }
    }

    /// [`chain::chain`]
    ///
    /// # Safety
    ///
    /// As there.
    pub(super) unsafe fn chain(self, layers: &[Layer<'_>], ends: &Ends) {
        // SAFETY: as in `chain_row`.
        unsafe {
            match self.0 {
                Instructions::Baseline => chain::chain::<Portable>(layers, ends),
                #[cfg(target_arch = "x86_64")]
                Instructions::Avx2 => chain_by_avx2(layers, ends),
                #[cfg(target_arch = "x86_64")]
                Instructions::Avx512 => chain_by_avx512(layers, ends),
            }
        }
    }

    /// [`block::block`]
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
                Instructions::Avx2 => block_by_avx2(p, room),
                #[cfg(target_arch = "x86_64")]
                Instructions::Avx512 => block_by_avx512(p, room),
            }
        }
    }

    /// [`stream::stream`]
    ///
    /// # Safety
    ///
    /// As there.
    pub(super) unsafe fn stream(self, p: &Product, sums: *mut f32) {
        // SAFETY: as in `chain_row`.
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
        // SAFETY: as in `chain_row`.
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

impl Compiled for Portable {
    unsafe fn block(p: &Product, room: Room) {
        // SAFETY: the caller's.
        unsafe { block::block::<Self>(p, room) };
    }
}

#[cfg(target_arch = "x86_64")]
impl Compiled for Avx2 {
    #[inline(always)]
    unsafe fn block(p: &Product, room: Room) {
        // SAFETY: the caller's.
        unsafe { block_by_avx2(p, room) };
    }
}

#[cfg(target_arch = "x86_64")]
impl Compiled for Avx512 {
    #[inline(always)]
    unsafe fn block(p: &Product, room: Room) {
        // SAFETY: the caller's.
        unsafe { block_by_avx512(p, room) };
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
compiled!(chain_row_by_avx2, "avx2,fma", chain::chain_row::<Avx2>, (layers: &[Layer<'_>], ends: &Ends));
#[cfg(target_arch = "x86_64")]
compiled!(chain_row_by_avx512, "avx2,fma,avx512f,avx512bw,avx512dq,avx512vl", chain::chain_row::<Avx512>, (layers: &[Layer<'_>], ends: &Ends));
#[cfg(target_arch = "x86_64")]
compiled!(chain_by_avx2, "avx2,fma", chain::chain::<Avx2>, (layers: &[Layer<'_>], ends: &Ends));
#[cfg(target_arch = "x86_64")]
compiled!(chain_by_avx512, "avx2,fma,avx512f,avx512bw,avx512dq,avx512vl", chain::chain::<Avx512>, (layers: &[Layer<'_>], ends: &Ends));
#[cfg(target_arch = "x86_64")]
compiled!(block_by_avx2, "avx2,fma", block::block::<Avx2>, (p: &Product, room: Room));
#[cfg(target_arch = "x86_64")]
compiled!(block_by_avx512, "avx2,fma,avx512f,avx512bw,avx512dq,avx512vl", block::block::<Avx512>, (p: &Product, room: Room));
#[cfg(target_arch = "x86_64")]
compiled!(stream_by_avx2, "avx2,fma", stream::stream::<Avx2>, (p: &Product, sums: *mut f32));
#[cfg(target_arch = "x86_64")]
compiled!(stream_by_avx512, "avx2,fma,avx512f,avx512bw,avx512dq,avx512vl", stream::stream::<Avx512>, (p: &Product, sums: *mut f32));
#[cfg(target_arch = "x86_64")]
compiled!(add_up_by_avx2, "avx2,fma", stream::add_up::<Avx2>, (p: &Product, sums: *const f32, slices: usize));
#[cfg(target_arch = "x86_64")]
compiled!(add_up_by_avx512, "avx2,fma,avx512f,avx512bw,avx512dq,avx512vl", stream::add_up::<Avx512>, (p: &Product, sums: *const f32, slices: usize));
