//! A vector register: what the kernels need of an instruction set.
#![allow(unsafe_code)]

use super::compressed::{Exponents, Unit};

/// A vector of float32.
///
/// # Safety
///
/// Each function is to be called on a processor that has the instructions of the implementation, with pointers to as many
/// elements as it reads or writes.
pub(super) trait Lanes: Copy {
    /// The elements of a vector.
    const LANES: usize;
    /// The rows of the highest tile: 6 or 3.
    const ROWS: usize;
    /// The vectors of the widest tile, 4 or 2: for the sums of both together there are registers.
    const VECTORS: usize;
    /// The rows from which it takes longer to multiply them by a kernel than to read it from the cache that threads share.
    const SHARE: usize;
    /// The most lines of a kernel that a tile asks for with each group of its steps, or 0 where it asks for none.
    const MOST_LINES: usize = 0;
    /// Whether a kernel by which few rows are multiplied is asked for, which other processors do as well by themselves.
    const ASKS: bool = false;
    /// A vector of half as many elements, or this one.
    type Half: Lanes;

    unsafe fn splat(x: f32) -> Self;
    unsafe fn load(from: *const f32) -> Self;
    unsafe fn store(self, to: *mut f32);
    /// The first `count` elements, 1 to [`LANES`](Lanes::LANES), and zeros.
    unsafe fn load_first(from: *const f32, count: usize) -> Self;
    unsafe fn store_first(self, to: *mut f32, count: usize);
    unsafe fn add(self, other: Self) -> Self;
    /// Which elements are not zero, the first in the lowest bit.
    unsafe fn nonzero(self) -> u32;
    /// [`relu`](crate::ops::activation::relu)
    unsafe fn relu(self) -> Self;
    /// `self · factor + sum`
    unsafe fn product_sum(self, factor: Self, sum: Self) -> Self;
    /// The vectors of both rows of a unit of a compressed kernel, and for each row the places of the numbers that tell of a rare exponent,
    /// of which the elements are not these; `None` where there are no instructions for it.
    unsafe fn expand<const NV: usize>(
        _unit: *const Unit,
        _exponents: &Exponents,
        _to: &mut [[Self; NV]; 2],
    ) -> Option<[u64; 2]> {
        None
    }
    /// Asks for what will be read later, at any address.
    fn prefetch(_place: *const f32) {}
    /// Asks for what will be read at once, at any address.
    fn prefetch_near(_place: *const f32) {}
}
