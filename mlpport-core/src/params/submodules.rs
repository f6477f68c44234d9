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
pub trait Build: Sized {
    /// The module of these submodules, in the order of its fields; what a derive skips is made anew.
    fn build(submodules: &mut impl Submodules) -> Self;
}
