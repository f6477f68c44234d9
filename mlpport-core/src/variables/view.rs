//! A leaf as an array of known rank.

use ndarray::{ArrayView, Dimension};

use super::{Path, Variables};
use crate::error::{Error, Result};
use crate::tensor::{DYN, Element, Shape};

impl Variables {
    /// The leaf at `path` as an array whose element type and rank are known.
    ///
    /// # Errors
    ///
    /// [`Error::Path`] where there is no such leaf or its elements are of another type, [`Error::Shape`] where it has another number of axes.
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
        let path = Path::parse(path);
        let name = if path.is_empty() { "the root".to_owned() } else { path.to_string() };
        let Some(tensor) = self.get_path(&path) else {
            let mut nearest = Vec::new();
            let found = match self.entry(&path) {
                Some(entry) => entry.to_string(),
                None if self.below(&path).next().is_some() => "a subtree".to_owned(),
                None => {
                    nearest = self.nearest(&path.to_string(), 3);
                    nearest.retain(|near| self.get(near).is_some());
                    "none".to_owned()
                }
            };
            return Err(Error::Path { path: name, expected: "a leaf".to_owned(), found, nearest });
        };
        let view = tensor.view::<T>().map_err(|_| Error::Path {
            path: name.clone(),
            expected: format!("a leaf of {}", T::DTYPE),
            found: format!("one of {}; convert it with `Tensor::cast` first", tensor.dtype()),
            nearest: Vec::new(),
        })?;
        let expected = Shape::from(vec![DYN; D::NDIM.unwrap_or(0)]);
        let found = Shape::from(tensor.shape());
        view.into_dimensionality::<D>().map_err(|_| Error::Shape { name, expected, found })
    }
}
