//! What the attributes of an NNX struct say, as constants.

use crate::linen::CompactModule;
use crate::linen::structure::{EMPTY, Step, hash};
use crate::ops::Forward;
use crate::ops::activation::Activation;
use crate::params::State;

/// One source of a port: a Linen module.
#[derive(Clone, Copy)]
pub struct Origin {
    /// The name of the source in `source(encoder = Enc)`; empty for a single one.
    pub label: &'static str,
    /// The hash of the label, if there is one.
    pub(super) prefix: Option<u64>,
    /// The name of the Linen struct.
    pub model: &'static str,
    /// Its fields.
    pub steps: &'static [Step],
    /// Whether its forward is the sequence of its fields.
    pub in_order: bool,
}

impl Origin {
    /// The source `L`.
    pub const fn of<L: CompactModule>(label: &'static str) -> Self {
        let prefix = if label.is_empty() { None } else { Some(hash(EMPTY, label)) };
        Self { label, prefix, model: L::NAME, steps: L::STEPS, in_order: L::IN_ORDER }
    }
}

/// One field of an NNX struct, in the order of the fields; a field that takes a range has one for each element.
#[derive(Clone, Copy)]
pub enum Planned {
    /// `#[port(from = "…")]`.
    Take {
        /// The field.
        field: &'static str,
        /// The path of the Linen submodule, with the source's label in front if there is one: `encoder/Dense_0`.
        path: &'static str,
        /// [`hash`] of the path.
        hash: u64,
        /// The length of the last axis that the field takes, where the forward is derived and the type fixes it.
        inputs: Option<usize>,
        /// The length of the last axis that it returns, likewise.
        outputs: Option<usize>,
    },
    /// An activation.
    Activation {
        /// The field.
        field: &'static str,
        /// [`Activation::NAME`].
        name: &'static str,
        /// [`Activation::PARAMETERS`].
        parameters: &'static [(&'static str, f64)],
        /// [`Activation::KEEPS_SHAPE`].
        keeps_shape: bool,
    },
}

impl Planned {
    /// A field of a struct whose forward is derived, which takes the submodule at `path`.
    pub const fn layer<T: NnxLayer>(field: &'static str, path: &'static str) -> Self {
        Self::Take { field, path, hash: hash(EMPTY, path), inputs: T::INPUTS, outputs: T::OUTPUTS }
    }

    /// A field of a struct whose forward is written by hand, which takes the submodule at `path`.
    pub const fn submodule<T: State>(field: &'static str, path: &'static str) -> Self {
        Self::Take { field, path, hash: hash(EMPTY, path), inputs: None, outputs: None }
    }

    /// A field that is an activation.
    pub const fn activation<A: Activation>(field: &'static str) -> Self {
        Self::Activation { field, name: A::NAME, parameters: A::PARAMETERS, keeps_shape: A::KEEPS_SHAPE }
    }
}

/// A field of an NNX module whose forward is derived.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not an NNX layer that a derived `forward` can run",
    label = "expected a layer of `mlpport::nnx`, or a struct with `#[derive(NnxModule)]`",
    note = "a module with a hand-written forward implements `Forward`, or its parent is `#[port(manual_forward)]`, too"
)]
pub trait NnxLayer: State + Forward {}

#[diagnostic::do_not_recommend]
impl<T: State + Forward> NnxLayer for T {}

/// What the attributes of an NNX struct say as a whole.
#[derive(Clone, Copy)]
pub struct Plan<'a> {
    /// The name of the struct.
    pub model: &'a str,
    /// Its fields.
    pub fields: &'a [Planned],
    /// `#[port(ignore = "…")]`: paths as in [`Planned::Take`].
    pub ignored: &'a [&'a str],
    /// Modules of which a field takes a part, outermost first: `Block_0` for `from = "Block_0/Dense_1"`.
    pub opened: &'a [&'a str],
    /// How generic sizes are called that have a stand-in.
    pub sizes: &'a [(&'a str, usize)],
    /// How far the order of the fields is compared.
    pub order: Order,
}

impl Plan<'_> {
    /// Whether a field takes the submodule whose path has this hash.
    pub(super) const fn takes(&self, path: u64) -> bool {
        let mut fields = self.fields;
        while let [field, rest @ ..] = fields {
            if let Planned::Take { hash, .. } = field
                && *hash == path
            {
                return true;
            }
            fields = rest;
        }
        false
    }
}

/// How far the order of the fields is compared with the Linen side's.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Order {
    /// The derived forward: fields and activations in the order of the Linen side, whose forward is derived, too.
    Derived,
    /// `manual_forward`: fields and activations in the order of the Linen side.
    Manual,
    /// `any_order`: only that every submodule is taken once.
    Any,
}
