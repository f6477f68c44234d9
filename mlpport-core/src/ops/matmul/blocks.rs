//! A product of several rows in blocks, on several threads.
#![allow(unsafe_code)]

use std::ops::Range;

use super::block::{self, BLOCK};
use super::kernel::DEPTH;
use super::kernels::Kernels;
use super::product::{PANEL, Product, even, steps};
use super::room::{Room, Shared, with_packed, with_partial, with_room};
use super::run_tasks;
use crate::ops::pool::Pool;

/// The columns of a task that reads a kernel row by row.
const COLUMNS: usize = 256;

/// The rows from which a task has all columns.
const MANY_ROWS: usize = 256;

/// The columns from which it has not: as many outputs do not fit into the second cache.
const WIDE: usize = 2048;

/// The most tasks for the columns of a kernel in panels.
const MOST: usize = 32;

/// The rows of a task where the columns are too few to be shared.
const FEW_COLUMNS_ROWS: usize = 16;

/// The elements of a kernel from which its panels are packed.
const PACKED: usize = 16 * 1024;

/// The most elements of `x` that are copied at once, unless a few rows have more.
const COPIED: usize = 1024 * 1024;

/// The products that take as long as to copy an element.
const COPY: usize = 16;

/// Calls `block` with the parts of `p`, which takes as much `work` in all, and with room for each.
pub(super) fn run_blocks(
    kernels: &Kernels,
    pool: Option<&Pool>,
    p: &Product,
    work: usize,
    block: &(dyn Fn(&Product, Room) + Sync),
) {
    let tasks = Tasks::of(p);
    let down = |index: usize| p.part(tasks.rows(p, index), 0..p.inputs, 0..p.columns);
    if tasks.across == 1 {
        run_tasks(pool, tasks.down, work, &|index| rows_alone(&down(index), block));
        return;
    }
    for rows in (0..tasks.down).map(down) {
        let (slices, size) = (rows.slice_count(), copied(rows.rows));
        with_room(slices * size, |x| {
            let x = Shared(x);
            let copy = |slice: usize| {
                // SAFETY: a part of what is valid is; there is room for all slices, and no two tasks share a place of it.
                unsafe { (kernels.copy_slice)(&rows, slice, x.at(0)) };
            };
            run_tasks(pool, slices, rows.rows * rows.inputs * COPY, &copy);
            let columns = |index: usize| columns_of_copied(&rows, tasks.columns(p, index), x.at(0), block);
            run_tasks(pool, tasks.across, work / tasks.down, &columns);
        });
    }
}

/// Rows by all columns; `x` is copied a slice at a time.
fn rows_alone(p: &Product, block: &dyn Fn(&Product, Room)) {
    with_room(copied(p.rows), |x| packed_or_not(p, |packed| block(p, Room { x, is_filled: false, packed })));
}

/// Rows that have been copied to `x` by some of the columns.
///
/// The sums of a block of a kernel in panels are kept together until they are whole: rows of the output may lie so that they have few
/// places in a cache.
fn columns_of_copied(p: &Product, columns: Range<usize>, x: *mut f32, block: &dyn Fn(&Product, Room)) {
    let part = |columns: Range<usize>| p.part(0..p.rows, 0..p.inputs, columns);
    if p.is_in_panels() {
        with_partial(p.rows * BLOCK, |partial| {
            for step in steps(columns.len(), BLOCK) {
                let part = part(columns.start + step.start..columns.start + step.end);
                let room = Room { x, is_filled: true, packed: std::ptr::null_mut() };
                block(&Product { partial, partial_stride: BLOCK, ..part }, room);
            }
        });
    } else {
        let part = part(columns);
        packed_or_not(&part, |packed| block(&part, Room { x, is_filled: true, packed }));
    }
}

/// Calls `f` with room for a panel of `p`, or with null where it is not worth packing.
fn packed_or_not(p: &Product, f: impl FnOnce(*mut f32)) {
    if !p.is_in_panels() && p.rows >= 24 && p.inputs * p.columns >= PACKED {
        with_packed(f);
    } else {
        f(std::ptr::null_mut());
    }
}

/// The elements of a copy of a slice of so many rows, and of those up to a whole tile.
fn copied(rows: usize) -> usize {
    rows.next_multiple_of(2) * DEPTH
}

/// How a product is cut.
#[derive(Debug, Clone, Copy)]
struct Tasks {
    rows: usize,
    down: usize,
    /// The panels of all columns.
    panels: usize,
    across: usize,
}

impl Tasks {
    fn of(p: &Product) -> Self {
        let across = match p.columns {
            ..COLUMNS => 1,
            ..WIDE if p.rows >= MANY_ROWS => 1,
            _ if p.is_in_panels() => p.columns.div_ceil(PANEL).clamp(2, MOST),
            WIDE.. => p.columns.div_ceil(2 * COLUMNS),
            _ => p.columns.div_ceil(COLUMNS).max(2),
        };
        let most = match p.columns {
            ..COLUMNS => FEW_COLUMNS_ROWS,
            _ if across == 1 => block::ROWS / 4,
            _ => (COPIED / p.inputs.max(1)).clamp(block::ROWS / 4, block::ROWS),
        };
        let rows = even(p.rows, most, 6).max(1);
        Self { rows, down: p.rows.div_ceil(rows), panels: p.columns.div_ceil(PANEL).max(1), across }
    }

    /// The rows of a task.
    fn rows(&self, p: &Product, index: usize) -> Range<usize> {
        index * self.rows..((index + 1) * self.rows).min(p.rows)
    }

    /// The columns of a task: whole panels.
    fn columns(&self, p: &Product, index: usize) -> Range<usize> {
        let column = |index: usize| (index * self.panels / self.across * PANEL).min(p.columns);
        column(index)..column(index + 1)
    }
}
