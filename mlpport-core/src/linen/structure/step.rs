//! One field of a Linen module, and how names are compared in constants.

use ndarray::{Array, Dimension};

use super::LinenLayer;
use crate::linen::Submodule;
use crate::ops::activation::Activation;

/// One field of a Linen module; an array has one step for each element.
#[derive(Clone, Copy)]
pub struct Step {
    /// The name of the Rust field.
    pub field: &'static str,
    /// What stands there.
    pub kind: Kind,
}

/// What a field of a Linen module is.
#[derive(Clone, Copy)]
pub enum Kind {
    /// A layer, a nested module or a raw parameter: something with a name in Flax's tree.
    Submodule(SubmoduleStep),
    /// A function without parameters, which has no name in the tree.
    Activation {
        /// [`Activation::NAME`].
        name: &'static str,
        /// [`Activation::PARAMETERS`].
        parameters: &'static [(&'static str, f64)],
        /// [`Activation::KEEPS_SHAPE`].
        keeps_shape: bool,
    },
}

/// A step that has a name in Flax's tree.
#[derive(Clone, Copy)]
pub struct SubmoduleStep {
    /// The name that Flax gives it, such as `Dense_0`.
    pub name: &'static str,
    /// [`hash`] of the name.
    pub hash: u64,
    /// Its Linen class.
    pub class: &'static str,
    /// What it is made of itself; empty for a layer.
    pub steps: &'static [Step],
    /// Whether its own forward is the sequence of its steps.
    pub in_order: bool,
    /// The length of the last axis that it takes, where its forward is known and its size is fixed.
    pub inputs: Option<usize>,
    /// The length of the last axis that it returns, likewise.
    pub outputs: Option<usize>,
}

impl Step {
    /// A submodule of a module whose forward is the sequence of its fields.
    pub const fn layer<T: LinenLayer>(field: &'static str, name: &'static str) -> Self {
        Self { field, kind: Kind::Submodule(submodule::<T>(name, T::INPUTS, T::OUTPUTS)) }
    }

    /// A submodule of a module whose forward is written by hand.
    pub const fn submodule<T: Submodule>(field: &'static str, name: &'static str) -> Self {
        Self { field, kind: Kind::Submodule(submodule::<T>(name, None, None)) }
    }

    /// An activation.
    pub const fn activation<T: Activation>(field: &'static str) -> Self {
        let kind = Kind::Activation { name: T::NAME, parameters: T::PARAMETERS, keeps_shape: T::KEEPS_SHAPE };
        Self { field, kind }
    }
}

const fn submodule<T: Submodule>(name: &'static str, inputs: Option<usize>, outputs: Option<usize>) -> SubmoduleStep {
    SubmoduleStep {
        name,
        hash: hash(EMPTY, name),
        class: T::CLASS,
        steps: T::STEPS,
        in_order: T::IN_ORDER,
        inputs,
        outputs,
    }
}

/// The length of the last axis that a sequence of steps takes, where that is known.
pub const fn inputs(steps: &[Step]) -> Option<usize> {
    let mut i = 0;
    while i < steps.len() {
        match steps[i].kind {
            Kind::Submodule(submodule) => return submodule.inputs,
            Kind::Activation { keeps_shape: false, .. } => return None,
            Kind::Activation { .. } => i += 1,
        }
    }
    None
}

/// The length of the last axis that a sequence of steps returns, where that is known.
pub const fn outputs(steps: &[Step]) -> Option<usize> {
    let mut i = steps.len();
    while i > 0 {
        i -= 1;
        match steps[i].kind {
            Kind::Submodule(submodule) => return submodule.outputs,
            Kind::Activation { keeps_shape: false, .. } => return None,
            Kind::Activation { .. } => {}
        }
    }
    None
}

/// The hash of no text.
pub const EMPTY: u64 = 0xcbf2_9ce4_8422_2325;

/// The hash of a path with one more name: `extend_hash(hash(EMPTY, "Block_0"), "Dense_1") == hash(EMPTY, "Block_0/Dense_1")`.
pub const fn extend_hash(path: u64, name: &str) -> u64 {
    hash(hash(path, "/"), name)
}

/// The 64-bit FNV-1a hash of a text of which `hash` is that of the front, and `text` the rest: comparing numbers keeps constant
/// evaluation short for long models.
pub const fn hash(mut hash: u64, text: &str) -> u64 {
    const PRIME: u128 = 0x100_0000_01b3;
    let mut bytes = text.as_bytes();
    while let [byte, rest @ ..] = bytes {
        // Wrapping, without a call: in a constant, calls take longer than all else.
        #[allow(clippy::cast_possible_truncation)]
        {
            hash = ((hash ^ *byte as u64) as u128 * PRIME) as u64;
        }
        bytes = rest;
    }
    hash
}

/// Whether two texts are equal; `==` is not const.
pub const fn same_text(a: &str, b: &str) -> bool {
    let (mut a, mut b) = (a.as_bytes(), b.as_bytes());
    while let ([first, a_rest @ ..], [other, b_rest @ ..]) = (a, b) {
        if *first != *other {
            return false;
        }
        (a, b) = (a_rest, b_rest);
    }
    matches!((a, b), ([], []))
}

/// Stands for the activation that the type parameter of this index is, in the checks alone.
#[derive(Debug, Default)]
pub struct AnyActivation<const INDEX: u32>;

impl<const INDEX: u32> Activation for AnyActivation<INDEX> {
    const NAME: &'static str = "any";
    const PARAMETERS: &'static [(&'static str, f64)] = &[("type parameter", INDEX as f64)];

    fn apply<D: Dimension>(&self, x: Array<f32, D>) -> Array<f32, D> {
        x
    }
}
