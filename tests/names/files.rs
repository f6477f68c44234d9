//! Every file is read by a test, and is what `trees.txt` says.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;

use super::{compact, explicit, folder, load, nested, norms, order, setup, stacked, transforms};

const READ: [&[&str]; 8] = [
    compact::FILES,
    explicit::FILES,
    nested::FILES,
    norms::FILES,
    order::FILES,
    setup::FILES,
    stacked::FILES,
    transforms::FILES,
];

#[test]
fn every_file_has_a_test() -> std::io::Result<()> {
    let mut files = BTreeSet::new();
    for entry in fs::read_dir(folder())? {
        let path = entry?.path();
        if path.extension().is_some_and(|extension| extension == "msgpack") {
            files.extend(path.file_stem().map(|stem| stem.to_string_lossy().into_owned()));
        }
    }
    let read: BTreeSet<String> = READ.concat().into_iter().map(str::to_owned).collect();
    assert_eq!(read, files);
    Ok(())
}

#[test]
fn trees_txt_lists_the_leaves_of_every_file() -> Result<(), Box<dyn std::error::Error>> {
    let text = fs::read_to_string(folder().join("trees.txt"))?;
    let mut listed = BTreeMap::<&str, Vec<(String, String)>>::new();
    for line in text.lines() {
        let [file, path, shape] = line.split('\t').collect::<Vec<_>>()[..] else { panic!("{line}") };
        listed.entry(file).or_default().push((path.to_owned(), shape.to_owned()));
    }
    assert_eq!(listed.keys().copied().collect::<BTreeSet<_>>(), READ.concat().into_iter().collect());
    for (file, listed) in listed {
        let variables = load(file)?;
        let leaves = variables.leaves().map(|(path, tensor)| (path.to_string(), format!("{:?}", tensor.shape())));
        assert_eq!(leaves.collect::<Vec<_>>(), listed, "{file}");
    }
    Ok(())
}
