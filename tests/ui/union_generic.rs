//! A union.

use mlpport::prelude::*;

#[derive(NnxModule)]
union NnxMlp<const IN: usize, const OUT: usize> {
    hidden: std::mem::ManuallyDrop<Linear<IN, OUT>>,
}

fn main() {}
