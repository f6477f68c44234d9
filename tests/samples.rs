//! Trees of variables for tests.

use mlpport::{Tensor, Variables};
use ndarray::ArrayD;

/// The Linen side of a model of two layers.
pub(crate) const LINEN: &[(&str, &[usize])] = &[
    ("params/Dense_0/bias", &[3]),
    ("params/Dense_0/kernel", &[2, 3]),
    ("params/Dense_1/bias", &[1]),
    ("params/Dense_1/kernel", &[3, 1]),
];

/// Its NNX side.
pub(crate) const NNX: &[(&str, &[usize])] =
    &[("fc1/bias", &[3]), ("fc1/kernel", &[2, 3]), ("fc2/bias", &[1]), ("fc2/kernel", &[3, 1])];

/// Variables with these leaves, whose elements are the numbers `first`, `first` + 1, … over all of them.
pub(crate) fn counted(first: f32, leaves: &[(&str, &[usize])]) -> Variables {
    let mut variables = Variables::new();
    let mut next = first;
    for (path, shape) in leaves {
        let array = ArrayD::from_shape_simple_fn(*shape, || {
            next += 1.0;
            next - 1.0
        });
        variables.insert(*path, Tensor::from_array(array)).unwrap();
    }
    variables
}

/// The same variables, with zeros in every tensor.
pub(crate) fn zeroed(variables: &Variables) -> Variables {
    let mut zeroed = variables.clone();
    for (path, tensor) in variables.leaves() {
        zeroed.insert(path, Tensor::zeros(tensor.dtype(), tensor.shape()).unwrap()).unwrap();
    }
    zeroed
}
