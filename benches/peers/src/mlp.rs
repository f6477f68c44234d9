//! The models that run: layers of sizes and numbers that every peer gets alike.

/// A linear layer: the kernel, `(inputs, outputs)` in C order, and the bias.
#[derive(Debug, Clone)]
pub struct Layer {
    pub inputs: usize,
    pub outputs: usize,
    pub kernel: Vec<f32>,
    pub bias: Vec<f32>,
}

/// An MLP with a relu between its layers, and an input for it.
#[derive(Debug, Clone)]
pub struct Mlp {
    pub layers: Vec<Layer>,
    pub batch: usize,
    /// `(batch, inputs)`, in C order.
    pub input: Vec<f32>,
}

impl Mlp {
    /// A model of these sizes: uniform kernels of the scale that keeps the size of the numbers, the same every time.
    pub fn new(sizes: &[usize], batch: usize) -> Self {
        let mut state = 0x9e37_79b9_7f4a_7c15_u64;
        let mut uniform = |count: usize, scale: f32| -> Vec<f32> {
            (0..count)
                .map(|_| {
                    state ^= state << 13;
                    state ^= state >> 7;
                    state ^= state << 17;
                    ((state >> 40) as f32 / (1 << 23) as f32 - 1.0) * scale
                })
                .collect()
        };
        let layers = sizes
            .windows(2)
            .map(|pair| {
                let [inputs, outputs] = [pair[0], pair[1]];
                let kernel = uniform(inputs * outputs, (6.0 / inputs as f32).sqrt());
                Layer { inputs, outputs, kernel, bias: uniform(outputs, 0.1) }
            })
            .collect();
        Self { layers, batch, input: uniform(batch * sizes[0], 1.0) }
    }

    /// The sizes, inputs first.
    pub fn sizes(&self) -> Vec<usize> {
        let inputs = self.layers.iter().map(|layer| layer.inputs);
        inputs.chain(self.layers.last().map(|layer| layer.outputs)).collect()
    }

    /// The output in f64, and for each element the sum of the absolute products of its last layer.
    pub fn reference(&self) -> (Vec<f64>, Vec<f64>) {
        let mut x: Vec<f64> = self.input.iter().map(|x| f64::from(*x)).collect();
        let mut sizes = Vec::new();
        for (index, layer) in self.layers.iter().enumerate() {
            if index > 0 {
                x.iter_mut().for_each(|x| *x = x.max(0.0));
            }
            let mut y = Vec::with_capacity(self.batch * layer.outputs);
            sizes.clear();
            for row in x.chunks(layer.inputs) {
                let mut sums: Vec<f64> = layer.bias.iter().map(|bias| f64::from(*bias)).collect();
                let mut absolute: Vec<f64> = sums.iter().map(|bias| bias.abs()).collect();
                for (x, weights) in row.iter().zip(layer.kernel.chunks(layer.outputs)) {
                    for ((sum, absolute), weight) in sums.iter_mut().zip(&mut absolute).zip(weights) {
                        let product = x * f64::from(*weight);
                        *sum += product;
                        *absolute += product.abs();
                    }
                }
                y.extend(sums);
                sizes.extend(absolute);
            }
            x = y;
        }
        (x, sizes)
    }

    /// The floating point operations of one forward.
    pub fn operations(&self) -> f64 {
        self.layers.iter().map(|layer| 2.0 * (self.batch * layer.inputs * layer.outputs) as f64).sum()
    }

    /// The bytes of all parameters.
    pub fn bytes(&self) -> f64 {
        self.layers.iter().map(|layer| 4.0 * (layer.kernel.len() + layer.bias.len()) as f64).sum()
    }
}
