//! The choice among instruction sets for which one kernel is compiled.
#![allow(unsafe_code)]

use bytemuck::Zeroable;

use super::BLOCK;
use super::fused::{Emulated, Fused, Instruction};
use super::sampler::Sampler;

/// A kernel that the processor can run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Path(Instructions);

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Instructions {
    /// Those of the target that the crate is compiled for.
    Baseline,
    #[cfg(target_arch = "x86_64")]
    Avx2,
    #[cfg(target_arch = "x86_64")]
    Avx512,
}

impl Instructions {
    const ALL: &[Self] = &[
        Self::Baseline,
        #[cfg(target_arch = "x86_64")]
        Self::Avx2,
        #[cfg(target_arch = "x86_64")]
        Self::Avx512,
    ];

    fn are_available(self) -> bool {
        match self {
            Self::Baseline => true,
            #[cfg(target_arch = "x86_64")]
            Self::Avx2 => is_x86_feature_detected!("avx2") && is_x86_feature_detected!("fma"),
            #[cfg(target_arch = "x86_64")]
            Self::Avx512 => {
                Self::Avx2.are_available()
                    && is_x86_feature_detected!("avx512f")
                    && is_x86_feature_detected!("avx512bw")
                    && is_x86_feature_detected!("avx512dq")
                    && is_x86_feature_detected!("avx512vl")
            }
        }
    }
}

impl Path {
    /// All paths, the fastest last.
    pub(super) fn all() -> impl Iterator<Item = Self> {
        Instructions::ALL.iter().copied().filter(|instructions| instructions.are_available()).map(Self)
    }

    /// The names of those that this processor lacks instructions for.
    #[cfg(test)]
    pub(super) fn lacking() -> Vec<String> {
        let lacking = Instructions::ALL.iter().filter(|instructions| !instructions.are_available());
        lacking.map(|instructions| format!("{instructions:?}")).collect()
    }

    pub(super) fn fastest() -> Self {
        Self::all().last().unwrap_or(Self(Instructions::Baseline))
    }

    /// Fills `out` with the elements from index `first`, a multiple of [`BLOCK`].
    pub(super) fn fill<S: Sampler>(self, sampler: &S, first: u64, out: &mut [S::Out]) {
        match self.0 {
            Instructions::Baseline if cfg!(any(target_feature = "fma", target_arch = "aarch64")) => {
                fill::<Instruction, S>(sampler, first, out);
            }
            Instructions::Baseline => fill::<Emulated, S>(sampler, first, out),
            // SAFETY: the processor has AVX2 and FMA, since `Path::all`, the one source of this value, has looked.
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
    let (blocks, rest) = out.as_chunks_mut();
    let mut first = first;
    for block in blocks {
        sampler.sample::<F>(first, block);
        first += BLOCK as u64;
    }
    if !rest.is_empty() {
        let mut block = [S::Out::zeroed(); BLOCK];
        sampler.sample::<F>(first, &mut block);
        rest.copy_from_slice(&block[..rest.len()]);
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
