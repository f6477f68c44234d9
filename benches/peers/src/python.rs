//! JAX and ONNX Runtime, in a Python process that runs when it is asked to.

use std::cell::RefCell;
use std::env;
use std::io::{BufRead, BufReader, Lines, Write};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::rc::Rc;
use std::time::Duration;

use crate::Result;
use crate::contest::Contestant;
use crate::mlp::Mlp;

/// The process, which answers a line with a line.
pub struct Python {
    child: Child,
    stdin: ChildStdin,
    answers: Lines<BufReader<ChildStdout>>,
    /// Name and version of what it has.
    pub peers: Vec<(&'static str, String)>,
}

const PEERS: [&str; 2] = ["JAX jit", "ONNX Runtime"];

impl Python {
    /// Starts the Python that `MLPPORT_PYTHON` names, or else `python3`.
    ///
    /// # Errors
    ///
    /// Where it does not run.
    pub fn start() -> Result<Self> {
        let python = env::var_os("MLPPORT_PYTHON").unwrap_or_else(|| "python3".into());
        let script = concat!(env!("CARGO_MANIFEST_DIR"), "/forward.py");
        let mut child = Command::new(python).arg(script).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn()?;
        let (Some(stdin), Some(stdout)) = (child.stdin.take(), child.stdout.take()) else {
            return Err("the process has no pipes".into());
        };
        let mut python = Self { child, stdin, answers: BufReader::new(stdout).lines(), peers: Vec::new() };
        for name in PEERS {
            let version = python.answer()?;
            match version.strip_prefix("missing: ") {
                Some(why) => eprintln!("left out: {name} ({why})"),
                None => python.peers.push((name, version)),
            }
        }
        Ok(python)
    }

    fn answer(&mut self) -> Result<String> {
        match self.answers.next() {
            Some(answer) => Ok(answer?),
            None => Err(format!("the Python process ended: {}", self.child.wait()?).into()),
        }
    }

    fn ask(&mut self, question: &str) -> Result<String> {
        self.signal("CONT")?;
        writeln!(self.stdin, "{question}")?;
        let answer = self.answer();
        self.signal("STOP")?;
        answer
    }

    /// Stops the process while others run, since its threads look for work for some time before they sleep.
    fn signal(&self, name: &str) -> Result<()> {
        let done = Command::new("kill").args([format!("-{name}"), self.child.id().to_string()]).status()?;
        if done.success() { Ok(()) } else { Err(format!("kill -{name}: {done}").into()) }
    }

    fn send(&mut self, values: &[f32]) -> Result<()> {
        let bytes: Vec<u8> = values.iter().flat_map(|value| value.to_le_bytes()).collect();
        Ok(self.stdin.write_all(&bytes)?)
    }

    fn prepare(&mut self, mlp: &Mlp) -> Result<()> {
        let sizes: Vec<String> = mlp.sizes().iter().map(usize::to_string).collect();
        self.signal("CONT")?;
        writeln!(self.stdin, "model {} {}", mlp.batch, sizes.join(" "))?;
        for layer in &mlp.layers {
            self.send(&layer.kernel)?;
            self.send(&layer.bias)?;
        }
        self.send(&mlp.input)?;
        match self.answer()?.as_str() {
            "ready" => Ok(()),
            other => Err(other.into()),
        }
    }
}

impl Drop for Python {
    fn drop(&mut self) {
        // It ends when there is nothing more to read; an error leaves nothing to be done.
        let _ = self.signal("CONT");
        let _ = writeln!(self.stdin, "end");
        let _ = self.child.wait();
    }
}

struct Remote {
    name: &'static str,
    python: Rc<RefCell<Python>>,
}

/// The contestants of a Python process, with the model.
///
/// # Errors
///
/// Where the process fails.
pub fn contestants(python: &Rc<RefCell<Python>>, mlp: &Mlp) -> Result<Vec<Box<dyn Contestant>>> {
    python.borrow_mut().prepare(mlp)?;
    let names: Vec<_> = python.borrow().peers.iter().map(|(name, _)| *name).collect();
    Ok(names
        .into_iter()
        .map(|name| Box::new(Remote { name, python: Rc::clone(python) }) as Box<dyn Contestant>)
        .collect())
}

impl Contestant for Remote {
    fn name(&self) -> &'static str {
        self.name
    }

    fn time(&mut self, calls: u32) -> Result<Duration> {
        let nanoseconds = self.python.borrow_mut().ask(&format!("time {calls} {}", self.name))?;
        Ok(Duration::from_nanos(nanoseconds.parse().map_err(|_| nanoseconds)?))
    }

    fn output(&mut self) -> Result<Vec<f32>> {
        let values = self.python.borrow_mut().ask(&format!("output {}", self.name))?;
        values.split_whitespace().map(|value| Ok(value.parse()?)).collect()
    }
}
