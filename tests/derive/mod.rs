//! The derives in every setting that a user may put them in.

use mlpport::error::LeafError;
use mlpport::ops::Scratch;
use mlpport::prelude::*;
use mlpport::{Error, Tensor};
use ndarray::{Array, Array1, Array2, ArrayD};

mod attributes;
mod checkpoints;
mod collisions;
mod compressed;
mod forward;
mod generics;
mod hygiene;
mod inputs;
mod layers;
mod lints;
mod moves;
mod own_layers;
mod packed;
mod places;
mod reports;
mod runtime;
mod skipped;
mod sources;

#[derive(CompactModule)]
struct LinenMlp<const IN: usize, const HIDDEN: usize, const OUT: usize> {
    hidden: Dense<IN, HIDDEN>,
    relu: Relu,
    out: Dense<HIDDEN, OUT>,
}

#[derive(NnxModule)]
#[port(source = LinenMlp<IN, HIDDEN, OUT>)]
struct NnxMlp<const IN: usize, const HIDDEN: usize, const OUT: usize> {
    #[port(from = "Dense_0")]
    fc1: Linear<IN, HIDDEN>,
    relu: Relu,
    #[port(from = "Dense_1")]
    fc2: Linear<HIDDEN, OUT>,
}

/// Variables with these leaves, whose elements are the numbers 1, 2, 3, … over all of them.
fn variables(leaves: &[(&str, &[usize])]) -> Variables {
    let mut variables = Variables::new();
    let mut next = 0.0_f32;
    for (path, shape) in leaves {
        let array = ArrayD::from_shape_simple_fn(*shape, || {
            next += 1.0;
            next
        });
        variables.insert(*path, Tensor::from_array(array)).unwrap();
    }
    variables
}

/// A model whose elements are the numbers 1, 2, 3, …: what it lacks in a checkpoint without leaves.
///
/// An axis of any length has 2.
fn numbered<M: CompactModule>() -> M {
    let Err(Error::Leaves(report)) = M::from_variables(Variables::new()) else { panic!("the model has no parameters") };
    let leaves = report.leaves.iter().map(|leaf| match leaf {
        LeafError::Missing { path, expected, .. } => {
            (path.as_str(), expected.iter().map(|axis| if *axis == DYN { 2 } else { *axis }).collect::<Vec<_>>())
        }
        other => panic!("{other}"),
    });
    let leaves: Vec<_> = leaves.collect();
    M::from_variables(variables(&leaves.iter().map(|(path, shape)| (*path, &shape[..])).collect::<Vec<_>>())).unwrap()
}

/// `N` takes from `L` what its own table of names says: by value, by reference, and into a model that is there already.
#[track_caller]
fn assert_port<L, N>() -> N
where
    L: CompactModule,
    N: NnxModule + Mapped + PortFrom<L> + for<'a> PortFrom<&'a L>,
{
    let linen = numbered::<L>();
    let before = linen.to_variables();
    let copied = N::port_from(&linen);
    assert_eq!(linen.to_variables(), before, "a port from a reference changed its source");
    assert_is_mapped(&before, &copied);

    let mut assigned = N::port_from(L::from_variables(zeros(&before)).unwrap());
    assigned.assign_from(&linen);
    assert_eq!(assigned.to_variables(), copied.to_variables());

    let moved = N::port_from(linen);
    assert_eq!(moved.to_variables(), copied.to_variables());
    moved
}

/// The arrays of `nnx` are those of `linen`, under the names of `N::mapping()`.
#[track_caller]
fn assert_is_mapped<N: NnxModule + Mapped>(linen: &Variables, nnx: &N) {
    let found = nnx.to_variables();
    let mut expected = zeros(&found);
    mlpport::port(linen, &mut expected, &N::mapping()).unwrap();
    assert_eq!(found, expected);
}

/// The same leaves, all zero.
fn zeros(variables: &Variables) -> Variables {
    let mut zeros = Variables::new();
    for (path, tensor) in variables.leaves() {
        zeros.insert(path.clone(), Tensor::zeros(tensor.dtype(), tensor.shape()).unwrap()).unwrap();
    }
    zeros
}

/// Both compute the same, and not zeros, for a batch of inputs.
#[track_caller]
fn assert_same_forward(linen: &impl Forward, nnx: &impl Forward, inputs: usize) {
    let x = Array::from_shape_fn((3, inputs), |(i, j)| i as f32 + 0.25 * j as f32);
    let y = linen.forward(x.view());
    assert_eq!(y, nnx.forward(x.view()));
    let mut scratch = Scratch::new();
    for _ in 0..2 {
        let mut into = Array::from_elem(y.raw_dim(), f32::NAN);
        linen.forward_into(x.view(), &mut scratch, into.view_mut()).unwrap();
        assert_eq!(y, into);
        into.fill(f32::NAN);
        nnx.forward_into(x.view(), &mut scratch, into.view_mut()).unwrap();
        assert_eq!(y, into);
    }
    assert!(y.iter().any(|y| *y != 0.0));
}

/// A kernel whose elements are all `value`.
fn kernel(inputs: usize, outputs: usize, value: f32) -> Array2<f32> {
    Array2::from_elem((inputs, outputs), value)
}

fn bias(outputs: usize, value: f32) -> Array1<f32> {
    Array1::from_elem(outputs, value)
}
