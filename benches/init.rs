//! The CPU time, of all threads, and the wall time of one 4096×4096 `lecun_normal`, beside jit-compiled JAX on the same
//! CPU: a turn of ours, a turn of JAX, and so on, of which the medians are printed.
//!
//! `cargo bench --bench init` runs JAX with the Python that `MLPPORT_PYTHON` names, or else with `python3`.

use std::env;
use std::error::Error;
use std::ffi::OsStr;
use std::fs;
use std::hint::black_box;
use std::io::{BufRead, BufReader, Lines, Write};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::time::{Duration, Instant};

use mlpport::init::lecun_normal;
use mlpport::random::Key;

type Result<T> = std::result::Result<T, Box<dyn Error>>;

const TURNS: usize = 7;

/// How many are drawn in a turn: the CPU time comes in steps of 10 ms.
const DRAWS: u32 = 8;

#[derive(Clone, Copy)]
struct Times {
    cpu: Duration,
    wall: Duration,
}

/// The CPU time that this process has taken, in user and in system mode.
fn cpu_time() -> Result<Duration> {
    let stat = fs::read_to_string("/proc/self/stat")?;
    // The name of the program, which may be anything, ends with the last parenthesis; `man 5 proc` counts from 1.
    let fields = stat.rsplit_once(')').map_or("", |(_, fields)| fields).split_whitespace().skip(14 - 3);
    let ticks = fields.take(2).map(str::parse::<u64>).sum::<std::result::Result<u64, _>>()?;
    Ok(Duration::from_millis(10 * ticks))
}

fn ours() -> Result<Times> {
    let (cpu, wall) = (cpu_time()?, Instant::now());
    for _ in 0..DRAWS {
        black_box(lecun_normal().init::<f32>(black_box(Key::from_seed(0)), &[4096, 4096])?);
    }
    Ok(Times { cpu: (cpu_time()? - cpu) / DRAWS, wall: wall.elapsed() / DRAWS })
}

/// A process that draws with JAX.
struct Jax {
    child: Child,
    stdin: ChildStdin,
    answers: Lines<BufReader<ChildStdout>>,
    version: String,
}

impl Jax {
    fn start(python: &OsStr) -> Result<Self> {
        let script = concat!(env!("CARGO_MANIFEST_DIR"), "/benches/init.py");
        let mut child = Command::new(python).arg(script).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn()?;
        let (Some(stdin), Some(stdout)) = (child.stdin.take(), child.stdout.take()) else {
            return Err("it has no pipes".into());
        };
        let mut answers = BufReader::new(stdout).lines();
        match answers.next().transpose()? {
            Some(version) => Ok(Self { child, stdin, answers, version }),
            None => Err(format!("it ended, {}", child.wait()?).into()),
        }
    }

    fn draw(&mut self) -> Result<Times> {
        writeln!(self.stdin, "{DRAWS}")?;
        let answer = self.answers.next().ok_or("the process has ended")??;
        let (cpu, wall) = answer.split_once(' ').ok_or("the answer is no pair")?;
        Ok(Times { cpu: Duration::from_nanos(cpu.parse()?), wall: Duration::from_nanos(wall.parse()?) })
    }

    fn stop(self) -> Result<()> {
        let Self { mut child, stdin, .. } = self;
        drop(stdin);
        child.wait()?;
        Ok(())
    }
}

fn milliseconds(of: impl Fn(&Times) -> Duration, times: &[Times]) -> f64 {
    let mut all: Vec<_> = times.iter().map(|times| of(times).as_secs_f64() * 1e3).collect();
    all.sort_by(f64::total_cmp);
    all[all.len() / 2]
}

fn main() -> Result<()> {
    let python = env::var_os("MLPPORT_PYTHON").unwrap_or_else(|| "python3".into());
    let mut jax = Jax::start(&python)
        .inspect_err(|error| eprintln!("left out: JAX, which {} does not run: {error}", python.display()))
        .ok();
    let (mut our_times, mut jax_times) = (vec![], vec![]);
    ours()?;
    for _ in 0..TURNS {
        our_times.push(ours()?);
        if let Some(jax) = &mut jax {
            jax_times.push(jax.draw()?);
        }
    }

    println!("{:<16} {:>8} {:>8}", "4096x4096 f32", "CPU ms", "wall ms");
    let of = [|times: &Times| times.cpu, |times: &Times| times.wall];
    let [cpu, wall] = of.map(|of| milliseconds(of, &our_times));
    println!("{:<16} {cpu:>8.1} {wall:>8.1}", "mlpport");
    if let Some(jax) = jax {
        let [jax_cpu, jax_wall] = of.map(|of| milliseconds(of, &jax_times));
        println!("{:<16} {jax_cpu:>8.1} {jax_wall:>8.1}", jax.version);
        println!("{:<16} {:>8.3} {:>8.3}", "mlpport / JAX", cpu / jax_cpu, wall / jax_wall);
        jax.stop()?;
    }
    Ok(())
}
