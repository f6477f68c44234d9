//! Directories and shards in `tests/fixtures/msgpack`, which Flax and safetensors wrote, against their manifest.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

use std::fs;
use std::path::Path as FilePath;

use mlpport::formats::{Checkpoint, Format, OpenOptions};
use serde_json::Value as Json;

use super::msgpack::{assert_entry, folder, leaves_of, path_of};

fn assert_leaves(checkpoint: &Checkpoint, name: &str) {
    let leaves: Vec<Json> = leaves_of("directories.json").into_iter().find(|(found, _)| found == name).unwrap().1;
    let raw = checkpoint.raw().unwrap();
    assert_eq!(raw.len(), leaves.len(), "{name}");
    for leaf in &leaves {
        assert_entry(raw.entry(&path_of(leaf)).unwrap(), leaf);
    }
}

fn copy(from: &FilePath, to: &FilePath) {
    for file in fs::read_dir(from).unwrap() {
        let file = file.unwrap();
        fs::copy(file.path(), to.join(file.file_name())).unwrap();
    }
}

#[test]
fn shards_are_one_checkpoint() {
    for (name, index, format) in [
        ("sharded_msgpack", "flax_model.msgpack.index.json", Format::Msgpack),
        ("sharded_safetensors", "model.safetensors.index.json", Format::Safetensors),
    ] {
        let folder = folder().join(name);
        for path in [folder.clone(), folder.join(index)] {
            let checkpoint = Checkpoint::open(&path).unwrap();
            assert_eq!((checkpoint.format(), checkpoint.path()), (format, &*folder.join(index)));
            assert_leaves(&checkpoint, name);
        }
    }
}

#[test]
fn an_index_of_another_name_is_found_where_it_is_the_only_one() {
    let target = tempfile::tempdir().unwrap();
    copy(&folder().join("sharded_msgpack"), target.path());
    let [usual, other] =
        ["flax_model.msgpack.index.json", "diffusion.msgpack.index.json"].map(|n| target.path().join(n));
    fs::rename(&usual, &other).unwrap();
    assert_leaves(&Checkpoint::open(target.path()).unwrap(), "sharded_msgpack");

    fs::copy(&other, target.path().join("second.msgpack.index.json")).unwrap();
    let error = Checkpoint::open(target.path()).unwrap_err().to_string();
    let expected = "expected one index of shards; open the one that is meant, \
                    found diffusion.msgpack.index.json, second.msgpack.index.json";
    assert!(error.ends_with(expected), "{error}");
}

#[test]
fn a_directory_is_its_one_file() {
    let target = tempfile::tempdir().unwrap();
    let file = target.path().join("flax_model.msgpack");
    fs::copy(folder().join("steps/checkpoint_9"), &file).unwrap();
    fs::write(target.path().join("model.safetensors"), "of PyTorch").unwrap();
    let checkpoint = Checkpoint::open(target.path()).unwrap();
    assert_eq!(checkpoint.path(), file);
    assert_leaves(&checkpoint, "steps/checkpoint_9");
    assert!(OpenOptions::new().format(Format::Safetensors).open(target.path()).is_err());
}

#[test]
fn the_latest_step_is_opened_or_the_one_that_is_asked_for() {
    let steps = folder().join("steps");
    let latest = Checkpoint::open(&steps).unwrap();
    assert_eq!(latest.path(), steps.join("checkpoint_100"));
    assert_leaves(&latest, "steps/checkpoint_100");
    for step in [9, 10, 100] {
        let checkpoint = OpenOptions::new().step(step).open(&steps).unwrap();
        assert_leaves(&checkpoint, &format!("steps/checkpoint_{step}"));
    }
    let error = OpenOptions::new().step(11).open(&steps).unwrap_err().to_string();
    let expected = format!(
        "`step`: expected a step of {}, found 11, where there are checkpoint_100, checkpoint_10, checkpoint_9",
        steps.display()
    );
    assert_eq!(error, expected);
}

#[test]
fn a_step_may_be_a_directory() {
    let target = tempfile::tempdir().unwrap();
    copy(&folder().join("steps"), target.path());
    let step = target.path().join("checkpoint_1e3");
    fs::create_dir(&step).unwrap();
    fs::rename(target.path().join("checkpoint_9"), step.join("flax_model.msgpack")).unwrap();
    fs::create_dir(target.path().join("checkpoint_2000.orbax-checkpoint-tmp-1699")).unwrap();
    for checkpoint in [Checkpoint::open(target.path()), OpenOptions::new().step(1000).open(target.path())] {
        let checkpoint = checkpoint.unwrap();
        assert_eq!(checkpoint.path(), step.join("flax_model.msgpack"));
        assert_leaves(&checkpoint, "steps/checkpoint_9");
    }
}

#[cfg(unix)]
#[test]
fn a_step_that_leads_to_itself_is_an_error() {
    let target = tempfile::tempdir().unwrap();
    std::os::unix::fs::symlink(".", target.path().join("checkpoint_1")).unwrap();
    let error = Checkpoint::open(target.path()).unwrap_err().to_string();
    assert!(error.contains("checkpoint_1: expected ") && error.ends_with("found a directory"), "{error}");
}

#[test]
fn a_directory_without_steps_has_none() {
    let target = tempfile::tempdir().unwrap();
    let error = OpenOptions::new().step(3).open(target.path()).unwrap_err().to_string();
    let expected = format!(
        "`step`: expected a step of {}, found 3, and no `checkpoint_3` or other steps there",
        target.path().display()
    );
    assert_eq!(error, expected);
}
