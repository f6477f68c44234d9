//! The ports of the layers into their twins.

use super::same::{SameAxis, SameInputs, SameOutputs, Sizes};
use super::{Mapped, PortFrom, Problems, TryPortFrom};
use crate::error::Error;
use crate::linen::Dense;
use crate::nnx::Linear;
use crate::params::{LinearParams, Param, SameBias, UseBias};

impl<const J: usize, const P: usize, C, const I: usize, const O: usize, B> PortFrom<Dense<J, P, C>> for Linear<I, O, B>
where
    Sizes: SameInputs<J, I, Then: SameOutputs<P, O>>,
    C: UseBias + SameBias<B>,
    B: UseBias,
{
    fn port_from(source: Dense<J, P, C>) -> Self {
        source.into_params().same_as().into()
    }
}

impl<const J: usize, const P: usize, C, const I: usize, const O: usize, B> TryPortFrom<Dense<J, P, C>>
    for Linear<I, O, B>
where
    C: UseBias + SameBias<B>,
    B: UseBias,
{
    fn checked_port(source: Dense<J, P, C>, problems: &mut Problems<'_>) -> Option<Self> {
        let (kernel, bias) = source.into_params().into_parts();
        noted(LinearParams::new(kernel, bias.same()), problems).map(Self::from)
    }
}

impl<const I: usize, const O: usize, B> Mapped for Linear<I, O, B> {}

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
        noted(Self::new(source.into_value()), problems)
    }
}

impl<const A: usize, const B: usize, const C: usize, const D: usize> Mapped for Param<A, B, C, D> {}

impl<'a, const J: usize, const P: usize, C: UseBias, const I: usize, const O: usize, B: UseBias>
    PortFrom<&'a Dense<J, P, C>> for Linear<I, O, B>
where
    Self: PortFrom<Dense<J, P, C>>,
{
    fn port_from(source: &'a Dense<J, P, C>) -> Self {
        Self::port_from(source.clone())
    }
}

/// A wrong shape becomes a problem of the port.
fn noted<T>(made: crate::Result<T>, problems: &mut Problems<'_>) -> Option<T> {
    match made {
        Ok(made) => Some(made),
        Err(Error::Shape { name, expected, found }) => {
            problems.shape(&name, &expected, &found);
            None
        }
        Err(_) => None,
    }
}
