//! Writing a file so that it is whole or not there.

use std::fs::{self, File, Metadata};
use std::io::{self, BufWriter, Write};
use std::path::{Path as FilePath, PathBuf};

use tempfile::NamedTempFile;

use crate::error::{Error, Result};

/// What becomes of a file that is there already.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Existing {
    Kept,
    Replaced,
}

/// Writes a file beside `path`, waits until it is on the disk, and gives it its name.
///
/// Where `write` or anything else fails, `path` stays as it was and nothing is left behind.
pub(super) fn write(
    path: &FilePath,
    existing: Existing,
    write: impl FnOnce(&mut BufWriter<&mut File>) -> io::Result<()>,
) -> Result<()> {
    if existing == Existing::Kept && fs::symlink_metadata(path).is_ok() {
        return Err(is_there(path));
    }
    let failed = |action| move |source| Error::Io { file: path.to_owned(), action, source };
    let (target, replaced) = find_target(path).map_err(failed("replace"))?;
    let folder = match target.parent() {
        Some(folder) if folder != FilePath::new("") => folder,
        _ => FilePath::new("."),
    };
    let mut temporary = create_in(folder).map_err(failed("write"))?;
    fill(temporary.as_file_mut(), write).map_err(failed("write"))?;
    if let Some(replaced) = replaced {
        temporary.as_file().set_permissions(replaced.permissions()).map_err(failed("write"))?;
    }
    temporary.as_file().sync_all().map_err(failed("write"))?;
    let persisted = match existing {
        Existing::Replaced => temporary.persist(&target),
        Existing::Kept => temporary.persist_noclobber(&target),
    };
    persisted.map_err(|error| match error.error.kind() {
        io::ErrorKind::AlreadyExists => is_there(path),
        _ => failed("replace")(error.error),
    })?;
    sync_folder(folder).map_err(failed("write"))
}

/// The error of a target that is there, and not to be replaced.
pub(super) fn is_there(path: &FilePath) -> Error {
    let reason = "it is there already; `SaveOptions::overwrite` replaces it";
    let source = io::Error::new(io::ErrorKind::AlreadyExists, reason);
    Error::Io { file: path.to_owned(), action: "write", source }
}

/// Where the file really is, behind symbolic links, and what is there.
fn find_target(path: &FilePath) -> io::Result<(PathBuf, Option<Metadata>)> {
    let target = fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
    let refuse = |kind, reason| Err(io::Error::new(kind, reason));
    match fs::metadata(&target) {
        Ok(metadata) if metadata.is_dir() => refuse(io::ErrorKind::IsADirectory, "it is a directory"),
        Ok(metadata) if !metadata.is_file() => refuse(io::ErrorKind::InvalidInput, "it is not a regular file"),
        Ok(metadata) if metadata.permissions().readonly() => {
            refuse(io::ErrorKind::PermissionDenied, "it is write-protected")
        }
        Ok(metadata) => Ok((target, Some(metadata))),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok((target, None)),
        Err(error) => Err(error),
    }
}

fn create_in(folder: &FilePath) -> io::Result<NamedTempFile> {
    let mut builder = tempfile::Builder::new();
    builder.prefix(".mlpport-");
    // What the user's umask leaves of this is what every other new file has.
    #[cfg(unix)]
    builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o666));
    // Asked first, since what `tempfile` says of a folder that is not there has a random name in it.
    std::fs::metadata(folder)?;
    builder.tempfile_in(folder).map_err(|error| io::Error::from(error.kind()))
}

fn fill(file: &mut File, write: impl FnOnce(&mut BufWriter<&mut File>) -> io::Result<()>) -> io::Result<()> {
    let mut buffered = BufWriter::new(file);
    write(&mut buffered)?;
    buffered.flush()
}

/// The new name is on the disk only when the folder is.
#[cfg(unix)]
pub(super) fn sync_folder(folder: &FilePath) -> io::Result<()> {
    match File::open(folder)?.sync_all() {
        // Some file systems cannot do it for folders.
        Err(error) if matches!(error.kind(), io::ErrorKind::InvalidInput | io::ErrorKind::Unsupported) => Ok(()),
        result => result,
    }
}

#[cfg(not(unix))]
pub(super) fn sync_folder(_folder: &FilePath) -> io::Result<()> {
    Ok(())
}
