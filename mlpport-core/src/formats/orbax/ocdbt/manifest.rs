//! The manifest: which version of the tree is the newest, and where its root is.

use super::NAME;
use super::budget::Budget;
use super::cursor::{Cursor, Origin};
use super::envelope::{Body, MANIFEST};
use super::files::{Files, Table};
use super::tree::Place;
use crate::error::Result;
use crate::formats::folder::Folder;
use crate::formats::source::Source;

/// 65,536 versions in 16 MiB would have 256 bytes each.
const LARGEST: u64 = 16 << 20;

/// The number of versions in a manifest is a power of two, and this its greatest exponent.
const MAX_ARITY: u8 = 16;

#[derive(Debug)]
pub(super) struct Manifest {
    uuid: [u8; 16],
    /// Whether the versions are in files with a number.
    numbered: bool,
    /// The number of the newest version.
    generation: u64,
    /// `None` where the newest version has no keys.
    pub(super) root: Option<Root>,
}

/// The root of a tree.
#[derive(Debug)]
pub(super) struct Root {
    pub(super) place: Place,
    pub(super) height: u8,
}

impl Manifest {
    /// Reads `manifest.ocdbt`, or the newest of the numbered ones where it says so.
    pub(super) fn read(folder: &Folder, files: &mut Files, budget: &mut Budget) -> Result<Self> {
        let source = folder.file("manifest.ocdbt")?;
        let config = Self::parse(&source, folder, "manifest.ocdbt", files, budget)?;
        if !config.numbered {
            return Ok(config);
        }
        let newest = folder.names()?.into_iter().filter_map(|name| Some((number(&name)?, name))).max();
        let Some((number, name)) = newest else {
            return Err(source.fault(NAME, 0, "a file manifest.<16 hex digits> beside this one", "none"));
        };
        let source = folder.file(&name)?;
        let manifest = Self::parse(&source, folder, &name, files, budget)?;
        if manifest.numbered || manifest.uuid != config.uuid {
            let expected = "a manifest with versions, of the database of manifest.ocdbt";
            return Err(source.fault(NAME, 0, expected, "another one"));
        }
        if manifest.generation != number {
            let expected = format!("version {number}, as the name of the file says");
            return Err(source.fault(NAME, 0, expected, manifest.generation.to_string()));
        }
        Ok(manifest)
    }

    fn parse(source: &Source, folder: &Folder, name: &str, files: &mut Files, budget: &mut Budget) -> Result<Self> {
        let bytes = source.read_all(NAME, LARGEST)?;
        let origin = Origin { file: folder.join(name), start: 0, compressed: false };
        let body = Body::open(MANIFEST, bytes, origin, budget)?;
        let mut cursor = body.cursor();
        let uuid = cursor.take(16)?.first_chunk().copied().unwrap_or_default();
        let at = cursor.clone();
        let kind = cursor.u8()?;
        if kind > 1 {
            return Err(at.fault("a manifest of kind 0 (single) or 1 (numbered)", kind.to_string()));
        }
        let arity = config(&mut cursor)?;
        let mut manifest = Self { uuid, numbered: kind == 1, generation: 0, root: None };
        if manifest.numbered {
            cursor.finish("the manifest")?;
            return Ok(manifest);
        }
        let table = files.table(&mut cursor, "", budget)?;
        (manifest.generation, manifest.root) = newest(&mut cursor, arity, &table, files)?;
        earlier_versions(&mut cursor, &table)?;
        cursor.finish("the manifest")?;
        table.release(budget);
        Ok(manifest)
    }
}

/// The number in the name of a numbered manifest.
fn number(name: &str) -> Option<u64> {
    let digits = name.strip_prefix("manifest.")?;
    let hex = |byte: u8| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte);
    (digits.len() == 16 && digits.bytes().all(hex)).then(|| u64::from_str_radix(digits, 16).ok())?
}

/// What TensorStore writes by; of it, only the number of versions in a manifest matters to who reads.
fn config(cursor: &mut Cursor) -> Result<u8> {
    cursor.varint_to(u64::from(u32::MAX), "a length of inline values")?;
    cursor.varint_to(u64::from(u32::MAX), "a length of nodes")?;
    let at = cursor.clone();
    let arity = cursor.u8()?;
    if !(1..=MAX_ARITY).contains(&arity) {
        return Err(at.fault(format!("an arity of 1 to {MAX_ARITY} bits"), arity.to_string()));
    }
    let at = cursor.clone();
    match cursor.varint()? {
        0 => {}
        1 => _ = cursor.u32_le()?,
        other => return Err(at.fault("compression 0 (none) or 1 (zstd)", other.to_string())),
    }
    Ok(arity)
}

/// The last of the versions, which are in the order of their numbers.
fn newest(cursor: &mut Cursor, arity: u8, table: &Table, files: &Files) -> Result<(u64, Option<Root>)> {
    let at = cursor.clone();
    let count = cursor.count(1 << arity, "a number of versions")?;
    let Some(before) = count.checked_sub(1) else {
        return Err(at.fault("a version or more", "none"));
    };
    let mut generation = 0;
    for _ in 0..count {
        let at = cursor.clone();
        let next = cursor.varint()?;
        if next <= generation {
            return Err(at.fault(format!("a version after {generation}"), next.to_string()));
        }
        generation = next;
    }
    let at = cursor.clone();
    let height = cursor.take(count)?.last().copied().unwrap_or_default();
    let mut last = || {
        cursor.column(before)?;
        cursor.varint()
    };
    let (file, offset, length) = (last()?, last()?, last()?);
    // Statistics: keys, bytes of nodes, bytes of values.
    for _ in 0..3 {
        last()?;
    }
    for _ in 0..count {
        cursor.u64_le()?;
    }
    if offset == u64::MAX && length == u64::MAX {
        return match height {
            0 => Ok((generation, None)),
            _ => Err(at.fault("height 0 of a version without keys", height.to_string())),
        };
    }
    let place = table.place(file, offset, length, files).map_err(|(expected, found)| at.fault(expected, found))?;
    Ok((generation, Some(Root { place, height })))
}

/// Where earlier versions are. Nothing refers to them from the newest one.
fn earlier_versions(cursor: &mut Cursor, table: &Table) -> Result<()> {
    let count = cursor.count(64, "a number of version nodes")?;
    cursor.column(count)?;
    for _ in 0..count {
        let at = cursor.clone();
        let file = cursor.varint()?;
        table.file(file).map_err(|(expected, found)| at.fault(expected, found))?;
    }
    for _ in 0..3 {
        cursor.column(count)?;
    }
    for _ in 0..count {
        cursor.u64_le()?;
    }
    cursor.take(count)?;
    Ok(())
}
