//! The directories of `tests/fixtures/orbax`, which Orbax wrote, against the manifest of what Orbax restores from them.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

use std::fs;
use std::path::{Path as FilePath, PathBuf};

use mlpport::formats::{Checkpoint, Format, OpenOptions, SaveOptions};
use mlpport::variables::{Entry, Value};
use mlpport::{Error, Path, Tensor, Variables};
use ndarray::{arr0, array};
use serde_json::Value as Json;
use sha2::{Digest, Sha256};

fn folder() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/orbax")
}

/// The cases whose arrays can be read.
fn cases() -> Vec<Json> {
    let text = fs::read_to_string(folder().join("manifest.json")).unwrap();
    let cases: Vec<Json> = serde_json::from_str(&text).unwrap();
    assert_eq!(cases.len(), 23);
    cases
}

fn open(case: &Json) -> Checkpoint {
    let mut options = OpenOptions::new();
    if let Some(step) = case["step"].as_u64() {
        options = options.step(step);
    }
    if let Some(item) = case["item"].as_str() {
        options = options.item(item);
    }
    let checkpoint = options.open(folder().join(case["name"].as_str().unwrap())).unwrap();
    assert_eq!(checkpoint.format(), Format::Orbax);
    checkpoint
}

fn path_of(leaf: &Json) -> Path {
    Path::from_names(leaf["path"].as_array().unwrap().iter().map(|name| name.as_str().unwrap()))
}

fn assert_tensor(tensor: &Tensor, leaf: &Json) {
    assert_eq!(tensor.dtype().name(), leaf["dtype"], "{leaf}");
    let shape: Vec<_> = leaf["shape"].as_array().unwrap().iter().map(|length| length.as_u64().unwrap()).collect();
    assert_eq!(tensor.shape().iter().map(|length| *length as u64).collect::<Vec<_>>(), shape, "{leaf}");
    let digest: String = Sha256::digest(&*tensor.le_bytes()).iter().map(|byte| format!("{byte:02x}")).collect();
    assert_eq!(digest, leaf["sha256"], "{leaf}");
}

fn assert_entry(entry: &Entry, leaf: &Json) {
    match (leaf["kind"].as_str().unwrap(), entry) {
        ("array", Entry::Tensor(tensor)) | ("scalar", Entry::Value(Value::Scalar(tensor))) => {
            assert_tensor(tensor, leaf)
        }
        ("scalar", Entry::Value(Value::Int(value))) => assert_tensor(&Tensor::from_array(arr0(*value)), leaf),
        ("scalar", Entry::Value(Value::Float(value))) => assert_tensor(&Tensor::from_array(arr0(*value)), leaf),
        ("scalar", Entry::Value(Value::Bool(value))) => assert_tensor(&Tensor::from_array(arr0(*value)), leaf),
        ("str", Entry::Value(Value::Str(text))) => assert_eq!(*text, leaf["value"]),
        ("none", Entry::Value(Value::None)) | ("empty", Entry::Empty) => {}
        _ => panic!("{leaf}: found {entry}"),
    }
}

#[test]
fn directories_hold_what_orbax_restores() {
    for case in cases() {
        let checkpoint = open(&case);
        let raw = checkpoint.raw().unwrap_or_else(|error| panic!("{}: {error}", case["name"]));
        let leaves = case["leaves"].as_array().unwrap();
        assert_eq!(raw.entries().count(), leaves.len(), "{}", case["name"]);
        for leaf in leaves {
            assert_entry(raw.entry(&path_of(leaf)).unwrap_or_else(|| panic!("no {leaf}")), leaf);
            if leaf["kind"] == "array" {
                assert_tensor(&checkpoint.leaf(path_of(leaf)).unwrap(), leaf);
            }
        }
    }
}

#[test]
fn what_is_read_is_written_again() {
    let folder = tempfile::tempdir().unwrap();
    for (number, case) in cases().iter().enumerate().filter(|(_, case)| case["name"] != "root") {
        let raw = open(case).raw().unwrap();
        let path = folder.path().join(format!("{number}.orbax"));
        SaveOptions::new().save(&raw, &path).unwrap();
        assert_eq!(Checkpoint::open(&path).unwrap().raw().unwrap(), raw, "{}", case["name"]);
    }
}

