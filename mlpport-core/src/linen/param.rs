//! `self.param(name, …)` of a Linen module.

use crate::linen::Submodule;
use crate::params::Param;

impl<const A: usize, const B: usize, const C: usize, const D: usize> Submodule for Param<A, B, C, D> {}
