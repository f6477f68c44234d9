//! The main job: a checkpoint that Flax Linen wrote becomes an NNX model that classifies handwritten digits.
//!
//! `cargo run --release --example digits`

use mlpport::ndarray::{ArrayView1, ArrayView2, Ix1, Ix2};
use mlpport::prelude::*;

#[derive(CompactModule)]
struct LinenMlp<const IN: usize, const HIDDEN: usize, const OUT: usize> {
    hidden: Dense<IN, HIDDEN>, // Dense_0
    relu: Relu,
    out: Dense<HIDDEN, OUT>, // Dense_1
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

const FIXTURES: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/fixtures/digits");

fn main() -> mlpport::Result<()> {
    // What `flax.serialization.to_bytes(variables)` wrote after training.
    let variables = mlpport::load(format!("{FIXTURES}/linen.msgpack"))?;
    println!("{variables}\n");
    let linen = LinenMlp::<64, 32, 10>::from_variables(variables)?;

    // Images that were held out of the training, with what real Flax returns for them.
    let held_out = mlpport::load(format!("{FIXTURES}/heldout.msgpack"))?;
    let images = held_out.view::<f32, Ix2>("images")?;
    let labels = held_out.view::<i32, Ix1>("labels")?;
    let linen_logits = linen.forward(images);

    let nnx = NnxMlp::port_from(linen); // moves the arrays
    let nnx_logits = nnx.forward(images);
    println!("{}\n", NnxMlp::<64, 32, 10>::mapping());

    println!("{} held-out images", images.nrows());
    for (side, logits, golden) in [("Linen", &linen_logits, "linen_logits"), ("NNX", &nnx_logits, "nnx_logits")] {
        let flax = held_out.view::<f32, Ix2>(golden)?;
        let difference = largest(logits.iter().zip(&flax).map(|(a, b)| a - b));
        let relative = difference / largest(flax.iter().copied());
        let accuracy = 100.0 * accuracy(logits.view(), labels);
        println!("{side:5}  accuracy {accuracy:.2} %  max |Δ| to Flax {difference:.1e} = {relative:.1e} · max |y|");
    }
    println!();
    draw(images, nnx_logits.view(), labels, 6);

    let path = std::env::temp_dir().join("digits-nnx.msgpack");
    mlpport::SaveOptions::new().overwrite(true).save(&nnx.to_variables(), &path)?;
    println!("\nthe NNX state is in {}", path.display());
    Ok(())
}

fn largest(values: impl Iterator<Item = f32>) -> f32 {
    values.fold(0.0, |largest, value| largest.max(value.abs()))
}

fn predicted(logits: ArrayView1<f32>) -> i32 {
    let best = (0..logits.len()).max_by(|a, b| logits[*a].total_cmp(&logits[*b]));
    best.and_then(|class| i32::try_from(class).ok()).unwrap_or(-1)
}

fn accuracy(logits: ArrayView2<f32>, labels: ArrayView1<i32>) -> f64 {
    let right = logits.outer_iter().zip(labels).filter(|(row, label)| predicted(*row) == **label).count();
    right as f64 / labels.len() as f64
}

/// Draws the first images side by side, two pixels a character, with their predictions.
fn draw(images: ArrayView2<f32>, logits: ArrayView2<f32>, labels: ArrayView1<i32>, count: usize) {
    const SHADES: [char; 5] = [' ', '░', '▒', '▓', '█'];
    for line in 0..8 {
        for image in images.outer_iter().take(count) {
            for pixel in image.iter().skip(8 * line).take(8) {
                let shade = (1..5).rev().find(|shade| *pixel >= *shade as f32 / 4.0 - 0.125).unwrap_or(0);
                print!("{0}{0}", SHADES[shade]);
            }
            print!("  ");
        }
        println!();
    }
    for (row, label) in logits.outer_iter().zip(labels).take(count) {
        print!("{:18}", format!("predicted {} ({label})", predicted(row)));
    }
    println!();
}
