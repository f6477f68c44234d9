//! The lists of activations: in the core crate, in the derive crate, and what is exported.

use mlpport::activation::{Activation, NAMES};
use mlpport::linen::Submodule;
use mlpport::linen::structure::Kind;
use mlpport::prelude::*;
use syn::{Expr, Item, Lit, UseTree};

use super::sources;

/// For each name, a pair of modules with that activation as a field without a mark, and `PAIRS`, what the checks know of
/// it.
macro_rules! activations {
    ($($name:ident)*) => {
        /// The name of the type, the fields of the Linen side, and Flax's name of the activation.
        const PAIRS: &[(&str, &[mlpport::linen::structure::Step], &str)] = &[$({
            #[derive(CompactModule)]
            struct LinenSide {
                layer: Dense<4, 4>,
                activation: $name,
            }

            #[derive(NnxModule)]
            #[port(source = LinenSide)]
            #[expect(dead_code, reason = "its derive is what is tested")]
            struct NnxSide {
                #[port(from = "Dense_0")]
                layer: Linear<4, 4>,
                activation: $name,
            }

            (stringify!($name), LinenSide::STEPS, <$name as Activation>::NAME)
        }),*];
    };
}

activations! {
    Celu Elu Gelu Glu HardSigmoid HardSilu HardSwish HardTanh Identity LeakyRelu LogSigmoid LogSoftmax Mish Relu Relu6
    Selu Sigmoid Silu SoftSign Softmax Softplus SparsePlus SparseSigmoid SquarePlus Standardize Swish Tanh
}

#[test]
fn every_activation_is_a_field_without_a_mark() {
    let names: Vec<&str> = PAIRS.iter().map(|(name, ..)| *name).collect();
    assert_eq!(names, NAMES);
}

#[test]
fn every_activation_is_compared_by_the_port() {
    for (name, steps, flax) in PAIRS {
        assert_eq!(steps.len(), 2, "{name}");
        assert!(matches!(steps[1].kind, Kind::Activation { name, .. } if name == *flax), "{name}");
    }
}

#[test]
fn the_derive_knows_the_names_of_the_core() {
    let items = items("mlpport-derive/src");
    let lists = items.iter().filter_map(|item| match item {
        Item::Const(item) if item.ident == "ACTIVATIONS" => Some(texts(&item.expr)),
        _ => None,
    });
    assert_eq!(lists.collect::<Vec<_>>(), [NAMES]);
}

#[test]
fn the_names_are_the_types_that_the_core_exports() {
    let mut exported = Vec::new();
    for item in items("mlpport-core/src/ops/activation") {
        if let Item::Use(item) = item
            && matches!(item.vis, syn::Visibility::Public(_))
        {
            leaves(&item.tree, &mut exported);
        }
    }
    exported.retain(|name| name.starts_with(char::is_uppercase));
    exported.sort_unstable();
    assert_eq!(exported, NAMES);
}

/// The items of all files below a folder.
fn items(folder: &str) -> Vec<Item> {
    let files = sources(&[folder]).into_iter().map(|(_, text)| syn::parse_file(&text).unwrap());
    files.flat_map(|file| file.items).collect()
}

/// The texts in an array, or in a reference to one.
fn texts(list: &Expr) -> Vec<String> {
    match list {
        Expr::Reference(reference) => texts(&reference.expr),
        Expr::Array(array) => array.elems.iter().flat_map(texts).collect(),
        Expr::Lit(syn::ExprLit { lit: Lit::Str(text), .. }) => vec![text.value()],
        _ => panic!("the list holds something else than texts"),
    }
}

/// The names that a `use` brings.
fn leaves(tree: &UseTree, names: &mut Vec<String>) {
    match tree {
        UseTree::Path(path) => leaves(&path.tree, names),
        UseTree::Group(group) => group.items.iter().for_each(|tree| leaves(tree, names)),
        UseTree::Name(name) => names.push(name.ident.to_string()),
        UseTree::Rename(rename) => names.push(rename.rename.to_string()),
        UseTree::Glob(_) => panic!("a `*` hides what is exported"),
    }
}
