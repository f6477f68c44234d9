//! What keeps a port at run time from being done.

use std::fmt;

use super::did_you_mean;
use crate::tensor::{DType, Shape};

/// Everything that keeps a port at run time from being done. Nothing was changed.
#[derive(Debug)]
pub struct PortError {
    /// The problems, in the order of the fields or of the mapping.
    pub problems: Vec<PortProblem>,
}

/// One thing that keeps a port at run time from being done.
#[derive(Debug, Clone, PartialEq)]
pub enum PortProblem {
    /// A leaf has another shape on the NNX side.
    Shape {
        /// The path on the Linen side.
        from: String,
        /// The field or path on the NNX side.
        to: String,
        /// The leaf, such as `kernel`.
        leaf: String,
        /// The shape on the NNX side.
        expected: Shape,
        /// The shape on the Linen side.
        found: Shape,
    },
    /// A leaf has another dtype on the NNX side.
    DType {
        /// The path on the Linen side.
        from: String,
        /// The path on the NNX side.
        to: String,
        /// The leaf, such as `kernel`.
        leaf: String,
        /// The dtype on the NNX side.
        expected: DType,
        /// The dtype on the Linen side.
        found: DType,
    },
    /// A mapping names a path that is not there.
    Unknown {
        /// `Linen` or `NNX`.
        side: &'static str,
        /// The path as the mapping has it.
        path: String,
        /// Paths that are spelled nearly like it.
        nearest: Vec<String>,
    },
    /// A mapping names an entry that is not an array.
    NoArray {
        /// `Linen` or `NNX`.
        side: &'static str,
        /// The path as the mapping has it.
        path: String,
        /// What it is.
        found: String,
    },
    /// A leaf is mapped to a submodule.
    NotALeaf {
        /// The leaf on the Linen side.
        from: String,
        /// The submodule on the NNX side.
        to: String,
    },
    /// A leaf is mapped more than once.
    Twice {
        /// `Linen` or `NNX`.
        side: &'static str,
        /// The leaf.
        path: String,
        /// The first pair that covers it.
        first: String,
        /// The second.
        second: String,
    },
    /// A leaf that no pair of the mapping covers.
    Unused {
        /// `Linen` or `NNX`.
        side: &'static str,
        /// The leaf.
        path: String,
    },
}

impl fmt::Display for PortError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let count = self.problems.len();
        write!(f, "the port does not fit ({count} problem{}):", if count == 1 { "" } else { "s" })?;
        self.problems.iter().try_for_each(|problem| write!(f, "\n  {problem}"))
    }
}

impl std::error::Error for PortError {}

impl fmt::Display for PortProblem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Shape { from, to, leaf, expected, found } => {
                write!(f, "`{to}`, from `{from}`: `{leaf}` has shape {expected} in NNX and {found} in Linen")
            }
            Self::DType { from, to, leaf, expected, found } => {
                write!(f, "`{to}`, from `{from}`: `{leaf}` is {expected} in NNX and {found} in Linen")
            }
            Self::Unknown { side, path, nearest } => {
                let nearest = did_you_mean(nearest);
                write!(f, "`{path}`: expected a path of the {side} variables, found none{nearest}")
            }
            Self::NoArray { side, path, found } => {
                write!(f, "`{path}`: expected an array of the {side} variables, found {found}")
            }
            Self::NotALeaf { from, to } => {
                let next = "map leaves to leaves";
                write!(f, "`{to}`, from `{from}`: expected a leaf in NNX, as in Linen, found a submodule; {next}")
            }
            Self::Twice { side, path, first, second } => {
                write!(f, "`{path}`: expected one pair for this {side} leaf, found two: {first} and {second}")
            }
            Self::Unused { side, path } => {
                let next = ignore_hint(side);
                write!(f, "`{path}`: expected a pair for this {side} leaf, found none; map it{next}")
            }
        }
    }
}

impl std::error::Error for PortProblem {}

fn ignore_hint(side: &str) -> &'static str {
    if side == "Linen" { ", or leave it behind with `Mapping::ignore`" } else { ", or keep it with `Mapping::keep`" }
}
