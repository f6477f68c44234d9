//! burn, with the backend burn-flex: its operations, without what `burn::tensor::Tensor` puts around them.

use burn_backend::TensorData;
use burn_backend::ops::{ActivationOps, FloatTensorOps};
use burn_flex::{Flex, FlexDevice, FlexTensor};

use super::local;
use crate::Result;
use crate::contest::Contestant;
use crate::mlp::Mlp;

pub(super) const NAME: &str = "burn-flex";

pub(super) fn contestants(mlp: &Mlp) -> Result<Vec<Box<dyn Contestant>>> {
    let device = FlexDevice;
    let tensor = |values: &[f32], shape: [usize; 2]| -> FlexTensor {
        Flex::float_from_data(TensorData::new(values.to_vec(), shape), &device)
    };
    let layers: Vec<_> = mlp
        .layers
        .iter()
        .map(|layer| (tensor(&layer.kernel, [layer.inputs, layer.outputs]), tensor(&layer.bias, [1, layer.outputs])))
        .collect();
    let input = tensor(&mlp.input, [mlp.batch, mlp.layers[0].inputs]);
    Ok(vec![local(NAME, move |sink| {
        let mut x = input.clone();
        for (index, (kernel, bias)) in layers.iter().enumerate() {
            if index > 0 {
                x = Flex::relu(x);
            }
            x = Flex::float_add(Flex::float_matmul(x, kernel.clone()), bias.clone());
        }
        sink(x.as_slice().ok_or("the output is not in standard layout")?);
        Ok(())
    })])
}
