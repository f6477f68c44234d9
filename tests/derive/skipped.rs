//! Fields that no checkpoint holds.

use mlpport::prelude::*;

use super::{assert_port, bias, kernel, numbered};

/// Counts, and has no parameters.
#[derive(Debug, PartialEq)]
struct Seed(u32);

impl Default for Seed {
    fn default() -> Self {
        Self(1)
    }
}

#[derive(CompactModule)]
struct LinenSkip {
    #[compact(skip)]
    seed: Seed,
    hidden: Dense<2, 3>,
    #[compact(skip = format!("{}-{}", "a", 1))]
    label: String,
}

#[derive(NnxModule)]
#[port(source = LinenSkip)]
struct NnxSkip {
    #[port(from = "Dense_0")]
    fc: Linear<2, 3>,
    #[port(skip)]
    seed: Seed,
    #[port(skip = vec![1, 2, 3])]
    history: Vec<u32>,
}

#[test]
fn a_skipped_field_is_made_by_default_or_by_its_expression() {
    let linen = numbered::<LinenSkip>();
    assert_eq!((&linen.seed, linen.label.as_str()), (&Seed(1), "a-1"));
    assert_eq!(LinenSkip::NAMES, ["Dense_0"]);
    let nnx = assert_port::<LinenSkip, NnxSkip>();
    assert_eq!((nnx.seed, nnx.history), (Seed(1), vec![1, 2, 3]));
}

#[test]
fn a_skipped_field_is_made_when_variables_are_read() -> mlpport::Result<()> {
    let state = NnxSkip::port_from(numbered::<LinenSkip>()).to_variables();
    let nnx = NnxSkip::from_variables(state)?;
    assert_eq!((nnx.seed, nnx.history), (Seed(1), vec![1, 2, 3]));
    Ok(())
}

#[test]
fn assigning_keeps_skipped_fields() {
    let linen = numbered::<LinenSkip>();
    let mut nnx = NnxSkip::port_from(&linen);
    nnx.fc = Linear::new(kernel(2, 3, 0.0), bias(3, 0.0)).unwrap();
    nnx.seed = Seed(42);
    nnx.history.push(4);
    nnx.assign_from(&linen);
    assert_eq!((&nnx.seed, &nnx.history[..]), (&Seed(42), &[1, 2, 3, 4][..]));
    assert_eq!(nnx.fc.kernel(), linen.hidden.kernel());
    nnx.assign_from(linen);
    assert_eq!((nnx.seed, nnx.history.len()), (Seed(42), 4));
}

#[derive(CompactModule)]
struct LinenOuter {
    skip: LinenSkip,
    squares: [LinenSquare; 2],
}

#[derive(CompactModule)]
struct LinenSquare {
    dense: Dense<3, 3>,
}

#[derive(NnxModule)]
#[port(source = LinenSquare)]
struct NnxSquare {
    #[port(from = "Dense_0")]
    fc: Linear<3, 3>,
    #[port(skip)]
    seed: Seed,
}

#[derive(NnxModule)]
#[port(source = LinenOuter)]
struct NnxOuter {
    #[port(from = "LinenSkip_0")]
    skip: NnxSkip,
    #[port(from = "LinenSquare_0..2")]
    squares: [NnxSquare; 2],
}

#[test]
fn assigning_keeps_skipped_fields_of_nested_modules() {
    let linen = numbered::<LinenOuter>();
    let mut nnx = NnxOuter::port_from(&linen);
    nnx.skip.seed = Seed(42);
    nnx.squares[1].seed = Seed(43);
    nnx.squares[1].fc = Linear::new(kernel(3, 3, 0.0), bias(3, 0.0)).unwrap();
    nnx.assign_from(&linen);
    assert_eq!((&nnx.skip.seed, &nnx.squares[1].seed), (&Seed(42), &Seed(43)));
    assert_eq!(nnx.squares[1].fc.kernel(), linen.squares[1].dense.kernel());
    nnx.assign_from(linen);
    assert_eq!(nnx.squares.map(|square| square.seed), [Seed(1), Seed(43)]);
}

const LENGTH: usize = 3;

#[derive(CompactModule)]
struct LinenExpressions<const N: usize> {
    hidden: Dense<2, N>,
    #[compact(skip = [7; N])]
    repeated: [u8; N],
    #[compact(skip)]
    zeros: [u8; LENGTH],
}

#[derive(NnxModule)]
#[port(source = LinenExpressions<N>)]
struct NnxExpressions<const N: usize> {
    #[port(from = "Dense_0")]
    fc: Linear<2, N>,
    #[port(skip = [N; N])]
    repeated: [usize; N],
    #[port(skip = { let half = N / 2; if half > 0 { half } else { 1 } })]
    block: usize,
    #[port(skip = match N { 0 => "none", _ => "some" })]
    matched: &'static str,
    #[port(skip = |x| x + 1)]
    closure: fn(u32) -> u32,
    #[port(skip = Vec::<u8>::with_capacity(N),)]
    turbofish: Vec<u8>,
    #[port(skip = (-1, 1.5_f32))]
    tuple: (i32, f32),
}

#[test]
fn any_expression_makes_a_skipped_field() {
    let linen = numbered::<LinenExpressions<4>>();
    assert_eq!((linen.repeated, linen.zeros), ([7; 4], [0; 3]));
    let nnx = assert_port::<LinenExpressions<4>, NnxExpressions<4>>();
    assert_eq!((nnx.repeated, nnx.block, nnx.matched, (nnx.closure)(2)), ([4; 4], 2, "some", 3));
    assert_eq!((nnx.turbofish, nnx.tuple), (vec![], (-1, 1.5)));
}
