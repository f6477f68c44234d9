//! The keys that Linen and NNX give to parameters, and the parameters.

use mlpport::init::{self, Initializer};
use mlpport::ndarray::arr0;
use mlpport::random::{Key, Rngs, Scope};
use mlpport::tensor::Tensor;

use super::initializers::embed;
use super::{compare, golden, key, words};

/// The initialiser of a parameter of this name, and the how manieth of its module it is.
fn parameter(name: &str) -> (Initializer, usize) {
    match name {
        "kernel" => (init::lecun_normal().into(), 1),
        "embedding" => (embed(), 1),
        "scale" => (init::ones(), 1),
        "bias" => (init::zeros(), 2),
        _ => (init::normal(1.0), name.strip_prefix('p').unwrap().parse().unwrap()),
    }
}

fn draw(initializer: &Initializer, key: Key, like: &Tensor) -> Tensor {
    Tensor::from(initializer.init::<f32>(key, like.shape()).unwrap())
}

#[test]
fn linen() {
    compare("linen", |names, expected| {
        let [_model, seed, "params", path @ .., name] = names else { panic!("no comparison for {names:?}") };
        let (initializer, counter) = parameter(name);
        let mut scope = path.iter().fold(Scope::new(key(seed)), |scope, name| scope.child(name));
        let keys: Vec<Key> = (0..counter).map(|_| scope.make_rng("params").unwrap()).collect();
        assert_eq!(key(seed).for_param(path, u32::try_from(counter).unwrap()), keys[counter - 1]);
        draw(&initializer, keys[counter - 1], expected)
    });
}

/// The parameters of a model in the order in which it makes them.
fn nnx_parameters(model: &str) -> &'static [&'static str] {
    match model {
        "mlp" => &["fc1/kernel", "fc1/bias", "fc2/kernel", "fc2/bias"],
        "mixed" => &[
            "conv/kernel",
            "conv/bias",
            "norm/scale",
            "norm/bias",
            "embed/embedding",
            "bare/kernel",
            "out/kernel",
            "out/bias",
        ],
        other => panic!("no comparison for {other}"),
    }
}

#[test]
fn nnx() {
    compare("nnx", |names, expected| {
        let (model, seed, path) = (names[0], names[1], names[2..].join("/"));
        let index = nnx_parameters(model).iter().position(|parameter| **parameter == path).unwrap();
        let mut rngs = Rngs::new(key(seed));
        let keys: Vec<Key> = (0..=index).map(|_| rngs.params().unwrap()).collect();
        draw(&parameter(names[3]).0, keys[index], expected)
    });
}

fn rngs(case: &str) -> Rngs {
    let mut parent = Rngs::new(3).with("params", 4);
    parent.params().unwrap();
    parent.params().unwrap();
    parent.dropout().unwrap();
    // The steps of the script, of which each case takes as many as come before it.
    let mut child = parent.fork();
    if case == "fork" {
        return child;
    }
    for name in ["params", "dropout", "params"] {
        child.make_rng(name).unwrap();
    }
    match case {
        "default" => return Rngs::new(5),
        "named" => return Rngs::from([("params", 1), ("dropout", 2)]),
        "both" => return Rngs::new(0).with("params", 1),
        "key" => return Rngs::new(Key::from_seed(9)),
        "fold_in" => return Rngs::new(Key::from_seed(9).fold_in(7)),
        "fork_again" => return child.fork(),
        "fork_parent" => return parent,
        _ => {}
    }
    parent.params().unwrap();
    parent.dropout().unwrap();
    let parts = parent.split(3);
    match case.strip_prefix("split_") {
        Some("parent") => parent,
        Some(index) => parts[index.parse::<usize>().unwrap()].clone(),
        None => panic!("no comparison for {case}"),
    }
}

#[test]
fn keys_of_rngs() {
    compare("rngs", |names, _| {
        let (case, golden) = (names[0], golden());
        let mut rngs = rngs(case);
        // All draws up to this one, or all, in the order of their numbers.
        let draws = golden.subtree(format!("rngs/{case}/draws")).unwrap();
        let mut draws: Vec<(usize, &str)> =
            draws.leaves().map(|(path, _)| (path.first().unwrap().parse().unwrap(), path.last().unwrap())).collect();
        draws.sort_unstable();
        let mut drawn = Vec::new();
        for (_, name) in draws {
            drawn.push(rngs.make_rng(if name == "()" { "default" } else { name }).unwrap());
        }
        match names[1..] {
            ["draws", index, _] => words(drawn[index.parse::<usize>().unwrap()]),
            ["counts", name] => Tensor::from(arr0(rngs.stream(name).unwrap().count())),
            _ => panic!("no comparison for {names:?}"),
        }
    });
}

#[test]
fn streams_that_are_not_there_are_named() {
    let mut rngs = Rngs::from([("params", 0)]);
    assert_eq!(
        rngs.dropout().unwrap_err().to_string(),
        "`name`: expected a stream, or any name where there is the stream `default`, found `dropout`"
    );
    let mut scope = Scope::from([("dropout", key("0"))]);
    assert_eq!(
        scope.make_rng("params").unwrap_err().to_string(),
        "`name`: expected a stream, or any name where there is the stream `params`, found `params`"
    );
}
