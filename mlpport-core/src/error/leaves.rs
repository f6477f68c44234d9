//! What keeps variables from becoming a model.

use std::fmt;

use super::did_you_mean;
use crate::tensor::{DType, Shape};

/// Every leaf that keeps variables from becoming a model.
#[derive(Debug)]
pub struct LeavesError {
    /// The name of the model.
    pub model: &'static str,
    /// The leaves, in path order.
    pub leaves: Vec<LeafError>,
    /// What to do next, where one step mends all.
    pub hint: Option<String>,
}

/// One leaf that does not fit a model.
#[derive(Debug, Clone, PartialEq)]
pub enum LeafError {
    /// The model needs a leaf that is not there.
    Missing {
        /// Where the model looks for it.
        path: String,
        /// The shape that it should have.
        expected: Shape,
        /// Leaves with nearly this path.
        nearest: Vec<String>,
    },
    /// A leaf that is not an array.
    NoArray {
        /// Where it is.
        path: String,
        /// The shape that it should have.
        expected: Shape,
        /// What it is.
        found: String,
    },
    /// A leaf that the model has no place for.
    Unexpected {
        /// Where it is.
        path: String,
        /// What it is: dtype and shape.
        found: String,
    },
    /// A leaf of the wrong shape.
    Shape {
        /// Where it is.
        path: String,
        /// The shape that the model declares.
        expected: Shape,
        /// The shape that it has.
        found: Shape,
    },
    /// A leaf whose elements do not fit into the model's without loss.
    DType {
        /// Where it is.
        path: String,
        /// The dtype of the model.
        expected: DType,
        /// The dtype that it has.
        found: DType,
    },
}

impl LeafError {
    /// Where the leaf is, or should be.
    pub fn path(&self) -> &str {
        match self {
            Self::Missing { path, .. }
            | Self::NoArray { path, .. }
            | Self::Unexpected { path, .. }
            | Self::Shape { path, .. }
            | Self::DType { path, .. } => path,
        }
    }
}

impl fmt::Display for LeavesError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let count = self.leaves.len();
        let noun = if count == 1 { "leaf does" } else { "leaves do" };
        write!(f, "{count} {noun} not fit `{}`:", self.model)?;
        for leaf in &self.leaves {
            write!(f, "\n  {leaf}")?;
        }
        match &self.hint {
            Some(hint) => write!(f, "\n  {hint}"),
            None => Ok(()),
        }
    }
}

impl std::error::Error for LeavesError {}

impl fmt::Display for LeafError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Missing { path, expected, nearest } => {
                write!(f, "{path}: missing, expected float32 {expected}{}", did_you_mean(nearest))
            }
            Self::NoArray { path, expected, found } => write!(f, "{path}: expected float32 {expected}, found {found}"),
            Self::Unexpected { path, found } => {
                write!(f, "{path}: left over, found {found}; the model has no such parameter")
            }
            Self::Shape { path, expected, found } => write!(f, "{path}: expected shape {expected}, found {found}"),
            Self::DType { path, expected, found } => {
                let next = how_to_round(*found);
                write!(f, "{path}: expected {expected} or a dtype that it holds exactly, found {found}{next}")
            }
        }
    }
}

impl std::error::Error for LeafError {}

/// `Variables::cast` rounds floats; that a leaf is of integers is no matter of rounding.
fn how_to_round(found: DType) -> &'static str {
    if found.is_float() { "; to round, call `variables.cast(DType::F32)` first" } else { "" }
}
