//! The functions that are compiled for each instruction set, and the choice among them.
#![allow(unsafe_code)]

use std::sync::OnceLock;

use super::chain::Ends;
use super::layer::Layer;
use super::nonzero::Masks;
use super::panel_rows;
use super::portable;
use super::product::Product;
use super::room::{Room, Source, with_sums};
#[cfg(target_arch = "x86_64")]
use super::{avx2, avx512};
use crate::ops::instructions::{Instructions, is_amd};

/// The functions for an instruction set; each may be called as the one that it names, and where the processor has the instructions.
#[derive(Debug, Clone, Copy)]
pub(super) struct Kernels {
    /// [`Lanes::SHARE`](super::lanes::Lanes::SHARE)
    pub(super) share: usize,
    /// [`Lanes::ASKS`](super::lanes::Lanes::ASKS)
    pub(super) asks: bool,
    /// [`chain::chain_row`](super::chain::chain_row)
    pub(super) chain_row: unsafe fn(&[Layer<'_>], &Ends),
    /// [`chain::chain`](super::chain::chain)
    pub(super) chain: unsafe fn(&[Layer<'_>], &Ends),
    /// [`block::block`](super::block::block)
    pub(super) block: unsafe fn(&Product, Room),
    /// [`panel_rows::panel_rows`](super::panel_rows::panel_rows)
    pub(super) panel_rows: unsafe fn(&Product, Masks, *mut f32, bool),
    /// [`nonzero::write_masks`](super::nonzero::write_masks)
    pub(super) write_masks: unsafe fn(&Product, usize, *mut u64) -> usize,
    /// [`block::copy_slice`](super::block::copy_slice)
    pub(super) copy_slice: unsafe fn(&Product, usize, *mut f32),
    /// [`stream::stream`](super::stream::stream)
    pub(super) stream: unsafe fn(&Product, *mut f32, bool),
    /// [`stream::add_up`](super::stream::add_up)
    pub(super) add_up: unsafe fn(&Product, *const f32, usize, usize),
    /// [`panel_row::panels`](super::panel_row::panels)
    pub(super) panels: unsafe fn(&Product, bool),
    /// [`expand::compressed_panels`](super::expand::compressed_panels)
    pub(super) compressed_panels: unsafe fn(&Product),
}

impl Kernels {
    /// Those that the processor can run, the fastest last.
    #[cfg(test)]
    pub(super) fn all() -> impl Iterator<Item = (Instructions, &'static Self)> {
        Instructions::available().flat_map(|instructions| {
            let [other, amd] = [false, true].map(|is_amd| Self::of(instructions, is_amd));
            let amd = (!std::ptr::eq(other, amd)).then_some(amd);
            [Some(other), amd].into_iter().flatten().map(move |kernels| (instructions, kernels))
        })
    }

    /// The fastest, found once.
    #[inline]
    pub(super) fn fastest() -> &'static Self {
        static FASTEST: OnceLock<&Kernels> = OnceLock::new();
        FASTEST.get_or_init(|| {
            let instructions = Instructions::fastest();
            // The question has no answer under miri, which has no other instructions.
            Self::of(instructions, instructions != Instructions::Baseline && is_amd())
        })
    }

    /// Runs a block, in which rows may be masked.
    ///
    /// # Safety
    ///
    /// As the functions.
    pub(super) unsafe fn run_block(&self, p: &Product, room: Room) {
        // SAFETY: the caller's.
        unsafe {
            match room.x {
                Source::Masked(masks) => with_sums(p.rows * panel_rows::SUMS, |sums| {
                    (self.panel_rows)(p, masks, sums, room.is_large);
                }),
                _ => (self.block)(p, room),
            }
        }
    }

    fn of(instructions: Instructions, is_amd: bool) -> &'static Self {
        match (instructions, is_amd) {
            (Instructions::Baseline, _) => &portable::KERNELS,
            #[cfg(target_arch = "x86_64")]
            (Instructions::Avx2, _) => &avx2::KERNELS,
            #[cfg(target_arch = "x86_64")]
            (Instructions::Avx512, true) => &avx512::KERNELS_OF_AMD,
            #[cfg(target_arch = "x86_64")]
            (Instructions::Avx512, false) => &avx512::KERNELS,
        }
    }
}

/// Compiles the functions for a vector, with these features, in the module in which it stands: the modules are compiled in parallel.
macro_rules! kernels {
    ($vector:ty, $(#[$features:meta])*) => {
        pub(super) static KERNELS: $crate::ops::matmul::kernels::Kernels = {
            use $crate::ops::matmul::{block, chain, chain::Ends, expand, kernels::Kernels, lanes::Lanes, layer::Layer};
            use $crate::ops::matmul::{nonzero, nonzero::Masks, panel_row, panel_rows, product::Product, room::Room};
            use $crate::ops::matmul::stream;

            // SAFETY of all: the caller's.
            $(#[$features])*
            unsafe fn chain_row(layers: &[Layer<'_>], ends: &Ends) {
                unsafe { chain::chain_row::<$vector>(layers, ends) }
            }
            $(#[$features])*
            unsafe fn chain(layers: &[Layer<'_>], ends: &Ends) {
                unsafe { chain::chain::<$vector>(layers, ends, block) }
            }
            $(#[$features])*
            unsafe fn panel_rows(p: &Product, masks: Masks, sums: *mut f32, is_large: bool) {
                unsafe { panel_rows::panel_rows::<$vector>(p, masks, sums, is_large) }
            }
            $(#[$features])*
            unsafe fn block(p: &Product, room: Room) {
                unsafe { block::block::<$vector>(p, room) }
            }
            $(#[$features])*
            unsafe fn write_masks(p: &Product, index: usize, to: *mut u64) -> usize {
                unsafe { nonzero::write_masks::<$vector>(p, index, to) }
            }
            $(#[$features])*
            unsafe fn copy_slice(p: &Product, index: usize, to: *mut f32) {
                unsafe { block::copy_slice::<$vector>(p, index, to) }
            }
            $(#[$features])*
            unsafe fn stream(p: &Product, sums: *mut f32, asks: bool) {
                unsafe { stream::stream::<$vector>(p, sums, asks) }
            }
            $(#[$features])*
            unsafe fn add_up(p: &Product, sums: *const f32, stride: usize, slices: usize) {
                unsafe { stream::add_up::<$vector>(p, sums, stride, slices) }
            }
            $(#[$features])*
            unsafe fn panels(p: &Product, asks: bool) {
                unsafe { panel_row::panels::<$vector>(p, asks) }
            }
            $(#[$features])*
            unsafe fn compressed_panels(p: &Product) {
                unsafe { expand::compressed_panels::<$vector>(p) }
            }

            let (share, asks) = (<$vector as Lanes>::SHARE, <$vector as Lanes>::ASKS);
            Kernels {
                share,
                asks,
                chain_row,
                chain,
                block,
                panel_rows,
                write_masks,
                copy_slice,
                stream,
                add_up,
                panels,
                compressed_panels,
            }
        };
    };
}

pub(super) use kernels;
