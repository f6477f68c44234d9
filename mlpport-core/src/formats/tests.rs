#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

use std::fs;
use std::io::{self, Write};
use std::path::Path as FilePath;

use ndarray::array;

use super::atomic::Existing;
use super::{Format, SaveOptions, atomic, load, msgpack};
use crate::error::Error;
use crate::variables::{Path, Value, Variables};

fn sample() -> Variables {
    let mut variables = Variables::new();
    variables.insert("params/bias", array![0.5_f32]).unwrap();
    variables
}

fn save(variables: &Variables, path: impl AsRef<FilePath>) -> crate::Result<()> {
    SaveOptions::new().overwrite(true).save(variables, path)
}

fn names(folder: &FilePath) -> Vec<String> {
    let mut names: Vec<String> =
        fs::read_dir(folder).unwrap().map(|file| file.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    names
}

fn unknown_format(result: crate::Result<impl Sized>) -> String {
    match result.map(drop) {
        Err(Error::UnknownFormat { expected, found, .. }) => {
            let all = "msgpack (.msgpack, .flax), safetensors (.safetensors), npz (.npz), npy (.npy), orbax (.orbax)";
            assert_eq!(expected, all);
            found
        }
        other => panic!("expected Error::UnknownFormat, found {other:?}"),
    }
}

fn refusal(result: crate::Result<impl Sized>) -> (&'static str, io::ErrorKind) {
    match result.map(drop) {
        Err(Error::Io { action, source, .. }) => (action, source.kind()),
        other => panic!("expected Error::Io, found {other:?}"),
    }
}

#[test]
fn files_of_every_extension_of_msgpack_are_written_and_read() {
    let folder = tempfile::tempdir().unwrap();
    for name in ["model.msgpack", "MODEL.MSGPACK", "model.flax", "checkpoint_1000"] {
        let file = folder.path().join(name);
        save(&sample(), &file).unwrap();
        assert_eq!(fs::read(&file).unwrap(), msgpack::to_bytes(&sample()).unwrap());
        assert_eq!(load(&file).unwrap(), sample());
    }
    assert_eq!(names(folder.path()).len(), 4);
}

#[test]
fn the_content_tells_the_format_before_the_extension() {
    let folder = tempfile::tempdir().unwrap();
    let read = |name: &str, bytes: &[u8]| {
        let file = folder.path().join(name);
        fs::write(&file, bytes).unwrap();
        load(&file)
    };
    assert_eq!(read("weights.bin", &msgpack::to_bytes(&sample()).unwrap()).unwrap(), sample());
    assert_eq!(unknown_format(read("a.msgpack", b"\x89HDF\r\n\x1a\nrest")), "an HDF5 file");
    assert!(
        unknown_format(read("a.msgpack", b"\x80\x04\x95rest"))
            .starts_with("a Python pickle, which can run any program.")
    );
    assert!(
        read("a.msgpack", b"\x40\0\0\0\0\0\0\0{\"a\":")
            .unwrap_err()
            .to_string()
            .contains("a.msgpack: safetensors, byte ")
    );
    assert!(read("a.safetensors", b"\x80").unwrap_err().to_string().contains("a.safetensors: safetensors, byte "));
    assert_eq!(unknown_format(read("a.json", b"{\"weight_map\"")), "JSON");
    assert_eq!(unknown_format(read("a.bin", b"hello, you")), "bytes that begin with 68 65 6c 6c 6f 2c 20 79");
    assert_eq!(unknown_format(read("a.bin", b"")), "no bytes");
    assert_eq!(unknown_format(load(folder.path())), "a directory");
    assert_eq!(read("three", b"\x03").unwrap().entry(&Path::root()), Some(&Value::Int(3).into()));
}

#[test]
fn errors_name_the_file() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("broken.msgpack");
    fs::write(&file, b"\x81\xa1a").unwrap();
    let message = load(&file).unwrap_err().to_string();
    assert_eq!(message, format!("{}: msgpack, byte 3: expected a value, found the end (in a)", file.display()));
    let missing = folder.path().join("missing.msgpack");
    assert_eq!(refusal(load(&missing)), ("read", io::ErrorKind::NotFound));
    assert!(load(&missing).unwrap_err().to_string().starts_with(&missing.display().to_string()));
}

