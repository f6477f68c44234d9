//! The table of a model's submodules.

use std::fmt;

use ndarray::ArrayD;

use super::reader::Leaves;
use super::{Reader, Side, State};
use crate::tensor::{DYN, Shape};
use crate::variables::Path;

/// A model's submodules with their classes, shapes and parameter counts, as `flax.linen.tabulate` prints them.
///
/// Its [`Display`](fmt::Display) is the table.
#[derive(Debug, Clone, PartialEq)]
pub struct Summary {
    model: &'static str,
    rows: Vec<Row>,
}

#[derive(Debug, Clone, PartialEq)]
struct Row {
    place: Path,
    class: &'static str,
    leaves: Vec<Leaf>,
}

#[derive(Debug, Clone, PartialEq)]
struct Leaf {
    /// The collection on the Linen side, where it is not `params`.
    collection: Option<String>,
    name: String,
    shape: Shape,
}

impl Summary {
    /// The table of `T`.
    pub(crate) fn of<T: State>(side: Side) -> Self {
        let mut summary = Self { model: T::CLASS, rows: Vec::new() };
        summary.enter(&Path::root(), T::CLASS);
        drop(Reader::walk::<T>(&mut summary, side));
        for row in &mut summary.rows {
            row.leaves.sort_unstable_by(|a, b| (&a.collection, &a.name).cmp(&(&b.collection, &b.name)));
        }
        summary
    }

    /// The number of parameters; `None` where a size is known at run time only.
    pub fn parameter_count(&self) -> Option<usize> {
        self.rows.iter().flat_map(|row| &row.leaves).try_fold(0_usize, |sum, leaf| sum.checked_add(count(&leaf.shape)?))
    }
}

/// Only notes what is asked for.
impl Leaves for Summary {
    fn enter(&mut self, place: &Path, class: &'static str) {
        self.rows.push(Row { place: place.clone(), class, leaves: Vec::new() });
    }

    fn take(&mut self, place: &Path, name: &str, path: Path, expected: &[usize]) -> Option<ArrayD<f32>> {
        let collection = path.first().filter(|first| *first != "params" && place.first() != Some(first));
        let leaf =
            Leaf { collection: collection.map(str::to_owned), name: name.to_owned(), shape: Shape::from(expected) };
        // A module asks for leaves of its own after those of its submodules, too.
        if let Some(row) = self.rows.iter_mut().rev().find(|row| row.place == *place) {
            row.leaves.push(leaf);
        }
        None
    }
}

fn count(shape: &[usize]) -> Option<usize> {
    shape.iter().try_fold(1_usize, |product, axis| if *axis == DYN { None } else { product.checked_mul(*axis) })
}

impl fmt::Display for Leaf {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(collection) = &self.collection {
            write!(f, "{collection}: ")?;
        }
        if !self.name.is_empty() {
            write!(f, "{} ", self.name)?;
        }
        write!(f, "{}", self.shape)
    }
}

impl fmt::Display for Summary {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let header = ["path", "class", "parameters", "count"].map(str::to_owned);
        let mut lines = vec![header];
        for row in self.rows.iter().skip(1) {
            let shapes: Vec<String> = row.leaves.iter().map(Leaf::to_string).collect();
            let counts = row.leaves.iter().try_fold(0_usize, |sum, leaf| sum.checked_add(count(&leaf.shape)?));
            let count = if row.leaves.is_empty() { String::new() } else { number(counts) };
            lines.push([row.place.to_string(), row.class.to_owned(), shapes.join(", "), count]);
        }
        writeln!(f, "{}", self.model)?;
        write_table(f, &lines)?;
        write!(f, "{} parameters", number(self.parameter_count()))
    }
}

fn number(count: Option<usize>) -> String {
    count.map_or_else(|| "?".to_owned(), |count| count.to_string())
}

/// Writes rows of cells in columns, the last one to the right.
fn write_table<const N: usize>(f: &mut fmt::Formatter<'_>, lines: &[[String; N]]) -> fmt::Result {
    let width = |column: usize| lines.iter().map(|line| line[column].chars().count()).max().unwrap_or(0);
    for line in lines {
        let mut text = String::new();
        for (column, cell) in line.iter().enumerate() {
            let padding = " ".repeat(width(column) - cell.chars().count());
            let cell = if column + 1 == N { format!("{padding}{cell}") } else { format!("{cell}{padding}  ") };
            text.push_str(&cell);
        }
        writeln!(f, "  {}", text.trim_end())?;
    }
    Ok(())
}
