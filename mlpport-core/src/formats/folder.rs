//! A checkpoint that is a directory: its files, none of which may be outside of it.

use std::fs::{self, File};
use std::io;
use std::path::{Component, Path as FilePath, PathBuf};
use std::sync::Arc;

use super::source::Source;
use crate::error::{Error, Result};

/// A directory and what is below it.
#[derive(Debug, Clone)]
pub(super) struct Folder {
    /// As it was named, for errors.
    path: PathBuf,
    /// Without symbolic links.
    real: PathBuf,
    /// The directory itself: it can be told from another one that takes its name while this one is read.
    handle: Option<Arc<File>>,
}

impl Folder {
    /// # Errors
    ///
    /// [`Error::Io`] where it is no directory that can be read.
    pub(super) fn open(path: &FilePath) -> Result<Self> {
        let real = fs::canonicalize(path).map_err(|source| failed(path, source))?;
        if !fs::metadata(&real).map_err(|source| failed(path, source))?.is_dir() {
            return Err(failed(path, io::Error::from(io::ErrorKind::NotADirectory)));
        }
        // Where directories cannot be opened, nothing is told.
        let handle = File::open(&real).ok().map(Arc::new);
        Ok(Self { path: path.to_owned(), real, handle })
    }

    pub(super) fn path(&self) -> &FilePath {
        &self.path
    }

    /// The path of a file or directory below this one, as errors name it.
    pub(super) fn join(&self, name: &str) -> PathBuf {
        self.path.join(name)
    }

    /// A directory below this one.
    ///
    /// # Errors
    ///
    /// As [`file`](Self::file), for a directory.
    pub(super) fn folder(&self, name: &str) -> Result<Self> {
        let folder = Self::open(&self.inside(name)?)?;
        Ok(Self { path: self.join(name), ..folder })
    }

    /// Opens a file below this directory, whose name comes from a file that nobody vouches for.
    ///
    /// # Errors
    ///
    /// [`Error::Io`] where it is not there, is no regular file, has a second name (a hard link), or is outside of the
    /// directory: by `..`, as an absolute path, or behind a symbolic link. Also where the directory was replaced by another
    /// one since it was opened.
    pub(super) fn file(&self, name: &str) -> Result<Source<'static>> {
        let opened = self.inside(name).and_then(|path| {
            one_name(&path).map_err(|source| failed(&self.join(name), source))?;
            Source::open(&path)
        });
        // Asked afterwards: what was opened before another directory took the name is a file of this one.
        if opened.is_ok()
            || matches!(&opened, Err(Error::Io { source, .. }) if source.kind() == io::ErrorKind::NotFound)
        {
            self.check_replaced()?;
        }
        opened
    }

    /// The same, or `None` where there is no file of this name.
    ///
    /// # Errors
    ///
    /// As [`file`](Self::file), but for a file that is not there.
    #[cfg(feature = "orbax")]
    pub(super) fn file_if_there(&self, name: &str) -> Result<Option<Source<'static>>> {
        match self.file(name) {
            Err(Error::Io { source, .. }) if source.kind() == io::ErrorKind::NotFound => Ok(None),
            found => found.map(Some),
        }
    }

    /// Whether there is a file or a directory of this name, inside or outside.
    pub(super) fn has(&self, name: &str) -> bool {
        fs::symlink_metadata(self.path.join(name)).is_ok()
    }

    /// The names of what is in this directory itself, in order, those that are no UTF-8 left out.
    ///
    /// # Errors
    ///
    /// [`Error::Io`] where the directory cannot be read.
    pub(super) fn names(&self) -> Result<Vec<String>> {
        let entries = fs::read_dir(&self.real).map_err(|source| failed(&self.path, source))?;
        let mut names = Vec::new();
        for entry in entries {
            let entry = entry.map_err(|source| failed(&self.path, source))?;
            names.extend(entry.file_name().into_string());
        }
        names.sort_unstable();
        Ok(names)
    }

    /// Fails where another directory has taken the name of this one, whose files would be taken for those of this one.
    #[cfg(unix)]
    fn check_replaced(&self) -> Result<()> {
        use std::os::unix::fs::MetadataExt;

        let Some(handle) = &self.handle else { return Ok(()) };
        let identity = |metadata: fs::Metadata| (metadata.dev(), metadata.ino());
        let this = handle.metadata().map(identity).map_err(|source| failed(&self.path, source))?;
        match fs::metadata(&self.real).map(identity) {
            Ok(there) if there == this => Ok(()),
            _ => {
                let reason = "it was replaced while it was read; open it again";
                Err(failed(&self.path, io::Error::new(io::ErrorKind::ResourceBusy, reason)))
            }
        }
    }

    #[cfg(not(unix))]
    fn check_replaced(&self) -> Result<()> {
        let _ = &self.handle;
        Ok(())
    }

    fn inside(&self, name: &str) -> Result<PathBuf> {
        let relative = FilePath::new(name);
        let outside = |what: &str| {
            let reason = format!("it is outside of {}: {what}", self.path.display());
            failed(&self.join(&name.escape_debug().to_string()), io::Error::new(io::ErrorKind::InvalidInput, reason))
        };
        if !relative.components().all(|component| matches!(component, Component::Normal(_))) {
            return Err(outside("its name is absolute or has `..` in it"));
        }
        let path = self.path.join(relative);
        let real = fs::canonicalize(self.real.join(relative)).map_err(|source| failed(&path, source))?;
        if !real.starts_with(&self.real) {
            return Err(outside("it is behind a symbolic link; copy it to where the link is"));
        }
        Ok(path)
    }
}

fn failed(path: &FilePath, source: io::Error) -> Error {
    Error::Io { file: path.to_owned(), action: "read", source }
}

/// A file with two names may have the other one anywhere.
#[cfg(unix)]
fn one_name(path: &FilePath) -> io::Result<()> {
    let metadata = fs::metadata(path)?;
    if metadata.is_file() && std::os::unix::fs::MetadataExt::nlink(&metadata) > 1 {
        let reason = "it is a hard link, so that the same file may be outside of the directory; copy it";
        return Err(io::Error::new(io::ErrorKind::InvalidInput, reason));
    }
    Ok(())
}

#[cfg(not(unix))]
fn one_name(_: &FilePath) -> io::Result<()> {
    Ok(())
}
