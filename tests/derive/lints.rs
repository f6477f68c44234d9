//! Generated code gives no warning, however strict the crate is.

#![deny(
    warnings,
    elided_lifetimes_in_paths,
    explicit_outlives_requirements,
    let_underscore_drop,
    missing_debug_implementations,
    missing_docs,
    redundant_lifetimes,
    single_use_lifetimes,
    trivial_casts,
    trivial_numeric_casts,
    unit_bindings,
    unreachable_pub,
    unused_lifetimes,
    unused_qualifications,
    unused_results,
    clippy::all,
    clippy::nursery,
    clippy::pedantic
)]

use mlpport::prelude::*;

use super::{assert_is_mapped, assert_port, numbered};

/// Every kind of field.
#[derive(Debug, CompactModule)]
pub(super) struct LinenModel<const N: usize, B: UseBias> {
    /// Several layers.
    pub(super) layers: [Dense<2, 2, B>; 2],
    relu: Relu,
    #[compact(name = "head")]
    out: Dense<2, N>,
    #[compact(skip)]
    seed: u8,
}

/// Every kind of field.
#[derive(Debug, NnxModule)]
#[port(source = LinenModel<N, B>)]
pub(super) struct NnxModel<const N: usize, B: UseBias> {
    /// Several layers.
    #[port(from = "Dense_0..2")]
    pub(super) layers: [Linear<2, 2, B>; 2],
    relu: Relu,
    #[port(from = "head")]
    out: Linear<2, N>,
    #[port(skip)]
    seed: u8,
}

/// A forward that nobody has written.
#[derive(Debug, CompactModule)]
#[compact(manual_forward)]
struct LinenRuntime {
    model: LinenModel<1, Bias>,
    tanh: Tanh,
    any: Dense,
    log_std: Param<2>,
}

/// Sizes that are compared when the port runs.
#[derive(Debug, NnxModule)]
#[port(source(a = LinenRuntime), any_order, ignore = "a.log_std")]
struct NnxRuntime {
    #[port(from = "a.Dense_0", runtime)]
    any: Linear<2, 2>,
    #[port(from = "a.LinenModel_0/Dense_0..2")]
    layers: [Linear<2, 2>; 2],
    #[port(from = "a.LinenModel_0/head")]
    out: Linear<2, 1>,
    #[port(skip)]
    seed: u8,
}

#[test]
fn strict_lints_are_satisfied() -> mlpport::Result<()> {
    let nnx = assert_port::<LinenModel<1, NoBias>, NnxModel<1, NoBias>>();
    assert_eq!(numbered::<LinenModel<1, NoBias>>().seed, nnx.seed);

    let linen = numbered::<LinenRuntime>();
    let nnx = NnxRuntime::try_port_from((&linen,))?;
    assert_eq!(nnx.seed, 0);
    assert_is_mapped(&linen.to_variables().subtree("params")?.nest("a"), &nnx);
    Ok(())
}
