//! Checkpoint files that Python wrote, and what Python reads.

mod msgpack;
#[cfg(feature = "orbax")]
mod orbax;
