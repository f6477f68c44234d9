//! The files of `tests/fixtures/safetensors`, which the real library wrote.

use std::fs;

use mlpport::formats::{Checkpoint, Format, OpenOptions, SaveOptions};
use mlpport::{Path, Variables};

use super::leaves::{assert_leaves, assert_truncations_fail, folder, manifest};

const FORMAT: &str = "safetensors";

/// The files that are not written again byte by byte with `/`, with what is different then.
const WRITTEN_OTHERWISE: &[(&str, Option<char>)] =
    &[("comma.safetensors", Some(',')), ("dot.safetensors", Some('.')), ("slashes_in_names.safetensors", Some('.'))];

#[test]
fn every_leaf_is_what_safetensors_wrote() {
    for (name, leaves) in manifest(FORMAT, &[".safetensors"]) {
        let checkpoint = Checkpoint::open(folder(FORMAT).join(&name)).unwrap();
        assert_eq!(checkpoint.leaves().count(), leaves.as_array().unwrap().len());
        assert_leaves(&checkpoint.raw().unwrap(), &leaves, &name);
    }
}

#[test]
fn files_are_written_again_byte_by_byte() {
    let target = tempfile::tempdir().unwrap();
    for (name, _) in manifest(FORMAT, &[".safetensors"]) {
        let read = folder(FORMAT).join(&name);
        let variables = Checkpoint::open(&read).unwrap().raw().unwrap();
        let mut options = SaveOptions::new();
        if let Some((_, Some(separator))) = WRITTEN_OTHERWISE.iter().find(|(other, _)| *other == name) {
            options = options.separator(*separator);
        }
        let written = target.path().join(&name);
        options.save(&variables, &written).unwrap();
        assert_eq!(Checkpoint::open(&written).unwrap().raw().unwrap(), variables, "{name}");
        // A header with metadata is written without it.
        assert_eq!(fs::read(&written).unwrap() == fs::read(&read).unwrap(), name != "metadata.safetensors", "{name}");
    }
}

#[test]
fn the_separator_can_be_given() {
    let open = |separator| {
        let options = OpenOptions::new().separator(separator);
        options.open(folder(FORMAT).join("dot.safetensors")).unwrap().raw().unwrap()
    };
    assert!(open('.').get("params/Dense_0/kernel").is_some());
    let by_slash = open('/');
    assert!(by_slash.get_path(&Path::from(["params.Dense_0.kernel"])).is_some());
    let by_underscore = open('_');
    assert!(by_underscore.get_path(&Path::from(["params.Dense", "0.kernel"])).is_some());
}

#[test]
fn names_that_hold_the_separator_need_another_one() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("model.safetensors");
    let mut variables = Variables::new();
    variables.insert(["params", "layer/kernel/scale"], ndarray::array![1.0_f32]).unwrap();
    let error = SaveOptions::new().save(&variables, &file).unwrap_err().to_string();
    assert_eq!(
        error,
        "params/layer\\/kernel\\/scale: safetensors stores names without the separator `/` and none that are empty; \
         choose another with `SaveOptions::separator`, found layer\\/kernel\\/scale"
    );
    SaveOptions::new().separator('.').save(&variables, &file).unwrap();
    assert_eq!(OpenOptions::new().separator('.').open(&file).unwrap().raw().unwrap(), variables);
}

#[test]
fn every_truncation_of_every_file_is_an_error() {
    for (name, _) in manifest(FORMAT, &[".safetensors"]) {
        assert_truncations_fail(&folder(FORMAT).join(name), Format::Safetensors);
    }
}
