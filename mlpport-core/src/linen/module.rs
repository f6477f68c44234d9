//! What a Linen module is: a class, a structure, and submodules under the names that Flax gives them.

use crate::Result;
use crate::linen::structure::Step;
use crate::params::{Init, LayerSizes, Reader, Side, State, Summary, Writer};
use crate::random::Scope;
use crate::variables::Variables;

/// What can stand as a field with parameters in a [`CompactModule`]: a layer such as [`Dense`](crate::linen::Dense),
/// another module, or a raw parameter ([`Param`](crate::params::Param)).
///
/// Its [`State::CLASS`] is what Flax counts names by. A layer of your own, beside its [`State`], needs an empty
/// `impl Submodule`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a Linen layer or module",
    label = "expected a layer of `mlpport::linen`, a struct with `#[derive(CompactModule)]`, or a `Param`",
    note = "an activation of your own is marked `#[compact(activation)]`, other data `#[compact(skip)]`"
)]
pub trait Submodule: State {
    /// What it is made of itself; empty for a layer.
    const STEPS: &'static [Step] = &[];
    /// Whether its forward is the sequence of its steps.
    const IN_ORDER: bool = true;
}

/// A Linen module: a struct with [`#[derive(CompactModule)]`](https://docs.rs/mlpport).
///
/// As `flax.linen.Module`, whose submodules are named by class and by the order in which they are made.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a Linen module",
    label = "expected a struct with `#[derive(CompactModule)]`",
    note = "a port starts from the Linen side: write `#[derive(CompactModule)]` on `{Self}`"
)]
pub trait CompactModule: Submodule {
    /// The name of the struct.
    const NAME: &'static str;
    /// The names that Flax gives the submodules, in the order of the fields.
    const NAMES: &'static [&'static str];
    /// Takes the model's parameters out of `variables`, with its collections (`params`, `batch_stats`) at the root.
    ///
    /// float16 and bfloat16 leaves become float32, which is exact.
    ///
    /// # Errors
    ///
    /// [`Error::Leaves`](crate::Error::Leaves) lists every leaf that is missing, left over, of another shape, or of a
    /// dtype that float32 cannot hold exactly.
    fn from_variables(variables: Variables) -> Result<Self> {
        Reader::read(variables, Side::Linen)
    }

    /// The model with the parameters that `model.init(rngs, x)` draws in Flax, to the bit.
    ///
    /// `rngs` is a [`Key`](crate::random::Key), a seed, or several streams, [`Scope::from`]`([("params", key), …])`. The
    /// initialisers are Flax's defaults, or those of `#[compact(kernel_init = …)]`. The key of a parameter follows from its
    /// path, so that what a transform does to keys is not seen: `nn.remat` leaves them, but modules in `nn.jit`, `nn.vmap`
    /// and `nn.scan` draw others.
    ///
    /// # Errors
    ///
    /// [`Error::Init`](crate::Error::Init) where a size is not in the types, and otherwise as
    /// [`init_with_sizes`](Self::init_with_sizes).
    fn init(rngs: impl Into<Scope>) -> Result<Self> {
        Init::linen(rngs, LayerSizes::new())
    }

    /// [`init`](Self::init) with the sizes that are known only when the program runs.
    ///
    /// # Errors
    ///
    /// [`Error::Init`](crate::Error::Init) lists each layer whose sizes are not known, or not those in its type; sizes for
    /// no layer; initialisers for no leaf; raw parameters without one; layers that cannot be drawn.
    fn init_with_sizes(rngs: impl Into<Scope>, sizes: impl Into<LayerSizes>) -> Result<Self> {
        Init::linen(rngs, sizes)
    }

    /// The model's parameters as Flax has them: `params/Dense_0/kernel` and so on.
    fn to_variables(&self) -> Variables {
        Writer::write(self, Side::Linen)
    }

    /// A table of the model's submodules, as `flax.linen.tabulate` prints: path, class, shapes, count.
    fn summary() -> Summary {
        Summary::of::<Self>(Side::Linen)
    }
}
