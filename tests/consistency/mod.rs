//! What must agree between files that the compiler does not compare.

mod activations;
mod sources;

use std::path::Path;

/// A file of the workspace.
fn read(path: &str) -> String {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join(path);
    std::fs::read_to_string(&file).unwrap_or_else(|error| panic!("{}: {error}", file.display()))
}
