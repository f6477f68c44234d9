//! Every truncation and every change of one byte of small files: loading them errs or returns, soon, and within little memory.

use std::fs;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path as FilePath, PathBuf};
use std::process::Command;
use std::sync::Mutex;
use std::thread;
use std::time::{Duration, Instant};

use mlpport::{Checkpoint, Format, OpenOptions, Variables};

/// The smallest checkpoints that are taken of each format, without those that hold next to nothing.
const EACH: usize = 4;
const LEAST_BYTES: usize = 100;
const MOST_BYTES: usize = 20_000;

/// Loads for one checkpoint: each byte becomes every other one where that is not more, otherwise the first of `FLIPPED`, of
/// which 3 are always tried, and `FEW`.
const MOST_LOADS: usize = 40_000;

/// Bits of a byte that are flipped: to the next number, to the other sign, from a letter to its other case.
const FLIPPED: &[u8] = &[0x01, 0x80, 0x20, 0x02, 0xff, 0x04, 0x08, 0x10, 0x40];

/// What a byte is changed into: signs, digits and brackets among them, for JSON.
const FEW: &[u8] = b"\0\xff-09e\"[]{}";

/// For one load; a hang is far beyond it, and a busy machine within.
const MOST_TIME: Duration = Duration::from_secs(5);

/// The address space of the process that loads, in KiB: 64 MiB, and what a test binary needs with its threads.
const MOST_MEMORY: usize = (64 + 160) << 10;

const CHILD: &str = "MLPPORT_TEST_MUTATIONS";

/// A checkpoint of the fixtures: its files, relative to `root`, or an empty name for a checkpoint that is a file.
struct Sample {
    root: PathBuf,
    format: Format,
    files: Vec<(PathBuf, Vec<u8>)>,
}

impl Sample {
    fn size(&self) -> usize {
        self.files.iter().map(|(_, bytes)| bytes.len()).sum()
    }

    /// A copy below another folder; the path of the checkpoint there.
    fn copy(&self, folder: &FilePath) -> PathBuf {
        let target = folder.join(self.root.file_name().unwrap());
        for (name, bytes) in &self.files {
            let file = join(&target, name);
            fs::create_dir_all(file.parent().unwrap()).unwrap();
            fs::write(file, bytes).unwrap();
        }
        target
    }
}

/// `folder.join("")` would end in a slash, which no file may.
fn join(root: &FilePath, name: &FilePath) -> PathBuf {
    if name.as_os_str().is_empty() { root.to_owned() } else { root.join(name) }
}

fn files_below(root: &FilePath, name: &FilePath, files: &mut Vec<(PathBuf, Vec<u8>)>) {
    let path = join(root, name);
    if path.is_dir() {
        for entry in fs::read_dir(path).unwrap() {
            files_below(root, &name.join(entry.unwrap().file_name()), files);
        }
    } else {
        files.push((name.to_owned(), fs::read(path).unwrap()));
    }
}

/// The checkpoints at and below a path, each file or directory that can be read once.
fn find(path: &FilePath, samples: &mut Vec<Sample>) {
    if let Ok(checkpoint) = Checkpoint::open(path).and_then(|checkpoint| checkpoint.raw().map(|_| checkpoint)) {
        let mut files = Vec::new();
        files_below(path, FilePath::new(""), &mut files);
        files.sort();
        samples.push(Sample { root: path.to_owned(), format: checkpoint.format(), files });
    } else if path.is_dir() {
        for entry in fs::read_dir(path).unwrap() {
            find(&entry.unwrap().path(), samples);
        }
    }
}

/// The smallest checkpoints of each format of this build.
fn samples() -> Vec<Sample> {
    let mut all = Vec::new();
    let fixtures = FilePath::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures");
    for folder in ["msgpack", "safetensors", "npz", "npy", "orbax", "ocdbt", "formats"] {
        if fixtures.join(folder).is_dir() {
            find(&fixtures.join(folder), &mut all);
        }
    }
    all.retain(|sample| (LEAST_BYTES..=MOST_BYTES).contains(&sample.size()));
    all.sort_by_cached_key(|sample| (sample.size(), sample.root.clone()));
    let mut samples: Vec<Sample> = Vec::new();
    for sample in all {
        if samples.iter().filter(|other| other.format == sample.format).count() < EACH {
            samples.push(sample);
        }
    }
    samples
}

/// What a checkpoint holds, and what it was taken for.
fn load(path: &FilePath, format: Format) -> mlpport::Result<(Format, Variables)> {
    // By its content first, as users do; what is no longer recognised is read as what it was.
    let checkpoint = match Checkpoint::open(path) {
        Err(mlpport::Error::UnknownFormat { .. }) => OpenOptions::new().format(format).open(path)?,
        checkpoint => checkpoint?,
    };
    Ok((checkpoint.format(), checkpoint.raw()?))
}

/// What is wrong with a load of damaged bytes, if anything.
fn problem(path: &FilePath, sample: &Sample, original: &Variables, damaged: &[u8]) -> Option<String> {
    let begin = Instant::now();
    let loaded = catch_unwind(AssertUnwindSafe(|| load(path, sample.format)));
    let time = begin.elapsed();
    match loaded {
        Err(_) => Some("panicked".to_owned()),
        Ok(_) if time > MOST_TIME => Some(format!("took {time:?}")),
        Ok(Err(_)) => None,
        // The first byte of safetensors may be all of a msgpack file.
        Ok(Ok((format, _))) if format != sample.format => None,
        Ok(Ok((format, found))) => wrong(format, original, &found, damaged),
    }
}

