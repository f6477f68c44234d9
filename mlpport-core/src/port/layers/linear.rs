//! `linen::Dense` into `nnx::Linear`, and that packed.

use crate::linen::Dense;
use crate::nnx::{CompressedLinear, Linear, PackedLinear};
use crate::params::{LinearParams, SameBias, UseBias};
use crate::port::same::{SameInputs, SameOutputs, Sizes};
use crate::port::{Mapped, PortFrom, Problems, TryPortFrom};

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
        let kernel_fits = problems.fits("kernel", &[I, O], kernel.shape());
        let bias_fits = bias.array().is_none_or(|bias| problems.fits("bias", &[O], bias.shape()));
        if !(kernel_fits && bias_fits) {
            return None;
        }
        LinearParams::new(kernel, bias.same()).map(Self::from).ok()
    }
}

impl<'a, const J: usize, const P: usize, C: UseBias, const I: usize, const O: usize, B: UseBias>
    PortFrom<&'a Dense<J, P, C>> for Linear<I, O, B>
where
    Self: PortFrom<Dense<J, P, C>>,
{
    fn port_from(source: &'a Dense<J, P, C>) -> Self {
        Self::port_from(source.clone())
    }
}

impl<const I: usize, const O: usize, B> Mapped for Linear<I, O, B> {}

/// By way of the port into `Linear`, whose kernel is packed then.
macro_rules! ports_as_linear {
    ($($layer:ident)+) => {$(
        impl<S, const I: usize, const O: usize, B: UseBias> PortFrom<S> for $layer<I, O, B>
        where
            Linear<I, O, B>: PortFrom<S>,
        {
            fn port_from(source: S) -> Self {
                Linear::port_from(source).into()
            }
        }

        impl<S, const I: usize, const O: usize, B: UseBias> TryPortFrom<S> for $layer<I, O, B>
        where
            Linear<I, O, B>: TryPortFrom<S>,
        {
            fn checked_port(source: S, problems: &mut Problems<'_>) -> Option<Self> {
                Linear::checked_port(source, problems).map(Self::from)
            }
        }

        impl<const I: usize, const O: usize, B> Mapped for $layer<I, O, B> {}
    )+};
}

ports_as_linear!(PackedLinear CompressedLinear);
