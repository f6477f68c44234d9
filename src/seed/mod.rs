//! The seed problem: both sides draw other numbers from one seed, and a port makes them equal.

mod number;

pub use number::Seed;

use crate::ndarray::{Array1, Array2, ArrayView, ArrayView1, ArrayView2, Dimension};
use crate::ops::xla;
use crate::prelude::*;
use crate::random::Rngs;
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

/// The elements of the largest array: 2³¹.
const MOST: usize = 1 << 31;

/// Ports a two-layer MLP from Linen to NNX and returns the sums of both sides' outputs, `[nnx, linen]`, which are equal.
///
/// The Linen MLP (`Dense(hidden)`, relu, `Dense(out)`) is initialised with `jax.random.key(seed)`, the NNX one with
/// `nnx.Rngs(seed + 1)`, by Flax's defaults and with its numbers; then the four arrays of the first overwrite those of the
/// second, and both compute their outputs for `x` of shape `(…, d)`.
///
/// For one row, `(d,)` or `(1, d)`, and sizes below 4096, the sums are those of Flax to the bit: all is added in
/// [XLA's order](crate::ops::xla). For more rows they are within `10⁻⁶ · Σ|y|` of Flax's, where `y` are the outputs.
///
/// `seed` is an integer or a float, of which Python's `int(seed)` is taken, towards zero.
///
/// # Errors
///
/// [`Error::Argument`] where `seed` is NaN, infinite or outside of 64 bits, or `seed + 1` is; where `x` is a scalar, empty, or of
/// over 2³¹ elements; where `hidden` or `out` is not a whole number of at least 1, or so large that a kernel or an output
/// has over 2³¹ elements.
///
/// ```
/// use mlpport::ndarray::array;
///
/// let sums = mlpport::port_mlp(0, array![0.0, 1.0, 2.0, 3.0].view(), 8.0, 3.0)?;
/// assert_eq!(sums, array![0.17576084, 0.17576084]);
/// # Ok::<(), mlpport::Error>(())
/// ```
pub fn port_mlp<D: Dimension>(
    seed: impl Into<Seed>,
    x: ArrayView<'_, f32, D>,
    hidden: f64,
    out: f64,
) -> Result<Array1<f32>> {
    let [seed, other] = seed.into().with_next()?;
    let (rows, inputs) = matrix_shape(&x)?;
    let hidden = size("hidden", hidden, inputs.max(rows))?;
    let out = size("out", out, hidden.max(rows))?;

    let sizes = [[inputs, hidden], [hidden, out]];
    let linen = LinenMlp::init_with_sizes(seed, [("Dense_0", sizes[0]), ("Dense_1", sizes[1])])?;
    let mut nnx = NnxMlp::new_with_sizes(&mut Rngs::new(other), [("fc1", sizes[0]), ("fc2", sizes[1])])?;
    nnx.assign_from(&linen);

    let x = x.to_shape((rows, inputs)).map_err(|_| wrong_x(&x))?;
    let sums = if rows == 1 {
        let x = x.row(0);
        let nnx_sum = sum_for_row(x, (nnx.fc1.kernel(), nnx.fc1.bias()), (nnx.fc2.kernel(), nnx.fc2.bias()))?;
        vec![
            nnx_sum,
            sum_for_row(x, (linen.hidden.kernel(), linen.hidden.bias()), (linen.out.kernel(), linen.out.bias()))?,
        ]
    } else {
        vec![sum(&nnx.try_forward(x.view())?), sum(&linen.try_forward(x.view())?)]
    };
    Ok(Array1::from_vec(sums))
}

/// The shape of the rows along the last axis.
fn matrix_shape<D: Dimension>(x: &ArrayView<'_, f32, D>) -> Result<(usize, usize)> {
    match x.shape().split_last() {
        Some((&inputs, batch)) if (1..=MOST).contains(&x.len()) => Ok((batch.iter().product(), inputs)),
        _ => Err(wrong_x(x)),
    }
}

fn wrong_x<D: Dimension>(x: &ArrayView<'_, f32, D>) -> Error {
    let found = if x.ndim() == 0 { "a scalar".to_owned() } else { format!("{}", x.len()) };
    Error::Argument { argument: "x", expected: format!("1 to {MOST} elements"), found }
}

/// A size that is whole, at least 1, and not too large for an array with `other` on its other axis.
fn size(argument: &'static str, size: f64, other: usize) -> Result<usize> {
    let most = MOST / other;
    if !(1.0..=most as f64).contains(&size) || size.fract() != 0.0 {
        let expected = format!("a whole number from 1 to {most}");
        return Err(Error::Argument { argument, expected, found: format!("{size:?}") });
    }
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)] // It is whole and within the bounds.
    let size = size as usize;
    Ok(size)
}

/// Kernel and bias of a layer.
type Arrays<'a> = (ArrayView2<'a, f32>, Option<ArrayView1<'a, f32>>);

/// The sum of the outputs for one row, as XLA adds.
fn sum_for_row(x: ArrayView1<'_, f32>, fc1: Arrays<'_>, fc2: Arrays<'_>) -> Result<f32> {
    let hidden = Relu.apply(xla::dense(x, fc1.0, fc1.1)?);
    let y = xla::dense(hidden.view(), fc2.0, fc2.1)?;
    Ok(xla::sum(y.view()))
}

/// The sum of all outputs, rounded once.
#[expect(clippy::cast_possible_truncation, reason = "rounding is what it is for")]
fn sum(y: &Array2<f32>) -> f32 {
    y.iter().copied().map(f64::from).sum::<f64>() as f32
}
