//! The gate between the checks of a port and its code.

use crate::linen::CompactModule;

/// A Linen module whose structure was compared with the NNX side's.
///
/// `OK` is the outcome, a constant. Where the comparison ended in an error, it has no value, so that the compiler says
/// nothing about code that builds on [`Module`](Checked::Module): one mistake is one error.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a Linen module",
    label = "expected a struct with `#[derive(CompactModule)]`",
    note = "a port starts from the Linen side: write `#[derive(CompactModule)]` on `{Self}`"
)]
pub trait Checked<const OK: bool> {
    /// The module itself.
    type Module;

    /// This module.
    fn checked(self) -> Self::Module;
}

impl<L: CompactModule> Checked<true> for L {
    type Module = L;

    fn checked(self) -> L {
        self
    }
}

/// `module` itself, once the comparison `OK` has passed.
pub fn checked<L: Checked<OK>, const OK: bool>(module: L) -> L::Module {
    module.checked()
}
