//! What holds for every source file.

use std::fs;
use std::path::{Path, PathBuf};

const FOLDERS: [&str; 6] = ["src", "mlpport-core/src", "mlpport-derive/src", "tests", "examples", "benches"];

const MOST_LINES: usize = 400;

/// What marks something as not done; in two parts, so that this file does not hold them.
const UNFINISHED: [&str; 4] = [concat!("TO", "DO"), concat!("FIX", "ME"), concat!("XX", "X"), concat!("HA", "CK")];

/// The files of all crates that a person wrote, with their text.
fn sources() -> Vec<(PathBuf, String)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut files = Vec::new();
    for folder in FOLDERS {
        collect(&root.join(folder), &mut files);
    }
    assert!(files.len() > 100, "found {} files alone", files.len());
    files.into_iter().map(|file| (file.clone(), fs::read_to_string(file).unwrap())).collect()
}

fn collect(folder: &Path, files: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            collect(&path, files);
        } else if is_source(&path) {
            files.push(path);
        }
    }
}

/// The golden expansions are written by a test.
fn is_source(path: &Path) -> bool {
    let name = path.file_name().unwrap().to_string_lossy();
    !name.ends_with(".expanded.rs") && [".rs", ".py", ".sh"].iter().any(|end| name.ends_with(end))
}

#[test]
fn no_file_is_over_400_lines() {
    let long: Vec<String> = sources()
        .iter()
        .map(|(path, text)| (path, text.lines().count()))
        .filter(|(_, lines)| *lines > MOST_LINES)
        .map(|(path, lines)| format!("{}: {lines} lines", path.display()))
        .collect();
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
