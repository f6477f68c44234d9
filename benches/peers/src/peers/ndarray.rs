//! ndarray: `x.dot(&kernel) + &bias`.

use ndarray::{Array1, Array2};

use super::local;
use crate::Result;
use crate::contest::Contestant;
use crate::mlp::Mlp;

pub(super) const NAME: &str = "ndarray";

pub(super) fn contestants(mlp: &Mlp) -> Result<Vec<Box<dyn Contestant>>> {
    let mut layers = Vec::new();
    for layer in &mlp.layers {
        let kernel = Array2::from_shape_vec((layer.inputs, layer.outputs), layer.kernel.clone())?;
        layers.push((kernel, Array1::from_vec(layer.bias.clone())));
    }
    let input = Array2::from_shape_vec((mlp.batch, mlp.layers[0].inputs), mlp.input.clone())?;
    Ok(vec![local(NAME, move |sink| {
        let mut x: Option<Array2<f32>> = None;
        for (kernel, bias) in &layers {
            let y = match &mut x {
                None => input.dot(kernel),
                Some(x) => {
                    x.mapv_inplace(|x| x.max(0.0));
                    x.dot(kernel)
                }
            };
            x = Some(y + bias);
        }
        sink(x.as_ref().and_then(|x| x.as_slice()).ok_or("no output in standard layout")?);
        Ok(())
    })])
}
