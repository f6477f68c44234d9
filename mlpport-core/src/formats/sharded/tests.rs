#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

use std::fs;
use std::path::Path as FilePath;

use ndarray::array;
use tempfile::TempDir;

use crate::error::{Error, Result};
use crate::formats::{Checkpoint, msgpack};
use crate::variables::{Entry, Path, Variables};

const INDEX: &str = "flax_model.msgpack.index.json";

/// The bytes of a shard with an array at each path.
fn shard(paths: &[&[&str]]) -> Vec<u8> {
    let mut variables = Variables::new();
    for path in paths {
        variables.insert(*path, array![1.0_f32]).unwrap();
    }
    msgpack::to_bytes(&variables).unwrap()
}

/// A directory with two shards, `a/x` in `1` and `a/y` in `2`, and this index.
fn folder(index: &str) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("1"), shard(&[&["a", "x"]])).unwrap();
    fs::write(folder.path().join("2"), shard(&[&["a", "y"]])).unwrap();
    fs::write(folder.path().join(INDEX), index).unwrap();
    folder
}

fn with_keys(keys: &str) -> String {
    format!("{{\"metadata\": {{\"total_size\": 8}}, \"weight_map\": {{{keys}}}}}")
}

fn open(folder: &FilePath) -> Result<Variables> {
    Checkpoint::open(folder.join(INDEX))?.raw()
}

/// File, offset, what was expected and found.
fn fault(folder: &FilePath) -> (String, u64, String, String) {
    match open(folder) {
        Err(Error::Format { file: Some(file), offset, expected, found, .. }) => {
            (file.file_name().unwrap().to_str().unwrap().to_owned(), offset, expected, found)
        }
        other => panic!("expected Error::Format, found {other:?}"),
    }
}

fn assert_fault(folder: &FilePath, file: &str, offset: u64, expected: &str, found: &str) {
    assert_eq!(fault(folder), (file.to_owned(), offset, expected.to_owned(), found.to_owned()));
}

const BOTH: &str = r#""a/x": "1", "a/y": "2""#;

#[test]
fn shards_are_put_together() {
    let folder = folder(&with_keys(BOTH));
    let paths: Vec<Path> = open(folder.path()).unwrap().entries().map(|(path, _)| path.clone()).collect();
    assert_eq!(paths, [Path::parse("a/x"), Path::parse("a/y")]);
}

#[test]
fn names_are_split_where_hugging_face_splits_them() {
    let folder = folder(&with_keys(BOTH));
    fs::write(folder.path().join("2"), shard(&[&["a/y"]])).unwrap();
    assert!(open(folder.path()).unwrap().get("a/y").is_some());
}

#[test]
fn empty_dicts_need_no_key() {
    let folder = folder(&with_keys(BOTH));
    let mut variables = Variables::new();
    variables.insert("a/y", array![1.0_f32]).unwrap();
    variables.insert("b", Entry::Empty).unwrap();
    fs::write(folder.path().join("2"), msgpack::to_bytes(&variables).unwrap()).unwrap();
    assert_eq!(open(folder.path()).unwrap().len(), 2);
}

