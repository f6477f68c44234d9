//! From a file of a GiB, which is in memory, to a model that is ready to run: milliseconds and peak memory, each in a
//! process of its own, in turn.
//!
//! `cargo run --release --manifest-path benches/peers/Cargo.toml --bin load`, with
//! `-- --python`: Flax and safetensors in Python as well, with the Python that `MLPPORT_PYTHON` names;
//! `-- --folder F`: with the files in F, which needs 2 GiB, instead of in the folder for temporary files.

use std::env;
use std::fs;
use std::hint::black_box;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Instant;

use mlpport::prelude::*;
use mlpport_peers::deep::{self, DEPTH, LinenDeep, NnxDeep, WIDTH};
use mlpport_peers::{Result, machine, median};

const TURNS: usize = 7;

/// What a child does with a file.
const WAYS: &[(&str, &str)] = &[
    ("std::fs::read", "msgpack"),
    ("mlpport", "msgpack"),
    ("mlpport", "safetensors"),
    #[cfg(feature = "heavy")]
    ("candle mmap", "safetensors"),
];
const PYTHON: &[(&str, &str)] = &[("Flax msgpack_restore", "msgpack"), ("safetensors, NNX", "safetensors")];

fn main() -> Result<()> {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match arguments[..] {
        ["--child", way, file] => child(way, Path::new(file)),
        [] => bench(&env::temp_dir(), false),
        ["--python"] => bench(&env::temp_dir(), true),
        ["--folder", folder] => bench(Path::new(folder), false),
        ["--python", "--folder", folder] => bench(Path::new(folder), true),
        _ => Err("the arguments are --python, --folder F, both in this order, or none".into()),
    }
}

/// The files, which go when they are no longer needed.
struct Files(Vec<PathBuf>);

impl Drop for Files {
    fn drop(&mut self) {
        for file in &self.0 {
            if let Err(error) = fs::remove_file(file) {
                eprintln!("{} stays: {error}", file.display());
            }
        }
    }
}

struct Measured {
    milliseconds: f64,
    mebibytes: f64,
}

fn bench(folder: &Path, with_python: bool) -> Result<()> {
    let path = |format: &str| folder.join(format!("mlpport-peers-{}.{format}", std::process::id()));
    let files = Files(["msgpack", "safetensors"].map(path).to_vec());
    let linen = deep::linen()?;
    for file in &files.0 {
        mlpport::save(&linen.to_variables(), file)?;
    }
    let mut ways = WAYS.to_vec();
    if with_python {
        ways.extend(PYTHON);
    }
    let mut measured: Vec<Vec<(f64, Measured)>> = ways.iter().map(|_| Vec::new()).collect();
    for _ in 0..TURNS {
        for ((way, format), measured) in ways.iter().zip(&mut measured) {
            let first = in_child(way, &path(format))?;
            measured.push((first.milliseconds, in_child(way, &path(format))?));
        }
    }
    println!("{}", machine::processor());
    println!("{DEPTH} layers of {WIDTH} x {WIDTH}, float32; medians of {TURNS} turns\n");
    println!(
        "Each runs twice in a row, of which the second counts: a virtual machine may have given back the memory that was"
    );
    println!("free for some seconds, and then the first run pays for that its host finds it again.\n");
    println!("| | format | first ms | ms | / std::fs::read | peak MiB | / file |\n|---|---|---|---|---|---|---|");
    let of = |measured: &[(f64, Measured)], of: fn(&(f64, Measured)) -> f64| {
        median(&measured.iter().map(of).collect::<Vec<_>>())
    };
    let read = measured.first().map_or(f64::NAN, |read| of(read, |(_, second)| second.milliseconds));
    for ((way, format), measured) in ways.iter().zip(&measured) {
        let size = fs::metadata(path(format))?.len() as f64 / f64::from(1 << 20);
        let first = of(measured, |(first, _)| *first);
        let milliseconds = of(measured, |(_, second)| second.milliseconds);
        let peak = of(measured, |(_, second)| second.mebibytes);
        println!(
            "| {way} | {format} | {first:.0} | {milliseconds:.0} | {:.2} | {peak:.0} | {:.3} |",
            milliseconds / read,
            peak / size
        );
    }
    drop(files);
    port(linen)
}

