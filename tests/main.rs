//! The tests of the whole: one binary, one module a topic.

mod ui;
