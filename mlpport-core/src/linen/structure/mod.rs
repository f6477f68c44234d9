//! What a Linen module is made of, as constants: the ground on which the compiler checks a port.
//!
//! Everything here is evaluated when a user's crate is compiled. A check that fails panics in a constant, at the token
//! that the derive hands in as the caller's place.

mod check;
mod gate;
mod message;
mod step;

pub use check::{Structure, check, wrong_size};
pub use gate::{Checks, LinenLayer, Passed};
pub use message::Message;
pub use step::{AnyActivation, EMPTY, Kind, Step, SubmoduleStep, extend_hash, hash, inputs, outputs, same_text};
