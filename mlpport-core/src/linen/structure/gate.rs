//! The gate between the checks of a struct and the code that builds on them.

use crate::linen::Submodule;
use crate::ops::Forward;

/// Carries the outcome of a struct's checks into the bounds of its impls.
#[derive(Debug)]
pub struct Checks;

/// The checks of a struct have passed.
///
/// `OK` is their outcome, a constant of the generated code. Where they ended in an error it has no value, and the compiler
/// says nothing about an impl that is bounded by it: one mistake is one error.
pub trait Passed<const OK: bool> {}

impl Passed<true> for Checks {}

/// A field of a Linen module whose forward is derived.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a Linen layer that a derived `forward` can run",
    label = "expected a layer of `mlpport::linen`, or a struct with `#[derive(CompactModule)]`",
    note = "mark an activation of your own `#[compact(activation)]`, other data `#[compact(skip)]`",
    note = "a module with a hand-written forward implements `Forward`, or its parent is `#[compact(manual_forward)]`, too"
)]
pub trait LinenLayer: Submodule + Forward {}

#[diagnostic::do_not_recommend]
impl<T: Submodule + Forward> LinenLayer for T {}
