//! The sum of a row.

use ndarray::ArrayView1;

use crate::ops::activation::numeric::flush;

/// The numbers that are added one after another.
const WINDOW: usize = 32;

/// The sum of the elements, as `jax.numpy.sum` of an array `(n,)` or `(1, n)`: equal to the bit for fewer than 4096.
///
/// Up to 32 are added one after another. More are padded with zeros to a multiple of 32, one half of them in front; each
/// 32 are added one after another, and so are their sums, again 32 at once where there are more.
///
/// ```
/// use mlpport_core::ops::xla::sum;
/// use ndarray::{Array1, array};
///
/// assert_eq!(sum(array![0.5, 1.5, 2.0].view()), 4.0);
/// // One after another, each 1 would be lost beside 2^24.
/// let mut x = Array1::from_elem(96, 1.0);
/// x[0] = 16_777_216.0;
/// assert_eq!(sum(x.view()), 16_777_216.0 + 64.0);
/// ```
#[must_use]
pub fn sum(x: ArrayView1<'_, f32>) -> f32 {
    match x.as_slice() {
        Some(x) => sum_of(x),
        None => sum_of(&x.to_vec()),
    }
}

/// [`sum`] of a slice.
pub(super) fn sum_of(x: &[f32]) -> f32 {
    match x {
        // Not added to zero, so that it keeps its sign.
        [x] => flush(*x),
        x if x.len() <= WINDOW => one_after_another(x),
        x => {
            let padding = x.len().next_multiple_of(WINDOW) - x.len();
            let (first, others) = x.split_at(WINDOW - padding / 2);
            let windows = std::iter::once(first).chain(others.chunks(WINDOW));
            sum_of(&windows.map(one_after_another).collect::<Vec<_>>())
        }
    }
}

fn one_after_another(x: &[f32]) -> f32 {
    x.iter().fold(0.0, |sum, x| flush(sum + flush(*x)))
}
