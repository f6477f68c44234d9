//! Keys, samples, initialisers and the initial parameters of models, against those of JAX and Flax, bit for bit.
//!
//! The file and the script that makes it are under `tests/fixtures/jax_init`. What a leaf is, its path says; each test takes
//! the leaves below some names, and fails for one that it does not know.

mod derived;
mod initializers;
mod models;
mod samples;

use mlpport::random::Key;
use mlpport::tensor::Tensor;
use mlpport::{Variables, ndarray::arr1};

/// The first names of all paths, each of which is that of a test.
const GROUPS: [&str; 15] = [
    "bernoulli",
    "bits",
    "chosen",
    "fold_in",
    "init",
    "key",
    "linen",
    "long",
    "nnx",
    "normal",
    "randint",
    "rngs",
    "split",
    "truncated_normal",
    "uniform",
];

fn golden() -> Variables {
    mlpport::load(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/fixtures/jax_init/jax_init.msgpack")).unwrap()
}

#[test]
fn each_name_of_the_file_has_a_test() {
    assert_eq!(golden().collections(), GROUPS);
    assert_eq!(golden().entries().len(), golden().leaves().count());
}

/// Compares each leaf below `group`, of which `found` gets the other names of the path, and the leaf to take the shape from.
fn compare(group: &str, found: impl Fn(&[&str], &Tensor) -> Tensor) {
    assert!(GROUPS.contains(&group));
    let golden = golden();
    let leaves: Vec<_> = golden.leaves().filter(|(path, _)| path.first() == Some(group)).collect();
    assert!(!leaves.is_empty());
    for (path, expected) in leaves {
        let names: Vec<&str> = path.names().skip(1).collect();
        let found = found(&names, expected);
        // Two tensors are equal when their bits are.
        assert!(found == *expected, "{path}: found {found} {:?}, expected {:?}", found.le_bytes(), expected.le_bytes());
    }
}

fn key(seed: &str) -> Key {
    Key::from_seed(seed.parse().unwrap())
}

fn words(key: Key) -> Tensor {
    Tensor::from(arr1(&key.words()))
}
