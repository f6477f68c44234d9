//! One way to make a module for all that it may be made from.

use super::{Init, Reader, State};
use crate::init::Initializer;

/// Where a module takes its submodules from: variables that are read, or keys from which they are drawn.
///
/// The derives use it; a layer of your own is read by [`State::read`] and drawn by [`State::draw`].
pub trait Submodules {
    /// What stands under `name` below this place.
    fn submodule<T: State>(&mut self, name: &str) -> T;

    /// What stands at `index` of the list `name` below this place, as NNX keeps lists: `layers/0`.
    fn element<T: State>(&mut self, name: &str, index: usize) -> T;

    /// Chooses the initialiser of the leaf `leaf` of the submodule that comes next, where it is drawn.
    fn with<I: Into<Initializer>>(&mut self, leaf: &'static str, initializer: impl FnOnce() -> I) -> &mut Self;
}

impl Submodules for Reader<'_> {
    fn submodule<T: State>(&mut self, name: &str) -> T {
        Reader::submodule(self, name)
    }

    fn element<T: State>(&mut self, name: &str, index: usize) -> T {
        Reader::element(self, name, index)
    }

    fn with<I: Into<Initializer>>(&mut self, _: &'static str, _: impl FnOnce() -> I) -> &mut Self {
        self
    }
}

impl Submodules for Init<'_> {
    fn submodule<T: State>(&mut self, name: &str) -> T {
        Init::submodule(self, name)
    }

    fn element<T: State>(&mut self, name: &str, index: usize) -> T {
        Init::element(self, name, index)
    }

    fn with<I: Into<Initializer>>(&mut self, leaf: &'static str, initializer: impl FnOnce() -> I) -> &mut Self {
        Init::with(self, leaf, initializer())
    }
}

/// A module that is made of its submodules alone, as a struct with a derive is.
///
/// ```
/// use mlpport_core::Result;
/// use mlpport_core::nnx::Linear;
/// use mlpport_core::params::{Build, Init, LayerSizes, Reader, State, Submodules, Writer};
/// use mlpport_core::random::Rngs;
///
/// struct Mlp {
///     hidden: Linear<4, 8>,
///     out: Linear<8, 2>,
/// }
///
/// impl Build for Mlp {
///     fn build(submodules: &mut impl Submodules) -> Self {
///         Self { hidden: submodules.submodule("hidden"), out: submodules.submodule("out") }
///     }
/// }
///
/// impl State for Mlp {
///     const CLASS: &'static str = "Mlp";
///     fn read(reader: &mut Reader<'_>) -> Self {
///         Build::build(reader)
///     }
///     fn write(&self, writer: &mut Writer<'_>) {
///         writer.submodule("hidden", &self.hidden);
///         writer.submodule("out", &self.out);
///     }
///     fn draw(init: &mut Init<'_>) -> Result<Self> {
///         Ok(Build::build(init))
///     }
/// }
///
/// let mlp: Mlp = Init::nnx(&mut Rngs::new(0), LayerSizes::default())?;
/// assert_eq!(mlp.out.kernel().dim(), (8, 2));
/// # Ok::<(), mlpport_core::Error>(())
/// ```
pub trait Build: Sized {
    /// The module of these submodules, in the order of its fields; what a derive skips is made anew.
    fn build(submodules: &mut impl Submodules) -> Self;
}
