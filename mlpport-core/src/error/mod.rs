//! The one error of the crate.
//!
//! Every variant says where (file, path in the tree, field), what was expected, what was found, and what to do next.

mod init;
mod leaves;
mod port;

use std::fmt;
use std::io;
use std::path::{Path as FilePath, PathBuf};

use crate::tensor::{DType, Shape};

pub use init::{InitError, InitProblem};
pub use leaves::{LeafError, LeavesError};
pub use port::{PortError, PortProblem};

/// The result of everything here that reads input.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// What can go wrong between a file and a model.
#[derive(Debug)]
#[non_exhaustive]
pub enum Error {
    /// The operating system refused to read or write a file.
    Io {
        /// The file or directory.
        file: PathBuf,
        /// What was tried, as a verb: `read`, `write`, `replace`.
        action: &'static str,
        /// What the operating system said.
        source: io::Error,
    },

    /// Bytes are not what their format demands.
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
    UnknownFormat {
        /// The file.
        file: PathBuf,
        /// The formats that are known.
        expected: String,
        /// What was found instead.
        found: String,
    },

    /// A value cannot be stored in a format.
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
    DType {
        /// The dtype asked for.
        expected: DType,
        /// The dtype that the tensor has.
        found: DType,
    },

    /// An array is of another shape than its place in a model or a tensor demands.
    Shape {
        /// Which array, such as `kernel`.
        name: String,
        /// The shape demanded.
        expected: Shape,
        /// The shape that it has.
        found: Shape,
    },

    /// Variables do not fit a model: every wrong leaf.
    Leaves(LeavesError),

    /// The last axis of an input is not what a layer takes.
    Input {
        /// The field path of the layer, such as `encoder.fc1`; empty for a layer on its own.
        field: String,
        /// The length of the last axis that the layer takes.
        expected: usize,
        /// The shape of the input.
        found: Shape,
    },

    /// A port whose sizes are known only when it runs does not fit: every wrong leaf.
    Port(PortError),

    /// A model cannot be initialised: everything that stands in the way.
    Init(InitError),

    /// A value handed to a function is outside of what it takes.
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

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Io { file, action, source } => write!(f, "{}: cannot {action}: {source}", file.display()),
            Self::Format { file, format, offset, expected, found } => {
                let file = file_prefix(file.as_deref());
                write!(f, "{file}{format}, byte {offset}: expected {expected}, found {found}")
            }
            Self::UnknownFormat { file, expected, found } => {
                write!(f, "{}: expected {expected}, found {found}", file.display())
            }
            Self::Unsupported { path, format, expected, found } => {
                write!(f, "{path}: {format} stores {expected}, found {found}")
            }
            Self::Path { path, expected, found, nearest } => {
                write!(f, "{path}: expected {expected}, found {found}{}", did_you_mean(nearest))
            }
            Self::DType { expected, found } => {
                let next = "convert it with `Tensor::cast` first";
                write!(f, "expected a tensor of {expected}, found one of {found}; {next}")
            }
            Self::Shape { name, expected, found } => write!(f, "{name}: expected shape {expected}, found {found}"),
            Self::Leaves(error) => error.fmt(f),
            Self::Input { field, expected, found } => {
                let field = field_prefix(field);
                write!(f, "{field}expected an input whose last axis is {expected}, found shape {found}")
            }
            Self::Port(error) => error.fmt(f),
            Self::Init(error) => error.fmt(f),
            Self::Argument { argument, expected, found } => {
                write!(f, "`{argument}`: expected {expected}, found {found}")
            }
        }
    }
}

impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Io { source, .. } => Some(source),
            // The others are the first of their kind, or show the error that they wrap.
            _ => None,
        }
    }
}

impl From<LeavesError> for Error {
    fn from(error: LeavesError) -> Self {
        Self::Leaves(error)
    }
}

impl From<PortError> for Error {
    fn from(error: PortError) -> Self {
        Self::Port(error)
    }
}

impl From<InitError> for Error {
    fn from(error: InitError) -> Self {
        Self::Init(error)
    }
}

fn file_prefix(file: Option<&FilePath>) -> String {
    file.map(|file| format!("{}: ", file.display())).unwrap_or_default()
}

fn field_prefix(field: &str) -> String {
    if field.is_empty() { String::new() } else { format!("`{field}`: ") }
}

fn did_you_mean(nearest: &[String]) -> String {
    match nearest {
        [] => String::new(),
        names => format!("; did you mean `{}`?", names.join("` or `")),
    }
}