/// Where a damaged file loads, whether what was loaded can be right. That is known of formats whose elements stand in the
/// file as they are, and of those whose checksums cover them.
fn wrong(format: Format, original: &Variables, found: &Variables, damaged: &[u8]) -> Option<String> {
    let elements = |variables: &Variables| -> Vec<Vec<u8>> {
        variables.leaves().map(|(_, tensor)| tensor.le_bytes().into_owned()).collect()
    };
    let before = elements(original);
    let others: Vec<_> = elements(found).into_iter().filter(|bytes| !before.contains(bytes)).collect();
    let stands = |bytes: &[u8]| damaged.windows(bytes.len().max(1)).any(|window| window == bytes) || bytes.is_empty();
    let is_right = match format {
        // An array in chunks does not stand there as a whole.
        Format::Msgpack if stands(b"__msgpack_chunked_array__") => true,
        Format::Msgpack => others.iter().all(|bytes| stands(bytes)),
        Format::Safetensors => {
            others.len() <= 1 && others.iter().all(|bytes| stands(bytes)) && found.len() == original.len()
        }
        Format::Npz => others.is_empty(),
        _ => true,
    };
    (!is_right).then(|| format!("loaded other elements: {found}"))
}

/// All damaged versions of one sample; how many there were.
fn damage(sample: &Sample, folder: &FilePath) -> Result<usize, String> {
    let target = sample.copy(folder);
    let (_, original) = load(&target, sample.format).map_err(|error| error.to_string())?;
    let (mut loads, count) = (0, MOST_LOADS / sample.size());
    for (name, bytes) in &sample.files {
        let path = join(&target, name);
        let failed = |what: String, how: String| format!("{} {}: {how}: {what}", sample.root.display(), name.display());
        for length in 0..bytes.len() {
            fs::write(&path, &bytes[..length]).map_err(|error| error.to_string())?;
            if let Some(what) = problem(&target, sample, &original, &bytes[..length]) {
                return Err(failed(what, format!("the first {length} of {} bytes", bytes.len())));
            }
            loads += 1;
        }
        let mut damaged = bytes.clone();
        for (place, byte) in bytes.iter().enumerate() {
            let mut values: Vec<u8> = if count >= 255 {
                (0..=255).collect()
            } else {
                FLIPPED.iter().map(|bits| byte ^ bits).chain(FEW.iter().copied()).take(count.max(3)).collect()
            };
            values.retain(|value| value != byte);
            for value in values {
                damaged[place] = value;
                fs::write(&path, &damaged).map_err(|error| error.to_string())?;
                if let Some(what) = problem(&target, sample, &original, &damaged) {
                    return Err(failed(what, format!("byte {place} is {value:#04x} instead of {byte:#04x}")));
                }
                loads += 1;
            }
            damaged[place] = *byte;
        }
        fs::write(&path, bytes).map_err(|error| error.to_string())?;
    }
    Ok(loads)
}

#[test]
fn every_format_has_small_files() {
    let samples = samples();
    for format in super::formats() {
        assert!(samples.iter().any(|sample| sample.format == format), "no small {format} file in tests/fixtures");
    }
}

/// In a process of its own, whose memory is bounded where the system has `ulimit -v`; it ends where it needs more.
#[test]
fn damaged_files_are_refused_or_read() {
    let Ok(exe) = std::env::current_exe() else { panic!("no path of this binary") };
    let folder = folder();
    let mut command = if cfg!(target_os = "linux") {
        let mut command = Command::new("sh");
        command.args(["-c", &format!("ulimit -v {MOST_MEMORY}; exec \"$@\""), "sh"]).arg(exe);
        command
    } else {
        Command::new(exe)
    };
    command.args(["--exact", "formats::mutations::damage_files", "--ignored", "--nocapture"]);
    // One arena for all threads: each one would reserve 64 MiB of addresses.
    command.env(CHILD, folder.path()).env("MALLOC_ARENA_MAX", "1").env("RUST_MIN_STACK", "2097152");
    // A backtrace takes more memory than that.
    command.env("RUST_BACKTRACE", "0");
    let output = command.output().unwrap();
    let text = format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    if !output.status.success() {
        // The damaged file is still there.
        panic!("{}\n{text}\nthe files: {}", output.status, folder.keep().display());
    }
}

/// In memory, where there is a file system there.
fn folder() -> tempfile::TempDir {
    tempfile::tempdir_in("/dev/shm").or_else(|_| tempfile::tempdir()).unwrap()
}

#[test]
#[ignore = "another test runs it, in a process with little memory"]
fn damage_files() {
    let Some(folder) = std::env::var_os(CHILD) else { return };
    let samples = samples();
    let (next, failures) = (Mutex::new(samples.iter().enumerate()), Mutex::new(Vec::new()));
    let threads = thread::available_parallelism().map_or(1, |count| count.get().min(4));
    thread::scope(|scope| {
        for _ in 0..threads {
            scope.spawn(|| {
                loop {
                    let Some((number, sample)) = next.lock().unwrap().next() else { break };
                    let folder = FilePath::new(&folder).join(number.to_string());
                    let begin = Instant::now();
                    match damage(sample, &folder) {
                        Ok(loads) => println!("{} loads, {:.1?}: {}", loads, begin.elapsed(), sample.root.display()),
                        Err(failure) => failures.lock().unwrap().push(failure),
                    }
                }
            });
        }
    });
    let failures = failures.into_inner().unwrap();
    assert!(failures.is_empty(), "{}", failures.join("\n"));
    assert!(!samples.is_empty(), "no samples");
}
