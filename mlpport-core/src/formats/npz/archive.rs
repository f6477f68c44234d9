//! The members of an archive.

use std::collections::BTreeSet;
use std::io::{self, Read, Seek, SeekFrom};
use std::sync::Arc;

use zip::read::{ArchiveOffset, Config};
use zip::result::ZipError;
use zip::{CompressionMethod, ZipArchive};

use super::array::{Content, Place, slot};
use super::reader::Reader;
use super::{EXTENSION, NAME};
use crate::error::{Error, Result};
use crate::formats::index::{ArraySlot, Index};
use crate::formats::joined::{self, Budget, shown};
use crate::formats::source::Source;

/// Bytes of the directory of an archive that may be read beside a part of the file, since a member takes much more memory
/// than its line in the directory: the directory of 20,000 members, more where they are not small.
const MOST_DIRECTORY: u64 = 2 << 20;
const PART_OF_FILE: u64 = 16;

/// What the zip crate keeps of a member in memory, and what is kept here to read it.
const MEMORY_OF_MEMBER: u64 = 1024;

/// Bytes that one byte of deflate can become.
const MOST_INFLATED: u64 = 1032;

/// The directory of an archive, which all members share.
#[derive(Debug, Clone)]
pub(super) struct Archive<'a>(ZipArchive<Reader<'a>>);

impl Archive<'_> {
    /// Hands over what reads a member, and compares it with its checksum at the end.
    pub(super) fn with_member<T>(&self, index: usize, read: impl FnOnce(&mut dyn Read) -> T) -> io::Result<T> {
        let mut archive = self.0.clone();
        let mut member = archive.by_index(index).map_err(io::Error::from)?;
        Ok(read(&mut member))
    }
}

/// The structure of an archive.
///
/// # Errors
///
/// [`Error::Format`] where it is no archive of arrays: where its directory is damaged or says something else than what stands
/// in front of the members, where members overlap or have the same name, are encrypted or compressed in another way than by
/// deflate, or are no arrays of numpy that a tensor can be.
pub(in crate::formats) fn index<'a>(source: &Arc<Source<'a>>, separator: Option<char>) -> Result<Index<'a>> {
    let mut archive = open(source)?;
    let mut budget = Budget::new(source.length(), separator);
    let mut arrays = Vec::with_capacity(archive.len());
    for index in 0..archive.len() {
        let Some((key, array)) = member(source, &mut archive, index)? else { continue };
        budget.take(&key, MEMORY_OF_MEMBER).map_err(|refused| in_directory(source, &archive, refused))?;
        arrays.push((key, array));
    }
    joined::index(arrays, separator).map_err(|refused| in_directory(source, &archive, refused))
}

fn in_directory(source: &Source<'_>, archive: &ZipArchive<Reader<'_>>, refused: joined::Refused) -> Error {
    source.fault(NAME, archive.central_directory_start(), refused.expected, refused.found)
}

fn open<'a>(source: &Arc<Source<'a>>) -> Result<ZipArchive<Reader<'a>>> {
    let most = MOST_DIRECTORY.saturating_add(source.length() / PART_OF_FILE);
    let config = Config { archive_offset: ArchiveOffset::Known(0) };
    let reader = Reader::new(source, 0, most);
    let limit = reader.limit();
    let archive = ZipArchive::with_config(config, reader);
    let mut archive = archive.map_err(|error| broken(source, source.length(), error))?;
    let start = archive.central_directory_start();
    if archive.has_duplicate_names() {
        let name = first_twice(source, &archive).unwrap_or_default();
        let found = format!("{} twice", shown(&String::from_utf8_lossy(&name)));
        return Err(source.fault(NAME, start, "every name once", found));
    }
    // The members are read as often as they are asked for.
    limit.lift();
    archive.validate_header_consistency().map_err(|error| broken(source, start, error))?;
    Ok(archive)
}

