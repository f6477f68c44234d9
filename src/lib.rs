#![doc = include_str!("../README.md")]
#![forbid(unsafe_code)]

pub use mlpport_core::formats::{self, Checkpoint, Format, OpenOptions, SaveOptions, load, save};
pub use mlpport_core::ops::activation;
pub use mlpport_core::params::{self, Param};
pub use mlpport_core::port::{self, Mapped, Mapping, PortFrom, TryPortFrom, port};
pub use mlpport_core::tensor::{self, DType, DYN, Tensor};
pub use mlpport_core::variables::{self, Path, Variables};
pub use mlpport_core::{Error, Result, error, init, linen, ndarray, nnx, ops, random};
pub use mlpport_derive::{CompactModule, NnxModule};
pub use seed::{Seed, port_mlp};

mod seed;

/// What a model needs: the derives, the traits, the layers, the activations.
pub mod prelude {
    pub use mlpport_core::linen::{self, CompactModule, Dense};
    pub use mlpport_core::nnx::{self, Linear, NnxModule};
    pub use mlpport_core::ops::Forward;
    pub use mlpport_core::ops::activation::{
        Activation, Celu, Elu, Gelu, Glu, HardSigmoid, HardSilu, HardSwish, HardTanh, Identity, LeakyRelu, LogSigmoid,
        LogSoftmax, Mish, Relu, Relu6, Selu, Sigmoid, Silu, SoftSign, Softmax, Softplus, SparsePlus, SparseSigmoid,
        SquarePlus, Standardize, Swish, Tanh, parameter,
    };
    pub use mlpport_core::params::{Bias, NoBias, Param, UseBias};
    pub use mlpport_core::port::{Mapped, PortFrom, TryPortFrom};
    pub use mlpport_core::tensor::DYN;
    pub use mlpport_core::variables::Variables;
    pub use mlpport_derive::{CompactModule, NnxModule};
}

/// What the derives refer to. Not for use by hand: it changes without notice.
#[doc(hidden)]
pub mod __private {
    pub use mlpport_core::linen::structure::{AnyActivation, Checks, Passed, Step, Structure, check, inputs, outputs};
    pub use mlpport_core::linen::{CompactModule, Submodule};
    pub use mlpport_core::nnx::NnxModule;
    pub use mlpport_core::ops::activation::Activation;
    pub use mlpport_core::ops::{Forward, Run};
    pub use mlpport_core::params::{Bias, Build, Init, Reader, State, Submodules, Writer, duplicate, overwrite_all};
    pub use mlpport_core::port::{
        Diagnosis, Mapped, Order, Origin, Pairs, Plan, Planned, PortFrom, Problems, Source, TryPortFrom, checked,
        diagnose,
    };
    pub use mlpport_core::{Result, ndarray};
}

/// Two parameters of a type with two values may share a stand-in: then the port itself is where they are compared.
///
/// ```compile_fail,E0080
/// use mlpport::prelude::*;
///
/// #[derive(CompactModule)]
/// struct LinenMlp<const A: bool> {
///     hidden: Dense,
///     gelu: Gelu<A>,
/// }
///
/// #[derive(NnxModule)]
/// #[port(source = LinenMlp<A>)]
/// struct NnxMlp<const A: bool, const B: bool> {
///     #[port(from = "Dense_0")]
///     fc1: Linear,
///     gelu: Gelu<B>,
/// }
///
/// fn port(linen: LinenMlp<true>) -> NnxMlp<true, false> {
///     NnxMlp::port_from(linen)
/// }
/// # let variables = Variables::new();
/// # let _ = LinenMlp::from_variables(variables).map(port);
/// ```
#[cfg(doctest)]
struct ComparedWhenUsed;
