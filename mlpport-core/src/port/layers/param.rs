//! A raw parameter into a raw parameter.

use crate::params::Param;
use crate::port::same::{SameAxis, Sizes};
use crate::port::{Mapped, PortFrom, Problems, TryPortFrom};

impl<
    const A: usize,
    const B: usize,
    const C: usize,
    const D: usize,
    const E: usize,
    const F: usize,
    const G: usize,
    const H: usize,
> PortFrom<Param<A, B, C, D>> for Param<E, F, G, H>
where
    Sizes: SameAxis<0, A, E, Then: SameAxis<1, B, F, Then: SameAxis<2, C, G, Then: SameAxis<3, D, H>>>>,
{
    fn port_from(source: Param<A, B, C, D>) -> Self {
        source.same_as()
    }
}

impl<
    const A: usize,
    const B: usize,
    const C: usize,
    const D: usize,
    const E: usize,
    const F: usize,
    const G: usize,
    const H: usize,
> TryPortFrom<Param<A, B, C, D>> for Param<E, F, G, H>
{
    fn checked_port(source: Param<A, B, C, D>, problems: &mut Problems<'_>) -> Option<Self> {
        let value = source.into_value();
        if problems.fits("value", &Self::axes(), value.shape()) { Self::new(value).ok() } else { None }
    }
}

impl<const A: usize, const B: usize, const C: usize, const D: usize> Mapped for Param<A, B, C, D> {}
