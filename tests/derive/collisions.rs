//! Names that generated code must not take for one another.

use mlpport::prelude::*;

use super::{assert_is_mapped, assert_port, numbered, variables};

/// Its fields are called as generated code may call its variables.
#[derive(CompactModule)]
#[compact(setup)]
struct LinenNames {
    row: Dense,
    source: Dense<2, 2>,
    problems: Dense<2, 2>,
    x: Dense<2, 2>,
    reader: Dense<2, 2>,
    writer: Dense<2, 2>,
    pairs: Dense<2, 2>,
}

#[derive(NnxModule)]
#[port(source = LinenNames)]
struct NnxNames {
    #[port(from = "row", runtime)]
    problems: Linear<2, 2>,
    #[port(from = "source")]
    params: Linear<2, 2>,
    #[port(from = "problems")]
    source: Linear<2, 2>,
    #[port(from = "x")]
    ported: Linear<2, 2>,
    #[port(from = "reader")]
    x: Linear<2, 2>,
    #[port(from = "writer")]
    reader: Linear<2, 2>,
    #[port(from = "pairs")]
    pairs: Linear<2, 2>,
    #[port(skip)]
    skipped: u8,
}

#[test]
fn fields_may_be_called_as_local_variables_of_generated_code() -> mlpport::Result<()> {
    let linen = numbered::<LinenNames>();
    let mut nnx = NnxNames::try_port_from(&linen)?;
    assert_is_mapped(&linen.to_variables(), &nnx);
    nnx.skipped = 7;
    nnx.try_assign_from(linen)?;
    assert_eq!(nnx.skipped, 7);
    Ok(())
}

#[derive(CompactModule)]
struct LinenGenerics<const STRUCTURE: usize, const CHECK: usize, D: UseBias> {
    dense: Dense<STRUCTURE, CHECK, D>,
}

#[derive(NnxModule)]
#[port(source = LinenGenerics<STRUCTURE, DIAGNOSIS, L>)]
struct NnxGenerics<const STRUCTURE: usize, const DIAGNOSIS: usize, L: UseBias> {
    #[port(from = "Dense_0")]
    dense: Linear<STRUCTURE, DIAGNOSIS, L>,
}

#[test]
fn parameters_may_be_called_as_constants_of_generated_code() {
    assert_port::<LinenGenerics<2, 3, NoBias>, NnxGenerics<2, 3, NoBias>>();
}

#[derive(CompactModule)]
#[compact(setup)]
struct LinenUnderscores {
    x_y_0: Pair,
    x: Inner,
}

#[derive(CompactModule)]
#[compact(setup)]
struct Inner {
    y_0: Pair,
}

#[derive(CompactModule)]
struct Pair {
    first: Dense<2, 2>,
    second: Dense<2, 2>,
}

#[derive(NnxModule)]
#[port(source = LinenUnderscores, ignore = "x_y_0/Dense_1", ignore = "x/y_0/Dense_0")]
struct NnxUnderscores {
    #[port(from = "x_y_0/Dense_0")]
    a: Linear<2, 2>,
    #[port(from = "x/y_0/Dense_1")]
    b: Linear<2, 2>,
}

#[test]
fn paths_that_differ_in_a_slash_are_two() {
    assert_port::<LinenUnderscores, NnxUnderscores>();
}

#[derive(NnxModule)]
struct NnxElements {
    layers: [Linear<2, 2>; 2],
    layers_0: Linear<2, 2>,
}

#[test]
fn an_element_is_another_thing_than_a_field_with_a_number() -> mlpport::Result<()> {
    let leaves: &[(&str, &[usize])] = &[
        ("layers/0/bias", &[2]),
        ("layers/0/kernel", &[2, 2]),
        ("layers/1/bias", &[2]),
        ("layers/1/kernel", &[2, 2]),
        ("layers_0/bias", &[2]),
        ("layers_0/kernel", &[2, 2]),
    ];
    let state = variables(leaves);
    let nnx = NnxElements::from_variables(state.clone())?;
    assert_eq!(nnx.to_variables(), state);
    assert_eq!(nnx.layers_0.kernel()[[0, 0]], 15.0);
    Ok(())
}

#[derive(CompactModule)]
#[compact(setup)]
struct LinenRuntime {
    b_c: Dense,
    c: Dense,
}

#[derive(NnxModule)]
#[port(source = LinenRuntime)]
struct NnxRuntime {
    #[port(from = "b_c", runtime)]
    a: Linear<2, 2>,
    #[port(from = "c", runtime)]
    a_b: Linear<2, 2>,
}

#[test]
fn a_field_and_a_path_are_not_run_together() -> mlpport::Result<()> {
    let linen = numbered::<LinenRuntime>();
    assert_is_mapped(&linen.to_variables(), &NnxRuntime::try_port_from(&linen)?);
    Ok(())
}

#[derive(CompactModule)]
#[compact(setup)]
struct LinenCollections {
    params: Dense<2, 2>,
    batch_stats: Dense<2, 2>,
}

#[derive(NnxModule)]
#[port(source = LinenCollections)]
struct NnxCollections {
    #[port(from = "params")]
    a: Linear<2, 2>,
    #[port(from = "batch_stats")]
    b: Linear<2, 2>,
}

#[test]
fn a_submodule_may_be_called_as_a_collection() {
    assert_port::<LinenCollections, NnxCollections>();
}

#[derive(CompactModule)]
#[compact(manual_forward)]
struct LinenSlash {
    #[compact(name = "Pair_0/Dense_0")]
    slash: Dense<2, 2>,
    pair: Pair,
}

#[derive(NnxModule)]
#[port(source = LinenSlash, any_order)]
struct NnxSlash {
    #[port(from = r"Pair_0\/Dense_0")]
    slash: Linear<2, 2>,
    #[port(from = "Pair_0/Dense_0")]
    first: Linear<2, 2>,
    #[port(from = "Pair_0/Dense_1")]
    second: Linear<2, 2>,
}

#[test]
fn a_slash_in_a_name_is_escaped() {
    let nnx = assert_port::<LinenSlash, NnxSlash>();
    assert_eq!(nnx.slash.kernel(), numbered::<LinenSlash>().slash.kernel());
}
