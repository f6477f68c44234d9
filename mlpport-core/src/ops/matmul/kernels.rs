//! What is compiled as a function for each instruction set.
#![allow(unsafe_code)]

use super::block::Room;
use super::chain::Ends;
use super::lanes::Lanes;
use super::layer::Layer;
use super::product::Product;

/// Vectors for which the kernels are compiled.
///
/// # Safety
///
/// Each function is to be called as the one that it names, on a processor that has the instructions of the implementation.
pub(super) trait Kernels: Lanes {
    /// [`chain::chain_row`](super::chain::chain_row)
    unsafe fn chain_row(layers: &[Layer<'_>], ends: &Ends);
    /// [`chain::chain`](super::chain::chain)
    unsafe fn chain(layers: &[Layer<'_>], ends: &Ends);
    /// [`block::block`](super::block::block)
    unsafe fn block(p: &Product, room: Room);
    /// [`stream::stream`](super::stream::stream)
    unsafe fn stream(p: &Product, sums: *mut f32);
    /// [`stream::panels`](super::stream::panels)
    unsafe fn panels(p: &Product);
    /// [`stream::add_up`](super::stream::add_up)
    unsafe fn add_up(p: &Product, sums: *const f32, slices: usize);
}

/// Compiles the kernels for a vector, with these features, in the module in which it stands: the modules are compiled in parallel.
macro_rules! kernels {
    ($vector:ty, $(#[$features:meta])*) => {
        const _: () = {
            use $crate::ops::matmul::{block, block::Room, chain, chain::Ends, kernels::Kernels, layer::Layer};
            use $crate::ops::matmul::{product::Product, stream};

            impl Kernels for $vector {
                #[inline]
                unsafe fn chain_row(layers: &[Layer<'_>], ends: &Ends) {
                    $(#[$features])*
                    unsafe fn compiled(layers: &[Layer<'_>], ends: &Ends) {
                        // SAFETY: the caller's.
                        unsafe { chain::chain_row::<$vector>(layers, ends) }
                    }
                    // SAFETY: likewise.
                    unsafe { compiled(layers, ends) }
                }
                #[inline]
                unsafe fn chain(layers: &[Layer<'_>], ends: &Ends) {
                    $(#[$features])*
                    unsafe fn compiled(layers: &[Layer<'_>], ends: &Ends) {
                        // SAFETY: the caller's.
                        unsafe { chain::chain::<$vector>(layers, ends) }
                    }
                    // SAFETY: likewise.
                    unsafe { compiled(layers, ends) }
                }
                #[inline]
                unsafe fn block(p: &Product, room: Room) {
                    $(#[$features])*
                    unsafe fn compiled(p: &Product, room: Room) {
                        // SAFETY: the caller's.
                        unsafe { block::block::<$vector>(p, room) }
                    }
                    // SAFETY: likewise.
                    unsafe { compiled(p, room) }
                }
                #[inline]
                unsafe fn stream(p: &Product, sums: *mut f32) {
                    $(#[$features])*
                    unsafe fn compiled(p: &Product, sums: *mut f32) {
                        // SAFETY: the caller's.
                        unsafe { stream::stream::<$vector>(p, sums) }
                    }
                    // SAFETY: likewise.
                    unsafe { compiled(p, sums) }
                }
                #[inline]
                unsafe fn panels(p: &Product) {
                    $(#[$features])*
                    unsafe fn compiled(p: &Product) {
                        // SAFETY: the caller's.
                        unsafe { stream::panels::<$vector>(p) }
                    }
                    // SAFETY: likewise.
                    unsafe { compiled(p) }
                }
                #[inline]
                unsafe fn add_up(p: &Product, sums: *const f32, slices: usize) {
                    $(#[$features])*
                    unsafe fn compiled(p: &Product, sums: *const f32, slices: usize) {
                        // SAFETY: the caller's.
                        unsafe { stream::add_up::<$vector>(p, sums, slices) }
                    }
                    // SAFETY: likewise.
                    unsafe { compiled(p, sums, slices) }
                }
            }
        };
    };
}

pub(super) use kernels;
