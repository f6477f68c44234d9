//! The kernels for the instructions that every processor of the target has.
#![allow(unsafe_code)]

use super::kernels::kernels;
use super::lanes::Lanes;
use crate::ops::activation::relu;

/// Four lanes, which every target has in some form.
#[derive(Clone, Copy)]
pub(super) struct Portable([f32; 4]);

impl Lanes for Portable {
    const LANES: usize = 4;
    // 16 registers do not hold more without fused multiply-add, and what is never the fastest is to be compiled quickly.
    const ROWS: usize = if cfg!(target_arch = "aarch64") { 6 } else { 3 };
    const VECTORS: usize = 2;
    const SHARE: usize = 16;
    type Half = Self;

    #[inline(always)]
    unsafe fn splat(x: f32) -> Self {
        Self([x; 4])
    }

    #[inline(always)]
    unsafe fn load(from: *const f32) -> Self {
        // SAFETY: the caller's; an array of float32 is read from any address here.
        Self(unsafe { from.cast::<[f32; 4]>().read_unaligned() })
    }

    #[inline(always)]
    unsafe fn store(self, to: *mut f32) {
        // SAFETY: likewise.
        unsafe { to.cast::<[f32; 4]>().write_unaligned(self.0) }
    }

    #[inline(always)]
    unsafe fn load_first(from: *const f32, count: usize) -> Self {
        if count == Self::LANES {
            // SAFETY: the caller's.
            return unsafe { Self::load(from) };
        }
        // A call for what is rare: a loop is unrolled at each of its many places.
        let mut lanes = [0.0; 4];
        // SAFETY: the caller has `count` elements there.
        unsafe { from.copy_to_nonoverlapping(lanes.as_mut_ptr(), count) };
        Self(lanes)
    }

    #[inline(always)]
    unsafe fn store_first(self, to: *mut f32, count: usize) {
        if count == Self::LANES {
            // SAFETY: the caller's.
            return unsafe { self.store(to) };
        }
        // SAFETY: likewise.
        unsafe { to.copy_from_nonoverlapping(self.0.as_ptr(), count) };
    }

    #[inline(always)]
    unsafe fn add(self, other: Self) -> Self {
        let ([a, b, c, d], [x, y, z, w]) = (self.0, other.0);
        Self([a + x, b + y, c + z, d + w])
    }

    #[inline(always)]
    unsafe fn nonzero(self) -> u32 {
        let [a, b, c, d] = self.0.map(|x| u32::from(x != 0.0));
        a | b << 1 | c << 2 | d << 3
    }

    #[inline(always)]
    unsafe fn relu(self) -> Self {
        let [a, b, c, d] = self.0;
        Self([relu(a), relu(b), relu(c), relu(d)])
    }

    #[inline(always)]
    unsafe fn product_sum(self, factor: Self, sum: Self) -> Self {
        let ([a, b, c, d], [x, y, z, w], [p, q, r, s]) = (self.0, factor.0, sum.0);
        // Without the instruction, `mul_add` is a call into the math library.
        Self(if cfg!(any(target_feature = "fma", target_arch = "aarch64")) {
            [a.mul_add(x, p), b.mul_add(y, q), c.mul_add(z, r), d.mul_add(w, s)]
        } else {
            [a * x + p, b * y + q, c * z + r, d * w + s]
        })
    }
}

kernels!(Portable,);
