//! From Linen to NNX: the traits of a port, the checks that the compiler runs, and the port along a mapping at run time.

mod checked;
mod claims;
mod diagnosis;
mod from;
mod layers;
mod mapping;
mod pairs;
mod plan;
mod problems;
mod resolve;
mod runtime;
mod same;
mod walk;

pub use checked::{Checked, checked};
pub use diagnosis::{Diagnosis, diagnose};
pub use from::{PortFrom, Source, TryPortFrom};
pub use mapping::Mapping;
pub use pairs::{Mapped, Pairs};
pub use plan::{NnxLayer, Order, Origin, Plan, Planned};
pub use problems::Problems;
pub use runtime::port;
pub use same::{SameAxis, SameEpsilon, SameFeatures, SameInputs, SameOutputs, Sizes};
