//! What an NNX module is: submodules in attributes that the author named.

use crate::Result;
use crate::params::{Init, LayerSizes, Reader, Side, State, Summary, Writer};
use crate::random::Rngs;
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

    /// The model with the parameters that `Model(rngs=rngs)` draws in Flax, to the bit, where its `__init__` makes the
    /// layers in the order of the fields.
    ///
    /// The initialisers are Flax's defaults, or those of `#[port(kernel_init = …)]`.
    ///
    /// # Errors
    ///
    /// [`Error::Init`](crate::Error::Init) where a size is not in the types, and otherwise as
    /// [`new_with_sizes`](Self::new_with_sizes).
    fn new(rngs: &mut Rngs) -> Result<Self> {
        Init::nnx(rngs, LayerSizes::new())
    }

    /// [`new`](Self::new) with the sizes that are known only when the program runs.
    ///
    /// # Errors
    ///
    /// [`Error::Init`](crate::Error::Init) lists each layer whose sizes are not known, or not those in its type; sizes for
    /// no layer; initialisers for no leaf; raw parameters without one; layers that cannot be drawn; streams that `rngs` does
    /// not have.
    fn new_with_sizes(rngs: &mut Rngs, sizes: impl Into<LayerSizes>) -> Result<Self> {
        Init::nnx(rngs, sizes)
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
