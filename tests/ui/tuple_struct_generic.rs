//! A struct without field names.

use mlpport::prelude::*;

#[derive(NnxModule)]
struct NnxMlp<const IN: usize, const OUT: usize>(Linear<IN, OUT>, Relu);

fn main() {}
