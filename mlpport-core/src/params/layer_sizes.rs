//! LayerSizes that are known when the program runs, for a model that is to be initialised.

use crate::tensor::Shape;
use crate::variables::Path;

/// The sizes of layers by their paths, for those whose types leave one open as [`DYN`](crate::tensor::DYN).
///
/// The sizes of a layer stand in the order in which its type has them: `[inputs, features]` of a linear layer,
/// `[features]` of a norm, the axes of a raw parameter. Paths are those of the side that is initialised: `Dense_0` in
/// Linen, `fc1` in NNX.
///
/// ```
/// use mlpport_core::params::LayerSizes;
///
/// let sizes = LayerSizes::from([("Dense_0", [4, 8]), ("Dense_1", [8, 3])]).with("Block_0/LayerNorm_0", [3]);
/// ```
#[derive(Debug, Clone, Default, PartialEq)]
pub struct LayerSizes {
    layers: Vec<(Path, Shape)>,
}

impl LayerSizes {
    /// No sizes: those in the types are enough.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// The same sizes with those of one layer more; of two for one layer, the later are used.
    #[must_use]
    pub fn with(mut self, path: &str, sizes: impl Into<Shape>) -> Self {
        let path = Path::parse(path);
        self.layers.retain(|(other, _)| *other != path);
        self.layers.push((path, sizes.into()));
        self
    }

    /// Takes the sizes of a layer out.
    pub(super) fn take(&mut self, path: &Path) -> Option<Shape> {
        let index = self.layers.iter().position(|(other, _)| other == path)?;
        Some(self.layers.remove(index).1)
    }

    /// The paths of which no sizes were taken.
    pub(super) fn paths(&self) -> impl Iterator<Item = &Path> {
        self.layers.iter().map(|(path, _)| path)
    }
}

impl<const N: usize, const RANK: usize> From<[(&str, [usize; RANK]); N]> for LayerSizes {
    fn from(layers: [(&str, [usize; RANK]); N]) -> Self {
        layers.into_iter().fold(Self::new(), |sizes, (path, layer)| sizes.with(path, layer))
    }
}
