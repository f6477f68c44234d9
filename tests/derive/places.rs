//! Where a struct may stand: private modules, functions, macros; and types by other names.

use mlpport::prelude::*;

use super::{LinenMlp, assert_port, assert_same_forward, numbered};

mod library {
    use mlpport::prelude::*;

    /// Used by the structs below alone.
    #[derive(CompactModule)]
    struct Hidden {
        dense: Dense<2, 3>,
    }

    #[derive(NnxModule)]
    #[port(source = Hidden)]
    struct NnxHidden {
        #[port(from = "Dense_0")]
        linear: Linear<2, 3>,
    }

    #[derive(CompactModule)]
    pub(in crate::derive) struct LinenPublic {
        hidden: Hidden,
        relu: Relu,
        out: Dense<3, 1>,
    }

    #[derive(NnxModule)]
    #[port(source = LinenPublic)]
    pub(in crate::derive) struct NnxPublic {
        #[port(from = "Hidden_0")]
        hidden: NnxHidden,
        relu: Relu,
        #[port(from = "Dense_0")]
        out: Linear<3, 1>,
    }
}

#[test]
fn a_module_may_be_more_visible_than_its_submodules() {
    let nnx = assert_port::<library::LinenPublic, library::NnxPublic>();
    assert_same_forward(&numbered::<library::LinenPublic>(), &nnx, 2);
}

#[test]
fn structs_may_stand_in_a_function() {
    #[derive(CompactModule)]
    struct LinenMlp<const N: usize> {
        hidden: Dense<2, N>,
        tanh: Tanh,
        out: Dense<N, 1>,
    }

    #[derive(NnxModule)]
    #[port(source = LinenMlp<N>)]
    struct NnxMlp<const N: usize> {
        #[port(from = "Dense_0")]
        fc1: Linear<2, N>,
        tanh: Tanh,
        #[port(from = "Dense_1")]
        fc2: Linear<N, 1>,
    }

    let nnx = assert_port::<LinenMlp<5>, NnxMlp<5>>();
    assert_same_forward(&numbered::<LinenMlp<5>>(), &nnx, 2);
}

#[test]
fn two_functions_may_have_structs_of_one_name() {
    fn first() -> &'static [&'static str] {
        #[derive(CompactModule)]
        struct Model {
            a: Dense<2, 2>,
        }
        Model::NAMES
    }
    fn second() -> &'static [&'static str] {
        #[derive(CompactModule)]
        #[compact(setup)]
        struct Model {
            a: Dense<2, 2>,
        }
        Model::NAMES
    }
    assert_eq!((first(), second()), (&["Dense_0"][..], &["a"][..]));
}

/// A pair of modules from the types of their layers.
macro_rules! pair {
    ($linen:ident($first:ty, $second:ty) -> $nnx:ident($a:ident: $fc1:ty, $b:ident: $fc2:ty), $act:ident) => {
        #[derive(CompactModule)]
        struct $linen {
            first: $first,
            act: $act,
            second: $second,
        }

        #[derive(NnxModule)]
        #[port(source = $linen)]
        struct $nnx {
            #[port(from = "Dense_0")]
            $a: $fc1,
            act: $act,
            #[port(from = "Dense_1")]
            $b: $fc2,
        }
    };
}

/// The same with sizes, names and an array length as expressions.
macro_rules! sized {
    ($linen:ident, $nnx:ident, $width:expr, $name:literal, $layers:literal) => {
        #[derive(CompactModule)]
        struct $linen {
            layers: [Dense<{ $width }, { $width }>; $layers],
            #[compact(name = $name)]
            head: Dense<{ $width }, 1>,
        }

        #[derive(NnxModule)]
        #[port(source = $linen)]
        struct $nnx {
            #[port(from = "Dense_0..3")]
            layers: [Linear<{ $width }, { $width }>; $layers],
            #[port(from = $name)]
            head: Linear<{ $width }, 1>,
        }
    };
}

