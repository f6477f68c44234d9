//! A directory that is whole or not there.
//!
//! It is written beside its target, under the name of a directory that Orbax has not finished, and waited for until all of
//! it is on the disk. Then it gets its name. Where there is a directory to be replaced, the two change their names at once,
//! on Linux and macOS; where the file system cannot do that, the old one is renamed first, and should the process end
//! between the two, nothing has the name: the old directory is beside it, with `.orbax-checkpoint-tmp` in its name.

use std::cell::RefCell;
use std::collections::BTreeSet;
use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path as FilePath, PathBuf};

use tempfile::TempDir;

use crate::error::{Error, Result};
use crate::formats::atomic::{Existing, is_there, sync_folder};
use crate::formats::folder::Folder;
use crate::formats::orbax::find::{self, UNFINISHED};

/// A directory that is being written.
pub(super) struct Staging {
    /// As the user named it, for errors.
    path: PathBuf,
    target: PathBuf,
    parent: PathBuf,
    existing: Existing,
    temporary: TempDir,
    folders: RefCell<BTreeSet<PathBuf>>,
    /// The root of steps, where it is new; it is removed if nothing comes of it.
    new_root: Option<NewRoot>,
}

struct NewRoot(PathBuf);

impl Drop for NewRoot {
    fn drop(&mut self) {
        // Nothing is removed where there is something in it.
        let _ = fs::remove_dir(&self.0);
    }
}

impl Staging {
    /// A directory for an item, or for a step below a root, which is made if it is not there.
    ///
    /// # Errors
    ///
    /// [`Error::Io`] where the target is there and not to be replaced, or stands for something else.
    pub(super) fn new(path: &FilePath, step: Option<u64>, existing: Existing) -> Result<Self> {
        let failed = |source| Error::Io { file: path.to_owned(), action: "write", source };
        let mut new_root = None;
        let target = match step {
            None => path.to_owned(),
            Some(step) => {
                check_root(path)?;
                match fs::create_dir(path) {
                    Ok(()) => new_root = Some(NewRoot(path.to_owned())),
                    Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
                    Err(error) => return Err(failed(error)),
                }
                path.join(step.to_string())
            }
        };
        let there = fs::symlink_metadata(&target).is_ok();
        if there && existing == Existing::Kept {
            return Err(is_there(&target));
        }
        let target = if there {
            check_replaced(&target, step.is_some())?;
            // Behind a symbolic link, which stays.
            fs::canonicalize(&target).map_err(failed)?
        } else {
            target
        };
        let parent = match target.parent() {
            Some(parent) if parent != FilePath::new("") => parent.to_owned(),
            _ => PathBuf::from("."),
        };
        let Some(name) = target.file_name() else {
            return Err(failed(io::Error::from(io::ErrorKind::InvalidInput)));
        };
        fs::metadata(&parent).map_err(failed)?;
        let mut builder = tempfile::Builder::new();
        let prefix = format!("{}{UNFINISHED}-", name.to_string_lossy());
        builder.prefix(&prefix);
        // What the user's umask leaves of this is what every other new directory has.
        #[cfg(unix)]
        builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o777));
        let temporary = builder.tempdir_in(&parent).map_err(|error| failed(io::Error::from(error.kind())))?;
        let folders = RefCell::default();
        Ok(Self { path: path.to_owned(), target, parent, existing, temporary, folders, new_root })
    }

    /// Writes a file below the directory, and waits until it is on the disk.
    pub(super) fn write(&self, name: &str, bytes: &[u8]) -> Result<()> {
        self.write_file(name, bytes).map_err(|source| self.failed(source))
    }

    fn write_file(&self, name: &str, bytes: &[u8]) -> io::Result<()> {
        let file = self.temporary.path().join(name);
        let mut folder = file.parent();
        if let Some(folder) = folder {
            fs::create_dir_all(folder)?;
        }
        while let Some(path) = folder.filter(|path| path.starts_with(self.temporary.path())) {
            if !self.folders.borrow_mut().insert(path.to_owned()) {
                break;
            }
            folder = path.parent();
        }
        let mut file = File::create_new(file)?;
        file.write_all(bytes)?;
        file.sync_all()
    }

    /// Gives the directory its name.
    ///
    /// # Errors
    ///
    /// [`Error::Io`]; the target is then as it was.
    pub(super) fn commit(self) -> Result<()> {
        for folder in self.folders.borrow().iter().rev() {
            sync_folder(folder).map_err(|source| self.failed(source))?;
        }
        // The last is dropped first: a new root is empty again without it.
        let Self { path, target, parent, existing, new_root, temporary, .. } = self;
        let failed = |source| Error::Io { file: path.clone(), action: "replace", source };
        if existing == Existing::Replaced && fs::symlink_metadata(&target).is_ok() {
            exchange(temporary.path(), &target).map_err(failed)?;
            // What is removed with it is the old one.
            sync_folder(&parent).map_err(failed)?;
            drop(temporary);
            return Ok(());
        }
        rename_new(temporary.path(), &target).map_err(|error| match error.kind() {
            io::ErrorKind::AlreadyExists | io::ErrorKind::DirectoryNotEmpty => is_there(&target),
            _ => failed(error),
        })?;
        let _ = temporary.keep();
        sync_folder(&parent).map_err(failed)?;
        if let Some(root) = new_root {
            let above = root.0.parent().filter(|above| *above != FilePath::new("")).unwrap_or(FilePath::new("."));
            sync_folder(above).map_err(failed)?;
        }
        Ok(())
    }

    fn failed(&self, source: io::Error) -> Error {
        Error::Io { file: self.path.clone(), action: "write", source }
    }
}

