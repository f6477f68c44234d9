//! The random numbers of JAX on a CPU, as flat arrays: the kernels below [`random`](crate::random).
//!
//! Element `i` of an array is a function of the key and of `i` alone, so that blocks are made in any order and on any
//! thread. What a block takes is written once, in arithmetic that has one result on every machine, and is compiled for
//! several instruction sets, among which [`Path`] chooses when it runs.

mod erf;
mod erf_inv;
pub(crate) mod fused;
mod integer;
mod path;
mod sampler;
mod table;
#[cfg(test)]
mod tests;
mod threefry;

use bytemuck::Zeroable;
use bytemuck::allocation::zeroed_vec;

use crate::tensor::prefer_huge;
use crate::threads;

pub(crate) use erf::erf;
pub(crate) use integer::Integers;
pub(crate) use sampler::{Normal, Sampler, Uniform, fraction};
pub(crate) use table::Table;
pub(crate) use threefry::threefry;

use path::Path;

/// The number of elements that a kernel makes at once; a power of two.
const BLOCK: usize = 64;

/// The number of elements that a thread takes at once, a multiple of [`BLOCK`]: enough to be worth the start of one.
const SHARE: usize = 1 << 17;

/// The inverse of the error function, `erf⁻¹(u)`, as XLA computes it on a CPU.
pub(crate) fn erf_inv(u: f32) -> f32 {
    erf_inv::erf_inv::<fused::Emulated>(u)
}

/// The first `length` elements.
pub(crate) fn generate<S: Sampler>(sampler: &S, length: usize) -> Vec<S::Out> {
    let path = Path::fastest();
    in_shares(length, |first, out| path.fill(sampler, first, out))
}

/// The first `length` elements, each of which `of` makes of 32 random bits of every key.
pub(crate) fn generate_of_bits<T: Zeroable + Send, const KEYS: usize>(
    keys: [[u32; 2]; KEYS],
    length: usize,
    of: impl Fn([u32; KEYS]) -> T + Sync,
) -> Vec<T> {
    let path = Path::fastest();
    in_shares(length, |first, out: &mut [T]| {
        let mut blocks = [[0; BLOCK]; KEYS];
        for (out, first) in out.chunks_mut(BLOCK).zip((first..).step_by(BLOCK)) {
            for (key, bits) in keys.iter().zip(&mut blocks) {
                path.bits(*key, first, bits);
            }
            for (index, out) in out.iter_mut().enumerate() {
                *out = of(blocks.each_ref().map(|bits| bits[index]));
            }
        }
    })
}

/// The array of which `fill` makes the elements from an index, a multiple of [`BLOCK`], on.
fn in_shares<T: Zeroable + Send>(length: usize, fill: impl Fn(u64, &mut [T]) + Sync) -> Vec<T> {
    // The allocator gets zeros from the operating system, page by page when a kernel comes to it.
    let mut out = zeroed_vec(length);
    prefer_huge(&mut out);
    threads::for_each(shares(&mut out), |(first, out)| fill(first, out));
    out
}

/// What a thread fills at once, and the index of its first element.
fn shares<T>(out: &mut [T]) -> impl ExactSizeIterator<Item = (u64, &mut [T])> {
    out.chunks_mut(SHARE).enumerate().map(|(index, out)| ((index * SHARE) as u64, out))
}
