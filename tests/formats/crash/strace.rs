//! Saves that are killed, or given an error, at each of their system calls that change the disk: `strace` does it.

use std::fs;
use std::io::Write;
use std::process::Command;
use std::sync::OnceLock;

use mlpport::Format;

use super::{FAILED, Place, written};

/// The calls that change the disk, where the system has them, and the one that ends a process.
const CALLS: &str = "?write,?writev,?pwrite64,?pwritev,?copy_file_range,?sendfile,?fsync,?fdatasync,?ftruncate,\
                     ?fchmod,?rename,?renameat,?renameat2,?link,?linkat,?unlink,?unlinkat,?rmdir,?mkdir,?mkdirat,?exit_group";

/// Those that a full or broken disk refuses. Removing is not among them: nobody can clean up then.
const REFUSED: &[&str] =
    &["write", "writev", "pwrite64", "pwritev", "copy_file_range", "sendfile", "ftruncate", "mkdir", "mkdirat"];
const BROKEN: &[&str] = &["fsync", "fdatasync", "rename", "renameat", "renameat2", "link", "linkat"];

/// Whether there is a `strace` that may trace; says so once where there is none.
fn has_strace() -> bool {
    static FOUND: OnceLock<bool> = OnceLock::new();
    *FOUND.get_or_init(|| {
        let found = Command::new("strace").args(["-qq", "-o", "/dev/null", "true"]).output();
        let found = found.is_ok_and(|output| output.status.success());
        if !found {
            // Past the harness, which shows what fails alone.
            let message =
                "left out: saves that are killed at each system call (strace is not installed, or may not trace)";
            let mut terminal = std::io::stderr();
            writeln!(terminal, "{message}").unwrap();
        }
        found
    })
}

/// A call: its thread, its name, its number among those of this thread and name, and its line.
struct Call {
    thread: String,
    name: String,
    number: usize,
    line: String,
}

impl Place {
    /// Saves under `strace`, with one more option; the exit code, and the calls in their order.
    fn traced(&self, injection: Option<&str>) -> (Option<i32>, Vec<Call>) {
        let log = tempfile::NamedTempFile::new().unwrap();
        let trace = format!("trace={CALLS}");
        let mut front = vec!["strace", "-f", "-qq", "-y", "-o", log.path().to_str().unwrap(), "-e", &trace];
        front.extend(injection.iter().flat_map(|injection| ["-e", injection]));
        let status = self.saving(&front).output().unwrap().status;
        let mut calls: Vec<Call> = Vec::new();
        for line in fs::read_to_string(log.path()).unwrap().lines() {
            // `<thread> <name>(…) = …`
            let (thread, line) = line.split_once(' ').unwrap_or_default();
            let Some((name, _)) = line.trim_start().split_once('(') else { continue };
            let number = 1 + calls.iter().filter(|call| call.thread == thread && call.name == name).count();
            let (thread, name, line) = (thread.to_owned(), name.to_owned(), line.trim_start().to_owned());
            calls.push(Call { thread, name, number, line });
        }
        (status.code(), calls)
    }

    /// The calls of a save that nothing interrupts, without those before it.
    fn calls(&self) -> Vec<Call> {
        let (code, mut calls) = self.traced(None);
        assert_eq!(code, Some(0), "{}", self.format);
        assert!(!self.is_old("after a save"));
        self.assert_alone("after a save");
        self.reset();
        let begin = calls.iter().rposition(|call| call.line.contains("</dev/null>")).unwrap();
        calls.split_off(begin + 1)
    }
}

/// Both kinds of places for each format that is written.
fn places() -> impl Iterator<Item = Place> {
    written().flat_map(|format| [false, true].map(|has_old| Place::new(format, has_old)))
}

#[test]
fn killed_at_any_call_a_save_leaves_the_old_or_the_new_checkpoint() {
    if !has_strace() {
        return;
    }
    for place in places() {
        let (mut old, mut new) = (0, 0);
        for call in place.calls() {
            let injection = format!("inject={}:signal=KILL:when={}", call.name, call.number);
            let (code, _) = place.traced(Some(&injection));
            assert_eq!(code, None, "{}: not killed at {}", place.format, call.line);
            if place.is_old(&format!("killed at {}", call.line)) {
                old += 1
            } else {
                new += 1
            }
            place.reset();
        }
        // The last call is the end of the process.
        assert!(old > 2 && new > 0, "{}: {old} kills before the replacement, {new} after it", place.format);
    }
}

#[test]
fn what_was_left_by_a_killed_save_is_in_nobodys_way() {
    if !has_strace() {
        return;
    }
    for place in places() {
        let calls = place.calls();
        let Call { name, number, .. } = calls.iter().find(|call| call.name.contains("sync")).unwrap();
        place.traced(Some(&format!("inject={name}:signal=KILL:when={number}")));
        assert!(place.names().iter().any(|name| name != "target"), "{}: nothing was left", place.format);
        assert_eq!(place.saving(&[]).output().unwrap().status.code(), Some(0), "{}", place.format);
        assert!(!place.is_old("saved after a save that was killed"));
    }
}

#[test]
fn refused_any_call_a_save_fails_and_leaves_nothing_behind() {
    if !has_strace() {
        return;
    }
    for place in places() {
        for call in place.calls() {
            let error = match call.name.as_str() {
                name if REFUSED.contains(&name) => "ENOSPC",
                name if BROKEN.contains(&name) => "EIO",
                _ => continue,
            };
            let when = format!("{error} of {}", call.line);
            let injection = format!("inject={}:error={error}:when={}", call.name, call.number);
            let (code, after) = place.traced(Some(&injection));
            assert_eq!(code, Some(FAILED), "{}: {when}", place.format);
            let replaced = after.iter().any(|call| is_replacement(call) && call.line.ends_with("= 0"));
            assert!(place.is_old(&when) || replaced, "{}: {when}: replaced without a rename", place.format);
            place.assert_alone(&when);
            place.reset();
        }
    }
}

fn is_replacement(call: &Call) -> bool {
    call.name.starts_with("rename") || call.name.starts_with("link")
}

#[test]
fn a_checkpoint_is_on_the_disk_before_its_name_and_the_name_before_the_end() {
    if !has_strace() {
        return;
    }
    for place in places() {
        let calls = place.calls();
        let last = |is: &dyn Fn(&Call) -> bool| calls.iter().rposition(is);
        let renamed = last(&is_replacement).unwrap();
        let written = last(&|call| call.name.contains("write")).unwrap();
        let synced = |call: &&Call| call.name.contains("sync");
        assert!(written < renamed, "{}: written after the rename", place.format);
        assert!(calls[written..renamed].iter().any(|call| synced(&call)), "{}: not synced before", place.format);
        assert!(calls[renamed..].iter().any(|call| synced(&call)), "{}: not synced after", place.format);
        if place.format != Format::Orbax {
            assert_eq!(calls.iter().filter(synced).count(), 2, "{}: the file and its folder", place.format);
        }
    }
}
