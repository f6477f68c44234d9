//! Saves that are killed, that fail, and that are watched: at any time the target is the old checkpoint or the new one.

#[cfg(target_os = "linux")]
mod full;
mod readers;
#[cfg(target_os = "linux")]
mod strace;

use std::env;
use std::ffi::OsString;
use std::fs;
use std::io::Write;
use std::path::{Path as FilePath, PathBuf};
use std::process::Command;

use mlpport::{Format, SaveOptions, Variables};
use tempfile::TempDir;

use crate::samples::counted;

const OLD: usize = 1;
const NEW: usize = 2;

/// The exit code of a process whose save failed.
const FAILED: i32 = 3;

const TARGET: &str = "MLPPORT_TEST_TARGET";
const FORMAT: &str = "MLPPORT_TEST_FORMAT";

/// The formats that are written in this build.
fn written() -> impl Iterator<Item = Format> {
    super::formats().filter(|format| *format != Format::Npy)
}

/// Variables whose shapes and elements depend on `version`; more bytes than are buffered.
fn version(version: usize) -> Variables {
    let first = 1000.0 * f32::from(u16::try_from(version % 1000).unwrap());
    let rows = 40 + version % 3;
    counted(
        first,
        &[("params/Dense_0/kernel", &[rows, 64]), ("params/Dense_0/bias", &[64]), ("batch_stats/mean", &[7])],
    )
}

/// A folder with a target, and what is at the target.
struct Place {
    folder: TempDir,
    format: Format,
    old: Option<Variables>,
}

impl Place {
    /// A target with the old version, or without one.
    fn new(format: Format, has_old: bool) -> Self {
        let place = Self { folder: tempfile::tempdir().unwrap(), format, old: has_old.then(|| version(OLD)) };
        place.reset();
        place
    }

    /// Only what was there at first.
    fn reset(&self) {
        for name in self.names() {
            let path = self.folder.path().join(name);
            if path.is_dir() { fs::remove_dir_all(path).unwrap() } else { fs::remove_file(path).unwrap() }
        }
        if let Some(old) = &self.old {
            SaveOptions::new().format(self.format).save(old, self.target()).unwrap();
        }
    }

    fn target(&self) -> PathBuf {
        self.folder.path().join("target")
    }

    fn names(&self) -> Vec<OsString> {
        let mut names: Vec<_> =
            fs::read_dir(self.folder.path()).unwrap().map(|entry| entry.unwrap().file_name()).collect();
        names.sort();
        names
    }

    /// Whether the target is the old version, which may be none; panics where it is neither the old nor the new one.
    fn is_old(&self, when: &str) -> bool {
        if fs::symlink_metadata(self.target()).is_err() {
            assert!(self.old.is_none(), "{}: {when}: nothing is there any more", self.format);
            return true;
        }
        let found = mlpport::load(self.target()).unwrap_or_else(|error| panic!("{}: {when}: {error}", self.format));
        if self.old.as_ref() == Some(&found) {
            return true;
        }
        assert!(found == version(NEW), "{}: {when}: neither the old nor the new variables: {found}", self.format);
        false
    }

    /// That there is nothing beside the target.
    fn assert_alone(&self, when: &str) {
        let others: Vec<_> = self.names().into_iter().filter(|name| name != "target").collect();
        assert!(others.is_empty(), "{}: {when}: left behind: {others:?}", self.format);
    }

    /// A process that saves the new version to the target, behind the words of another command.
    fn saving(&self, front: &[&str]) -> Command {
        let exe = env::current_exe().unwrap();
        let mut words = front.iter().map(OsString::from).chain([exe.into_os_string()]);
        let mut command = Command::new(words.next().unwrap());
        command.args(words).args(["--exact", "formats::crash::save_in_this_process", "--ignored", "--test-threads=1"]);
        command.env(TARGET, self.target()).env(FORMAT, self.format.name());
        command
    }
}

#[test]
#[ignore = "the other tests run it, in a process that is killed"]
fn save_in_this_process() {
    let Some(target) = env::var_os(TARGET) else { return };
    let format = written().find(|format| env::var_os(FORMAT).is_some_and(|name| name == format.name())).unwrap();
    // `strace` counts the calls of each thread: here they are past the numbers of the harness, which writes, too.
    let mut before = fs::OpenOptions::new().write(true).open("/dev/null").unwrap();
    for _ in 0..16 {
        before.write_all(b" ").unwrap();
    }
    let saved = SaveOptions::new().format(format).overwrite(true).save(&version(NEW), FilePath::new(&target));
    // At once, before the harness writes again.
    std::process::exit(if saved.is_ok() { 0 } else { FAILED });
}
