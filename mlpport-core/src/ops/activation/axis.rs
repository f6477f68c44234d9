//! Functions over an axis.

use ndarray::{Array, ArrayBase, ArrayView, Axis, Data, Dimension, Ix1, RemoveAxis};

use super::numeric::{exp, fused, log, narrow, product};
use super::parameter::{decimal, number};
use super::{Activation, map, parameter, sigmoid};
use crate::error::{Error, Result};

/// `exp(x) / Σ exp(x)` over an axis: `flax.linen.softmax`.
///
/// The greatest element is subtracted first, so that no power overflows. `-inf` beside a finite number gives 0; any other
/// infinity or NaN makes its whole lane NaN.
///
/// ```
/// use mlpport_core::ops::activation::{Activation, Softmax};
/// use ndarray::array;
///
/// let (rows, columns): (Softmax, Softmax<0>) = (Softmax, Softmax);
/// let x = array![[0.0, 1000.0], [0.0, 1000.0]];
/// assert_eq!(rows.apply(x.clone()), array![[0.0, 1.0], [0.0, 1.0]]);
/// assert_eq!(columns.apply(x), array![[0.5, 0.5], [0.5, 0.5]]);
/// ```
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Softmax<const AXIS: isize = -1>;

/// `x - log Σ exp(x)` over an axis: `flax.linen.log_softmax`.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct LogSoftmax<const AXIS: isize = -1>;

/// `(x - mean) / √(variance + epsilon)` over an axis: `flax.linen.standardize`, also `flax.linen.normalize`.
///
/// The variance is `max(mean(x²) - mean(x)², 0)`, Flax's `algorithm="fast"`.
///
/// ```
/// use mlpport_core::ops::activation::{Activation, Standardize, parameter};
/// use ndarray::array;
///
/// let standardize: Standardize<-1, { parameter(7.0) }> = Standardize;
/// assert_eq!(standardize.apply(array![1.0, 7.0]), array![-0.75, 0.75]);
/// ```
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Standardize<const AXIS: isize = -1, const EPSILON: u32 = { parameter(1e-5) }>;

/// `a · sigmoid(b)`, where `a` and `b` are the halves of `x` along an axis: `flax.linen.glu`.
///
/// ```
/// use mlpport_core::ops::activation::{Activation, Glu};
/// use ndarray::array;
///
/// let glu: Glu = Glu;
/// assert_eq!(glu.apply(array![[3.0, 4.0, 0.0, 100.0]]), array![[1.5, 4.0]]);
/// assert!(glu.try_apply(array![[3.0, 4.0, 0.0]]).is_err());
/// ```
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Glu<const AXIS: isize = -1>;

impl<const AXIS: isize> Activation for Softmax<AXIS> {
    const NAME: &'static str = "softmax";
    const PARAMETERS: &'static [(&'static str, f64)] = &[("axis", AXIS as f64)];

    fn apply<D: Dimension>(&self, x: Array<f32, D>) -> Array<f32, D> {
        or_panic(self.try_apply(x))
    }

    fn try_apply<D: Dimension>(&self, mut x: Array<f32, D>) -> Result<Array<f32, D>> {
        let axis = find_axis(&x, AXIS)?;
        subtract_max(&mut x, axis);
        let mut powers = map(x, exp);
        for mut lane in powers.lanes_mut(axis) {
            // XLA divides once for a lane.
            let share = 1.0 / sum(&lane);
            lane.map_inplace(|x| *x = product(*x, share));
        }
        Ok(powers)
    }
}

impl<const AXIS: isize> Activation for LogSoftmax<AXIS> {
    const NAME: &'static str = "log_softmax";
    const PARAMETERS: &'static [(&'static str, f64)] = &[("axis", AXIS as f64)];

    fn apply<D: Dimension>(&self, x: Array<f32, D>) -> Array<f32, D> {
        or_panic(self.try_apply(x))
    }

    fn try_apply<D: Dimension>(&self, mut x: Array<f32, D>) -> Result<Array<f32, D>> {
        let axis = find_axis(&x, AXIS)?;
        subtract_max(&mut x, axis);
        let powers = map(x.clone(), exp);
        for (mut lane, powers) in x.lanes_mut(axis).into_iter().zip(powers.lanes(axis)) {
            let log_sum = log(sum(&powers));
            lane.map_inplace(|x| *x -= log_sum);
        }
        Ok(x)
    }
}

