//! The table of a model's submodules.

use std::fmt;

use super::{Side, State};
use crate::tensor::{DYN, Shape};

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
    path: String,
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

/// Where a layer tells its leaves to a [`Summary`].
#[derive(Debug)]
pub struct SummaryRow<'a> {
    rows: &'a mut Vec<Row>,
    index: usize,
    side: Side,
}

impl Summary {
    /// The table of `T`.
    pub(crate) fn of<T: State>(side: Side) -> Self {
        let mut rows = vec![Row { path: String::new(), class: T::CLASS, leaves: Vec::new() }];
        T::describe(&mut SummaryRow { rows: &mut rows, index: 0, side });
        Self { model: T::CLASS, rows }
    }

    /// The number of parameters; `None` where a size is known at run time only.
    pub fn parameter_count(&self) -> Option<usize> {
        self.rows.iter().flat_map(|row| &row.leaves).try_fold(0_usize, |sum, leaf| sum.checked_add(count(&leaf.shape)?))
    }
}

impl SummaryRow<'_> {
    /// Adds a submodule under `name`, with what it describes itself.
    pub fn submodule<T: State>(&mut self, name: &str) {
        let parent = self.rows.get(self.index).map_or("", |row| &row.path);
        let path = if parent.is_empty() { name.to_owned() } else { format!("{parent}/{name}") };
        let index = self.rows.len();
        self.rows.push(Row { path, class: T::CLASS, leaves: Vec::new() });
        T::describe(&mut SummaryRow { rows: self.rows, index, side: self.side });
    }

    /// Adds a submodule at `index` of the list `name`.
    pub fn element<T: State>(&mut self, name: &str, index: usize) {
        self.submodule::<T>(&format!("{name}/{index}"));
    }

    /// Adds a leaf of this submodule; an axis of [`DYN`] is of any size.
    pub fn leaf(&mut self, collection: &str, name: &str, shape: &[usize]) {
        let collection = (self.side == Side::Linen && collection != "params").then(|| collection.to_owned());
        if let Some(row) = self.rows.get_mut(self.index) {
            row.leaves.push(Leaf { collection, name: name.to_owned(), shape: Shape::from(shape) });
        }
    }

    /// Adds the leaf that this submodule itself is, for a raw parameter.
    pub fn own_leaf(&mut self, collection: &str, shape: &[usize]) {
        self.leaf(collection, "", shape);
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
            lines.push([row.path.clone(), row.class.to_owned(), shapes.join(", "), count]);
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
