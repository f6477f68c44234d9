//! The port along a mapping that is known only when it runs.

mod bijection;
mod derived;
mod display;
mod json;
mod pairs;
mod reports;

use mlpport::error::{PortError, PortProblem};
use mlpport::{Error, Mapping, Variables};

/// Both of these leaves hold the same bits.
#[track_caller]
fn assert_moved(linen: &Variables, nnx: &Variables, pairs: &[(&str, &str)]) {
    for (from, to) in pairs {
        let moved = nnx.get(to);
        assert!(moved.is_some(), "{to} is not there");
        assert_eq!(moved, linen.get(from), "{from} -> {to}");
    }
}

/// What keeps a port from being done, which must leave the NNX side as it was, bit for bit.
#[track_caller]
fn refused(linen: &Variables, nnx: &Variables, mapping: &Mapping) -> PortError {
    let mut after = nnx.clone();
    let result = mlpport::port(linen, &mut after, mapping);
    assert_eq!(after, *nnx, "a port that fails has changed something");
    match result {
        Err(Error::Port(error)) => error,
        other => panic!("expected Error::Port, found {other:?}"),
    }
}

fn unknown(side: &'static str, path: &str, nearest: &[&str]) -> PortProblem {
    PortProblem::Unknown { side, path: path.to_owned(), nearest: nearest.iter().map(ToString::to_string).collect() }
}
