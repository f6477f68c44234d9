//! The derives of [mlpport](https://docs.rs/mlpport), which documents them: `CompactModule` for the Linen side, `NnxModule`
//! for the NNX side.
//!
//! This crate is not for use on its own: what the derives write refers to the crate `mlpport`.

#![forbid(unsafe_code)]

mod ast;
mod attr;
mod compact;
mod errors;
mod forward;
mod from;
mod generics;
#[cfg(test)]
mod golden;
mod names;
mod nnx;
mod port;
mod state;
mod stub;
mod types;
mod valid;

use proc_macro::TokenStream;
use syn::{DeriveInput, parse_macro_input};

/// Makes a struct a Linen module.
#[doc = include_str!("../docs/compact_module.md")]
#[proc_macro_derive(CompactModule, attributes(compact))]
pub fn compact_module(input: TokenStream) -> TokenStream {
    compact::expand(&parse_macro_input!(input as DeriveInput)).into()
}

/// Makes a struct an NNX module, and writes the port from a Linen one.
#[doc = include_str!("../docs/nnx_module.md")]
#[proc_macro_derive(NnxModule, attributes(port))]
pub fn nnx_module(input: TokenStream) -> TokenStream {
    nnx::expand(&parse_macro_input!(input as DeriveInput)).into()
}
