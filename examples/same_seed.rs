//! One seed, two models: Linen and NNX draw different parameters from it, and a port makes them equal.
//!
//! Run with `cargo run --release --example same_seed`. The numbers are those that Flax draws, to the bit.

use mlpport::ndarray::{Array1, ArrayView2, s};
use mlpport::prelude::*;
use mlpport::random::Rngs;

#[derive(CompactModule)]
struct LinenMlp {
    hidden: Dense<4, 8>, // Dense_0
    relu: Relu,
    out: Dense<8, 3>, // Dense_1
}

#[derive(NnxModule)]
#[port(source = LinenMlp)]
struct NnxMlp {
    #[port(from = "Dense_0")]
    fc1: Linear<4, 8>,
    relu: Relu,
    #[port(from = "Dense_1")]
    fc2: Linear<8, 3>,
}

const SEED: i64 = 0;

fn main() -> mlpport::Result<()> {
    let x = Array1::from_vec(vec![0.0, 1.0, 2.0, 3.0]);

    let linen = LinenMlp::init(SEED)?; // MLP().init(jax.random.key(0), x)
    let mut nnx = NnxMlp::new(&mut Rngs::new(SEED))?; // MLP(rngs=nnx.Rngs(0))
    println!("seed {SEED}, the first row of each kernel");
    show("Linen Dense_0", linen.hidden.kernel());
    show("NNX   fc1", nnx.fc1.kernel());
    show("Linen Dense_1", linen.out.kernel());
    show("NNX   fc2", nnx.fc2.kernel());

    let expected = linen.forward(x.view());
    println!("\ny of Linen              {expected:9.6}");
    println!("y of NNX, its own       {:9.6}", nnx.forward(x.view()));
    nnx.assign_from(&linen);
    let ported = nnx.forward(x.view());
    println!("y of NNX, after a port  {ported:9.6}");

    if nnx.fc1.kernel() != linen.hidden.kernel() || ported != expected {
        let found = format!("{ported}");
        return Err(mlpport::Error::Argument { argument: "nnx", expected: format!("{expected}"), found });
    }
    println!("\nboth outputs are equal to the bit");
    Ok(())
}

/// Prints the name and the first row of a kernel.
fn show(name: &str, kernel: ArrayView2<'_, f32>) {
    println!("{name:14} {:9.6}", kernel.slice(s![0, ..]));
}
