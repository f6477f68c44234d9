//! What an NNX module is: submodules in attributes that the author named.

use crate::Result;
use crate::params::{Reader, Side, State, Summary, Writer};
use crate::variables::Variables;

/// An NNX module: a struct with [`#[derive(NnxModule)]`](https://docs.rs/mlpport).
///
/// As `flax.nnx.Module`, whose state is keyed by attributes. Here it is the state as a pure dict
/// (`nnx.to_pure_dict(nnx.state(model))`): `fc1/kernel`, lists by index as in `layers/0/kernel`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not an NNX module",
    label = "expected a struct with `#[derive(NnxModule)]`"
)]
pub trait NnxModule: State {
    /// Takes the model's state out of `variables`, with its attributes at the root.
    ///
    /// float16 and bfloat16 leaves become float32, which is exact.
    ///
    /// # Errors
    ///
    /// [`Error::Leaves`](crate::Error::Leaves) lists every leaf that is missing, left over, of another shape, or of a
    /// dtype that float32 cannot hold exactly.
    fn from_variables(variables: Variables) -> Result<Self> {
        Reader::read(variables, Side::Nnx)
    }

    /// The model's state as NNX has it: `fc1/kernel` and so on.
    fn to_variables(&self) -> Variables {
        Writer::write(self, Side::Nnx)
    }

    /// A table of the model's attributes: path, class, shapes, count.
    fn summary() -> Summary {
        Summary::of::<Self>(Side::Nnx)
    }
}
