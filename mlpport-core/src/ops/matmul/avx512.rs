//! The kernels for AVX-512.
#![allow(unsafe_code)]

use std::arch::x86_64::{
    __m512, _CMP_NLT_UQ, _MM_HINT_T0, _MM_HINT_T1, _mm512_add_ps, _mm512_cmp_ps_mask, _mm512_fmadd_ps, _mm512_loadu_ps,
    _mm512_mask_storeu_ps, _mm512_maskz_loadu_ps, _mm512_maskz_mov_ps, _mm512_set1_ps, _mm512_storeu_ps,
};

use super::avx2::{Avx2, prefetch};
use super::kernels::kernels;
use super::lanes::Lanes;

/// AVX-512 F, BW, DQ and VL.
#[derive(Clone, Copy)]
pub(super) struct Avx512(__m512);

/// The mask of the first `count` lanes, 1 to 16.
#[inline(always)]
fn mask(count: usize) -> u16 {
    u16::MAX >> (16_usize.saturating_sub(count) & 15)
}

impl Lanes for Avx512 {
    const LANES: usize = 16;
    const ROWS: usize = 6;
    const VECTORS: usize = 4;
    const SHARE: usize = 24;
    type Half = Avx2;

    #[inline(always)]
    unsafe fn splat(x: f32) -> Self {
        Self(unsafe { _mm512_set1_ps(x) })
    }

    #[inline(always)]
    unsafe fn load(from: *const f32) -> Self {
        Self(unsafe { _mm512_loadu_ps(from) })
    }

    #[inline(always)]
    unsafe fn store(self, to: *mut f32) {
        unsafe { _mm512_storeu_ps(to, self.0) }
    }

    #[inline(always)]
    unsafe fn load_first(from: *const f32, count: usize) -> Self {
        Self(unsafe { _mm512_maskz_loadu_ps(mask(count), from) })
    }

    #[inline(always)]
    unsafe fn store_first(self, to: *mut f32, count: usize) {
        unsafe { _mm512_mask_storeu_ps(to, mask(count), self.0) }
    }

    #[inline(always)]
    unsafe fn add(self, other: Self) -> Self {
        Self(unsafe { _mm512_add_ps(self.0, other.0) })
    }

    #[inline(always)]
    unsafe fn relu(self) -> Self {
        unsafe {
            let least = _mm512_set1_ps(f32::MIN_POSITIVE);
            Self(_mm512_maskz_mov_ps(_mm512_cmp_ps_mask::<_CMP_NLT_UQ>(self.0, least), self.0))
        }
    }

    #[inline(always)]
    unsafe fn product_sum(self, factor: Self, sum: Self) -> Self {
        Self(unsafe { _mm512_fmadd_ps(self.0, factor.0, sum.0) })
    }

    #[inline(always)]
    fn prefetch(place: *const f32) {
        prefetch::<_MM_HINT_T1>(place);
    }

    #[inline(always)]
    fn prefetch_near(place: *const f32) {
        prefetch::<_MM_HINT_T0>(place);
    }
}

kernels!(Avx512, #[target_feature(enable = "avx2,fma,avx512f,avx512bw,avx512dq,avx512vl")]);
