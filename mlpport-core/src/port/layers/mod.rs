//! The ports of the layers into their twins.

mod linear;
mod norm;
mod param;
