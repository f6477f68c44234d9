//! Checkpoint files that Python wrote, and what Python reads.

mod layout;
mod msgpack;
