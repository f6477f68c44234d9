//! The port of a layer or of a module, and how derived code calls it.

use super::Problems;
use crate::error::Result;
use crate::params::State;

/// Takes over the parameters of a Linen layer or module; the compiler has checked that they fit, so it cannot fail.
///
/// `#[derive(NnxModule)]` with `#[port(source = …)]` implements it. `S` is the Linen model by value, whose arrays are moved,
/// or a reference to it, whose arrays are copied. A model from several sources takes a tuple of them, or of references.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot take the parameters of `{S}`",
    label = "no port from `{S}`",
    note = "a layer is ported into its twin (`Dense` into `Linear`), a module into a struct with `#[port(source = …)]` of it; \
            one with `runtime` fields takes `runtime` here, too"
)]
pub trait PortFrom<S>: State {
    /// The NNX twin of `source`.
    fn port_from(source: S) -> Self;

    /// Overwrites the parameters of this model with those of `source`, as `nnx_mlp.fc1.kernel.value = …` does for each.
    ///
    /// Fields with `#[port(skip)]` keep what they hold.
    fn assign_from(&mut self, source: S) {
        self.overwrite(Self::port_from(source));
    }
}

/// Takes over the parameters of a Linen layer or module where a size is known only when it runs.
///
/// `#[derive(NnxModule)]` implements it, instead of [`PortFrom`], for a struct that has a field with
/// `#[port(from = "…", runtime)]`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot take the parameters of `{S}` at run time",
    label = "no port from `{S}`",
    note = "`runtime` compares the sizes of a layer and its twin (`Dense` into `Linear`) when the port runs"
)]
pub trait TryPortFrom<S>: State {
    /// The NNX twin of `source`; what does not fit goes to `problems`, and then there is none.
    fn checked_port(source: S, problems: &mut Problems<'_>) -> Option<Self>;

    /// The NNX twin of `source`.
    ///
    /// # Errors
    ///
    /// [`Error::Port`](crate::Error::Port) lists every leaf whose shape differs. Hand in a reference to keep `source`.
    fn try_port_from(source: S) -> Result<Self> {
        Problems::collect(|problems| Self::checked_port(source, problems))
    }

    /// Overwrites the parameters of this model with those of `source`, or none of them.
    ///
    /// # Errors
    ///
    /// As [`try_port_from`](TryPortFrom::try_port_from); this model is then as it was.
    fn try_assign_from(&mut self, source: S) -> Result<()> {
        self.overwrite(Self::try_port_from(source)?);
        Ok(())
    }
}

/// A Linen submodule on its way into a field.
///
/// Its type is known before the field's is looked at, so that a field that cannot take it is reported as just that.
#[derive(Debug)]
pub struct Source<S>(pub S);

impl<S> Source<S> {
    /// The field's value.
    pub fn port<T: PortFrom<S>>(self) -> T {
        T::port_from(self.0)
    }

    /// The field's value, where its size is compared when it runs; `None` where it does not fit, which goes to `problems`.
    pub fn try_port<T: TryPortFrom<S>>(self, from: &str, to: &str, problems: &mut Problems<'_>) -> Option<T> {
        T::checked_port(self.0, &mut problems.at(from, to))
    }
}
