//! The kernels for AVX2 and FMA.
#![allow(unsafe_code)]
#![allow(clippy::needless_range_loop)] // As in `tile`.

use std::arch::x86_64::{
    __m256, __m256i, _CMP_NEQ_UQ, _CMP_NLT_UQ, _MM_HINT_T0, _MM_HINT_T1, _mm_loadu_si128, _mm_prefetch, _mm256_add_ps,
    _mm256_and_ps, _mm256_and_si256, _mm256_broadcastsi128_si256, _mm256_castsi256_ps, _mm256_cmp_ps,
    _mm256_cmpeq_epi8, _mm256_fmadd_ps, _mm256_loadu_ps, _mm256_loadu_si256, _mm256_maskload_ps, _mm256_maskstore_ps,
    _mm256_max_epu8, _mm256_movemask_epi8, _mm256_movemask_ps, _mm256_or_si256, _mm256_set1_epi8, _mm256_set1_ps,
    _mm256_setzero_ps, _mm256_shuffle_epi8, _mm256_slli_epi32, _mm256_srli_epi16, _mm256_srli_epi32, _mm256_storeu_ps,
    _mm256_unpackhi_epi8, _mm256_unpackhi_epi16, _mm256_unpacklo_epi8, _mm256_unpacklo_epi16,
};

use super::compressed::{Exponents, RARE, ROW, Unit};
use super::kernels::kernels;
use super::lanes::Lanes;
use super::product::PANEL;

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
    const MOST_LINES: usize = 4;
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
    unsafe fn nonzero(self) -> u32 {
        unsafe { _mm256_movemask_ps(_mm256_cmp_ps::<_CMP_NEQ_UQ>(self.0, _mm256_setzero_ps())) }.cast_unsigned()
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
    unsafe fn expand<const NV: usize>(
        unit: *const Unit,
        exponents: &Exponents,
        to: &mut [[Self; NV]; 2],
    ) -> Option<[u64; 2]> {
        if const { NV * Self::LANES != PANEL || PANEL != 64 } {
            return None;
        }
        unsafe {
            let table = _mm256_broadcastsi128_si256(_mm_loadu_si128(exponents.common.as_ptr().cast()));
            let rare = _mm256_set1_epi8(RARE.cast_signed());
            let mut numbers = [[rare; 2]; 2];
            for part in 0..2 {
                let both = _mm256_loadu_si256(unit.cast::<u8>().add(2 * ROW + part * 32).cast());
                numbers[0][part] = _mm256_and_si256(both, rare);
                numbers[1][part] = _mm256_and_si256(_mm256_srli_epi16::<4>(both), rare);
            }
            for row in 0..2 {
                for part in 0..2 {
                    let place = unit.cast::<u8>().add(row * ROW + part * 32);
                    let exponents = _mm256_shuffle_epi8(table, numbers[row][part]);
                    let thirds = _mm256_loadu_si256(place.add(2 * PANEL).cast());
                    let halves = [_mm256_unpacklo_epi8(thirds, exponents), _mm256_unpackhi_epi8(thirds, exponents)];
                    for half in 0..2 {
                        let upper = halves[half];
                        let words = _mm256_loadu_si256(place.add(half * PANEL).cast());
                        let both = [_mm256_unpacklo_epi16(words, upper), _mm256_unpackhi_epi16(words, upper)];
                        for vector in 0..2 {
                            let (right, left) =
                                (_mm256_srli_epi32::<1>(both[vector]), _mm256_slli_epi32::<31>(both[vector]));
                            let bits = _mm256_or_si256(right, left);
                            to[row][(4 * half + 2 * vector + part) % NV] = Self(_mm256_castsi256_ps(bits));
                        }
                    }
                }
            }
            let [first, last] = numbers.map(|[low, high]| _mm256_max_epu8(low, high));
            if _mm256_movemask_epi8(_mm256_cmpeq_epi8(_mm256_max_epu8(first, last), rare)) == 0 {
                return Some([0; 2]);
            }
            let mut masks = [0; 2];
            for row in 0..2 {
                for part in 0..2 {
                    let mask = _mm256_movemask_epi8(_mm256_cmpeq_epi8(numbers[row][part], rare));
                    masks[row] |= u64::from(mask.cast_unsigned()) << (32 * part);
                }
            }
            Some(masks)
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

#[inline(always)]
pub(super) fn prefetch<const HINT: i32>(place: *const f32) {
    // SAFETY: every x86-64 has the instruction, which faults at no address.
    unsafe { _mm_prefetch::<HINT>(place.cast()) }
}

kernels!(Avx2, #[target_feature(enable = "avx2,fma")]);