#[test]
fn every_key_is_in_its_shard_and_no_other_leaf_in_any() {
    let more = folder(&with_keys(&format!(r#"{BOTH}, "a/z": "2""#)));
    assert_fault(more.path(), INDEX, 71, "`a/z` in 2", "nothing of this name there");

    let fewer = folder(&with_keys(r#""a/x": "1", "a/q": "2""#));
    assert_fault(fewer.path(), "2", 22, "keys that `weight_map` names, and no others", "`a/y`");

    let crossed = folder(&with_keys(r#""a/x": "2", "a/y": "1""#));
    assert_fault(crossed.path(), "2", 22, "`a/y` in 1 alone, as `weight_map` says", "it in this file");

    let twice = folder(&with_keys(BOTH));
    fs::write(twice.path().join("2"), shard(&[&["a", "x"], &["a", "y"]])).unwrap();
    assert_fault(twice.path(), "2", 22, "`a/x` in 1 alone, as `weight_map` says", "it in this file");

    let above = folder(&with_keys(r#""a/x": "1", "a/x/y": "2""#));
    fs::write(above.path().join("2"), shard(&[&["a", "x", "y"]])).unwrap();
    let expected = "keys of which none is another one or above it";
    assert_fault(above.path(), INDEX, 59, expected, "`a/x/y` beside `a/x`");

    let spelled_alike = folder(&with_keys(BOTH));
    fs::write(spelled_alike.path().join("2"), shard(&[&["a", "y"], &["a/y"]])).unwrap();
    assert_fault(spelled_alike.path(), INDEX, 59, expected, "`a/y` beside `a/y`");
}

#[test]
fn an_index_is_json_with_each_key_once() {
    let found = |index: &str| {
        let (file, offset, _, found) = fault(folder(index).path());
        assert_eq!(file, INDEX);
        (offset, found)
    };
    let (_, twice) = found(&with_keys(r#""a/x": "1", "a/x": "1""#));
    assert!(twice.starts_with("the key `a\\/x` twice at line 1"), "{twice}");
    let (_, twice) = found(r#"{"weight_map": {}, "weight_map": {}}"#);
    assert!(twice.starts_with("duplicate field `weight_map`"), "{twice}");
    let (_, hidden) = found(&with_keys("\"\u{202e}\": \"1\", \"\u{202e}\": \"1\""));
    assert!(hidden.starts_with("the key `\\u{202e}` twice"), "{hidden}");
    assert!(found(r#"{"metadata": {}}"#).1.starts_with("missing field `weight_map`"));
    assert!(found(r#"{"weight_map": {"a": 1}}"#).1.starts_with("invalid type: integer `1`, expected a string"));
    assert!(found(r#"["weight_map"]"#).1.starts_with("invalid type: sequence, expected an object"));
    assert_eq!(found(r#"{"weight_map": {"a""#), (19, "EOF while parsing an object at line 1 column 19".to_owned()));
    assert!(found(r#"{"weight_map": {}} more"#).1.starts_with("trailing characters"));
}

#[test]
fn a_small_index_does_not_become_large() {
    let keys: Vec<String> = (0..100_000).map(|key| format!("\"{key}\":\"1\"")).collect();
    let (_, _, _, found) = fault(folder(&with_keys(&keys.join(","))).path());
    assert!(found.starts_with("more than ") && found.contains(" keys in so small a file"), "{found}");
}

#[test]
fn shards_are_in_the_directory() {
    let outside = tempfile::tempdir().unwrap();
    let file = outside.path().join("shard");
    fs::write(&file, shard(&[&["a", "x"]])).unwrap();
    let refusal = |name: &str| {
        let folder = folder(&with_keys(&format!(r#""a/x": "{name}""#)));
        #[cfg(unix)]
        std::os::unix::fs::symlink(&file, folder.path().join("link")).unwrap();
        fs::hard_link(&file, folder.path().join("second_name")).unwrap();
        match open(folder.path()) {
            Err(Error::Io { source, .. }) => source.to_string(),
            other => panic!("expected Error::Io, found {other:?}"),
        }
    };
    for name in ["../1", file.to_str().unwrap(), "./1", ""] {
        let refused = refusal(name);
        assert!(refused.contains("is outside of") || name.is_empty(), "{name}: {refused}");
    }
    assert!(refusal("second_name").starts_with("it is a hard link"));
    #[cfg(unix)]
    assert!(refusal("link").contains("behind a symbolic link"));
    let missing = refusal("3");
    assert!(missing.contains("No such file") || cfg!(not(unix)), "{missing}");
}

#[test]
fn shards_are_of_the_format_of_their_index() {
    let folder = folder(&with_keys(BOTH));
    fs::write(folder.path().join("2"), b"version https://git-lfs.github.com/spec/v1\n").unwrap();
    let error = open(folder.path()).unwrap_err().to_string();
    assert!(error.contains("Git LFS pointer"), "{error}");
    fs::write(folder.path().join("2"), b"\x10\0\0\0\0\0\0\0{\"a\":").unwrap();
    let error = open(folder.path()).unwrap_err().to_string();
    assert!(error.ends_with("2: expected msgpack, as all shards of this index, found safetensors"), "{error}");

    let other = folder.path().join("pytorch_model.bin.index.json");
    fs::write(&other, with_keys(BOTH)).unwrap();
    let error = Checkpoint::open(&other).unwrap_err().to_string();
    assert!(error.ends_with("found an index of shards of neither msgpack nor safetensors"), "{error}");
}

#[test]
fn damaged_indexes_and_shards_are_refused_or_read() {
    let folder = folder(&with_keys(BOTH));
    for name in [INDEX, "2"] {
        let file = folder.path().join(name);
        let whole = fs::read(&file).unwrap();
        for length in 0..whole.len() {
            fs::write(&file, &whole[..length]).unwrap();
            assert!(open(folder.path()).is_err(), "{name}, {length} bytes");
        }
        for place in 0..whole.len() {
            for bit in 0..8 {
                let mut bytes = whole.clone();
                bytes[place] ^= 1 << bit;
                fs::write(&file, bytes).unwrap();
                if let Ok(variables) = open(folder.path()) {
                    assert!(variables.len() == 2 || name == INDEX);
                }
            }
        }
        fs::write(&file, whole).unwrap();
    }
}
