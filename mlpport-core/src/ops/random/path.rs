//! The choice among instruction sets for which one kernel is compiled.
#![allow(unsafe_code)]

use bytemuck::Zeroable;

use super::BLOCK;
use super::fused::{Emulated, Fused, Instruction};
use super::sampler::{Bits, Sampler};
use crate::ops::instructions::Instructions;

/// A kernel that the processor can run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Path(Instructions);

impl Path {
    /// All paths, the fastest last.
    #[cfg(test)]
    pub(super) fn all() -> impl Iterator<Item = Self> {
        Instructions::available().map(Self)
    }

    /// The names of those that this processor lacks instructions for.
    #[cfg(test)]
    pub(super) fn lacking() -> Vec<String> {
        Instructions::lacking()
    }

    pub(super) fn fastest() -> Self {
        Self(Instructions::fastest())
    }

    /// 32 random bits of `key` for each element from index `first` on, a multiple of [`BLOCK`].
    ///
    /// Of no type, so that it is compiled here alone, and not for each array that is made of bits.
    pub(super) fn bits(self, key: [u32; 2], first: u64, out: &mut [u32; BLOCK]) {
        self.fill(&Bits { key }, first, out);
    }

    /// Fills `out` with the elements from index `first`, a multiple of [`BLOCK`].
    pub(super) fn fill<S: Sampler>(self, sampler: &S, first: u64, out: &mut [S::Out]) {
        match self.0 {
            Instructions::Baseline if cfg!(any(target_feature = "fma", target_arch = "aarch64")) => {
                fill::<Instruction, S>(sampler, first, out);
            }
            Instructions::Baseline => fill::<Emulated, S>(sampler, first, out),
            // SAFETY: the processor has AVX2 and FMA, since `Instructions::available`, the one source of this value, has looked.
            #[cfg(target_arch = "x86_64")]
            Instructions::Avx2 => unsafe { fill_by_avx2(sampler, first, out) },
            // SAFETY: likewise, the processor has each of these.
            #[cfg(target_arch = "x86_64")]
            Instructions::Avx512 => unsafe { fill_by_avx512(sampler, first, out) },
        }
    }
}

#[inline(always)]
fn fill<F: Fused, S: Sampler>(sampler: &S, first: u64, out: &mut [S::Out]) {
    // One call, since it is compiled in place, for the last elements too.
    let mut last = [S::Out::zeroed(); BLOCK];
    let mut first = first;
    for out in out.chunks_mut(BLOCK) {
        let whole = <&mut [_; BLOCK]>::try_from(&mut *out).ok();
        let is_last = whole.is_none();
        sampler.sample::<F>(first, whole.unwrap_or(&mut last));
        if is_last {
            out.copy_from_slice(&last[..out.len()]);
        }
        first += BLOCK as u64;
    }
}

#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx2,fma")]
fn fill_by_avx2<S: Sampler>(sampler: &S, first: u64, out: &mut [S::Out]) {
    fill::<Instruction, S>(sampler, first, out);
}

#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx2,fma,avx512f,avx512bw,avx512dq,avx512vl")]
fn fill_by_avx512<S: Sampler>(sampler: &S, first: u64, out: &mut [S::Out]) {
    fill::<Instruction, S>(sampler, first, out);
}
