//! Which format a file has.

use std::fmt;
use std::path::Path as FilePath;
use std::sync::Arc;

use super::folder::Folder;
use super::source::Source;
use super::{Checkpoint, OpenOptions, directory, msgpack, safetensors, sharded};
use crate::error::{Error, Result};

/// A format of checkpoint files.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Format {
    /// [`msgpack`](super::msgpack), the one of `flax.serialization`.
    Msgpack,
    /// [`safetensors`](super::safetensors), the one of Hugging Face.
    Safetensors,
    /// A ZIP archive of numpy arrays; with the feature `npz`.
    Npz,
    /// One numpy array, at the root of the tree; with the feature `npz`.
    Npy,
    /// A directory of Orbax; with the feature `orbax`.
    Orbax,
}

/// A pickle is a program, so that it is never read.
const PICKLE: &str = "a Python pickle, which can run any program. Where you trust it, convert it in Python:\n  \
    tree = pickle.load(open(FILE, \"rb\"))\n  \
    open(FILE + \".msgpack\", \"wb\").write(flax.serialization.to_bytes(tree))";

/// How files begin that are checkpoints of other formats, or are often taken for checkpoints.
const OTHERS: &[(&[u8], &str)] = &[
    (b"\x89HDF\r\n\x1a\n", "an HDF5 file"),
    (b"\x80\x02", PICKLE),
    (b"\x80\x03", PICKLE),
    (b"\x80\x04", PICKLE),
    (b"\x80\x05", PICKLE),
    (b"\x1f\x8b", "gzip"),
    (b"\x28\xb5\x2f\xfd", "zstd"),
    (b"{\"", "JSON"),
    (b"{\n", "JSON"),
    (b"{ ", "JSON"),
    (b"version https://git-lfs", "a Git LFS pointer; `git lfs pull` fetches the file itself"),
];

/// The number of bytes at the start of a file that tell its format.
pub(super) const START: u64 = 64;

impl Format {
    /// Every format.
    pub const ALL: &[Self] = &[Self::Msgpack, Self::Safetensors, Self::Npz, Self::Npy, Self::Orbax];

    /// The name, as in errors.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Msgpack => "msgpack",
            Self::Safetensors => "safetensors",
            Self::Npz => "npz",
            Self::Npy => "npy",
            Self::Orbax => "orbax",
        }
    }

    /// The extensions of its files, without a dot.
    #[must_use]
    pub const fn extensions(self) -> &'static [&'static str] {
        match self {
            Self::Msgpack => &["msgpack", "flax"],
            Self::Safetensors => &["safetensors"],
            Self::Npz => &["npz"],
            Self::Npy => &["npy"],
            Self::Orbax => &["orbax"],
        }
    }

    /// The format in which a file of this name is written; without an extension it is [`Format::Msgpack`], as for
    /// `flax.training.checkpoints`. Upper and lower case are the same.
    ///
    /// # Errors
    ///
    /// [`Error::UnknownFormat`] for any other extension.
    pub fn of_extension(path: impl AsRef<FilePath>) -> Result<Self> {
        let path = path.as_ref();
        let Some(extension) = path.extension() else {
            return Ok(Self::Msgpack);
        };
        let known = |format: &&Self| format.extensions().iter().any(|known| extension.eq_ignore_ascii_case(known));
        match Self::ALL.iter().find(known) {
            Some(format) => Ok(*format),
            None => Err(unknown(path, &format!("the extension `.{}`", extension.display()))),
        }
    }

    /// The format of a file, by the bytes that it begins with, and by its extension where these do not tell.
    ///
    /// Any byte may be the first one of msgpack or close to it: a file with the extension of another format is of that one.
    ///
    /// # Errors
    ///
    /// [`Error::UnknownFormat`] for the bytes of another format, or where neither bytes nor extension are known.
    pub fn of_file(path: impl AsRef<FilePath>, start: &[u8]) -> Result<Self> {
        let path = path.as_ref();
        if let Some((_, name)) = OTHERS.iter().find(|(other, _)| start.starts_with(other)) {
            return Err(unknown(path, name));
        }
        if is_safetensors(start) {
            return Ok(Self::Safetensors);
        }
        if start.starts_with(b"PK\x03\x04") || start.starts_with(b"PK\x05\x06") {
            return Ok(Self::Npz);
        }
        if start.starts_with(b"\x93NUMPY") {
            return Ok(Self::Npy);
        }
        let named = Self::of_extension(path);
        if start.first().is_some_and(|first| begins_msgpack(*first))
            && !matches!(named, Ok(Self::Safetensors | Self::Npz | Self::Npy))
        {
            return Ok(Self::Msgpack);
        }
        named.map_err(|_| {
            let first: Vec<String> = start.iter().take(8).map(|byte| format!("{byte:02x}")).collect();
            let found = if first.is_empty() {
                "no bytes".to_owned()
            } else {
                format!("bytes that begin with {}", first.join(" "))
            };
            unknown(path, &found)
        })
    }
}

