//! Layers and models that do not fit their arrays, their inputs or each other.

use mlpport::activation::{Activation, Glu};
use mlpport::prelude::*;
use ndarray::{Array1, Array2, array};

use super::{sample, shown};

#[derive(CompactModule)]
struct LinenMlp<const HIDDEN: usize> {
    hidden: Dense<2, HIDDEN>,
    relu: Relu,
    out: Dense<HIDDEN, 1>,
}

#[derive(CompactModule)]
struct Dense1 {
    out: Dense<DYN, 1>,
}

#[derive(CompactModule)]
struct LinenOuter {
    encoder: LinenMlp<3>,
    tanh: Tanh,
}

#[derive(CompactModule)]
struct LinenAnySize {
    hidden: Dense,
    out: Dense,
}

#[derive(NnxModule)]
#[port(source = LinenAnySize, manual_forward)]
struct NnxMlp {
    #[port(from = "Dense_0", runtime)]
    fc1: Linear<2, 4>,
    #[port(from = "Dense_1", runtime)]
    fc2: Linear<3, 1>,
}

texts! {
    a_transposed_kernel, Shape:
        shown(Dense::<2, 3>::new(Array2::zeros((3, 2)), Array1::zeros(3)).unwrap_err())
        => "kernel: expected shape (2, 3), found (3, 2)";

    a_bias_of_another_length, Shape:
        shown(Linear::<DYN, DYN>::new(Array2::zeros((2, 3)), Array1::zeros(2)).unwrap_err())
        => "bias: expected shape (3,), found (2,)";

    a_parameter_of_another_shape, Shape:
        shown(Param::<3>::new(array![1.0, 2.0].into_dyn()).unwrap_err())
        => "parameter: expected shape (3,), found (2,)";

    variables_of_another_model, Leaves:
        shown(LinenMlp::<4>::from_variables(sample()).map(drop).unwrap_err())
        => "\
3 leaves do not fit `LinenMlp`:
  params/Dense_0/bias: expected shape (4,), found (3,)
  params/Dense_0/kernel: expected shape (2, 4), found (2, 3)
  params/Dense_1/kernel: expected shape (4, 1), found (3, 1)";

    an_input_of_a_layer, Input:
        shown(outer().encoder.hidden.try_forward(array![[1.0]].view()).unwrap_err())
        => "expected an input whose last axis is 2, found shape (1, 1)";

    an_input_of_a_nested_module, Input:
        shown(outer().try_forward(Array2::zeros((5, 3)).view()).unwrap_err())
        => "`encoder.hidden`: expected an input whose last axis is 2, found shape (5, 3)";

    sizes_that_are_not_known_for_an_initialisation, Init:
        shown(Dense1::init(0).err().unwrap())
        => "`Dense1` cannot be initialised (1 problem):\n  Dense_0: expected the sizes (?, 1) of this `Dense`, found none; give them \
            with `LayerSizes::with`";

    sizes_that_do_not_fit_at_run_time, Port:
        shown(NnxMlp::try_port_from(any_size()).map(drop).unwrap_err())
        => "\
the port does not fit (2 problems):
  `fc1`, from `Dense_0`: `kernel` has shape (2, 4) in NNX and (2, 3) in Linen
  `fc1`, from `Dense_0`: `bias` has shape (4,) in NNX and (3,) in Linen";

    a_glu_of_an_odd_length, Argument:
        shown(Glu::<-1>.try_apply(array![1.0, 2.0, 3.0]).unwrap_err())
        => "`x`: expected an even length of axis 0, found 3";
}

fn outer() -> LinenOuter {
    let mut variables = Variables::new();
    variables.merge(sample().subtree("params").unwrap().nest("params/LinenMlp_0")).unwrap();
    LinenOuter::from_variables(variables).unwrap()
}

fn any_size() -> LinenAnySize {
    LinenAnySize::from_variables(sample()).unwrap()
}
