//! An activation of the user without its mark.

use mlpport::prelude::*;

#[derive(Default)]
struct Square;

impl Activation for Square {
    const NAME: &'static str = "square";

    fn apply<D: ndarray::Dimension>(&self, x: ndarray::Array<f32, D>) -> ndarray::Array<f32, D> {
        mlpport::activation::map(x, |x| x * x)
    }
}

#[derive(CompactModule)]
struct LinenMlp {
    hidden: Dense<4, 8>,
    square: Square,
}

fn main() {}