fn in_child(way: &str, file: &Path) -> Result<Measured> {
    let output = if PYTHON.iter().any(|(name, _)| *name == way) {
        let python = env::var_os("MLPPORT_PYTHON").unwrap_or_else(|| "python3".into());
        Command::new(python).arg(concat!(env!("CARGO_MANIFEST_DIR"), "/load.py")).arg(way).arg(file).output()?
    } else {
        Command::new(env::current_exe()?).arg("--child").arg(way).arg(file).output()?
    };
    let text = String::from_utf8(output.stdout)?;
    match text.split_whitespace().collect::<Vec<_>>()[..] {
        [milliseconds, mebibytes] if output.status.success() => {
            Ok(Measured { milliseconds: milliseconds.parse()?, mebibytes: mebibytes.parse()? })
        }
        _ => Err(format!("{way}: {}", String::from_utf8_lossy(&output.stderr)).into()),
    }
}

fn child(way: &str, file: &Path) -> Result<()> {
    let start = Instant::now();
    let milliseconds = match way {
        "std::fs::read" => {
            let bytes = fs::read(file)?;
            let time = start.elapsed();
            black_box(bytes);
            time
        }
        "mlpport" => {
            let nnx = NnxDeep::port_from(LinenDeep::from_variables(mlpport::load(file)?)?);
            let time = start.elapsed();
            let memory = peak_memory()?;
            check(&nnx)?;
            println!("{} {memory}", time.as_secs_f64() * 1e3);
            return Ok(());
        }
        #[cfg(feature = "heavy")]
        "candle mmap" => {
            let layers = candle(file)?;
            let time = start.elapsed();
            black_box(layers);
            time
        }
        other => return Err(format!("no way `{other}`").into()),
    };
    println!("{} {}", milliseconds.as_secs_f64() * 1e3, peak_memory()?);
    Ok(())
}

#[cfg(feature = "heavy")]
fn candle(file: &Path) -> Result<Vec<candle_nn::Linear>> {
    use candle_core::{DType, Device};

    // SAFETY: nobody writes to the file meanwhile.
    let variables = unsafe { candle_nn::VarBuilder::from_mmaped_safetensors(&[file], DType::F32, &Device::Cpu)? };
    let layer = |index: usize| {
        let kernel = variables.get((WIDTH, WIDTH), &format!("params/Dense_{index}/kernel"))?;
        let bias = variables.get(WIDTH, &format!("params/Dense_{index}/bias"))?;
        Ok(candle_nn::Linear::new(kernel.t()?, Some(bias)))
    };
    (0..DEPTH).map(layer).collect()
}

/// Fails where an element is not the one that was saved.
fn check(nnx: &NnxDeep) -> Result<()> {
    for (index, layer) in nnx.layers.iter().enumerate() {
        let kernel = layer.kernel();
        let bias = layer.bias().ok_or("no bias")?;
        for row in (0..WIDTH).step_by(61) {
            for column in (0..WIDTH).step_by(127) {
                if kernel[[row, column]] != deep::value(index, row, column) {
                    return Err(format!("layer {index}: another kernel").into());
                }
            }
        }
        if bias.indexed_iter().any(|(column, bias)| *bias != deep::value(index, WIDTH, column)) {
            return Err(format!("layer {index}: another bias").into());
        }
    }
    Ok(())
}

/// The most memory that this process had at a time, in MiB.
fn peak_memory() -> Result<f64> {
    let status = fs::read_to_string("/proc/self/status")?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).ok_or("no VmHWM in /proc/self/status")?;
    let kibibytes: f64 = line.trim().trim_end_matches("kB").trim().parse()?;
    Ok(kibibytes / 1024.0)
}

/// The port alone: by reference, beside a copy of the same memory, and by value.
fn port(linen: LinenDeep) -> Result<()> {
    let (mut copies, mut ports) = (Vec::new(), Vec::new());
    for _ in 0..3 {
        let start = Instant::now();
        black_box(
            linen.layers.each_ref().map(|layer| (layer.kernel().to_owned(), layer.bias().map(|bias| bias.to_owned()))),
        );
        copies.push(start.elapsed().as_secs_f64() * 1e3);
        let start = Instant::now();
        black_box(NnxDeep::port_from(&linen));
        ports.push(start.elapsed().as_secs_f64() * 1e3);
    }
    let (copy, port) = (median(&copies), median(&ports));
    println!("\nport by reference: {port:.0} ms, {:.2} x a copy of the arrays ({copy:.0} ms)", port / copy);
    let start = Instant::now();
    let nnx = black_box(NnxDeep::port_from(black_box(linen)));
    let time = start.elapsed();
    println!("port by value: {:.0} ns a layer", time.as_secs_f64() * 1e9 / DEPTH as f64);
    check(&nnx)
}
