//! The arrays that layers hold, checked against the sizes in their types, and the way between them and
//! [`Variables`](crate::variables::Variables).
//!
//! Both sides hold the same arrays: a port moves one of these structs from a Linen layer into its NNX twin.

mod bias;
mod init;
mod layer_sizes;
mod linear;
mod linear_layer;
mod norm;
mod norm_layer;
mod param;
mod placed;
mod reader;
mod state;
mod submodules;
mod summary;
mod writer;

pub use bias::{Bias, NoBias, SameBias, UseBias};
pub use init::Init;
pub use layer_sizes::LayerSizes;
pub use linear::LinearParams;
pub(crate) use linear::write_linear;
pub(crate) use linear_layer::linear_layer;
pub use norm::{BatchNormParams, LayerNormParams};
pub(crate) use norm_layer::norm_layer;
pub use param::{NO_AXIS, Param};
pub use reader::Reader;
pub use state::{Side, State, duplicate, overwrite_all};
pub use submodules::{Build, Submodules};
pub use summary::Summary;
pub use writer::Writer;
