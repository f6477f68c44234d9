//! Layers whose kernels are compressed.

use mlpport::nnx::CompressedLinear;
use mlpport::prelude::*;
use mlpport::random::Rngs;
use ndarray::{Array1, Array2};

use super::{assert_port, assert_same_forward, numbered};

#[derive(CompactModule)]
struct LinenMlp {
    first: Dense<900, 1200>,
    relu: Relu,
    second: Dense<1200, 3, NoBias>,
}

#[derive(NnxModule)]
#[port(source = LinenMlp)]
struct Compressed {
    #[port(from = "Dense_0")]
    fc1: CompressedLinear<900, 1200>,
    relu: Relu,
    #[port(from = "Dense_1")]
    fc2: CompressedLinear<1200, 3, NoBias>,
}

#[derive(NnxModule)]
#[port(source = LinenMlp)]
struct NotCompressed {
    #[port(from = "Dense_0")]
    fc1: Linear<900, 1200>,
    relu: Relu,
    #[port(from = "Dense_1")]
    fc2: Linear<1200, 3, NoBias>,
}

#[derive(NnxModule)]
#[port(source = LinenMlp)]
struct Runtime {
    #[port(from = "Dense_0", runtime)]
    fc1: CompressedLinear,
    relu: Relu,
    #[port(from = "Dense_1", runtime)]
    fc2: CompressedLinear<1200, 4, NoBias>,
}

#[test]
fn a_compressed_layer_takes_and_gives_the_variables_of_a_linear_one() -> mlpport::Result<()> {
    let compressed = assert_port::<LinenMlp, Compressed>();
    assert_eq!(compressed.to_variables(), NotCompressed::port_from(numbered::<LinenMlp>()).to_variables());
    let drawn = Compressed::new(&mut Rngs::new(3))?;
    assert_eq!(drawn.to_variables(), NotCompressed::new(&mut Rngs::new(3))?.to_variables());
    assert_eq!(Compressed::from_variables(drawn.to_variables())?.to_variables(), drawn.to_variables());
    let summary = NotCompressed::summary().to_string().replace("NotCompressed", "Compressed");
    assert_eq!(Compressed::summary().to_string(), summary);
    Ok(())
}

#[test]
fn a_compressed_layer_has_the_bits_of_a_linear_one() -> mlpport::Result<()> {
    let linear = NotCompressed::new(&mut Rngs::new(3))?;
    let compressed = Compressed::from_variables(linear.to_variables())?;
    assert_same_forward(&linear, &compressed, 900);
    for rows in [0, 1, 2, 3, 8, 33, 300] {
        let x = Array2::from_shape_fn((rows, 900), |(row, column)| ((row * 7 + column * 3) % 11) as f32 - 5.0);
        assert_eq!(linear.forward(x.view()), compressed.forward(x.view()), "{rows} rows");
    }
    let wrong = Array2::zeros((2, 901));
    let [error, expected] = [compressed.try_forward(wrong.view()), linear.try_forward(wrong.view())];
    assert_eq!(error.err().unwrap().to_string(), expected.err().unwrap().to_string());
    Ok(())
}

#[test]
fn sizes_may_be_compared_when_the_port_runs() {
    let error = Runtime::try_port_from(numbered::<LinenMlp>()).err().unwrap().to_string();
    let expected = "`fc2`, from `Dense_1`: `kernel` has shape (1200, 4) in NNX and (1200, 3) in Linen";
    assert!(error.contains(expected) && !error.contains("fc1"), "{error}");
}

/// A kernel with each exponent, most of them rare, beside those of numbers from 1e-3 on.
fn with_all_exponents() -> Array2<f32> {
    let mut kernel = Array2::from_shape_fn((900, 1200), |(row, column)| (row + column + 1) as f32 * 1e-3);
    for (exponent, element) in (0..256).zip(kernel.iter_mut().skip(7).step_by(1111)) {
        *element = f32::from_bits(exponent << 23 | 0x8040_1234);
    }
    kernel
}

#[test]
fn elements_keep_their_bits() -> mlpport::Result<()> {
    let kernel = with_all_exponents();
    let linear = Linear::<900, 1200>::new(kernel.clone(), Array1::zeros(1200))?;
    let compressed = CompressedLinear::from(linear.clone());
    let bits = |array: ndarray::ArrayView2<'_, f32>| array.mapv(f32::to_bits);
    assert_eq!(bits(compressed.kernel().view()), bits(kernel.view()));
    for rows in [1, 2, 5, 40] {
        let x = Array2::from_elem((rows, 900), 0.5);
        assert_eq!(bits(linear.forward(x.view()).view()), bits(compressed.forward(x.view()).view()), "{rows} rows");
    }
    Ok(())
}
