//! Orbax, the checkpoints of JAX: a directory with a structure and an array store.
//!
//! Read are the directories of `StandardCheckpointer` and `PyTreeCheckpointer`, and the steps and roots of
//! `CheckpointManager`, with arrays in zarr2 and zarr3, as files or in an OCDBT store, and those of old versions of Orbax,
//! which have their tree in a file `checkpoint`. Of a root, it is the latest step that is opened, and of a step the item
//! `default`, or the only one that is a tree: [`OpenOptions`](super::OpenOptions) names others.
//!
//! A list is read as a dict with the names `0`, `1`, …. A number of Python becomes one again, and one of numpy a
//! [`Value::Scalar`](crate::variables::Value::Scalar). The keys of `jax.random.key` are read as their numbers, `uint32`.
//!
//! What is written is zarr2 without compression, as files: see [`SaveOptions`](super::SaveOptions).
//!
//! # Restoring in Python
//!
//! | written | restored by |
//! |---|---|
//! | any variables | `ocp.StandardCheckpointer().restore(path)`, `ocp.PyTreeCheckpointer().restore(path)` |
//! | with [`step(n)`](super::SaveOptions::step) | `ocp.CheckpointManager(path).restore(n, args=ocp.args.StandardRestore())` |
//! | the parameters of an NNX model | `state.replace_by_pure_dict(nnx.restore_int_paths(restored))` |
//! | the same, with [`nnx_state`](super::SaveOptions::nnx_state) | `nnx.merge(graph, checkpointer.restore(path, state))`, where `graph, state = nnx.split(model)` |

mod aggregate;
mod find;
mod json;
mod metadata;
mod ocdbt;
mod read;
mod store;
mod strings;
#[cfg(test)]
mod tests;
mod write;
mod zarr;

pub(super) use find::is_orbax;
pub(super) use read::index;
pub(super) use write::write;

/// The name of the format in errors.
const NAME: &str = "orbax";
