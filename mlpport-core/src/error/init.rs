//! What keeps a model from being initialised.

use std::fmt;

use super::did_you_mean;
use crate::tensor::Shape;

/// Everything that keeps a model from being initialised.
#[derive(Debug)]
pub struct InitError {
    /// The name of the model.
    pub model: &'static str,
    /// The problems, in the order in which the model makes its parameters.
    pub problems: Vec<InitProblem>,
}

/// One thing that keeps a model from being initialised.
#[derive(Debug, Clone, PartialEq)]
pub enum InitProblem {
    /// A size is known when the program runs, and was not given.
    Unknown {
        /// Where the layer or parameter is.
        path: String,
        /// The class of the layer.
        class: &'static str,
        /// What is known of the sizes, where [`DYN`](crate::tensor::DYN) is not.
        expected: Shape,
    },
    /// Sizes were given that are not those in the type.
    OtherSizes {
        /// Where the layer or parameter is.
        path: String,
        /// The class of the layer.
        class: &'static str,
        /// The sizes in the type.
        expected: Shape,
        /// The sizes that were given.
        found: Shape,
    },
    /// Sizes were given for a path where the model has no layer.
    NoLayer {
        /// The path as it was given.
        path: String,
        /// Layers with nearly this path.
        nearest: Vec<String>,
    },
    /// An initialiser was chosen for a leaf that the layer does not have.
    NoLeaf {
        /// Where the layer is.
        path: String,
        /// The class of the layer.
        class: &'static str,
        /// The leaf that the initialiser is for.
        leaf: &'static str,
    },
    /// A raw parameter has no initialiser: Flax has no default for it.
    NoInitializer {
        /// Where the parameter is.
        path: String,
    },
    /// A layer does not say how its parameters are initialised.
    NotDrawn {
        /// Where the layer is.
        path: String,
        /// The class of the layer.
        class: &'static str,
    },
    /// A key cannot be drawn, or an initialiser is not for such a shape.
    Draw {
        /// Where the leaf is.
        path: String,
        /// What the key or the initialiser says.
        message: String,
    },
}

impl fmt::Display for InitError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let count = self.problems.len();
        write!(f, "`{}` cannot be initialised ({count} problem{}):", self.model, if count == 1 { "" } else { "s" })?;
        self.problems.iter().try_for_each(|problem| write!(f, "\n  {problem}"))
    }
}

impl std::error::Error for InitError {}

impl fmt::Display for InitProblem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unknown { path, class, expected } => {
                let next = "give them with `LayerSizes::with`";
                write!(f, "{path}: expected the sizes {expected} of this `{class}`, found none; {next}")
            }
            Self::OtherSizes { path, class, expected, found } => {
                write!(f, "{path}: expected the sizes {expected} of this `{class}`, found {found}")
            }
            Self::NoLayer { path, nearest } => {
                let nearest = did_you_mean(nearest);
                write!(f, "{path}: expected the path of a layer, found none of the model{nearest}")
            }
            Self::NoLeaf { path, class, leaf } => {
                write!(f, "{path}: expected an initialiser for a leaf of this `{class}`, found one for `{leaf}`")
            }
            Self::NoInitializer { path } => {
                let next = "write `init = …` on its field";
                write!(f, "{path}: expected an initialiser for this parameter, found none; {next}")
            }
            Self::NotDrawn { path, class } => {
                let next = "implement `State::draw` for it";
                write!(f, "{path}: expected a layer that can be initialised, found `{class}`; {next}")
            }
            Self::Draw { path, message } => write!(f, "{path}: {message}"),
        }
    }
}

impl std::error::Error for InitProblem {}