/// Fails where steps would stand in a directory that is an item itself.
fn check_root(path: &FilePath) -> Result<()> {
    if !path.exists() {
        return Ok(());
    }
    let refuse = |reason: &str| {
        let source = io::Error::new(io::ErrorKind::InvalidInput, reason);
        Err(Error::Io { file: path.to_owned(), action: "write", source })
    };
    let folder = Folder::open(path)?;
    if find::holds_item(&folder)? {
        return refuse("it is a checkpoint itself, and no directory of steps; save without `SaveOptions::step`");
    }
    Ok(())
}

/// Fails where what would be replaced is no checkpoint: nothing else is ever removed.
fn check_replaced(target: &FilePath, step: bool) -> Result<()> {
    let refuse = |kind, reason: &str| {
        Err(Error::Io { file: target.to_owned(), action: "replace", source: io::Error::new(kind, reason) })
    };
    if !target.is_dir() {
        return refuse(io::ErrorKind::NotADirectory, "it is no directory; Orbax writes one");
    }
    let folder = Folder::open(target)?;
    if find::holds_item(&folder)? || folder.names()?.is_empty() {
        return Ok(());
    }
    if !step && find::holds_steps(&folder)? {
        let reason = "it has steps, all of which would be removed; `SaveOptions::step` replaces one";
        return refuse(io::ErrorKind::InvalidInput, reason);
    }
    refuse(io::ErrorKind::InvalidInput, "it is a directory that is no checkpoint of Orbax, and is not removed")
}

/// Renames a directory to a name that is free.
fn rename_new(from: &FilePath, to: &FilePath) -> io::Result<()> {
    #[cfg(any(target_os = "linux", target_vendor = "apple"))]
    match rename_with(from, to, rustix::fs::RenameFlags::NOREPLACE) {
        Err(error) if cannot(&error) => {}
        result => return result,
    }
    if fs::symlink_metadata(to).is_ok() {
        return Err(io::ErrorKind::AlreadyExists.into());
    }
    fs::rename(from, to)
}

/// Two directories change their names.
fn exchange(new: &FilePath, old: &FilePath) -> io::Result<()> {
    #[cfg(any(target_os = "linux", target_vendor = "apple"))]
    match rename_with(new, old, rustix::fs::RenameFlags::EXCHANGE) {
        Err(error) if cannot(&error) => {}
        result => return result,
    }
    let mut aside = old.as_os_str().to_owned();
    aside.push(format!("{UNFINISHED}-{}", std::process::id()));
    fs::rename(old, &aside)?;
    if let Err(error) = fs::rename(new, old) {
        fs::rename(&aside, old)?;
        return Err(error);
    }
    fs::rename(&aside, new)
}

#[cfg(any(target_os = "linux", target_vendor = "apple"))]
fn rename_with(from: &FilePath, to: &FilePath, flags: rustix::fs::RenameFlags) -> io::Result<()> {
    use rustix::fs::{CWD, renameat_with};

    Ok(renameat_with(CWD, from, CWD, to, flags)?)
}

/// Whether a file system or kernel does not have such a renaming.
#[cfg(any(target_os = "linux", target_vendor = "apple"))]
fn cannot(error: &io::Error) -> bool {
    let unknown = [rustix::io::Errno::INVAL, rustix::io::Errno::NOSYS, rustix::io::Errno::NOTSUP];
    unknown.iter().any(|errno| error.raw_os_error() == Some(errno.raw_os_error()))
}
