//! The pairs that the attributes of an NNX struct say, layer by layer.

use super::Mapping;
use crate::variables::Path;

/// What a field with `#[port(from = "…")]` can be: a layer, which is one pair, or a module, which has its own.
///
/// A layer of your own needs an empty `impl`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot stand in the mapping of a port",
    label = "expected a layer, or a struct with `#[derive(NnxModule)]` and `#[port(source = …)]`",
    note = "for a layer of your own, write `impl mlpport::port::Mapped for {Self} {{}}`"
)]
pub trait Mapped {
    /// Adds the pairs at this place.
    fn pairs(pairs: &mut Pairs<'_>) {
        pairs.add();
    }

    /// The pairs of Linen path and NNX path that the attributes say, nested modules included, as
    /// [`port`](crate::port::port) takes them.
    fn mapping() -> Mapping {
        let mut mapping = Mapping::new();
        Self::pairs(&mut Pairs { mapping: &mut mapping, linen: Path::root(), nnx: Path::root() });
        mapping
    }
}

/// Collects pairs at one place of the two models.
#[derive(Debug)]
pub struct Pairs<'a> {
    mapping: &'a mut Mapping,
    linen: Path,
    nnx: Path,
}

impl Pairs<'_> {
    /// Adds the pairs of the field `to`, which takes the submodule at `from`.
    pub fn field<T: Mapped + ?Sized>(&mut self, from: &str, to: &str) {
        let (linen, nnx) = (self.linen.concat(&Path::parse(from)), self.nnx.concat(&Path::parse(to)));
        T::pairs(&mut Pairs { mapping: self.mapping, linen, nnx });
    }

    /// Leaves the submodule at `from` behind.
    pub fn ignore(&mut self, from: &str) {
        self.mapping.ignore(self.linen.concat(&Path::parse(from)));
    }

    fn add(&mut self) {
        self.mapping.pair(self.linen.clone(), self.nnx.clone());
    }
}