/// Opens a file or directory of any format.
pub(super) fn open(path: &FilePath, options: &OpenOptions) -> Result<Checkpoint> {
    if path.is_dir() {
        return directory::open(&Folder::open(path)?, options);
    }
    if sharded::is_index(path) {
        return sharded::open_file(path, options);
    }
    open_source(path, Arc::new(Source::open(path)?), options)
}

/// Opens a file of any format, which is no index of others.
pub(super) fn open_source(path: &FilePath, source: Arc<Source<'static>>, options: &OpenOptions) -> Result<Checkpoint> {
    let format = match options.format {
        Some(format) => format,
        None => Format::of_file(path, &source.read(0..source.length().min(START))?)?,
    };
    let index = match format {
        Format::Msgpack => msgpack::index(source)?,
        Format::Safetensors => safetensors::index(&source, options.separator)?,
        #[cfg(feature = "npz")]
        Format::Npz => super::npz::index(&source, options.separator)?,
        #[cfg(feature = "npz")]
        Format::Npy => super::npz::index_npy(&source)?,
        #[cfg(not(feature = "npz"))]
        Format::Npz | Format::Npy => return Err(without_feature(path, format)),
        Format::Orbax => return Err(unknown(path, "a file, where Orbax has a directory")),
    };
    Ok(Checkpoint::new(path.to_owned(), format, index))
}

impl fmt::Display for Format {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

/// The error of a format that this build leaves out.
#[cfg(not(all(feature = "npz", feature = "orbax")))]
pub(super) fn without_feature(path: &FilePath, format: Format) -> Error {
    let feature = if format == Format::Orbax { "orbax" } else { "npz" };
    let expected = format!("a format of this build; add the feature `{feature}` of mlpport to the dependency");
    Error::UnknownFormat { file: path.to_owned(), expected, found: format.name().to_owned() }
}

pub(super) fn unknown(path: &FilePath, found: &str) -> Error {
    let known = |format: &Format| format!("{format} (.{})", format.extensions().join(", ."));
    let expected = Format::ALL.iter().map(known).collect::<Vec<_>>().join(", ");
    Error::UnknownFormat { file: path.to_owned(), expected, found: found.to_owned() }
}

/// Whether a byte is the marker of a map, a list or an extension: of what a tree or an array begins with.
fn begins_msgpack(byte: u8) -> bool {
    matches!(byte, 0x80..=0x9f | 0xc7..=0xc9 | 0xd4..=0xd8 | 0xdc..=0xdf)
}

/// The length of the header, little endian and less than 2^48, then the header in JSON.
fn is_safetensors(bytes: &[u8]) -> bool {
    matches!(bytes, [_, _, _, _, _, _, 0, 0, b'{', b'"' | b'}' | b' ' | b'\n' | b'\r' | b'\t', ..])
}
