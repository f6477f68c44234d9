//! Structures of items that lead elsewhere, or nowhere.

use std::fs;

use super::{Item, entry};
use crate::error::Error;
use crate::formats::Checkpoint;

#[cfg(unix)]
fn refusal(item: &Item) -> String {
    match item.read() {
        Err(error @ Error::Io { .. }) => error.to_string(),
        other => panic!("expected Error::Io, found {other:?}"),
    }
}

#[test]
#[cfg(unix)]
fn nothing_outside_is_read() {
    let outside = Item::zarr2();
    let secret = outside.path("a/0");
    for name in ["..", "../other", "/etc"] {
        let item = Item::new();
        item.metadata(&[&[name]], false);
        assert!(refusal(&item).contains("it is outside of"), "{name}");
    }

    let item = Item::zarr2();
    fs::remove_file(item.path("a/0")).unwrap();
    std::os::unix::fs::symlink(&secret, item.path("a/0")).unwrap();
    assert!(refusal(&item).contains("it is behind a symbolic link"));

    fs::remove_file(item.path("a/0")).unwrap();
    fs::hard_link(&secret, item.path("a/0")).unwrap();
    assert!(refusal(&item).contains("it is a hard link"));

    let item = Item::zarr2();
    fs::remove_file(item.path("a/0")).unwrap();
    fs::create_dir(item.path("a/0")).unwrap();
    assert!(refusal(&item).contains("it is a directory"));
}

#[test]
fn structures_are_checked() {
    let refused = |entries: &str, expected, found| {
        let item = Item::zarr2().with("_METADATA", format!("{{\"tree_metadata\":{{{entries}}}}}"));
        item.assert_fault("_METADATA", expected, found);
    };
    let (a, b) = (entry(1, &["a"], "jax.Array"), entry(2, &["b"], "jax.Array"));
    refused(&format!("{a},{a}"), "JSON", "`1` twice");
    refused(&format!("{a},{}", entry(2, &["a"], "jax.Array")), "each name of an array once", "`a` twice");
    refused(
        &format!("{a},{}", entry(2, &["a"], "Dict").replace("np", "")).replace("Dict", "string"),
        "each name",
        "twice",
    );
    refused(&b, "the array `b`", "no `.zarray` of it");
    refused(&entry(1, &["t"], "string"), "the text `t`", "none in `_strings.json`");
    refused(&entry(1, &["a"; 129], "jax.Array"), "at most 128 levels", "129");
    refused(&a.replace("\"key_type\":2", "\"key_type\":3"), "with its `key_type`", "a map of 2 (in `1`)");
    refused(&a.replace("\"key_type\":2", "\"key_type\":1"), "the number of a list", "a map of 2");
    refused("\"1\":{}", "a list as `key_metadata`", "null");
    refused(&a.replace("value_type", "other"), "a `value_type`", "a map of 2");
    let scalar = entry(1, &["a"], "scalar");
    let item = Item::zarr2().with("_METADATA", format!("{{\"tree_metadata\":{{{scalar}}}}}"));
    item.assert_fault("a/.zarray", "no axes for a scalar", "(2,)");
    Item::zarr2().with("_METADATA", "[]").assert_fault("_METADATA", "`tree_metadata`", "none");
    Item::zarr2().with("_METADATA", "{\"tree_metadata\": []}").assert_fault("_METADATA", "a map", "[]");
}

#[test]
fn empties_give_way_to_what_is_below_them() {
    let entries = format!("{},{}", entry(1, &["x"], "Dict"), entry(2, &["x", "y"], "None"));
    let item = Item::new().with("_METADATA", format!("{{\"tree_metadata\":{{{entries}}}}}"));
    item.assert_fault("_METADATA", "none below another", "x/y beside x");
    let entries = format!("{},{}", entry(1, &["a"], "np.ndarray"), entry(2, &[], "Dict"));
    let item = Item::zarr2().with("_METADATA", format!("{{\"tree_metadata\":{{{entries}}}}}"));
    assert_eq!(item.read().unwrap().entries().count(), 1);
}

#[test]
fn directories_without_a_tree_are_not_of_orbax() {
    let item = Item::new().with("1/metrics/metrics", "{}");
    let error = Checkpoint::open(item.folder.path()).unwrap_err();
    assert!(matches!(error, Error::UnknownFormat { .. }), "{error}");
    let item = Item::new().with("checkpoint", "model_checkpoint_path: \"model\"");
    let error = Checkpoint::open(item.folder.path()).unwrap_err();
    assert!(matches!(error, Error::UnknownFormat { .. }), "{error}");
    let item = Item::new().with("1.orbax-checkpoint-tmp-7/default/_METADATA", "{}");
    let error = Checkpoint::open(item.folder.path()).unwrap_err().to_string();
    assert!(error.contains("only directories that Orbax has not finished"), "{error}");
    let item = Item::new().with("a_1/_METADATA", "{}").with("b_2/_METADATA", "{}");
    let error = Checkpoint::open(item.folder.path()).unwrap_err().to_string();
    assert!(error.contains("steps with several prefixes, such as `a_1` and `b_2`"), "{error}");
}

/// Each file of a small item is cut at every length, and each byte is changed: what comes of it is an error, or an array.
#[test]
fn damage_is_an_error_or_another_array() {
    let item = Item::zarr2();
    for name in ["_METADATA", "a/.zarray", "a/0"] {
        let whole = fs::read(item.path(name)).unwrap();
        for place in 0..whole.len() {
            item.write(name, &whole[..place]);
            assert!(item.read().is_err(), "{name} cut at {place}");
            for change in [0x01, 0x10, 0x80] {
                let mut bytes = whole.clone();
                bytes[place] ^= change;
                item.write(name, &bytes);
                let _ = item.read();
            }
        }
        item.write(name, &whole);
    }
    assert!(item.read().is_ok());
}
