//! The names that `#[derive(CompactModule)]` gives, against the trees that Flax made.
//!
//! Each file under `tests/fixtures/names` is the tree of one Python module; `export.py` beside them has a function of
//! that name, whose docstring states the rule. Here each has a Rust struct.

use std::path::{Path, PathBuf};

use mlpport::prelude::*;
use ndarray::{ArrayView, ArrayViewD, Dimension};

/// Tests named after rules, `rule("file"): Model, names;`, and `FILES`, what they read.
macro_rules! trees {
    ($($rule:ident($file:literal): $model:ty, $names:expr;)*) => {
        /// The files that are read here.
        pub(super) const FILES: &[&str] = &[$($file),*];

        $(
            #[test]
            fn $rule() -> mlpport::Result<()> {
                super::assert_tree::<$model>($file, &$names)
            }
        )*
    };
}

mod compact;
mod explicit;
mod files;
mod nested;
mod norms;
mod order;
mod setup;
mod stacked;
mod transforms;

/// The file becomes an `M` whose submodules have these names, and that the same variables again, bit for bit.
fn assert_tree<M: CompactModule>(file: &str, names: &[&str]) -> mlpport::Result<()> {
    assert_eq!(M::NAMES, names);
    let variables = load(file)?;
    let model = M::from_variables(variables.clone())?;
    assert_eq!(model.to_variables(), variables);
    Ok(())
}

/// A layer's array is the leaf at `path` in the file.
#[track_caller]
fn assert_leaf<D: Dimension>(variables: &Variables, path: &str, array: ArrayView<'_, f32, D>) {
    let leaf: Option<ArrayViewD<'_, f32>> = variables.get(path).and_then(|tensor| tensor.view().ok());
    assert_eq!(leaf, Some(array.into_dyn()), "{path}");
}

fn load(file: &str) -> mlpport::Result<Variables> {
    mlpport::load(folder().join(file).with_extension("msgpack"))
}

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/names")
}

/// The submodule of most files: 2 -> 4 -> 2.
#[derive(CompactModule)]
struct Block<const IN: usize = 2> {
    hidden: Dense<IN, 4>,
    relu: Relu,
    out: Dense<4, 2>,
}
