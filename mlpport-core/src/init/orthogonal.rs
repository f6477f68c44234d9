//! Matrices whose rows or columns are orthonormal, times a scale.

use ndarray::{Array2, ArrayD, Axis, IxDyn};

use super::axes::resolve;
use super::qr::orthonormal;
use crate::error::{Error, Result};
use crate::random::{Float, Key, array};
use crate::tensor::{DType, Shape};

/// A matrix whose rows or columns, whichever are fewer, are orthonormal, times a scale; made by [`orthogonal`].
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Orthogonal {
    scale: f64,
    column_axis: isize,
}

/// `jax.nn.initializers.orthogonal(scale)`; JAX's default is 1.
///
/// Along the last axis are the columns, and along all others together the rows, of a matrix that is uniformly distributed
/// among those whose rows or columns, whichever are fewer, are orthonormal; it is multiplied by `scale`.
///
/// The matrix comes from the QR decomposition of normal numbers, which are those of JAX bit for bit. JAX decomposes them by
/// LAPACK in float32; this is by Householder's reflections in float64, and rounded at the end, with the signs of JAX, which
/// makes the diagonal of R positive. What is left between the two is the rounding error of LAPACK.
///
/// ```
/// use mlpport_core::init::orthogonal;
/// use mlpport_core::random::Key;
/// use ndarray::{Array2, Ix2};
///
/// let q = orthogonal(1.0).init::<f32>(Key::from_seed(0), &[5, 3])?.into_dimensionality::<Ix2>().unwrap();
/// let difference = q.t().dot(&q) - Array2::<f32>::eye(3);
/// assert!(difference.iter().all(|element| element.abs() < 1e-6));
/// # Ok::<(), mlpport_core::Error>(())
/// ```
#[must_use]
pub fn orthogonal(scale: f64) -> Orthogonal {
    Orthogonal { scale, column_axis: -1 }
}

impl Orthogonal {
    /// The axis of the columns instead of -1.
    #[must_use]
    pub fn column_axis(self, axis: isize) -> Self {
        Self { column_axis: axis, ..self }
    }

    /// An array of `shape`, of `f32`.
    ///
    /// # Errors
    ///
    /// [`Error::Argument`] where JAX raises an error: where the shape is of a rank below 2 or `column_axis` is not an axis of
    /// it, and for floats of 16 bits, which LAPACK does not decompose; and where no array can have the shape.
    pub fn init<T: Float>(&self, key: Key, shape: &[usize]) -> Result<ArrayD<T>> {
        if shape.len() < 2 {
            return Err(wrong_shape("a shape of rank 2 or more", shape));
        }
        if shape.contains(&0) {
            return array(shape, |_| Vec::new());
        }
        only_f32::<T>()?;
        let axis = resolve("column_axis", self.column_axis, shape)?;
        let columns = shape[axis];
        let length = array(shape, |length| vec![false; length])?.len();
        let mut moved = shape.to_vec();
        moved.push(moved[axis]);
        moved.remove(axis);

        let matrix = random_matrix(key, length / columns, columns)?;
        let factor = T::from_number(self.scale);
        let elements = matrix.iter().map(|element| factor.times(T::from_number(*element))).collect();
        let mut matrix = ArrayD::from_shape_vec(IxDyn(&moved), elements).map_err(|_| wrong_shape("a shape", shape))?;
        let last = shape.len() - 1;
        for place in (axis..last).rev() {
            matrix.swap_axes(place, place + 1);
        }
        Ok(matrix.as_standard_layout().into_owned())
    }
}

/// `jax.random.orthogonal(key, rows, m=columns)`.
fn random_matrix(key: Key, rows: usize, columns: usize) -> Result<Array2<f64>> {
    let (long, short) = (rows.max(columns), rows.min(columns));
    let numbers = key.normal::<f32>(&[long, short])?;
    let q = orthonormal(numbers.iter().copied().map(f64::from).collect(), short);
    let q = Array2::from_shape_vec((long, short), q).map_err(|_| wrong_shape("a matrix", &[long, short]))?;
    Ok(if rows < columns { q.reversed_axes() } else { q })
}

/// A convolution that is zero but in the middle of its window, where it is orthogonal; made by [`delta_orthogonal`].
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct DeltaOrthogonal(Orthogonal);

/// `jax.nn.initializers.delta_orthogonal(scale)`; JAX's default is 1.
///
/// The kernel of a convolution over one to three axes, which is the matrix of [`orthogonal`] in the middle of the window, and 0
/// elsewhere.
#[must_use]
pub fn delta_orthogonal(scale: f64) -> DeltaOrthogonal {
    DeltaOrthogonal(orthogonal(scale))
}

impl DeltaOrthogonal {
    /// The axis of the columns of the matrix instead of -1.
    #[must_use]
    pub fn column_axis(self, axis: isize) -> Self {
        Self(self.0.column_axis(axis))
    }

    /// An array of `shape`, of `f32`.
    ///
    /// # Errors
    ///
    /// [`Error::Argument`] where JAX raises an error: where the shape is of another rank than 3, 4 or 5 or has fewer outputs
    /// than inputs, where `column_axis` is not an axis of the matrix, and for floats of 16 bits; and where no array can
    /// have the shape.
    pub fn init<T: Float>(&self, key: Key, shape: &[usize]) -> Result<ArrayD<T>> {
        let [window @ .., inputs, outputs] = shape else {
            return Err(wrong_shape("a shape of rank 3, 4 or 5", shape));
        };
        if !(1..=3).contains(&window.len()) {
            return Err(wrong_shape("a shape of rank 3, 4 or 5", shape));
        }
        if outputs < inputs {
            return Err(wrong_shape("no fewer outputs, on the last axis, than inputs", shape));
        }
        let matrix = self.0.init::<T>(key, &[*inputs, *outputs])?;
        let mut kernel = array(shape, |length| vec![T::from_number(0.0); length])?;
        if kernel.is_empty() {
            return Ok(kernel);
        }
        let mut middle = kernel.view_mut();
        for length in window {
            middle.index_axis_inplace(Axis(0), (length - 1) / 2);
        }
        middle.assign(&matrix);
        Ok(kernel)
    }
}

fn wrong_shape(expected: &str, found: &[usize]) -> Error {
    Error::Argument { argument: "shape", expected: expected.to_owned(), found: Shape::from(found).to_string() }
}

fn only_f32<T: Float>() -> Result<()> {
    if T::DTYPE == DType::F32 {
        return Ok(());
    }
    Err(Error::Argument { argument: "dtype", expected: DType::F32.to_string(), found: T::DTYPE.to_string() })
}
