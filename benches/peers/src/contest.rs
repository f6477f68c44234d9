//! Contestants in turn: A B C, A B C, …, with the medians of one run.

use std::hint::black_box;
use std::thread;
use std::time::{Duration, Instant};

use crate::mlp::Mlp;
use crate::{Result, median};

/// A model that is ready to run.
pub trait Contestant {
    /// The name of the column. Of several with one name, the faster counts.
    fn name(&self) -> &'static str;

    /// The time of so many forwards.
    ///
    /// # Errors
    ///
    /// Where the peer fails.
    fn time(&mut self, calls: u32) -> Result<Duration>;

    /// The output of a forward.
    ///
    /// # Errors
    ///
    /// Where the peer fails.
    fn output(&mut self) -> Result<Vec<f32>>;
}

/// A contestant in this process: `forward` hands its output to the function that it is given.
pub struct Local<F> {
    pub name: &'static str,
    pub forward: F,
}

impl<F: FnMut(&mut dyn FnMut(&[f32])) -> Result<()>> Contestant for Local<F> {
    fn name(&self) -> &'static str {
        self.name
    }

    fn time(&mut self, calls: u32) -> Result<Duration> {
        let start = Instant::now();
        for _ in 0..calls {
            (self.forward)(&mut |output| {
                black_box(output);
            })?;
        }
        Ok(start.elapsed())
    }

    fn output(&mut self) -> Result<Vec<f32>> {
        let mut all = Vec::new();
        (self.forward)(&mut |output| all = output.to_vec())?;
        Ok(all)
    }
}

/// How long a contest takes.
#[derive(Debug, Clone, Copy)]
pub struct Effort {
    pub turns: u32,
    /// What a turn of a contestant takes, at least one call.
    pub turn: Duration,
    /// What passes before each turn, in which the threads of the one before come to rest.
    pub rest: Duration,
}

/// The median of the microseconds that a forward takes, for each contestant.
///
/// # Errors
///
/// Where a contestant fails, or its output is not that of the model.
pub fn run(contestants: &mut [Box<dyn Contestant>], mlp: &Mlp, effort: Effort) -> Result<Vec<f64>> {
    let (expected, sizes) = mlp.reference();
    let mut calls = Vec::new();
    for contestant in &mut *contestants {
        let output = contestant.output()?;
        check(contestant.name(), &output, &expected, &sizes)?;
        contestant.time(1)?;
        let mut count = 1;
        let once = loop {
            let time = contestant.time(count)?;
            if time > effort.turn / 8 || count > 1 << 20 {
                break time / count;
            }
            count *= 2;
        };
        calls.push((effort.turn.as_secs_f64() / once.as_secs_f64().max(1e-9)).clamp(1.0, 1e7) as u32);
    }
    let mut times = vec![Vec::new(); contestants.len()];
    for _ in 0..effort.turns {
        for ((contestant, calls), times) in contestants.iter_mut().zip(&calls).zip(&mut times) {
            thread::sleep(effort.rest);
            // What the others have put into its place comes back into the caches.
            contestant.time(calls.div_ceil(8))?;
            times.push(contestant.time(*calls)?.as_secs_f64() * 1e6 / f64::from(*calls));
        }
    }
    Ok(times.iter().map(|times| median(times)).collect())
}

/// Rounding in one layer is carried through the next, hence a bound wider than that of one product.
fn check(name: &str, output: &[f32], expected: &[f64], sizes: &[f64]) -> Result<()> {
    let far = |((output, expected), size): ((&f32, &f64), &f64)| (f64::from(*output) - expected).abs() > 1e-5 * size;
    if output.len() != expected.len() || output.iter().zip(expected).zip(sizes).any(far) {
        return Err(format!("{name} computes something else").into());
    }
    Ok(())
}