/// An array and its key; `None` for a folder, which is in an archive for its name alone.
fn member<'a>(
    source: &Arc<Source<'a>>,
    archive: &mut ZipArchive<Reader<'a>>,
    index: usize,
) -> Result<Option<(String, ArraySlot<'a>)>> {
    let directory = archive.central_directory_start();
    let shared = Archive(archive.clone());
    let entry = archive.by_index_raw(index).map_err(|error| broken(source, directory, error))?;
    let name = match (entry.name(), std::str::from_utf8(entry.name_raw())) {
        (Ok(name), Ok(_)) => name.into_owned(),
        _ => {
            let found = format!("`{}`", entry.name_raw().escape_ascii());
            return Err(source.fault(NAME, entry.central_header_start(), "a name in UTF-8", found));
        }
    };
    let (packed, length) = (entry.compressed_size(), entry.size());
    let is_stored = match entry.compression() {
        CompressionMethod::Stored => true,
        CompressionMethod::Deflated => false,
        other => {
            let found = format!("{other} for {}", shown(&name));
            return Err(source.fault(NAME, entry.header_start(), "members that are stored or deflated", found));
        }
    };
    let offset = entry.data_start().unwrap_or_else(|| entry.header_start());
    if entry.encrypted() {
        return Err(source.fault(NAME, offset, "members that are not encrypted", shown(&name)));
    }
    if entry.is_dir() && length == 0 {
        return Ok(None);
    }
    if name == "data.pkl" || name.ends_with("/data.pkl") {
        let found =
            format!("{}, as PyTorch has it; save the state dict with `safetensors.torch.save_file`", shown(&name));
        return Err(source.fault(NAME, offset, "an archive of numpy arrays", found));
    }
    let most = if is_stored { packed } else { packed.saturating_mul(MOST_INFLATED) };
    if length > most || is_stored && length < packed {
        let found = format!("{length} for {}", shown(&name));
        return Err(source.fault(NAME, offset, format!("at most {most} bytes in a member of {packed}"), found));
    }
    let key = name.strip_suffix(EXTENSION).unwrap_or(&name).to_owned();
    let place = Place { source: Arc::clone(source), key: Some(key.clone()), offset, is_stored };
    let array = slot(place, length, Content::Member(shared, index))?;
    Ok(Some((key, array)))
}

/// The first name in the directory that stands there before.
fn first_twice(source: &Arc<Source<'_>>, archive: &ZipArchive<Reader<'_>>) -> Option<Vec<u8>> {
    let mut reader = Reader::new(source, archive.central_directory_start(), u64::MAX);
    let mut names = BTreeSet::new();
    loop {
        let mut line = [0; 46];
        reader.read_exact(&mut line).ok()?;
        let [b'P', b'K', 1, 2, ..] = line else { return None };
        let length = |place: usize| {
            let bytes = line.get(place..)?.first_chunk::<2>()?;
            Some(u16::from_le_bytes(*bytes))
        };
        let mut name = vec![0; usize::from(length(28)?)];
        reader.read_exact(&mut name).ok()?;
        reader.seek(SeekFrom::Current(i64::from(length(30)?) + i64::from(length(32)?))).ok()?;
        if let Some(name) = names.replace(name) {
            return Some(name);
        }
    }
}

fn broken(source: &Source<'_>, offset: u64, error: ZipError) -> Error {
    let offset = offset.min(source.length());
    match error {
        ZipError::Io(error) if error.kind() == io::ErrorKind::QuotaExceeded => {
            source.fault(NAME, offset, error.to_string(), "a directory that is larger")
        }
        ZipError::Io(error)
            if !matches!(
                error.kind(),
                io::ErrorKind::UnexpectedEof | io::ErrorKind::InvalidData | io::ErrorKind::InvalidInput
            ) =>
        {
            let file = source.file().map_or_else(|| "memory".into(), ToOwned::to_owned);
            Error::Io { file, action: "read", source: error }
        }
        other => {
            let message: String = other.to_string().chars().take(200).flat_map(char::escape_debug).collect();
            source.fault(NAME, offset, "a ZIP archive that is whole", message)
        }
    }
}
