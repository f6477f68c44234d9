//! A mapping in a JSON file.

use std::fs;

use mlpport::{Error, Mapping, Path, port};
use proptest::prelude::*;

use super::{assert_moved, refused};
use crate::samples::{LINEN, NNX, counted};

const EXPECTED: &str = r#"an object like {"pairs": [["Dense_0", "fc1"]], "ignore": ["Dense_1"], "keep": ["head"]}, of which "pairs" is required"#;

#[test]
fn a_file_drives_a_port() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("mapping.json");
    fs::write(&file, r#"{"pairs": [["Dense_0", "fc1"]], "ignore": ["Dense_1"], "keep": ["fc2"]}"#).unwrap();
    let mapping = Mapping::load(&file).unwrap();

    let (linen, mut nnx) = (counted(1.0, LINEN), counted(100.0, NNX));
    let before = nnx.clone();
    port(&linen, &mut nnx, &mapping).unwrap();
    assert_moved(&linen, &nnx, &[("params/Dense_0/bias", "fc1/bias"), ("params/Dense_0/kernel", "fc1/kernel")]);
    assert_moved(&before, &nnx, &["fc2/bias", "fc2/kernel"].map(|path| (path, path)));
}

#[test]
fn pairs_alone_are_a_mapping() {
    let mapping = Mapping::from_json(br#"{"pairs": [["Dense_0", "fc1"], ["params/Dense_1/kernel", "fc2/kernel"]]}"#);
    assert_eq!(mapping.unwrap(), Mapping::from_pairs([("Dense_0", "fc1"), ("params/Dense_1/kernel", "fc2/kernel")]));
    assert_eq!(Mapping::from_json(br#"{"pairs": []}"#).unwrap(), Mapping::new());
}

#[test]
fn the_paths_have_the_escapes_of_every_path() {
    let mapping = Mapping::from_json(br#"{"pairs": [["norm/kernel\\/scale", "\u00e4/\\u{e4}"]]}"#).unwrap();
    let pair = (Path::from_names(["norm", "kernel/scale"]), Path::from_names(["ä", "ä"]));
    assert_eq!(mapping.pairs(), [pair]);
}

#[test]
fn a_mapping_is_written_as_indented_json() {
    let mut mapping = Mapping::from_pairs([("Dense_0", "fc1")]);
    mapping.ignore("Dense_1").keep("rngs");
    let text = "\
{
  \"ignore\": [
    \"Dense_1\"
  ],
  \"keep\": [
    \"rngs\"
  ],
  \"pairs\": [
    [
      \"Dense_0\",
      \"fc1\"
    ]
  ]
}
";
    assert_eq!(mapping.to_json(), text);
}

