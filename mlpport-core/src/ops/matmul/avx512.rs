//! The kernels for AVX-512.
#![allow(unsafe_code)]

use std::arch::x86_64::{
    __m512, _CMP_NEQ_UQ, _CMP_NLT_UQ, _MM_HINT_T0, _MM_HINT_T1, _mm_loadu_si128, _mm512_add_ps, _mm512_and_si512,
    _mm512_broadcast_i32x4, _mm512_castsi512_ps, _mm512_cmp_ps_mask, _mm512_cmpeq_epi8_mask, _mm512_fmadd_ps,
    _mm512_loadu_ps, _mm512_loadu_si512, _mm512_mask_storeu_ps, _mm512_maskz_loadu_ps, _mm512_maskz_mov_ps,
    _mm512_ror_epi32, _mm512_set1_epi8, _mm512_set1_ps, _mm512_setzero_ps, _mm512_shuffle_epi8, _mm512_srli_epi16,
    _mm512_storeu_ps, _mm512_unpackhi_epi8, _mm512_unpackhi_epi16, _mm512_unpacklo_epi8, _mm512_unpacklo_epi16,
};

use super::avx2::{Avx2, prefetch};
use super::compressed::{Exponents, RARE, ROW, Unit};
use super::kernels::{Kernels, kernels};
use super::lanes::Lanes;
use super::product::PANEL;

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
    const MOST_LINES: usize = 8;
    const ASKS: bool = true;
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
    unsafe fn nonzero(self) -> u32 {
        u32::from(unsafe { _mm512_cmp_ps_mask::<_CMP_NEQ_UQ>(self.0, _mm512_setzero_ps()) })
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
    unsafe fn expand<const NV: usize>(
        unit: *const Unit,
        exponents: &Exponents,
        to: &mut [[Self; NV]; 2],
    ) -> Option<[u64; 2]> {
        if const { NV * Self::LANES != PANEL || PANEL != 64 } {
            return None;
        }
        unsafe {
            let table = _mm512_broadcast_i32x4(_mm_loadu_si128(exponents.common.as_ptr().cast()));
            let numbers = _mm512_loadu_si512(unit.cast::<u8>().add(2 * ROW).cast());
            let rare = _mm512_set1_epi8(RARE.cast_signed());
            let numbers = [_mm512_and_si512(numbers, rare), _mm512_and_si512(_mm512_srli_epi16::<4>(numbers), rare)];
            for row in 0..2 {
                let place = unit.cast::<u8>().add(row * ROW);
                let exponents = _mm512_shuffle_epi8(table, numbers[row]);
                let thirds = _mm512_loadu_si512(place.add(2 * PANEL).cast());
                let halves = [_mm512_unpacklo_epi8(thirds, exponents), _mm512_unpackhi_epi8(thirds, exponents)];
                for half in 0..2 {
                    let words = _mm512_loadu_si512(place.add(half * PANEL).cast());
                    let both = [_mm512_unpacklo_epi16(words, halves[half]), _mm512_unpackhi_epi16(words, halves[half])];
                    for vector in 0..2 {
                        let bits = _mm512_ror_epi32::<1>(both[vector]);
                        to[row][(2 * half + vector) % NV] = Self(_mm512_castsi512_ps(bits));
                    }
                }
            }
            Some([_mm512_cmpeq_epi8_mask(numbers[0], rare), _mm512_cmpeq_epi8_mask(numbers[1], rare)])
        }
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

/// Those for processors of AMD, which read ahead by themselves, and have a faster cache that threads share.
pub(super) static KERNELS_OF_AMD: Kernels = Kernels { share: 16, asks: false, ..KERNELS };

kernels!(Avx512, #[target_feature(enable = "avx2,fma,avx512f,avx512bw,avx512dq,avx512vl")]);
