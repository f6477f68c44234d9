//! The tests of the whole: one binary, one module a topic.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs)]

mod consistency;
mod derive;
mod errors;
mod formats;
mod jax_init;
mod mapping;
mod names;
mod parity;
mod samples;
mod seed;
mod ui;
