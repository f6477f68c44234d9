//! The gate between the checks of a port and its code.

use crate::linen::CompactModule;

/// A Linen module whose structure was compared with the NNX side's.
///
/// `OK` is the outcome, a constant. Where the comparison ended in an error, it has no value, so that the compiler says
/// nothing about code that builds on it: one mistake is one error.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a Linen module",
    label = "expected a struct with `#[derive(CompactModule)]`",
    note = "a port starts from the Linen side: write `#[derive(CompactModule)]` on `{Self}`"
)]
pub trait Checked<const OK: bool> {
    /// [`CompactModule::Params`].
    type Params;

    /// [`CompactModule::into_params`].
    fn checked_params(self) -> Self::Params;
}

impl<L: CompactModule> Checked<true> for L {
    type Params = L::Params;

    fn checked_params(self) -> Self::Params {
        self.into_params()
    }
}

/// The submodules of `source` by their Flax names.
pub fn into_params<L: Checked<OK>, const OK: bool>(source: L) -> L::Params {
    source.checked_params()
}
