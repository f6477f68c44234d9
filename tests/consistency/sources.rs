//! What holds for every source file.

use std::path::PathBuf;

const FOLDERS: [&str; 6] = ["src", "mlpport-core/src", "mlpport-derive/src", "tests", "examples", "benches"];

const MOST_LINES: usize = 400;

/// What marks something as not done; in two parts, so that this file does not hold them.
const UNFINISHED: [&str; 4] = [concat!("TO", "DO"), concat!("FIX", "ME"), concat!("XX", "X"), concat!("HA", "CK")];

fn sources() -> Vec<(PathBuf, String)> {
    super::sources(&FOLDERS)
}

#[test]
fn the_files_of_every_crate_are_found() {
    for name in
        ["src/seed/mod.rs", "port/runtime.rs", "mlpport-derive/src/port.rs", "consistency/sources.rs", "digits.rs"]
    {
        assert!(sources().iter().any(|(path, _)| path.ends_with(name)), "{name}");
    }
}

#[test]
fn no_file_is_over_400_lines() {
    let lines = sources().into_iter().map(|(path, text)| (path, text.lines().count()));
    let long: Vec<_> = lines.filter(|(_, lines)| *lines > MOST_LINES).collect();
    assert!(long.is_empty(), "{long:#?}");
}

#[test]
fn nothing_is_marked_as_unfinished() {
    let mut marked = Vec::new();
    for (path, text) in sources() {
        for (number, line) in text.lines().enumerate() {
            let mut words = line.split(|character: char| !character.is_alphanumeric() && character != '_');
            if words.any(|word| UNFINISHED.contains(&word)) {
                marked.push(format!("{}:{}: {line}", path.display(), number + 1));
            }
        }
    }
    assert!(marked.is_empty(), "{marked:#?}");
}
