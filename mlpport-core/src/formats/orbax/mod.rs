//! Orbax, the checkpoints of JAX: a directory with a structure and an array store.

mod store;

/// The name of the format in errors.
const NAME: &str = "orbax";
