//! Layers whose kernels are packed.

use mlpport::Tensor;
use mlpport::nnx::PackedLinear;
use mlpport::prelude::*;
use mlpport::random::Rngs;
use ndarray::{Array1, Array2, s};

use super::{assert_port, assert_same_forward, numbered};

#[derive(CompactModule)]
struct LinenMlp {
    first: Dense<150, 480>,
    relu: Relu,
    second: Dense<480, 480, NoBias>,
    tanh: Tanh,
    out: Dense<480, 3>,
}

#[derive(NnxModule)]
#[port(source = LinenMlp)]
struct Packed {
    #[port(from = "Dense_0")]
    fc1: PackedLinear<150, 480>,
    relu: Relu,
    #[port(from = "Dense_1")]
    fc2: PackedLinear<480, 480, NoBias>,
    tanh: Tanh,
    #[port(from = "Dense_2")]
    fc3: PackedLinear<480, 3>,
}

#[derive(NnxModule)]
#[port(source = LinenMlp)]
struct NotPacked {
    #[port(from = "Dense_0")]
    fc1: Linear<150, 480>,
    relu: Relu,
    #[port(from = "Dense_1")]
    fc2: Linear<480, 480, NoBias>,
    tanh: Tanh,
    #[port(from = "Dense_2")]
    fc3: Linear<480, 3>,
}

#[derive(NnxModule)]
#[port(source = LinenMlp)]
struct Runtime {
    #[port(from = "Dense_0", runtime)]
    fc1: PackedLinear,
    relu: Relu,
    #[port(from = "Dense_1", runtime)]
    fc2: PackedLinear<480, DYN, NoBias>,
    tanh: Tanh,
    #[port(from = "Dense_2", runtime)]
    fc3: PackedLinear<480, 4>,
}

/// A model whose outputs are neither zero nor all the same.
fn drawn() -> mlpport::Result<NotPacked> {
    NotPacked::new(&mut Rngs::new(3))
}

#[test]
fn a_packed_layer_takes_and_gives_the_variables_of_a_linear_one() -> mlpport::Result<()> {
    let packed = assert_port::<LinenMlp, Packed>();
    assert_eq!(packed.to_variables(), NotPacked::port_from(numbered::<LinenMlp>()).to_variables());
    assert_eq!(Packed::from_variables(packed.to_variables())?.to_variables(), packed.to_variables());
    assert_eq!(Packed::new(&mut Rngs::new(3))?.to_variables(), drawn()?.to_variables());
    assert_eq!(Packed::summary().to_string(), NotPacked::summary().to_string().replace("NotPacked", "Packed"));
    Ok(())
}

#[test]
fn a_packed_layer_has_the_bits_of_a_linear_one() -> mlpport::Result<()> {
    let linear = drawn()?;
    let packed = Packed::from_variables(linear.to_variables())?;
    assert_same_forward(&linear, &packed, 150);
    for rows in [0, 1, 2, 3, 8, 33, 300] {
        let x = Array2::from_shape_fn((rows, 150), |(row, column)| ((row * 7 + column * 3) % 11) as f32 - 5.0);
        assert_eq!(linear.forward(x.view()), packed.forward(x.view()), "{rows} rows");
    }
    let error = packed.try_forward(Array2::zeros((2, 151)).view()).err().unwrap();
    assert_eq!(error.to_string(), linear.try_forward(Array2::zeros((2, 151)).view()).err().unwrap().to_string());
    Ok(())
}

#[test]
fn sizes_may_be_compared_when_the_port_runs() {
    let error = Runtime::try_port_from(numbered::<LinenMlp>()).err().unwrap().to_string();
    assert!(
        error.contains("`fc3`, from `Dense_2`: `kernel` has shape (480, 4) in NNX and (480, 3) in Linen"),
        "{error}"
    );
    assert!(!error.contains("fc1") && !error.contains("fc2"), "{error}");
}

#[test]
fn a_bias_may_lie_anywhere() -> mlpport::Result<()> {
    let kernel = Array2::from_shape_fn((150, 480), |(row, column)| (row + column) as f32 * 1e-3);
    let bias = Array1::from_iter((0..960).map(|x| x as f32)).slice_move(s![..;2]);
    let linear = Linear::<150, 480>::new(kernel, bias)?;
    let packed = PackedLinear::from(linear.clone());
    let x = Array2::ones((4, 150));
    assert_eq!(packed.bias(), linear.bias());
    assert_eq!(packed.forward(x.view()), linear.forward(x.view()));
    Ok(())
}

#[test]
fn elements_keep_their_bits() -> mlpport::Result<()> {
    let mut kernel = Array2::zeros((150, 500));
    (kernel[[0, 0]], kernel[[149, 499]]) = (-0.0, f32::from_bits(0x7FC0_1234));
    let packed = PackedLinear::<150, 500>::from(Linear::new(kernel.clone(), Array1::zeros(500))?);
    let bits = |array: ndarray::ArrayView2<'_, f32>| array.mapv(f32::to_bits);
    assert_eq!(bits(packed.kernel().view()), bits(kernel.view()));
    assert_eq!(Tensor::from_array(packed.kernel().to_owned()).shape(), [150, 500]);
    Ok(())
}
