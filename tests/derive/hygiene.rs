//! Generated code means the same whatever names stand around it, and in it.

use mlpport::prelude::*;

use super::{assert_port, assert_same_forward, numbered};

/// A module that sees no prelude, and gives other meanings to the names in it.
mod without_prelude {
    #![no_implicit_prelude]
    #![allow(dead_code, reason = "these names are there to be confused")]

    use ::mlpport::activation::Relu;
    use ::mlpport::linen::Dense;
    use ::mlpport::nnx::Linear;
    use ::mlpport::{CompactModule, NnxModule};

    mod alloc {}
    mod core {}
    mod mlpport {}
    mod ndarray {}
    mod std {}
    struct Default;
    struct Option;
    struct Result;
    struct Source;
    struct Variables;
    trait Activation {}
    trait Clone {}
    trait Forward {}
    trait Into {}
    trait PortFrom {}
    trait State {}
    trait ToOwned {}
    const CHECK: u8 = 0;
    const STRUCTURE: u8 = 0;
    const DYN: usize = ::mlpport::DYN;

    #[derive(CompactModule)]
    pub(super) struct Linen<const N: usize> {
        layers: [Dense<N, N>; 2],
        relu: Relu,
        #[compact(skip)]
        skipped: bool,
        out: Dense<N, 1>,
    }

    #[derive(NnxModule)]
    #[port(source = Linen<N>)]
    pub(super) struct Nnx<const N: usize> {
        #[port(from = "Dense_0..2")]
        layers: [Linear<N, N>; 2],
        relu: Relu,
        #[port(skip)]
        skipped: bool,
        #[port(from = "Dense_2")]
        out: Linear<N, 1>,
    }

    #[derive(NnxModule)]
    #[port(source(first = Linen<2>, second = Linen<DYN>), any_order)]
    pub(super) struct Runtime {
        #[port(from = "first.Dense_0..2")]
        a: [Linear<2, 2>; 2],
        #[port(from = "first.Dense_2")]
        b: Linear<2, 1>,
        #[port(from = "second.Dense_0", runtime)]
        c: Linear<2, 2>,
        #[port(from = "second.Dense_1..3", runtime)]
        d: [Linear; 2],
        #[port(skip)]
        skipped: bool,
    }
}

#[test]
fn no_prelude_is_needed() {
    let nnx = assert_port::<without_prelude::Linen<2>, without_prelude::Nnx<2>>();
    let linen = numbered::<without_prelude::Linen<2>>();
    assert_same_forward(&linen, &nnx, 2);
}

#[test]
fn no_prelude_is_needed_at_run_time() -> mlpport::Result<()> {
    let first = numbered::<without_prelude::Linen<2>>();
    let second = without_prelude::Linen::<DYN>::from_variables(first.to_variables())?;
    let mut nnx = without_prelude::Runtime::try_port_from((&first, &second))?;
    nnx.try_assign_from((first, second))?;
    assert_eq!(nnx.to_variables().len(), 12);
    Ok(())
}

/// The crate under another name.
mod under_another_name {
    extern crate mlpport as renamed;

    pub(super) mod models {
        use super::renamed::prelude::*;

        #[derive(CompactModule)]
        #[compact(crate = super::renamed)]
        pub(in crate::derive) struct Linen<B: UseBias> {
            hidden: Dense<2, 3, B>,
            relu: Relu,
            out: Dense<3, 1>,
        }

        #[derive(NnxModule)]
        #[port(source = Linen<B>, crate = super::renamed)]
        pub(in crate::derive) struct Nnx<B: UseBias> {
            #[port(from = "Dense_0")]
            fc1: Linear<2, 3, B>,
            relu: Relu,
            #[port(from = "Dense_1")]
            fc2: Linear<3, 1>,
        }
    }

    #[derive(renamed::NnxModule)]
    #[port(source(a = models::Linen<renamed::prelude::Bias>, b = models::Linen<renamed::prelude::Bias>))]
    #[port(crate = renamed, any_order)]
    pub(super) struct Both {
        #[port(from = "a.Dense_0", runtime)]
        first: renamed::nnx::Linear,
        #[port(from = "a.Dense_1")]
        second: renamed::nnx::Linear<3, 1>,
        #[port(from = "b.Dense_0..2", runtime)]
        rest: [renamed::nnx::Linear; 2],
    }
}

#[test]
fn the_crate_may_have_another_name() -> mlpport::Result<()> {
    use under_another_name::models::{Linen, Nnx};

    let nnx = assert_port::<Linen<Bias>, Nnx<Bias>>();
    assert_same_forward(&numbered::<Linen<Bias>>(), &nnx, 2);
    let both = under_another_name::Both::try_port_from((numbered::<Linen<Bias>>(), numbered::<Linen<Bias>>()))?;
    assert_eq!(both.to_variables().len(), 8);
    Ok(())
}

#[derive(CompactModule)]
#[compact(setup)]
struct LinenRaw {
    r#type: Dense<2, 3>,
    r#struct: [Dense<3, 3>; 2],
    r#fn: Relu,
    #[compact(name = "if")]
    otherwise: Dense<3, 2>,
    #[compact(name = "self")]
    own: Dense<2, 1>,
}

#[derive(NnxModule)]
#[port(source = LinenRaw)]
struct NnxRaw {
    #[port(from = "type")]
    r#type: Linear<2, 3>,
    #[port(from = "struct_0..2")]
    r#struct: [Linear<3, 3>; 2],
    r#fn: Relu,
    #[port(from = "if")]
    r#if: Linear<3, 2>,
    #[port(from = "self")]
    own: Linear<2, 1>,
}

#[test]
fn raw_identifiers_are_names_without_their_mark() {
    assert_eq!(LinenRaw::NAMES, ["type", "struct_0", "struct_1", "if", "self"]);
    let nnx = assert_port::<LinenRaw, NnxRaw>();
    assert_same_forward(&numbered::<LinenRaw>(), &nnx, 2);
    let paths: Vec<String> = nnx.to_variables().leaves().map(|(path, _)| path.to_string()).collect();
    assert!(paths.contains(&"type/kernel".to_owned()), "{paths:?}");
    assert!(paths.contains(&"struct/1/kernel".to_owned()), "{paths:?}");
    let linen = numbered::<LinenRaw>().into_params();
    assert_eq!(linen.r#type.kernel().shape(), [2, 3]);
    assert_eq!(linen.self_.kernel().shape(), [2, 1]);
}
