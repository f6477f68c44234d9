//! The tests of the whole: one binary, one module a topic.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs)]

mod derive;
mod formats;
mod names;
mod parity;
mod ui;