fn sample() -> Variables {
    let mut variables = Variables::new();
    variables.insert("layers/0/kernel", array![[1.0_f32, 2.0]]).unwrap();
    variables.insert("layers/0/bias", array![0.5_f32]).unwrap();
    variables
}

fn orbax() -> SaveOptions {
    SaveOptions::new().format(Format::Orbax)
}

/// Each file below a directory, with its bytes.
fn files(folder: &FilePath) -> Vec<(PathBuf, Vec<u8>)> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(files(&path));
        } else {
            found.push((path.clone(), fs::read(&path).unwrap()));
        }
    }
    found.sort();
    found
}

fn names(folder: &FilePath) -> Vec<String> {
    let mut names: Vec<String> =
        fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    names
}

#[test]
fn steps_stand_beside_each_other() {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path().join("checkpoints");
    orbax().step(1).save(&sample(), &root).unwrap();
    let mut later = sample();
    later.insert("step", Value::Int(30)).unwrap();
    orbax().step(30).save(&later, &root).unwrap();
    assert_eq!(names(&root), ["1", "30"]);
    let latest = Checkpoint::open(&root).unwrap();
    assert_eq!(latest.path(), root.join("30/default"));
    assert_eq!(latest.raw().unwrap(), later);
    let first = OpenOptions::new().step(1).open(&root).unwrap();
    assert_eq!(first.raw().unwrap(), sample());
    assert_eq!(Checkpoint::open(root.join("1")).unwrap().raw().unwrap(), sample());
    let missing = OpenOptions::new().step(2).open(&root).unwrap_err();
    assert_eq!(missing.to_string(), "`step`: expected one of `1`, `30`, found 2");
}

#[test]
fn the_state_of_nnx_has_values() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("model.orbax");
    SaveOptions::new().nnx_state(true).save(&sample(), &path).unwrap();
    let checkpoint = Checkpoint::open(&path).unwrap();
    let paths: Vec<String> = checkpoint.leaves().map(|leaf| leaf.path.to_string()).collect();
    assert_eq!(paths, ["layers/0/bias/value", "layers/0/kernel/value"]);
    assert_eq!(checkpoint.variables().unwrap(), sample());
    // What has them already stays.
    let raw = checkpoint.raw().unwrap();
    SaveOptions::new().nnx_state(true).overwrite(true).save(&raw, &path).unwrap();
    assert_eq!(Checkpoint::open(&path).unwrap().raw().unwrap(), raw);
}

#[test]
fn only_checkpoints_are_replaced() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("model");
    orbax().save(&sample(), &path).unwrap();
    let before = files(&path);
    let there = orbax().save(&sample(), &path).unwrap_err().to_string();
    assert!(there.ends_with("it is there already; `SaveOptions::overwrite` replaces it"), "{there}");
    orbax().overwrite(true).save(&sample(), &path).unwrap();
    assert_eq!(files(&path), before);

    let steps = folder.path().join("steps");
    orbax().step(1).save(&sample(), &steps).unwrap();
    let other = folder.path().join("other");
    fs::create_dir_all(other.join("precious")).unwrap();
    let file = folder.path().join("file");
    fs::write(&file, "precious").unwrap();
    for path in [&steps, &other, &file] {
        let refused = orbax().overwrite(true).save(&sample(), path).unwrap_err();
        assert!(matches!(refused, Error::Io { action: "replace", .. }), "{refused}");
    }
    let within = orbax().step(1).save(&sample(), &path).unwrap_err().to_string();
    assert!(within.contains("it is a checkpoint itself"), "{within}");
    assert_eq!(names(folder.path()), ["file", "model", "other", "steps"]);
}

