//! gemm, raw: the product is added to the bias, in buffers that are there already. With one thread and with all.

use gemm::Parallelism;

use super::{Buffers, local};
use crate::Result;
use crate::contest::Contestant;
use crate::machine::cores;
use crate::mlp::{Layer, Mlp};

pub(super) const NAME: &str = "gemm";

pub(super) fn contestants(mlp: &Mlp) -> Result<Vec<Box<dyn Contestant>>> {
    let with = |parallelism| {
        let mut buffers = Buffers::new(mlp);
        local(NAME, move |sink| {
            sink(buffers.forward(|layer, x, y| multiply(layer, x, y, parallelism)));
            Ok(())
        })
    };
    Ok(vec![with(Parallelism::None), with(Parallelism::Rayon(cores()))])
}

fn multiply(layer: &Layer, x: &[f32], y: &mut [f32], parallelism: Parallelism) {
    let (inputs, outputs) = (layer.inputs, layer.outputs);
    let batch = y.len() / outputs;
    assert!(x.len() == batch * inputs && layer.kernel.len() == inputs * outputs);
    // SAFETY: the three matrices, in C order, have as many elements as was asserted.
    unsafe {
        gemm::gemm(
            batch,
            outputs,
            inputs,
            y.as_mut_ptr(),
            1,
            outputs as isize,
            true,
            x.as_ptr(),
            1,
            inputs as isize,
            layer.kernel.as_ptr(),
            1,
            outputs as isize,
            1.0,
            1.0,
            false,
            false,
            false,
            parallelism,
        );
    }
}
