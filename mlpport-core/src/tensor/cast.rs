//! Conversion of a tensor to another dtype.

use ndarray::{ArrayD, IxDyn};

use super::data::{Data, elements, on_array, on_array_arms, on_dtype, on_dtype_arms};
use super::dtype::for_each_dtype;
use super::number::Number;
use super::{BF16, DType, Element, F16, Tensor};

impl Tensor {
    /// A copy with every element converted to `dtype`, as `numpy.ndarray.astype` does it.
    ///
    /// Floats and integers become floats by rounding once, to nearest with ties to even; what is too large becomes
    /// infinity, or NaN where the dtype has none. A NaN stays one. (ml_dtypes rounds from `float64` to `bfloat16` by way
    /// of `float32`, and so differs in rare cases by one unit in the last place.)
    ///
    /// Floats become integers by truncation; integers wrap around; everything but 0 becomes `true`; the imaginary part
    /// of a complex number is dropped. Floats that an integer cannot hold, which numpy leaves undefined, become its
    /// nearest value, and NaN becomes 0.
    ///
    /// ```
    /// use mlpport_core::tensor::{DType, Tensor};
    /// use ndarray::array;
    ///
    /// let exact = Tensor::from_array(array![1.0_f32, 1.0 + f32::EPSILON]);
    /// let rounded = exact.cast(DType::BF16).cast(DType::F32);
    /// assert_eq!(rounded.to_array::<f32>()?, array![1.0, 1.0].into_dyn());
    /// # Ok::<(), mlpport_core::Error>(())
    /// ```
    #[must_use]
    pub fn cast(&self, dtype: DType) -> Self {
        match (&*self.data, dtype) {
            (_, same) if same == self.dtype() => self.clone(),
            (Data::F32(array), DType::F64) => Self::of_standard(array.mapv(f64::from)),
            (Data::F32(array), DType::F16) => Self::of_standard(array.mapv(F16::from_f32)),
            (Data::F32(array), DType::BF16) => Self::of_standard(array.mapv(BF16::from_f32)),
            (Data::F64(array), DType::F32) => Self::of_standard(array.mapv(f64_to_f32)),
            (Data::F16(array), DType::F32) => Self::of_standard(array.mapv(F16::to_f32)),
            (Data::BF16(array), DType::F32) => Self::of_standard(array.mapv(BF16::to_f32)),
            (data, _) => {
                // Behind `dyn`, lest every pair of types be compiled; not an iterator, which has a dozen functions for each type.
                let mut numbers: Box<dyn FnMut() -> Number> = on_array!(data, array => numbers(elements(array)));
                on_dtype!(dtype, T => Self::of_standard(round_all::<T>(self.shape(), &mut *numbers)))
            }
        }
    }

    /// The array as `f32`: moved where it is one, converted exactly from `float16` and `bfloat16`.
    ///
    /// The bits of a NaN are kept.
    ///
    /// # Errors
    ///
    /// The tensor itself, unchanged, where it has any other dtype.
    pub fn widen_to_f32(self) -> Result<ArrayD<f32>, Self> {
        match *self.data {
            Data::F32(array) => Ok(array),
            Data::F16(array) => Ok(array.mapv(F16::to_f32)),
            Data::BF16(array) => Ok(array.mapv(BF16::to_f32)),
            data => Err(Self { data: Box::new(data) }),
        }
    }
}

/// Returns the elements one by one.
fn numbers<T: Element>(elements: &[T]) -> Box<dyn FnMut() -> Number + '_> {
    let mut elements = elements.iter();
    Box::new(move || elements.next().map_or(Number::Integer(0), |element| element.number()))
}

fn round_all<T: Element>(shape: &[usize], next: &mut dyn FnMut() -> Number) -> ArrayD<T> {
    ArrayD::from_shape_simple_fn(IxDyn(shape), || T::nearest(next()))
}

#[expect(clippy::cast_possible_truncation, reason = "rounds to nearest, ties to even")]
fn f64_to_f32(value: f64) -> f32 {
    value as f32
}
