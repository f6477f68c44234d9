//! `self.param(name, …)` of a Linen module.

use crate::linen::{Duplicate, Submodule};
use crate::params::Param;

impl<const A: usize, const B: usize, const C: usize, const D: usize> Duplicate for Param<A, B, C, D> {
    fn duplicate(&self) -> Self {
        self.clone()
    }
}

impl<const A: usize, const B: usize, const C: usize, const D: usize> Submodule for Param<A, B, C, D> {}