/// What is read while it is replaced is all of the old one or all of the new one, or an error that says so.
#[test]
fn nothing_is_read_of_two_checkpoints() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("model");
    let version = |number: i32| {
        let mut variables = Variables::new();
        for name in ["a", "b", "c"] {
            variables.insert(name, ndarray::Array1::from_elem(4, number)).unwrap();
        }
        variables
    };
    orbax().save(&version(0), &path).unwrap();
    let done = std::sync::atomic::AtomicBool::new(false);
    std::thread::scope(|scope| {
        let readers: Vec<_> = (0..4)
            .map(|_| {
                scope.spawn(|| {
                    let mut whole = 0;
                    while !done.load(std::sync::atomic::Ordering::Relaxed) {
                        match Checkpoint::open(&path).and_then(|checkpoint| checkpoint.raw()) {
                            Ok(variables) => {
                                let number = variables.get("a").unwrap().view::<i32>().unwrap()[0];
                                assert_eq!(variables, version(number));
                                whole += 1;
                            }
                            Err(Error::Io { action: "read", .. }) => {}
                            Err(error) => panic!("{error}"),
                        }
                    }
                    whole
                })
            })
            .collect();
        for number in 1..50 {
            orbax().overwrite(true).save(&version(number), &path).unwrap();
        }
        done.store(true, std::sync::atomic::Ordering::Relaxed);
        assert!(readers.into_iter().map(|reader| reader.join().unwrap()).sum::<i32>() > 0);
    });
    assert_eq!(names(folder.path()), ["model"]);
}

#[test]
fn what_orbax_has_no_place_for_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("model");
    let refused = |entries: &[(&[&str], Entry)]| {
        let mut variables = Variables::new();
        for (path, entry) in entries {
            variables.insert(*path, entry.clone()).unwrap();
        }
        let error = orbax().save(&variables, &path).unwrap_err();
        assert!(matches!(error, Error::Unsupported { format: "orbax", .. }), "{error}");
        error.to_string()
    };
    let one = || Entry::from(array![1.0_f32]);
    let empty = Entry::from(ndarray::Array2::<f32>::zeros((0, 3)));
    assert_eq!(refused(&[]), "the root: orbax stores at least one entry, found none");
    assert_eq!(refused(&[(&["a"], empty)]), "a: orbax stores arrays that have elements, found float32 (0, 3)");
    let float8 = Entry::from(Tensor::from_array(array![1.0_f32]).cast(mlpport::DType::F8E4M3));
    assert!(refused(&[(&["a"], float8)]).contains("the dtypes of TensorStore"));
    assert!(refused(&[(&["a", "b"], one()), (&["a.b"], one())]).contains("joined by dots"));
    assert!(refused(&[(&["a/0"], one()), (&["a"], one())]).contains("none is a directory of another"));
    assert!(refused(&[(&["../a"], one())]).contains("those of directories"));
    assert!(refused(&[(&["_METADATA"], one())]).contains("Orbax's own files"));
    assert!(refused(&[(&["a".repeat(256).as_str()], one())]).contains("255 bytes"));
    assert!(refused(&[(&["a"], Value::Bytes(vec![1]).into())]).contains("arrays, numbers, texts and None"));
    assert!(refused(&[(&["a/b"], Value::from("text").into())]).contains("texts at names"));
    assert!(names(folder.path()).is_empty());
}

#[test]
fn what_is_not_finished_is_not_opened() {
    let root = folder().join("manager");
    assert!(names(&root).contains(&"21.orbax-checkpoint-tmp-1".to_owned()));
    for path in ["21.orbax-checkpoint-tmp-1", "21.orbax-checkpoint-tmp-1/default"] {
        let error = Checkpoint::open(root.join(path)).unwrap_err().to_string();
        assert!(error.contains("that Orbax has not finished"), "{error}");
    }
    let error = OpenOptions::new().step(21).open(&root).unwrap_err().to_string();
    assert_eq!(error, "`step`: expected one of `20`, `3`, found 21");
    let error = Checkpoint::open(folder().join("manager_items")).unwrap_err().to_string();
    assert_eq!(error, "`item`: expected one of `ema_1`, `state`, found none; `OpenOptions::item` chooses");
}
