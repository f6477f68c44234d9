//! The contestants, one a file.

#[cfg(feature = "heavy")]
mod burn;
#[cfg(feature = "heavy")]
mod candle;
#[cfg(feature = "heavy")]
mod faer;
mod gemm;
mod mlpport;
mod ndarray;

use crate::Result;
use crate::contest::{Contestant, Local};
use crate::mlp::{Layer, Mlp};

pub use mlpport::{COMPRESSED, DYNAMIC, FIXED, PACKED};

/// The names of the columns: mlpport first, then the peers of this build.
pub const NAMES: &[&str] = &[
    FIXED,
    PACKED,
    COMPRESSED,
    DYNAMIC,
    ndarray::NAME,
    gemm::NAME,
    #[cfg(feature = "heavy")]
    candle::NAME,
    #[cfg(feature = "heavy")]
    burn::NAME,
    #[cfg(feature = "heavy")]
    faer::NAME,
];

/// All contestants of this build, with the model.
///
/// # Errors
///
/// Where one cannot be made.
pub fn all(mlp: &Mlp) -> Result<Vec<Box<dyn Contestant>>> {
    let mut all = mlpport::contestants(mlp)?;
    all.extend(ndarray::contestants(mlp)?);
    all.extend(gemm::contestants(mlp)?);
    #[cfg(feature = "heavy")]
    {
        all.extend(candle::contestants(mlp)?);
        all.extend(burn::contestants(mlp)?);
        all.extend(faer::contestants(mlp)?);
    }
    Ok(all)
}

fn local(
    name: &'static str,
    forward: impl FnMut(&mut dyn FnMut(&[f32])) -> Result<()> + 'static,
) -> Box<dyn Contestant> {
    Box::new(Local { name, forward })
}

/// Buffers for the outputs of all layers, and the way through them: for the peers that multiply and nothing else.
struct Buffers {
    layers: Vec<Layer>,
    input: Vec<f32>,
    outputs: Vec<Vec<f32>>,
}

impl Buffers {
    fn new(mlp: &Mlp) -> Self {
        let outputs = mlp.layers.iter().map(|layer| vec![0.0; mlp.batch * layer.outputs]).collect();
        Self { layers: mlp.layers.clone(), input: mlp.input.clone(), outputs }
    }

    /// `multiply(layer, x, y)` adds the product of `x` and the kernel to `y`, which holds the bias.
    fn forward(&mut self, mut multiply: impl FnMut(&Layer, &[f32], &mut [f32])) -> &[f32] {
        let last = self.layers.len() - 1;
        for (index, layer) in self.layers.iter().enumerate() {
            let (before, rest) = self.outputs.split_at_mut(index);
            let x = before.last().unwrap_or(&self.input);
            let y = &mut rest[0];
            y.chunks_exact_mut(layer.outputs).for_each(|row| row.copy_from_slice(&layer.bias));
            multiply(layer, x, y);
            if index < last {
                y.iter_mut().for_each(|y| *y = y.max(0.0));
            }
        }
        &self.outputs[last]
    }
}
