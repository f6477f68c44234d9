//! The files of `tests/fixtures/npz`, which numpy wrote.

use std::fs;

use mlpport::formats::{Checkpoint, Format, SaveOptions};

use serde_json::Value as Json;

use super::leaves::{assert_leaves, assert_truncations_fail, folder, manifest};

const FORMAT: &str = "npz";

#[test]
fn every_leaf_is_what_numpy_wrote() {
    for (name, leaves) in manifest(FORMAT, &[".npz", ".npy"]).into_iter().filter(|(_, leaves)| leaves.is_array()) {
        let checkpoint = Checkpoint::open(folder(FORMAT).join(&name)).unwrap();
        assert_eq!(checkpoint.leaves().count(), leaves.as_array().unwrap().len());
        assert_leaves(&checkpoint.raw().unwrap(), &leaves, &name);
    }
}

fn refusal(name: &str) -> String {
    let file = folder(FORMAT).join(name);
    let message = Checkpoint::open(&file).unwrap_err().to_string();
    message.replace(&file.display().to_string(), "FILE")
}

#[test]
fn what_has_no_numbers_is_refused() {
    assert_eq!(
        refusal("objects.npz"),
        "FILE: npz, byte 80: expected an array of numbers, found an array of Python objects, which are pickled; it can run \
         any program, so it is not read here. Where you trust it, convert it in Python:\n  \
         tree = numpy.load(\"FILE\", allow_pickle=True)[\"params\"].tolist()\n  \
         open(\"FILE.msgpack\", \"wb\").write(flax.serialization.to_bytes(tree)) (in `params`)"
    );
    assert!(refusal("objects.npy").contains("tree = numpy.load(\"FILE\", allow_pickle=True).tolist()\n"));
    let texts = "a dtype of numbers; keep texts out of the file, found `<U2`";
    assert!(refusal("texts.npz").contains(texts), "{}", refusal("texts.npz"));
    assert!(refusal("fields.npz").contains("a dtype without fields; save each field as an array of its own"));
    assert!(refusal("dates.npz").contains("`array.astype(\"int64\")` makes numbers of dates"));
    for (name, _) in manifest(FORMAT, &[".npz", ".npy"]).into_iter().filter(|(_, leaves)| leaves == "refused") {
        assert!(refusal(&name).starts_with("FILE: npz, byte "), "{name}");
    }
}

/// The archives that are read, by name.
fn archives() -> impl Iterator<Item = (String, Json)> {
    let files = manifest(FORMAT, &[".npz", ".npy"]).into_iter();
    files.filter(|(name, leaves)| leaves.is_array() && name.ends_with(".npz"))
}

#[test]
fn what_was_read_is_written_and_read_again() {
    let target = tempfile::tempdir().unwrap();
    for (name, _) in archives() {
        let mut variables = Checkpoint::open(folder(FORMAT).join(&name)).unwrap().raw().unwrap();
        let unwritten = "float8_e5m2".into();
        variables.remove(&unwritten);
        let written = target.path().join(&name);
        SaveOptions::new().save(&variables, &written).unwrap();
        assert_eq!(Checkpoint::open(&written).unwrap().raw().unwrap(), variables, "{name}");
        let again = target.path().join(format!("again-{name}"));
        SaveOptions::new().save(&variables, &again).unwrap();
        assert_eq!(fs::read(&written).unwrap(), fs::read(&again).unwrap());
    }
}

#[test]
fn every_truncation_of_every_file_is_an_error() {
    for (name, _) in manifest(FORMAT, &[".npz", ".npy"]) {
        let format = if name.ends_with("npy") { Format::Npy } else { Format::Npz };
        assert_truncations_fail(&folder(FORMAT).join(name), format);
    }
}
