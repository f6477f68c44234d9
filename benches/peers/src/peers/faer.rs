//! faer: the product is added to the bias, in buffers that are there already. With one thread and with all.

use faer::linalg::matmul::matmul;
use faer::{Accum, MatMut, MatRef, Par};

use super::{Buffers, local};
use crate::Result;
use crate::contest::Contestant;
use crate::machine::cores;
use crate::mlp::{Layer, Mlp};

pub(super) const NAME: &str = "faer";

pub(super) fn contestants(mlp: &Mlp) -> Result<Vec<Box<dyn Contestant>>> {
    let with = |par| {
        let mut buffers = Buffers::new(mlp);
        local(NAME, move |sink| {
            sink(buffers.forward(|layer, x, y| multiply(layer, x, y, par)));
            Ok(())
        })
    };
    Ok(vec![with(Par::Seq), with(Par::rayon(cores()))])
}

fn multiply(layer: &Layer, x: &[f32], y: &mut [f32], par: Par) {
    let (inputs, outputs) = (layer.inputs, layer.outputs);
    let batch = y.len() / outputs;
    matmul(
        MatMut::from_row_major_slice_mut(y, batch, outputs),
        Accum::Add,
        MatRef::from_row_major_slice(x, batch, inputs),
        MatRef::from_row_major_slice(&layer.kernel, inputs, outputs),
        1.0,
        par,
    );
}
