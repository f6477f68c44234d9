//! The tree as text.

use std::fmt;

use super::path::write_name;
use super::{Entry, Variables};

/// The widest column of names; a longer name is cut in the middle.
const WIDEST_NAME: usize = 56;
/// The widest column of dtypes, shapes and values; a longer one is cut at the end.
const WIDEST_KIND: usize = 48;
/// The deepest level that is indented further than the one above.
const DEEPEST_INDENT: usize = 12;

#[derive(Default)]
struct Row {
    name: String,
    kind: String,
    elements: usize,
    bytes: usize,
    holds_tensors: bool,
}

/// One line for each subtree and entry, with dtypes, shapes, numbers of elements and sizes, then the sums.
///
/// No line is longer than about 140 characters, however long the names are; no line is left out.
impl fmt::Display for Variables {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let rows = rows(self);
        let width = |cell: fn(&Row) -> String| rows.iter().map(|row| cell(row).chars().count()).max().unwrap_or(0);
        let (names, kinds) = (width(|row| row.name.clone()), width(|row| row.kind.clone()));
        let (counts, sizes) = (width(count_cell), width(size_cell));
        for row in &rows {
            let (name, kind, count, size) = (&row.name, &row.kind, count_cell(row), size_cell(row));
            let line = format!("{name:names$}  {kind:kinds$}  {count:>counts$}  {size:>sizes$}");
            writeln!(f, "{}", line.trim_end())?;
        }
        let leaves = self.leaves().count();
        let elements = grouped(self.parameter_count());
        let size = size_in_words(self.size_in_bytes());
        write!(f, "{} {}, {elements} elements, {size}", grouped(leaves), plural(leaves, "array"))?;
        match self.len() - leaves {
            0 => Ok(()),
            others => write!(f, ", {} other {}", grouped(others), if others == 1 { "entry" } else { "entries" }),
        }
    }
}

/// As [`Display`](fmt::Display): no elements.
impl fmt::Debug for Variables {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

fn rows(variables: &Variables) -> Vec<Row> {
    let mut rows: Vec<Row> = Vec::new();
    // The subtrees that the entry lies in, with their rows.
    let mut open: Vec<(&str, usize)> = Vec::new();
    for (path, entry) in variables.entries() {
        let names: Vec<&str> = path.names().collect();
        let (last, above) = names.split_last().map_or((None, &[][..]), |(last, above)| (Some(*last), above));
        let shared = open.iter().zip(above).take_while(|((open, _), name)| open == *name).count();
        open.truncate(shared);
        for name in above.iter().skip(shared) {
            let row = Row { name: indented(name, open.len()), ..Row::default() };
            open.push((name, rows.len()));
            rows.push(row);
        }
        let name = last.map_or_else(|| "(root)".to_owned(), |name| indented(name, above.len()));
        let mut row = Row { name, kind: cut_end(&entry.to_string(), WIDEST_KIND), ..Row::default() };
        row.add(entry);
        for (_, index) in &open {
            if let Some(row) = rows.get_mut(*index) {
                row.add(entry);
            }
        }
        rows.push(row);
    }
    rows
}

impl Row {
    fn add(&mut self, entry: &Entry) {
        if let Some(tensor) = entry.as_tensor() {
            self.elements += tensor.len();
            self.bytes += tensor.size_in_bytes();
            self.holds_tensors = true;
        }
    }
}

fn count_cell(row: &Row) -> String {
    if row.holds_tensors { grouped(row.elements) } else { String::new() }
}

fn size_cell(row: &Row) -> String {
    if row.holds_tensors { size_in_words(row.bytes) } else { String::new() }
}

fn indented(name: &str, depth: usize) -> String {
    let mut text = String::new();
    // A `String` takes every write.
    let _ = write_name(&mut text, name);
    let indent = 2 * depth.min(DEEPEST_INDENT);
    format!("{:indent$}{}", "", cut_middle(&text, WIDEST_NAME - indent))
}

fn cut_middle(text: &str, width: usize) -> String {
    let length = text.chars().count();
    if length <= width {
        return text.to_owned();
    }
    let front = width / 2;
    let back = width - front - 1;
    text.chars().take(front).chain(['…']).chain(text.chars().skip(length - back)).collect()
}

fn cut_end(text: &str, width: usize) -> String {
    if text.chars().count() <= width {
        return text.to_owned();
    }
    text.chars().take(width - 1).chain(['…']).collect()
}

fn plural(count: usize, noun: &str) -> String {
    if count == 1 { noun.to_owned() } else { format!("{noun}s") }
}

/// A number with commas between the thousands.
fn grouped(number: usize) -> String {
    let digits = number.to_string();
    let mut text = String::new();
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// A size in the units of `flax.linen.tabulate`: powers of 1000, with one decimal.
fn size_in_words(bytes: usize) -> String {
    let units = [(1_000_000_000, "GB"), (1_000_000, "MB"), (1_000, "KB")];
    match units.into_iter().find(|(unit, _)| bytes > *unit) {
        None => format!("{} B", grouped(bytes)),
        Some((unit, name)) => {
            let tenths = (bytes / (unit / 20)).div_ceil(2);
            format!("{}.{} {name}", grouped(tenths / 10), tenths % 10)
        }
    }
}
