//! The kernels for AVX2 and FMA.
#![allow(unsafe_code)]

use std::arch::x86_64::{
    __m256, __m256i, _CMP_NLT_UQ, _MM_HINT_T1, _mm_prefetch, _mm256_add_ps, _mm256_and_ps, _mm256_cmp_ps,
    _mm256_fmadd_ps, _mm256_loadu_ps, _mm256_loadu_si256, _mm256_maskload_ps, _mm256_maskstore_ps, _mm256_set1_ps,
    _mm256_storeu_ps,
};

use super::kernels::kernels;
use super::lanes::Lanes;

/// AVX2 and FMA.
#[derive(Clone, Copy)]
pub(super) struct Avx2(__m256);

/// Masks: from place `8 - n` on, the first `n` of eight are set.
static FIRST: [i32; 16] = [-1, -1, -1, -1, -1, -1, -1, -1, 0, 0, 0, 0, 0, 0, 0, 0];

/// The mask of the first `count` lanes, 0 to 8.
#[inline(always)]
unsafe fn first(count: usize) -> __m256i {
    // SAFETY: eight numbers from place 0 to 8 of sixteen; the caller has the instructions.
    unsafe { _mm256_loadu_si256(FIRST.as_ptr().add(8 - count.min(8)).cast()) }
}

// SAFETY of all below: the caller keeps the contract of the trait, which is that of the instruction.
impl Lanes for Avx2 {
    const LANES: usize = 8;
    const ROWS: usize = 6;
    const VECTORS: usize = 2;
    const SHARE: usize = 16;
    type Half = Self;

    #[inline(always)]
    unsafe fn splat(x: f32) -> Self {
        Self(unsafe { _mm256_set1_ps(x) })
    }

    #[inline(always)]
    unsafe fn load(from: *const f32) -> Self {
        Self(unsafe { _mm256_loadu_ps(from) })
    }

    #[inline(always)]
    unsafe fn store(self, to: *mut f32) {
        unsafe { _mm256_storeu_ps(to, self.0) }
    }

    #[inline(always)]
    unsafe fn load_first(from: *const f32, count: usize) -> Self {
        Self(unsafe { _mm256_maskload_ps(from, first(count)) })
    }

    #[inline(always)]
    unsafe fn store_first(self, to: *mut f32, count: usize) {
        unsafe { _mm256_maskstore_ps(to, first(count), self.0) }
    }

    #[inline(always)]
    unsafe fn add(self, other: Self) -> Self {
        Self(unsafe { _mm256_add_ps(self.0, other.0) })
    }

    #[inline(always)]
    unsafe fn relu(self) -> Self {
        // Not less, so that NaN stays.
        unsafe {
            let least = _mm256_set1_ps(f32::MIN_POSITIVE);
            Self(_mm256_and_ps(self.0, _mm256_cmp_ps::<_CMP_NLT_UQ>(self.0, least)))
        }
    }

    #[inline(always)]
    unsafe fn product_sum(self, factor: Self, sum: Self) -> Self {
        Self(unsafe { _mm256_fmadd_ps(self.0, factor.0, sum.0) })
    }

    #[inline(always)]
    fn prefetch(place: *const f32) {
        prefetch::<_MM_HINT_T1>(place);
    }
}

#[inline(always)]
pub(super) fn prefetch<const HINT: i32>(place: *const f32) {
    // SAFETY: every x86-64 has the instruction, which faults at no address.
    unsafe { _mm_prefetch::<HINT>(place.cast()) }
}

kernels!(Avx2, #[target_feature(enable = "avx2,fma")]);