impl<const AXIS: isize, const EPSILON: u32> Activation for Standardize<AXIS, EPSILON> {
    const NAME: &'static str = "standardize";
    const PARAMETERS: &'static [(&'static str, f64)] = &[("axis", AXIS as f64), ("epsilon", decimal(EPSILON))];

    fn apply<D: Dimension>(&self, x: Array<f32, D>) -> Array<f32, D> {
        or_panic(self.try_apply(x))
    }

    fn try_apply<D: Dimension>(&self, mut x: Array<f32, D>) -> Result<Array<f32, D>> {
        let axis = find_axis(&x, AXIS)?;
        // XLA multiplies by the reciprocal of a constant.
        let share = 1.0 / x.len_of(axis) as f32;
        for mut lane in x.lanes_mut(axis) {
            let mean = sum(&lane) * share;
            let variance = fused(sum_of_squares(&lane), share, -(mean * mean));
            let variance = if variance < 0.0 { 0.0 } else { variance };
            let scale = 1.0 / (variance + number(EPSILON)).sqrt();
            lane.map_inplace(|x| *x = product(*x - mean, scale));
        }
        Ok(x)
    }
}

impl<const AXIS: isize> Activation for Glu<AXIS> {
    const NAME: &'static str = "glu";
    const PARAMETERS: &'static [(&'static str, f64)] = &[("axis", AXIS as f64)];
    const KEEPS_SHAPE: bool = false;

    fn apply<D: Dimension>(&self, x: Array<f32, D>) -> Array<f32, D> {
        or_panic(self.try_apply(x))
    }

    fn try_apply<D: Dimension>(&self, x: Array<f32, D>) -> Result<Array<f32, D>> {
        let axis = find_axis(&x, AXIS)?;
        let length = x.len_of(axis);
        if !length.is_multiple_of(2) {
            let (expected, found) = (format!("an even length of axis {}", axis.index()), length.to_string());
            return Err(Error::Argument { argument: "x", expected, found });
        }
        let (a, b) = x.view().split_at(axis, length / 2);
        let mut y = a.to_owned();
        y.zip_mut_with(&b, |a, b| *a = product(*a, sigmoid(*b)));
        Ok(y)
    }
}

/// `log Σ exp(x)` over an axis, which is taken away: `flax.linen.logsumexp`.
///
/// # Errors
///
/// [`Error::Argument`] where `x` has no such axis; a negative one counts from the end.
///
/// ```
/// use mlpport_core::ops::activation::logsumexp;
/// use ndarray::array;
///
/// assert_eq!(logsumexp(array![[0.0, 0.0]].view(), -1)?, array![std::f32::consts::LN_2]);
/// # Ok::<(), mlpport_core::Error>(())
/// ```
pub fn logsumexp<D: RemoveAxis>(x: ArrayView<'_, f32, D>, axis: isize) -> Result<Array<f32, D::Smaller>> {
    let axis = find_axis(&x, axis)?;
    Ok(x.map_axis(axis, |lane| {
        let max = max(&lane);
        let max = if max.is_finite() { max } else { 0.0 };
        log(sum(&lane.mapv(|x| exp(x - max)))) + max
    }))
}

/// The axis of that number; a negative one counts from the end.
fn find_axis<S: Data<Elem = f32>, D: Dimension>(x: &ArrayBase<S, D>, axis: isize) -> Result<Axis> {
    let rank = x.ndim();
    let index = if axis < 0 { rank.checked_sub(axis.unsigned_abs()) } else { Some(axis.unsigned_abs()) };
    match index {
        Some(index) if index < rank => Ok(Axis(index)),
        _ => Err(Error::Argument {
            argument: "axis",
            expected: format!("an axis of an array of rank {rank}"),
            found: axis.to_string(),
        }),
    }
}

fn subtract_max<D: Dimension>(x: &mut Array<f32, D>, axis: Axis) {
    for mut lane in x.lanes_mut(axis) {
        let max = max(&lane);
        lane.map_inplace(|x| *x -= max);
    }
}

/// The greatest element; NaN where one is.
fn max<S: Data<Elem = f32>>(lane: &ArrayBase<S, Ix1>) -> f32 {
    lane.fold(f32::NEG_INFINITY, |max, x| if *x > max || x.is_nan() { *x } else { max })
}

/// The sum, in the order of XLA where that is fixed: it adds fewer than 16 one after another, and leaves more to YNNPACK.
fn sum<S: Data<Elem = f32>>(lane: &ArrayBase<S, Ix1>) -> f32 {
    if lane.len() < 16 {
        lane.fold(0.0, |sum, x| sum + x)
    } else {
        narrow(lane.fold(0.0, |sum, x| sum + f64::from(*x)))
    }
}

/// The sum of the squares, likewise.
fn sum_of_squares<S: Data<Elem = f32>>(lane: &ArrayBase<S, Ix1>) -> f32 {
    if lane.len() < 16 {
        lane.fold(0.0, |sum, x| fused(*x, *x, sum))
    } else {
        narrow(lane.fold(0.0, |sum, x| sum + f64::from(*x) * f64::from(*x)))
    }
}

#[track_caller]
#[expect(clippy::panic, reason = "the documented contract of `apply`")]
fn or_panic<T>(result: Result<T>) -> T {
    match result {
        Ok(value) => value,
        Err(error) => panic!("{error}"),
    }
}
