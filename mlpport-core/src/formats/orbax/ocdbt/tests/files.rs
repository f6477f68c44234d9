//! The data files: none outside of the directory, and few open at a time.

use std::sync::PoisonError;

use super::build::{Database, FILE, MANIFEST, NODE, at, inline, interior, leaf, manifest, raw, with_leaf, with_root};
use super::{fault, open};
use crate::error::Error;
use crate::formats::orbax::store::Store;

/// A path, as that of a root and as that of a value.
fn refused(database: &Database, path: &str, message: &str) {
    let file: &[(&str, u64)] = &[(path, 0)];
    database.write("manifest.ocdbt", &raw(MANIFEST, &manifest(file, 0, [0, 0, 30])));
    let error = database.read().unwrap_err().to_string();
    assert!(error.contains(message), "{error}");

    let with_value = with_leaf(file, &[at("a", 0, 0, 0)]);
    let root = std::fs::read(with_value.folder.path().join(FILE)).unwrap();
    database.write("root", &root);
    let place = [0, 0, root.len() as u64];
    database.write("manifest.ocdbt", &raw(MANIFEST, &manifest(&[("root", 0)], 0, place)));
    let error = open(database.folder.path()).unwrap_err().to_string();
    assert!(error.contains(message), "{error}");
}

#[test]
fn paths_stay_in_the_directory() {
    let outside = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(outside.path(), [0; 100]).unwrap();
    let outside = outside.path();
    let name = outside.file_name().unwrap().to_str().unwrap();
    let database = Database::new();
    database.write("d/1", b"");
    for path in [format!("../{name}"), format!("d/../../{name}"), outside.to_str().unwrap().to_owned(), "..".to_owned()]
    {
        refused(&database, &path, "its name is absolute or has `..` in it");
    }
    refused(&database, "d", "directory");
    refused(&database, "", "directory");
    refused(&database, "\u{1b}[2J/../x", "\\u{1b}[2J");
    #[cfg(unix)]
    {
        let inside = |name: &str| database.folder.path().join(name);
        std::os::unix::fs::symlink(outside, inside("link")).unwrap();
        refused(&database, "link", "symbolic link");
        std::os::unix::fs::symlink(outside.parent().unwrap(), inside("folder")).unwrap();
        refused(&database, &format!("folder/{name}"), "symbolic link");
        std::fs::hard_link(inside("d/1"), inside("hard")).unwrap();
        refused(&database, "hard", "hard link");
        let fifo = std::process::Command::new("mkfifo").arg(inside("fifo")).status();
        if fifo.is_ok_and(|status| status.success()) {
            refused(&database, "fifo", "not a regular file");
        }
    }
}

#[test]
fn paths_are_texts() {
    // A path of two bytes that are no UTF-8, and one whose base path ends within a character.
    let node = raw(NODE, &[0, 1, 2, 0, 0xff, 0xfe, 1, 0, 0, 0]);
    assert_eq!(fault(with_root(0, &node).read()).1, "a path in UTF-8; bytes that are none");
    let node = raw(NODE, &leaf(&[("é", 1)], &[inline("a", "")]));
    assert_eq!(fault(with_root(0, &node).read()).1, "the length of the beginning of a path; 1");
    let node = raw(NODE, &leaf(&[("d", 2)], &[inline("a", "")]));
    assert_eq!(fault(with_root(0, &node).read()).1, "the length of the beginning of a path; 2");
    // The second path shares more with the first than there is of it.
    let node = raw(NODE, &[0, 2, 2, 1, 0, 0, 0, b'd', 1, 0, 0, 0]);
    assert_eq!(fault(with_root(0, &node).read()).1, "a length within the path before; 2");
}

#[test]
fn base_paths_add_up() {
    let mut database = Database::new();
    let values = leaf(&[("deep/values", 0)], &[at("a", 0, 1, 2)]);
    database.write("one/two/deep/values", b"abcd");
    let node = raw(NODE, &values);
    database.write("one/two/node", &node);
    // The base path of the root is `one/`, and that of the leaf in it `two/`.
    let child = super::build::Child { key: "a", common: 0, file: 0, offset: 0, length: node.len() as u64 };
    let root = raw(NODE, &interior(1, &[("two/node", 4)], &[child]));
    database.write("one/root", &root);
    let place = [0, 0, root.len() as u64];
    database.write("manifest.ocdbt", &raw(MANIFEST, &manifest(&[("one/root", 4)], 1, place)));
    assert_eq!(database.read().unwrap(), [("a".to_owned(), b"bc".to_vec())]);
    assert_eq!(database.add(b""), (0, 0));
}

#[test]
fn a_data_file_that_is_not_there_is_missed_by_its_values_alone() {
    let database = with_leaf(&[("values", 0)], &[at("a", 0, 0, 1), inline("b", "2")]);
    let store = open(database.folder.path()).unwrap();
    assert_eq!(store.get("b").unwrap().unwrap().read(1).unwrap(), b"2");
    match store.get("a").unwrap_err() {
        Error::Io { file, .. } => assert!(file.ends_with("values"), "{}", file.display()),
        other => panic!("{other}"),
    }
}

#[test]
fn few_files_are_open() {
    let names: Vec<_> = (0..300).map(|i| format!("d/{i:03}")).collect();
    let files: Vec<_> = names.iter().map(|name| (&**name, 0)).collect();
    let entries: Vec<_> = (0..300).map(|i| at(&names[i], i as u64, 1, 3)).collect();
    let database = with_leaf(&files, &entries);
    for name in &names {
        database.write(name, name.as_bytes());
    }
    let store = open(database.folder.path()).unwrap();
    let blobs = store.blobs().unwrap();
    for (key, blob) in blobs.iter().chain(blobs.iter().rev()) {
        assert_eq!(blob.read(3).unwrap(), key.as_bytes()[1..4]);
        let open = store.files.handles().lock().unwrap_or_else(PoisonError::into_inner).len();
        assert!(open <= 16, "{open}");
    }
}

#[test]
fn errors_name_the_file_of_a_value() {
    let database = with_leaf(&[], &[inline("a", "12")]);
    let store = open(database.folder.path()).unwrap();
    let blob = store.get("a").unwrap().unwrap();
    let text = blob.fault(1, "one thing", "another").to_string();
    let length = std::fs::metadata(database.folder.path().join(FILE)).unwrap().len();
    assert!(text.contains(&format!("{FILE}: orbax, byte {}: expected one thing", length - 4 - 1)), "{text}");

    let store = open(&super::fixtures().join("inline_zstd")).unwrap();
    let text = store.get("bc").unwrap().unwrap().fault(1, "one thing", "another").to_string();
    assert!(text.contains("inline_zstd/d/"), "{text}");
}
