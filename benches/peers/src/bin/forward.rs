//! The forward of eight MLPs, in microseconds, by mlpport and by its peers in turn, beside the limits of the machine.
//!
//! `cargo run --release --manifest-path benches/peers/Cargo.toml --bin forward`, with
//! `-- --python`: JAX and ONNX Runtime as well, with the Python that `MLPPORT_PYTHON` names;
//! `-- --batches`: other batches of the larger models, of which no part is asked;
//! `-- --quick`: the small rows and a few turns, to see that it runs.

use std::cell::RefCell;
use std::rc::Rc;
use std::time::Duration;

use mlpport_peers::contest::{self, Effort};
use mlpport_peers::mlp::Mlp;
use mlpport_peers::peers::{self, COMPRESSED, DYNAMIC, FIXED, PACKED};
use mlpport_peers::python::{self, Python};
use mlpport_peers::{Result, machine};

/// Sizes, batch, and at most which part of the best peer's time is wanted.
type Row = (&'static [usize], usize, Option<f64>);

const ROWS: [Row; 8] = [
    (&[8, 64, 64, 4], 1, Some(0.35)),
    (&[8, 64, 64, 4], 32, Some(0.6)),
    (&[8, 64, 64, 4], 1024, Some(0.6)),
    (&[784, 512, 512, 10], 1, Some(0.5)),
    (&[784, 512, 512, 10], 32, Some(0.75)),
    (&[784, 512, 512, 10], 1024, Some(0.9)),
    (&[4096, 4096, 4096], 1, Some(0.8)),
    (&[4096, 4096, 4096], 64, Some(0.7)),
];

const BATCHES: [Row; 9] = [
    (&[784, 512, 512, 10], 4, None),
    (&[784, 512, 512, 10], 8, None),
    (&[784, 512, 512, 10], 16, None),
    (&[784, 512, 512, 10], 64, None),
    (&[4096, 4096, 4096], 4, None),
    (&[4096, 4096, 4096], 8, None),
    (&[4096, 4096, 4096], 16, None),
    (&[4096, 4096, 4096], 32, None),
    (&[4096, 4096, 4096], 256, None),
];

const FULL: Effort = Effort { turns: 15, turn: Duration::from_millis(20), rest: Duration::from_millis(5) };
const QUICK: Effort = Effort { turns: 3, turn: Duration::from_millis(1), rest: Duration::from_millis(1) };

/// The rows of a quick run: as many as take no time.
const QUICK_ROWS: usize = 2;

fn main() -> Result<()> {
    let (mut quick, mut with_python, mut batches) = (false, false, false);
    for argument in std::env::args().skip(1) {
        match argument.as_str() {
            "--quick" => quick = true,
            "--python" => with_python = true,
            "--batches" => batches = true,
            other => return Err(format!("`{other}` is none of --quick, --python and --batches").into()),
        }
    }
    let python = match with_python.then(Python::start) {
        Some(Ok(python)) => Some(Rc::new(RefCell::new(python))),
        Some(Err(error)) => {
            eprintln!("left out: JAX and ONNX Runtime, as Python does not run: {error}");
            None
        }
        None => None,
    };
    if !cfg!(feature = "heavy") {
        eprintln!("left out: candle, burn and faer, which are behind the feature `heavy`");
    }

    let mut names = peers::NAMES.to_vec();
    println!("{}", machine::processor());
    let peak = (!quick).then(limits);
    if let Some(python) = &python {
        for (name, version) in &python.borrow().peers {
            println!("{name} {version}");
            names.push(name);
        }
    }
    let (rows, effort) = match (quick, batches) {
        (true, _) => (&ROWS[..QUICK_ROWS], QUICK),
        (false, true) => (&BATCHES[..], FULL),
        (false, false) => (&ROWS[..], FULL),
    };
    println!(
        "\nf32, relu between; µs, medians of {} turns; gemm and faer: the better of 1 and all threads\n",
        effort.turns
    );
    let ratios = "packed or compressed / best peer | at most | limit / best peer";
    println!("| layers, batch | {} | best peer | {ratios} |", names.join(" | "));
    println!("|---|{}---|---|---|---|", "---|".repeat(names.len()));
    for (sizes, batch, target) in rows {
        let limit = peak.map_or(f64::NAN, |peak| limit(sizes, *batch, peak));
        let mlp = Mlp::new(sizes, *batch);
        let mut contestants = peers::all(&mlp)?;
        if let Some(python) = &python {
            contestants.extend(python::contestants(python, &mlp)?);
        }
        let times = contest::run(&mut contestants, &mlp, effort)?;
        let of = |name: &str| {
            let all = contestants.iter().zip(&times).filter(|(contestant, _)| contestant.name() == name);
            all.map(|(_, time)| *time).fold(f64::NAN, f64::min)
        };
        print_row(&names, of, &mlp, *target, limit);
    }
    Ok(())
}

fn print_row(names: &[&str], of: impl Fn(&str) -> f64, mlp: &Mlp, target: Option<f64>, limit: f64) {
    let sizes: Vec<String> = mlp.sizes().iter().map(usize::to_string).collect();
    let times: Vec<String> = names.iter().map(|name| microseconds(of(name))).collect();
    let peers = names.iter().filter(|name| ![FIXED, PACKED, COMPRESSED, DYNAMIC].contains(name));
    let (best, time) =
        peers.map(|name| (*name, of(name))).min_by(|(_, a), (_, b)| a.total_cmp(b)).unwrap_or(("none", f64::NAN));
    let ratio = of(PACKED).min(of(COMPRESSED)) / time;
    let met = if target.is_some_and(|target| ratio > target) { " (missed)" } else { "" };
    let target = target.map_or("–".to_owned(), |target| format!("{target:.2}"));
    let limit = if limit.is_nan() { "–".to_owned() } else { format!("{:.2}", limit / time) };
    let ratios = format!("{ratio:.2}{met} | {target} | {limit}");
    println!("| {}, {} | {} | {best} | {ratios} |", sizes.join("-"), mlp.batch, times.join(" | "));
}

fn microseconds(time: f64) -> String {
    match time {
        _ if time.is_nan() => "–".to_owned(),
        0.0..10.0 => format!("{time:.2}"),
        10.0..100.0 => format!("{time:.1}"),
        _ => format!("{time:.0}"),
    }
}

/// Prints what the machine can do, and returns the operations a second of all cores.
fn limits() -> f64 {
    let cores = machine::cores();
    let peak = machine::peak();
    println!("fma: {:.0} GFLOP/s a core", peak / 1e9);
    for (name, bytes) in [("L2", 1 << 18), ("memory", 1 << 28)] {
        let [one, all] = [1, cores].map(|threads| machine::reading(threads, bytes) / 1e9);
        println!("reading from {name}: {one:.1} GB/s by one core, {all:.1} GB/s by {cores}");
    }
    peak * cores as f64
}

/// The microseconds in which all cores do nothing but multiply and add, or nothing but read the kernels, each its part: a forward falls
/// below them only where it leaves out weights of inputs that are zero.
fn limit(sizes: &[usize], batch: usize, peak: f64) -> f64 {
    let elements: usize = sizes.windows(2).map(|pair| pair.iter().product::<usize>()).sum();
    let bytes = elements * size_of::<f32>();
    let cores = machine::cores();
    let reading = bytes as f64 / machine::reading(cores, bytes / cores);
    let multiplying = (2 * batch * elements) as f64 / peak;
    reading.max(multiplying) * 1e6
}
