//! What does not fit in a port at run time, collected.

use crate::error::{PortError, PortProblem, Result};
use crate::tensor::{DYN, Shape};

/// Collects what does not fit, at one place of the two models.
#[derive(Debug)]
pub struct Problems<'a> {
    found: &'a mut Vec<PortProblem>,
    from: String,
    to: String,
}

impl Problems<'_> {
    /// What `port` returns, or all the problems that it met.
    pub(crate) fn collect<T>(port: impl FnOnce(&mut Problems<'_>) -> Option<T>) -> Result<T> {
        let mut found = Vec::new();
        let ported = port(&mut Problems { found: &mut found, from: String::new(), to: String::new() });
        match ported {
            Some(ported) if found.is_empty() => Ok(ported),
            _ => Err(PortError { problems: found }.into()),
        }
    }

    /// The place one submodule further down.
    pub fn at(&mut self, from: &str, to: &str) -> Problems<'_> {
        Problems { from: join(&self.from, "/", from), to: join(&self.to, ".", to), found: self.found }
    }

    /// Whether a leaf has the shape `expected`, where [`DYN`] allows any length; notes it otherwise.
    pub fn fits(&mut self, leaf: &str, expected: &[usize], found: &[usize]) -> bool {
        let same = |(expected, found): (&usize, &usize)| *expected == DYN || expected == found;
        if expected.len() == found.len() && expected.iter().zip(found).all(same) {
            return true;
        }
        self.found.push(PortProblem::Shape {
            from: self.from.clone(),
            to: self.to.clone(),
            leaf: leaf.to_owned(),
            expected: Shape::from(expected),
            found: Shape::from(found),
        });
        false
    }
}

fn join(front: &str, between: &str, back: &str) -> String {
    if front.is_empty() { back.to_owned() } else { format!("{front}{between}{back}") }
}
