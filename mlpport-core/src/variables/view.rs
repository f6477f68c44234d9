//! A leaf as an array of known rank.

use ndarray::{ArrayView, Dimension};

use super::Variables;
use crate::error::{Error, Result};
use crate::tensor::{DYN, Element, Shape};

impl Variables {
    /// The leaf at `path` as an array whose element type and rank are known.
    ///
    /// # Errors
    ///
    /// [`Error::Path`] where there is no such leaf, [`Error::DType`] where its elements are of another type,
    /// [`Error::Shape`] where it has another number of axes.
    ///
    /// ```
    /// use mlpport_core::tensor::Tensor;
    /// use mlpport_core::variables::Variables;
    /// use ndarray::{Ix2, array};
    ///
    /// let mut variables = Variables::new();
    /// variables.insert("params/Dense_0/kernel", Tensor::from_array(array![[1.0_f32, 2.0]]))?;
    ///
    /// assert_eq!(variables.view::<f32, Ix2>("params/Dense_0/kernel")?[[0, 1]], 2.0);
    /// assert!(variables.view::<f32, Ix2>("params/Dense_0/bias").is_err());
    /// # Ok::<(), mlpport_core::Error>(())
    /// ```
    pub fn view<T: Element, D: Dimension>(&self, path: &str) -> Result<ArrayView<'_, T, D>> {
        let tensor = self.get(path).ok_or_else(|| Error::Path {
            path: path.to_owned(),
            expected: "a leaf".to_owned(),
            found: "none".to_owned(),
            nearest: self.nearest(path, 3),
        })?;
        let wrong_rank = |_| Error::Shape {
            name: path.to_owned(),
            expected: Shape::from(vec![DYN; D::NDIM.unwrap_or(0)]),
            found: Shape::from(tensor.shape()),
        };
        tensor.view::<T>()?.into_dimensionality::<D>().map_err(wrong_rank)
    }
}
