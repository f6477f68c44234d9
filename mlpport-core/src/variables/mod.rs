//! Flax variables: a tree of named entries, kept flat and in order.
//!
//! [`Variables`] is what a checkpoint holds: `{"params": {"Dense_0": {"kernel": …}}}` in Python is here a map from the
//! [`Path`] `params/Dense_0/kernel` to an [`Entry`]. The first names of Linen variables are their collections, such as
//! `params` and `batch_stats`.

mod display;
mod entry;
mod nearest;
mod path;
mod subtree;
#[cfg(test)]
mod tests;
mod tree;
mod view;

pub use entry::{Entry, Value};
pub use path::Path;
pub use tree::Variables;