/// Attributes, types and names that are handed through as they come.
macro_rules! handed_through {
    (
        $(#[$linen_attribute:meta])* $linen:ident { $($linen_field:ident: $linen_type:ty,)* }
        $(#[$nnx_attribute:meta])* $source:path => $nnx:ident { $($(@$from:expr,)? $nnx_field:ident: $nnx_type:ty,)* }
    ) => {
        #[derive(CompactModule)]
        $(#[$linen_attribute])*
        struct $linen { $($linen_field: $linen_type,)* }

        #[derive(NnxModule)]
        $(#[$nnx_attribute])*
        #[port(source = $source)]
        struct $nnx { $($(#[port(from = $from)])? $nnx_field: $nnx_type,)* }
    };
}

handed_through! {
    #[compact(setup)]
    HandedLinen { first: [Dense<2, 2>; 2], act: Relu, r#type: Dense<2, 1>, }
    #[doc = "Documented."]
    HandedLinen => HandedNnx { @"first_0..2", layers: [Linear<2, 2>; 2], act: Relu, @"type", head: Linear<2, 1>, }
}

pair!(MacroLinen(Dense<2, 3>, Dense<3, 1>) -> MacroNnx(fc1: Linear<2, 3>, fc2: Linear<3, 1>), Relu);
pair!(PathLinen(mlpport::linen::Dense<2, 3>, Dense<3, 1>) -> PathNnx(a: Linear<2, 3>, b: Linear<3, 1>), Gelu);
sized!(SizedLinen, SizedNnx, 1 + 1, "the head", 3);

#[test]
fn a_macro_may_write_the_structs() {
    assert_same_forward(&numbered::<MacroLinen>(), &assert_port::<MacroLinen, MacroNnx>(), 2);
    assert_same_forward(&numbered::<PathLinen>(), &assert_port::<PathLinen, PathNnx>(), 2);
    assert_same_forward(&numbered::<SizedLinen>(), &assert_port::<SizedLinen, SizedNnx>(), 2);
    assert_same_forward(&numbered::<HandedLinen>(), &assert_port::<HandedLinen, HandedNnx>(), 2);
    assert_eq!(HandedLinen::NAMES, ["first_0", "first_1", "type"]);
    assert_eq!(MacroLinen::NAMES, ["Dense_0", "Dense_1"]);
    assert_eq!(PathLinen::NAMES, ["Dense_0", "Dense_1"]);
    assert_eq!(SizedLinen::NAMES, ["Dense_0", "Dense_1", "Dense_2", "the head"]);
}

type Mlp = LinenMlp<4, 8, 3>;
type MlpOf<const N: usize> = LinenMlp<4, N, 3>;

#[derive(NnxModule)]
#[port(source = Mlp)]
struct FromAlias {
    #[port(from = "Dense_0")]
    fc1: Linear<4, 8>,
    relu: Relu,
    #[port(from = "Dense_1")]
    fc2: Linear<8, 3>,
}

#[derive(NnxModule)]
#[port(source = MlpOf<N>)]
struct FromGenericAlias<const N: usize> {
    #[port(from = "Dense_0")]
    fc1: Linear<4, N>,
    relu: Relu,
    #[port(from = "Dense_1")]
    fc2: Linear<N, 3>,
}

#[test]
fn the_source_may_be_an_alias() {
    assert_port::<Mlp, FromAlias>();
    assert_port::<LinenMlp<4, 2, 3>, FromGenericAlias<2>>();
}

type Wide = Dense<2, 16>;
type Rectifier = Relu;

#[derive(CompactModule)]
struct LinenOfAliases {
    #[compact(class = "Dense")]
    hidden: Wide,
    #[compact(activation)]
    act: Rectifier,
    #[compact(class = "LinenMlp")]
    mlp: LinenMlp<16, 8, 3>,
}

type WideLinear = Linear<2, 16>;

#[derive(NnxModule)]
#[port(source = LinenOfAliases)]
struct NnxOfAliases {
    #[port(from = "Dense_0")]
    hidden: WideLinear,
    #[port(activation)]
    act: Rectifier,
    #[port(from = "LinenMlp_0")]
    mlp: super::NnxMlp<16, 8, 3>,
}

#[test]
fn an_alias_says_its_class() {
    assert_eq!(LinenOfAliases::NAMES, ["Dense_0", "LinenMlp_0"]);
    let nnx = assert_port::<LinenOfAliases, NnxOfAliases>();
    assert_same_forward(&numbered::<LinenOfAliases>(), &nnx, 2);
}

#[test]
fn a_type_may_be_written_with_its_path() {
    #[derive(CompactModule)]
    struct Model {
        first: mlpport::linen::Dense<2, 3>,
        relu: mlpport::activation::Relu,
        second: ::mlpport::linen::Dense<3, 1>,
        mlp: super::LinenMlp<1, 2, 1>,
    }
    assert_eq!(Model::NAMES, ["Dense_0", "Dense_1", "LinenMlp_0"]);
}
