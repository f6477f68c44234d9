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

use std::num::NonZero;
use std::sync::Mutex;
use std::thread;

use bytemuck::allocation::zeroed_vec;

use crate::tensor::prefer_huge;

pub(crate) use erf::erf;
pub(crate) use integer::Integers;
pub(crate) use sampler::{Bernoulli, Bits, Normal, Sampler, Uniform};
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
    // The allocator gets zeros from the operating system, page by page when a kernel comes to it.
    let mut out = zeroed_vec(length);
    prefer_huge(&mut out);
    let threads = match length.div_ceil(SHARE) {
        0 | 1 => 1,
        shares => thread::available_parallelism().map_or(1, NonZero::get).min(shares),
    };
    fill(Path::fastest(), threads, sampler, &mut out);
    out
}

fn fill<S: Sampler>(path: Path, threads: usize, sampler: &S, out: &mut [S::Out]) {
    let shares = Mutex::new(out.chunks_mut(SHARE).zip((0..).step_by(SHARE)));
    let work = || {
        while let Ok(Some((out, first))) = shares.lock().map(|mut shares| shares.next()) {
            path.fill(sampler, first, out);
        }
    };
    thread::scope(|scope| {
        for _ in 1..threads {
            // Where the operating system refuses a thread, the others do its work.
            let _ = thread::Builder::new().spawn_scoped(scope, work);
        }
        work();
    });
}
