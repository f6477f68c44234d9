//! The seed problem: both sides draw other numbers from one seed, and a port makes them equal.

use crate::ndarray::{Array1, Array2, ArrayView1};
use crate::prelude::*;
use crate::{Error, Result};

#[derive(CompactModule)]
#[compact(crate = crate)]
struct LinenMlp {
    hidden: Dense,
    relu: Relu,
    out: Dense,
}

#[derive(NnxModule)]
#[port(source = LinenMlp, crate = crate)]
struct NnxMlp {
    #[port(from = "Dense_0")]
    fc1: Linear,
    relu: Relu,
    #[port(from = "Dense_1")]
    fc2: Linear,
}

/// The elements of the largest kernel: 2³¹.
const MOST: usize = 1 << 31;

/// Ports a two-layer MLP from Linen to NNX and returns the sums of both sides' outputs, `[nnx, linen]`, which are equal.
///
/// The Linen MLP (`Dense(hidden)`, relu, `Dense(out)`) gets its parameters from `seed`, the NNX one its own from `seed + 1`; then the
/// four arrays of the first overwrite those of the second, and both compute their outputs for `x` of shape `(d,)`.
///
/// The parameters have the shapes and the scale of Flax's `lecun_normal`, but not its numbers: they come from a generator of
/// this crate. `seed` is taken as Python's `int(seed)` does, towards zero.
///
/// # Errors
///
/// [`Error::Argument`] where `seed` is NaN, infinite or outside of 64 bits, or `seed + 1` is; where `x` is empty; where `hidden` or `out` is
/// not a whole number of at least 1, or so large that a kernel has over 2³¹ elements.
///
/// ```
/// use mlpport::ndarray::array;
///
/// let sums = mlpport::port_mlp(0.0, array![0.0, 1.0, 2.0, 3.0].view(), 8.0, 3.0)?;
/// assert_eq!(sums[0].to_bits(), sums[1].to_bits());
/// # Ok::<(), mlpport::Error>(())
/// ```
pub fn port_mlp(seed: f64, x: ArrayView1<'_, f32>, hidden: f64, out: f64) -> Result<Array1<f32>> {
    let seed = whole_seed(seed)?;
    let inputs = x.len();
    if !(1..=MOST).contains(&inputs) {
        let (expected, found) = (format!("1 to {MOST} elements"), format!("{inputs}"));
        return Err(Error::Argument { argument: "x", expected, found });
    }
    let hidden = size("hidden", hidden, inputs)?;
    let out = size("out", out, hidden)?;

    let linen = LinenMlp { hidden: dense(seed, 0, inputs, hidden)?, relu: Relu, out: dense(seed, 1, hidden, out)? };
    let other = seed + 1;
    let mut nnx = NnxMlp { fc1: linear(other, 0, inputs, hidden)?, relu: Relu, fc2: linear(other, 1, hidden, out)? };
    nnx.assign_from(&linen);

    let (linen_y, nnx_y) = (linen.try_forward(x)?, nnx.try_forward(x)?);
    Ok(Array1::from_vec(vec![nnx_y.sum(), linen_y.sum()]))
}

/// The seed as `int(seed)`; the one after it must exist, too.
fn whole_seed(seed: f64) -> Result<i64> {
    let whole = seed.trunc();
    // The bounds are powers of two, so that they are exact as f64.
    if !(-(2.0_f64.powi(63))..2.0_f64.powi(63)).contains(&whole) {
        return Err(wrong("seed", "a number from -2^63 to 2^63 - 2".to_owned(), seed));
    }
    #[allow(clippy::cast_possible_truncation)] // It is whole and within the bounds.
    let whole = whole as i64;
    Ok(whole)
}

/// A size that is whole, at least 1, and not too large for a kernel with `other` on its other axis.
fn size(argument: &'static str, size: f64, other: usize) -> Result<usize> {
    let most = MOST / other;
    if !(1.0..=most as f64).contains(&size) || size.fract() != 0.0 {
        return Err(wrong(argument, format!("a whole number from 1 to {most}"), size));
    }
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)] // It is whole and within the bounds.
    let size = size as usize;
    Ok(size)
}

fn wrong(argument: &'static str, expected: String, found: f64) -> Error {
    Error::Argument { argument, expected, found: format!("{found:?}") }
}

fn dense(seed: i64, layer: u64, inputs: usize, features: usize) -> Result<Dense> {
    Dense::new(kernel(seed, layer, inputs, features), Array1::zeros(features))
}

fn linear(seed: i64, layer: u64, inputs: usize, features: usize) -> Result<Linear> {
    Linear::new(kernel(seed, layer, inputs, features), Array1::zeros(features))
}

/// A kernel whose elements have the variance of `lecun_normal`, 1 / inputs: the sum of four uniform numbers each.
fn kernel(seed: i64, layer: u64, inputs: usize, features: usize) -> Array2<f32> {
    let mut state = SplitMix((seed as u64) ^ layer.wrapping_mul(0xd1b5_4a32_d192_ed03));
    let scale = (3.0 / inputs as f32).sqrt();
    Array2::from_shape_simple_fn((inputs, features), || (0..4).map(|_| state.uniform() - 0.5).sum::<f32>() * scale)
}

/// The splitmix64 generator.
struct SplitMix(u64);

impl SplitMix {
    /// A number in [0, 1).
    fn uniform(&mut self) -> f32 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^= z >> 31;
        (z >> 40) as f32 / (1_u32 << 24) as f32
    }
}
