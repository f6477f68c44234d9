//! Checkpoint files that Python wrote, and what Python reads; broken files, and saves that are interrupted.

mod crash;
mod directories;
mod layout;
mod leaves;
mod msgpack;
mod mutations;
#[cfg(feature = "npz")]
mod npz;
#[cfg(feature = "orbax")]
mod orbax;
mod safetensors;

use mlpport::Format;

/// The formats of this build.
fn formats() -> impl Iterator<Item = Format> {
    Format::ALL.iter().copied().filter(|format| match format {
        Format::Npz | Format::Npy => cfg!(feature = "npz"),
        Format::Orbax => cfg!(feature = "orbax"),
        _ => true,
    })
}
