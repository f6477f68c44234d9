//! The error function, as Eigen's rational function of degree 11 over 12.

use super::erf_inv::polynomial;
use super::fused::Emulated;

/// `erf(x)`, as XLA computes it on a CPU.
pub(crate) fn erf(x: f32) -> f32 {
    /// From here on, the result is 1.
    const LIMIT: f32 = f32::from_bits(0x406f_9c68);
    if x.abs() >= LIMIT {
        return 1f32.copysign(x);
    }
    let square = x * x;
    let p = polynomial::<Emulated, 5>(square, [0x3970_2d51, 0x3b5f_5da2, 0x3d50_b6eb, 0x3e3d_a740, 0x3f90_6eba]);
    let q = polynomial::<Emulated, 7>(
        square,
        [0xb3fd_3906, 0x37c5_88df, 0x3a85_6d28, 0x3c66_87d4, 0x3de3_4c21, 0x3efe_b44a, 0x3f80_0000],
    );
    x * p / q
}
