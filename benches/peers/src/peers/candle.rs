//! candle: `candle_nn::Linear`, whose weight is `(outputs, inputs)`.

use candle_core::{Device, Storage, Tensor};
use candle_nn::{Linear, Module};

use super::local;
use crate::Result;
use crate::contest::Contestant;
use crate::mlp::Mlp;

pub(super) const NAME: &str = "candle";

pub(super) fn contestants(mlp: &Mlp) -> Result<Vec<Box<dyn Contestant>>> {
    let cpu = Device::Cpu;
    let mut layers = Vec::new();
    for layer in &mlp.layers {
        let kernel = Tensor::from_slice(&layer.kernel, (layer.inputs, layer.outputs), &cpu)?;
        let bias = Tensor::from_slice(&layer.bias, layer.outputs, &cpu)?;
        layers.push(Linear::new(kernel.t()?.contiguous()?, Some(bias)));
    }
    let input = Tensor::from_slice(&mlp.input, (mlp.batch, mlp.layers[0].inputs), &cpu)?;
    Ok(vec![local(NAME, move |sink| {
        let mut x = input.clone();
        for (index, layer) in layers.iter().enumerate() {
            if index > 0 {
                x = x.relu()?;
            }
            x = layer.forward(&x)?;
        }
        match &*x.storage_and_layout().0 {
            Storage::Cpu(storage) => sink(storage.as_slice()?),
            _ => return Err("the output is not in this memory".into()),
        }
        Ok(())
    })])
}
