//! The model that is loaded: 16 layers of 4096 × 4096, a GiB.

use mlpport::ndarray::{Array1, Array2};
use mlpport::prelude::*;

/// Inputs and outputs of a layer.
pub const WIDTH: usize = 4096;

/// Layers.
pub const DEPTH: usize = 16;

#[derive(CompactModule)]
pub struct LinenDeep {
    pub layers: [Dense<WIDTH, WIDTH>; 16],
}

#[derive(NnxModule)]
#[port(source = LinenDeep)]
pub struct NnxDeep {
    #[port(from = "Dense_0..16")]
    pub layers: [Linear<WIDTH, WIDTH>; 16],
}

/// A model whose numbers are all different enough for a wrong offset to be seen.
///
/// # Errors
///
/// None that is known: the shapes are right.
pub fn linen() -> crate::Result<LinenDeep> {
    let layers: crate::Result<Vec<Dense<WIDTH, WIDTH>>> = (0..DEPTH)
        .map(|layer| {
            let kernel = Array2::from_shape_fn((WIDTH, WIDTH), |(row, column)| value(layer, row, column));
            let bias = Array1::from_shape_fn(WIDTH, |column| value(layer, WIDTH, column));
            Ok(Dense::new(kernel, bias)?)
        })
        .collect();
    Ok(LinenDeep { layers: layers?.try_into().map_err(|_| "another number of layers")? })
}

/// An element of a kernel, or of the bias, which stands as its last row.
pub fn value(layer: usize, row: usize, column: usize) -> f32 {
    (layer * 31 + row * 7 + column) as f32 / 4096.0
}