#[test]
fn a_syntax_error_has_its_file_and_byte() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("mapping.json");
    for (text, offset, found) in [
        (&br#"{"pairs" 1}"#[..], 9, "expected `:` at line 1 column 10"),
        (b"{\n  \"pairs\": [[\"a\", \"b\"],]\n}", 25, "trailing comma at line 2 column 24"),
        (br#"{"pairs": []} x"#, 14, "trailing characters at line 1 column 15"),
        (b"{\"pairs\": [[\"\xff\", \"b\"]]}", 13, "invalid unicode code point at line 1 column 14"),
        (b"\xef\xbb\xbf{\"pairs\": []}", 0, "expected value at line 1 column 1"),
        (b"", 0, "EOF while parsing a value at line 1 column 0"),
        (b"{\"pairs\": [", 11, "EOF while parsing a list at line 1 column 11"),
        (b"{\"pairs\": [\n", 12, "EOF while parsing a list at line 2 column 0"),
        (
            b"{\"pairs\": [[\"a\n\", \"b\"]]}",
            14,
            "control character (\\u0000-\\u001F) found while parsing a string at line 2 column 0",
        ),
    ] {
        fs::write(&file, text).unwrap();
        let message = Mapping::load(&file).unwrap_err().to_string();
        let expected =
            format!("{}: mapping in JSON, byte {offset}: expected {EXPECTED}, found {found}", file.display());
        assert_eq!(message, expected);
    }
}

#[test]
fn json_that_is_no_mapping_is_refused_at_the_byte_that_is_wrong() {
    for (text, offset, found) in [
        ("[]", 0, "invalid type: sequence, expected an object with the key `pairs`"),
        ("{}", 1, "missing field `pairs`"),
        (r#"{"ignore": ["Dense_0"]}"#, 22, "missing field `pairs`"),
        (r#"{"pairs": [], "ingore": []}"#, 21, "unknown field `ingore`, expected one of `pairs`, `ignore`, `keep`"),
        (r#"{"pairs": {"Dense_0": "fc1"}}"#, 9, "invalid type: map, expected a sequence"),
        (r#"{"pairs": ["Dense_0"]}"#, 19, "invalid type: string \"Dense_0\", expected a tuple of size 2"),
        (r#"{"pairs": [["a", "b"], ["a"]]}"#, 27, "invalid length 1, expected a tuple of size 2"),
        (r#"{"pairs": [["a", "b", "c"]]}"#, 22, "trailing characters"),
        (r#"{"pairs": [["a", 1]]}"#, 17, "invalid type: integer `1`, expected a string"),
        (r#"{"pairs": [], "ignore": "a"}"#, 26, "invalid type: string \"a\", expected a sequence"),
        (r#"{"pairs": [], "ignore": [["a"]]}"#, 24, "invalid type: sequence, expected a string"),
        (r#"{"pairs": [], "keep": null}"#, 25, "invalid type: null, expected a sequence"),
    ] {
        assert_refused(text, offset, found);
    }
}

#[test]
fn a_key_that_stands_twice_is_refused() {
    for (key, offset) in [("pairs", 25), ("ignore", 40), ("keep", 36)] {
        let once = if key == "pairs" { String::new() } else { r#""pairs": [], "#.to_owned() };
        assert_refused(&format!(r#"{{{once}"{key}": [], "{key}": []}}"#), offset, &format!("duplicate field `{key}`"));
    }
}

/// The text is no mapping, by what is found up to an offset.
#[track_caller]
fn assert_refused(text: &str, offset: u64, found: &str) {
    let message = Mapping::from_json(text.as_bytes()).unwrap_err().to_string();
    let expected = format!("mapping in JSON, byte {offset}: expected {EXPECTED}, found {found} at line 1 column ");
    assert!(message.starts_with(&expected), "{text}: {message}");
}

#[test]
fn brackets_without_end_are_an_error() {
    let text = [r#"{"pairs": "#, &"[".repeat(1_000_000)].concat();
    assert!(matches!(Mapping::from_json(text.as_bytes()), Err(Error::Format { .. })));
}

#[test]
fn a_pair_that_stands_twice_is_refused_by_the_port() {
    let text = br#"{"pairs": [["Dense_0", "fc1"], ["Dense_1", "fc2"], ["Dense_1/bias", "fc2/bias"]]}"#;
    let report = refused(&counted(1.0, LINEN), &counted(100.0, NNX), &Mapping::from_json(text).unwrap());
    assert_eq!(
        report.to_string(),
        "\
the port does not fit (1 problem):
  `params/Dense_1/bias`: expected one pair for this Linen leaf, found two: Dense_1 -> fc2 and Dense_1/bias -> fc2/bias"
    );
}

/// Names of any characters, with those that paths, JSON or terminals treat in their own way among them.
fn name() -> impl Strategy<Value = String> {
    let special =
        prop::sample::select(vec!['/', '\\', '"', '\'', '{', '}', 'u', 'e', '0', '\n', '\0', '\u{7f}', '\u{202e}']);
    prop::collection::vec(prop_oneof![special, any::<char>()], 0..8).prop_map(String::from_iter)
}

fn path() -> impl Strategy<Value = Path> {
    prop::collection::vec(name(), 0..4).prop_map(Path::from_names)
}

fn mapping() -> impl Strategy<Value = Mapping> {
    let paths = || prop::collection::vec(path(), 0..4);
    (prop::collection::vec((path(), path()), 0..4), paths(), paths()).prop_map(|(pairs, ignored, kept)| {
        let mut mapping = Mapping::new();
        for (linen, nnx) in pairs {
            mapping.pair(linen, nnx);
        }
        for path in ignored {
            mapping.ignore(path);
        }
        for path in kept {
            mapping.keep(path);
        }
        mapping
    })
}

/// Mistakes that are made in a text: bytes that are replaced, and where it ends.
fn damaged(text: String) -> impl Strategy<Value = Vec<u8>> {
    let length = text.len();
    let replaced = prop::collection::vec((0..length, any::<u8>()), 0..4);
    (replaced, 0..=length).prop_map(move |(replaced, end)| {
        let mut bytes = text.clone().into_bytes();
        for (index, byte) in replaced {
            bytes[index] = byte;
        }
        bytes.truncate(end);
        bytes
    })
}

proptest! {
    #[test]
    fn what_is_written_is_read_again(mapping in mapping()) {
        prop_assert_eq!(Mapping::from_json(mapping.to_json().as_bytes()).unwrap(), mapping);
    }

    #[test]
    fn the_table_has_one_line_for_each_pair(mapping in mapping()) {
        let rows = mapping.pairs().len() + mapping.ignored().len() + mapping.kept().len();
        prop_assert_eq!(mapping.to_string().lines().count(), rows + 1);
    }

    #[test]
    fn damaged_json_is_read_or_refused_within_its_bytes(
        text in mapping().prop_flat_map(|mapping| damaged(mapping.to_json())),
    ) {
        match Mapping::from_json(&text) {
            Ok(mapping) => prop_assert_eq!(Mapping::from_json(mapping.to_json().as_bytes()).unwrap(), mapping),
            Err(Error::Format { offset, .. }) => prop_assert!(offset <= text.len() as u64, "{}", offset),
            Err(other) => prop_assert!(false, "{}", other),
        }
    }
}
