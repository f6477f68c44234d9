//! How long a forward takes: MLPs with `relu` between, by the derived `forward_into`, for a batch of one and for larger ones.
//!
//! `cargo bench --bench forward` prints the median of each in microseconds, `cargo bench --bench forward -- 8` those whose name
//! begins so.

use std::error::Error;
use std::hint::black_box;
use std::time::{Duration, Instant};

use mlpport::ndarray::Array2;
use mlpport::ops::Scratch;
use mlpport::prelude::*;

type Result<T> = std::result::Result<T, Box<dyn Error>>;

/// How long each is measured.
const TIME: Duration = Duration::from_millis(800);

#[derive(CompactModule)]
struct Two<const IN: usize, const HIDDEN: usize, const OUT: usize> {
    first: Dense<IN, HIDDEN>,
    relu: Relu,
    second: Dense<HIDDEN, OUT>,
}

#[derive(CompactModule)]
struct Three<const IN: usize, const HIDDEN: usize, const OUT: usize> {
    first: Dense<IN, HIDDEN>,
    relu: Relu,
    second: Dense<HIDDEN, HIDDEN>,
    relu_again: Relu,
    third: Dense<HIDDEN, OUT>,
}

/// The median for a batch of a model with this many weights.
fn measure(name: &str, model: &impl Forward, batch: usize, [inputs, outputs, weights]: [usize; 3]) -> Result<()> {
    let name = format!("{name}, {batch}");
    if std::env::args().skip(1).any(|argument| !argument.starts_with('-') && !name.starts_with(&argument)) {
        return Ok(());
    }
    let x = Array2::from_shape_fn((batch, inputs), |(row, column)| ((row * 31 + column * 17) % 64) as f32 / 32.0 - 1.0);
    let (mut scratch, mut y) = (Scratch::new(), Array2::zeros((batch, outputs)));
    // A turn takes long enough for the clock.
    let turns = (2_000_000 / (batch * weights)).max(1);
    let mut times = Vec::new();
    let start = Instant::now();
    while times.len() < 5 || start.elapsed() < TIME {
        let turn = Instant::now();
        for _ in 0..turns {
            model.forward_into(black_box(x.view()), &mut scratch, y.view_mut())?;
            black_box(&y);
        }
        times.push(turn.elapsed().as_secs_f64() * 1e6 / turns as f64);
    }
    times.sort_by(f64::total_cmp);
    let median = times.get(times.len() / 2).ok_or("no times")?;
    println!("{name:24} {median:12.2} µs");
    Ok(())
}

fn main() -> Result<()> {
    let (small, large, wide) =
        (Three::<8, 64, 4>::init(0)?, Three::<784, 512, 10>::init(0)?, Two::<4096, 4096, 4096>::init(0)?);
    for batch in [1, 32, 1024] {
        measure("8-64-64-4", &small, batch, [8, 4, 4_864])?;
    }
    for batch in [1, 32, 1024] {
        measure("784-512-512-10", &large, batch, [784, 10, 668_672])?;
    }
    for batch in [1, 64] {
        measure("4096-4096-4096", &wide, batch, [4096, 4096, 2 * 4096 * 4096])?;
    }
    Ok(())
}
