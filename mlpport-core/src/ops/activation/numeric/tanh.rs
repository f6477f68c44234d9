//! `tanh`, as Eigen's rational function of degree 13 over 6.

use super::polynomial;

/// Where the rational function has reached 1.
const LIMIT: f32 = 7.998_811_7;

/// `tanh(x)` of one number: [`Tanh`](super::super::Tanh).
#[inline(always)]
pub fn tanh(x: f32) -> f32 {
    let c = if x < -LIMIT { -LIMIT } else { x };
    let c = if c > LIMIT { LIMIT } else { c };
    let square = c * c;
    let p = polynomial(
        square,
        [
            -2.760_768_4e-16,
            2.000_188e-13,
            -8.604_672e-11,
            5.122_297_3e-8,
            1.485_722_35e-5,
            0.000_637_261_95,
            0.004_893_524_6,
        ],
    );
    let q = polynomial(square, [1.198_258_4e-6, 0.000_118_534_71, 0.002_268_434_7, 0.004_893_525]);
    let y = c * p / q;
    let magnitude = x.abs();
    if magnitude < 0.0004 {
        x
    } else if magnitude >= 20.0 {
        1f32.copysign(x)
    } else {
        y
    }
}
