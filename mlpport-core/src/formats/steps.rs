//! A directory of `flax.training.checkpoints`: a file or a directory for each step, `checkpoint_1000`.

use std::cmp::Ordering;
use std::sync::Arc;

use super::folder::Folder;
use super::{Checkpoint, OpenOptions, directory, format};
use crate::error::{Error, Result};

/// What the names begin with, unless another prefix was chosen in Python.
const PREFIX: &str = "checkpoint_";

/// Steps that an error lists.
const SHOWN: usize = 8;

/// A name and its step.
#[derive(Debug, PartialEq)]
struct Step {
    number: f64,
    /// Where it is a whole number, which may be one that no float is.
    whole: Option<u64>,
    name: String,
}

impl Step {
    /// The step of a name; `None` where it is another file, or a save that was not finished: `checkpoint_tmp`,
    /// `checkpoint_7.orbax-checkpoint-tmp-1`.
    fn of(name: String) -> Option<Self> {
        let text = name.strip_prefix(PREFIX)?;
        // What Python writes of an int or a float. Rust would read names of infinity as well.
        let digits = text.contains(|c: char| c.is_ascii_digit());
        let known = text.chars().all(|c| c.is_ascii_digit() || matches!(c, '+' | '-' | '.' | 'e' | 'E'));
        let number = text.parse().ok().filter(|_| digits && known)?;
        Some(Self { number, whole: text.parse().ok(), name })
    }

    fn order(&self, other: &Self) -> Ordering {
        self.number
            .total_cmp(&other.number)
            .then_with(|| self.whole.cmp(&other.whole))
            .then_with(|| self.name.cmp(&other.name))
    }

    #[allow(clippy::cast_precision_loss, reason = "a float that is a step of an int is the nearest one")]
    fn is(&self, step: u64) -> bool {
        match self.whole {
            Some(whole) => whole == step,
            None => self.number.total_cmp(&(step as f64)).is_eq(),
        }
    }
}

/// Opens the step that is asked for, or the latest; `None` where the directory has no steps.
pub(super) fn open(folder: &Folder, options: &OpenOptions) -> Result<Option<Checkpoint>> {
    let mut steps: Vec<Step> = folder.names()?.into_iter().filter_map(Step::of).collect();
    steps.sort_unstable_by(Step::order);
    let step = match options.step {
        // The text of an int stands behind that of a float of the same value.
        Some(number) => {
            steps.iter().rev().find(|step| step.is(number)).ok_or_else(|| absent(folder, number, &steps))?
        }
        None => match steps.last() {
            Some(step) => step,
            None => return Ok(None),
        },
    };
    let path = folder.join(&step.name);
    if path.is_dir() {
        return directory::open_step(&folder.folder(&step.name)?, options).map(Some);
    }
    format::open_source(&path, Arc::new(folder.file(&step.name)?), options).map(Some)
}

fn absent(folder: &Folder, step: u64, steps: &[Step]) -> Error {
    let names: Vec<&str> = steps.iter().rev().take(SHOWN).map(|step| step.name.as_str()).collect();
    let expected = format!("a step of {}", folder.path().display());
    let found = match (names.as_slice(), steps.len() - names.len()) {
        ([], _) => format!("{step}, and no `{PREFIX}{step}` or other steps there"),
        (names, 0) => format!("{step}, where there are {}", names.join(", ")),
        (names, more) => format!("{step}, where there are {} and {more} more", names.join(", ")),
    };
    Error::Argument { argument: "step", expected, found }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test fails by panicking")]
mod tests {
    use super::*;

    #[test]
    fn names_have_their_steps_as_in_python() {
        // natural_sort of flax.training.checkpoints.
        let names = ["checkpoint_-1.0", "checkpoint_0.01", "checkpoint_2", "checkpoint_10", "checkpoint_1e5"];
        let mut steps: Vec<Step> = names.iter().rev().map(|name| Step::of((*name).to_owned()).unwrap()).collect();
        steps.sort_unstable_by(Step::order);
        assert_eq!(steps.iter().map(|step| step.name.as_str()).collect::<Vec<_>>(), names);
        assert!(steps.last().unwrap().is(100_000));
        assert!(!steps.last().unwrap().is(100_001));
    }

    #[test]
    fn large_steps_are_told_apart() {
        let step = |number: u64| Step::of(format!("checkpoint_{number}")).unwrap();
        let (one, next) = (step((1 << 53) + 1), step((1 << 53) + 2));
        assert!(one.is((1 << 53) + 1) && !one.is(1 << 53));
        assert_eq!(one.order(&next), Ordering::Less);
    }

    #[test]
    fn unfinished_saves_and_other_files_are_no_steps() {
        for name in [
            "checkpoint_tmp",
            "checkpoint_7.orbax-checkpoint-tmp-1699",
            "checkpoint_7_gda",
            "checkpoint_",
            "checkpoint_inf",
            "checkpoint_nan",
            "checkpoint_e",
            "checkpoint_7.msgpack",
            "checkpoint7",
            "other_7",
        ] {
            assert_eq!(Step::of(name.to_owned()), None, "{name}");
        }
    }
}
