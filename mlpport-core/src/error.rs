//! The one error of the crate.
//!
//! Every variant says where (file, path in the tree, field), what was expected, what was found, and what to do next.

use std::fmt;
use std::io;
use std::path::{Path as FilePath, PathBuf};

use crate::tensor::{DType, Shape};

/// The result of everything here that reads input.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// What can go wrong between a file and a model.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The operating system refused to read or write a file.
    #[error("{}: cannot {action}: {source}", file.display())]
    Io {
        /// The file or directory.
        file: PathBuf,
        /// What was tried, as a verb: `read`, `write`, `replace`.
        action: &'static str,
        /// What the operating system said.
        source: io::Error,
    },

    /// Bytes are not what their format demands.
    #[error("{}{format}, byte {offset}: expected {expected}, found {found}", file_prefix(file.as_deref()))]
    Format {
        /// The file, where the bytes came from one.
        file: Option<PathBuf>,
        /// The name of the format, such as `msgpack`.
        format: &'static str,
        /// Where in the bytes, from the start.
        offset: u64,
        /// What the format demands here.
        expected: String,
        /// What stands there.
        found: String,
    },

    /// No format is known for a file.
    #[error("{}: expected {expected}, found {found}", file.display())]
    UnknownFormat {
        /// The file.
        file: PathBuf,
        /// The formats that are known.
        expected: String,
        /// What was found instead.
        found: String,
    },

    /// A value cannot be stored in a format.
    #[error("{path}: {format} stores {expected}, found {found}")]
    Unsupported {
        /// Where in the tree.
        path: String,
        /// The name of the format.
        format: &'static str,
        /// What the format can store.
        expected: String,
        /// What was to be stored.
        found: String,
    },

    /// A path does not name what was asked for, or cannot be put into the tree.
    #[error("{path}: expected {expected}, found {found}{}", did_you_mean(nearest))]
    Path {
        /// The path in the tree.
        path: String,
        /// What was expected there.
        expected: String,
        /// What was found.
        found: String,
        /// Paths that are spelled nearly like it.
        nearest: Vec<String>,
    },

    /// The elements of a tensor are of another type than asked for.
    #[error("expected a tensor of {expected}, found one of {found}; convert it with `Tensor::cast` first")]
    DType {
        /// The dtype asked for.
        expected: DType,
        /// The dtype that the tensor has.
        found: DType,
    },

    /// An array is of another shape than its place in a model or a tensor demands.
    #[error("{name}: expected shape {expected}, found {found}")]
    Shape {
        /// Which array, such as `kernel`.
        name: String,
        /// The shape demanded.
        expected: Shape,
        /// The shape that it has.
        found: Shape,
    },

    /// Variables do not fit a model: every wrong leaf.
    #[error(transparent)]
    Leaves(#[from] LeavesError),

    /// The last axis of an input is not what a layer takes.
    #[error("{}expected an input whose last axis is {expected}, found shape {found}", field_prefix(field))]
    Input {
        /// The field path of the layer, such as `encoder.fc1`; empty for a layer on its own.
        field: String,
        /// The length of the last axis that the layer takes.
        expected: usize,
        /// The shape of the input.
        found: Shape,
    },

    /// A port whose sizes are known only when it runs does not fit: every wrong leaf.
    #[error(transparent)]
    Port(#[from] PortError),

    /// A value handed to a function is outside of what it takes.
    #[error("`{argument}`: expected {expected}, found {found}")]
    Argument {
        /// The name of the argument.
        argument: &'static str,
        /// What it may be.
        expected: String,
        /// What it is.
        found: String,
    },
}

impl Error {
    /// Names the file in an error about bytes that came from it.
    #[must_use]
    pub fn in_file(self, path: &FilePath) -> Self {
        match self {
            Self::Format { file: None, format, offset, expected, found } => {
                Self::Format { file: Some(path.to_owned()), format, offset, expected, found }
            }
            other => other,
        }
    }

    /// Puts a field in front of the field path of an [`Error::Input`].
    #[must_use]
    pub fn in_field(self, name: &str) -> Self {
        match self {
            Self::Input { field, expected, found } => {
                let field = if field.is_empty() { name.to_owned() } else { format!("{name}.{field}") };
                Self::Input { field, expected, found }
            }
            other => other,
        }
    }
}

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
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum LeafError {
    /// The model needs a leaf that is not there.
    #[error("{path}: missing, expected float32 {expected}{}", did_you_mean(nearest))]
    Missing {
        /// Where the model looks for it.
        path: String,
        /// The shape that it should have.
        expected: Shape,
        /// Leaves with nearly this path.
        nearest: Vec<String>,
    },
    /// A leaf that is not an array.
    #[error("{path}: expected float32 {expected}, found {found}")]
    NoArray {
        /// Where it is.
        path: String,
        /// The shape that it should have.
        expected: Shape,
        /// What it is.
        found: String,
    },
    /// A leaf that the model has no place for.
    #[error("{path}: left over, found {found}; the model has no such parameter")]
    Unexpected {
        /// Where it is.
        path: String,
        /// What it is: dtype and shape.
        found: String,
    },
    /// A leaf of the wrong shape.
    #[error("{path}: expected shape {expected}, found {found}")]
    Shape {
        /// Where it is.
        path: String,
        /// The shape that the model declares.
        expected: Shape,
        /// The shape that it has.
        found: Shape,
    },
    /// A leaf whose elements do not fit into the model's without loss.
    #[error("{path}: expected {expected} or a dtype that it holds exactly, found {found}{}", how_to_round(*found))]
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

/// Everything that keeps a port at run time from being done. Nothing was changed.
#[derive(Debug)]
pub struct PortError {
    /// The problems, in the order of the fields or of the mapping.
    pub problems: Vec<PortProblem>,
}

/// One thing that keeps a port at run time from being done.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum PortProblem {
    /// A leaf has another shape on the NNX side.
    #[error("`{to}`, from `{from}`: `{leaf}` has shape {expected} in NNX and {found} in Linen")]
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
    #[error("`{to}`, from `{from}`: `{leaf}` is {expected} in NNX and {found} in Linen")]
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
    #[error("`{path}`: expected a path of the {side} variables, found none{}", did_you_mean(nearest))]
    Unknown {
        /// `Linen` or `NNX`.
        side: &'static str,
        /// The path as the mapping has it.
        path: String,
        /// Paths that are spelled nearly like it.
        nearest: Vec<String>,
    },
    /// A mapping names an entry that is not an array.
    #[error("`{path}`: expected an array of the {side} variables, found {found}")]
    NoArray {
        /// `Linen` or `NNX`.
        side: &'static str,
        /// The path as the mapping has it.
        path: String,
        /// What it is.
        found: String,
    },
    /// A leaf is mapped to a submodule.
    #[error("`{to}`, from `{from}`: expected a leaf in NNX, as in Linen, found a submodule; map leaves to leaves")]
    NotALeaf {
        /// The leaf on the Linen side.
        from: String,
        /// The submodule on the NNX side.
        to: String,
    },
    /// A leaf is mapped more than once.
    #[error("`{path}`: expected one pair for this {side} leaf, found two: {first} and {second}")]
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
    #[error("`{path}`: expected a pair for this {side} leaf, found none; map it{}", ignore_hint(side))]
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

fn file_prefix(file: Option<&FilePath>) -> String {
    file.map(|file| format!("{}: ", file.display())).unwrap_or_default()
}

fn field_prefix(field: &str) -> String {
    if field.is_empty() { String::new() } else { format!("`{field}`: ") }
}

/// `Variables::cast` rounds floats; that a leaf is of integers is no matter of rounding.
fn how_to_round(found: DType) -> &'static str {
    if found.is_float() { "; to round, call `variables.cast(DType::F32)` first" } else { "" }
}

fn ignore_hint(side: &str) -> &'static str {
    if side == "Linen" { ", or leave it behind with `Mapping::ignore`" } else { ", or keep it with `Mapping::keep`" }
}

fn did_you_mean(nearest: &[String]) -> String {
    match nearest {
        [] => String::new(),
        names => format!("; did you mean `{}`?", names.join("` or `")),
    }
}
