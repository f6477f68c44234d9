//! Checkpoint files that Python wrote, and what Python reads.

mod leaves;
mod msgpack;
#[cfg(feature = "npz")]
mod npz;
mod safetensors;
