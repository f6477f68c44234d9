//! Checkpoint files that Python wrote, and what Python reads.

mod directories;
mod msgpack;