#[test]
fn other_extensions_are_not_written() {
    assert_eq!(unknown_format(save(&sample(), "model.pt")), "the extension `.pt`");
    assert_eq!(unknown_format(Format::of_extension("model.h5")), "the extension `.h5`");
    assert_eq!(Format::of_extension("folder.npz/model").unwrap(), Format::Msgpack);
    assert_eq!(format!("{:>8}", Format::Msgpack), " msgpack");
}

#[test]
fn a_failed_save_leaves_what_was_there() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("model.msgpack");
    fs::write(&file, "before").unwrap();

    let half = atomic::write(&file, Existing::Replaced, |out| {
        out.write_all(b"half")?;
        out.flush()?;
        Err(io::Error::other("the disk is full"))
    });
    assert_eq!(refusal(half), ("write", io::ErrorKind::Other));

    let mut variables = sample();
    variables.insert("__msgpack_chunked_array__", Value::None).unwrap();
    assert!(matches!(save(&variables, &file), Err(Error::Unsupported { .. })));

    assert_eq!(fs::read(&file).unwrap(), b"before");
    assert_eq!(names(folder.path()), ["model.msgpack"]);
}

#[test]
fn what_is_there_is_replaced_on_demand_alone() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("model");
    fs::write(&file, "before").unwrap();
    let error = super::save(&sample(), &file).unwrap_err().to_string();
    assert!(
        error.ends_with("model: cannot write: it is there already; `SaveOptions::overwrite` replaces it"),
        "{error}"
    );
    assert_eq!(fs::read(&file).unwrap(), b"before");
    save(&sample(), &file).unwrap();
    assert_eq!(load(&file).unwrap(), sample());
}

#[test]
fn only_files_are_replaced() {
    let folder = tempfile::tempdir().unwrap();
    assert_eq!(refusal(save(&sample(), folder.path())), ("replace", io::ErrorKind::IsADirectory));
    assert_eq!(refusal(save(&sample(), folder.path().join("none/model"))), ("write", io::ErrorKind::NotFound));
    let locked = folder.path().join("locked");
    fs::write(&locked, "before").unwrap();
    let mut permissions = fs::metadata(&locked).unwrap().permissions();
    permissions.set_readonly(true);
    fs::set_permissions(&locked, permissions).unwrap();
    assert_eq!(refusal(save(&sample(), &locked)), ("replace", io::ErrorKind::PermissionDenied));
    assert_eq!(names(folder.path()), ["locked"]);
}

#[cfg(unix)]
mod unix {
    use std::os::unix::fs::{MetadataExt, PermissionsExt, symlink};

    use super::*;

    #[test]
    fn permissions_are_those_of_other_files() {
        let folder = tempfile::tempdir().unwrap();
        let mode = |name: &str| fs::metadata(folder.path().join(name)).unwrap().permissions().mode() & 0o777;
        fs::write(folder.path().join("ordinary"), "").unwrap();
        save(&sample(), folder.path().join("new")).unwrap();
        assert_eq!(mode("new"), mode("ordinary"));

        let shared = folder.path().join("shared");
        fs::write(&shared, "").unwrap();
        fs::set_permissions(&shared, fs::Permissions::from_mode(0o664)).unwrap();
        save(&sample(), &shared).unwrap();
        assert_eq!(mode("shared"), 0o664);
    }

    #[test]
    fn a_link_keeps_leading_to_the_file() {
        let folder = tempfile::tempdir().unwrap();
        let (file, link) = (folder.path().join("real"), folder.path().join("latest"));
        fs::write(&file, "before").unwrap();
        symlink("real", &link).unwrap();
        let before = fs::metadata(&file).unwrap().ino();
        save(&sample(), &link).unwrap();
        assert!(fs::symlink_metadata(&link).unwrap().is_symlink());
        assert_eq!(load(&file).unwrap(), sample());
        assert_ne!(fs::metadata(&file).unwrap().ino(), before);
    }

    #[test]
    fn devices_are_not_replaced() {
        assert_eq!(refusal(save(&sample(), "/dev/null")), ("replace", io::ErrorKind::InvalidInput));
        assert!(!fs::metadata("/dev/null").unwrap().is_file());
    }
}
