//! A product of several rows in blocks, on several threads.
#![allow(unsafe_code)]

use std::ops::Range;

use super::block::{self, BLOCK};
use super::kernel::DEPTH;
use super::kernels::Kernels;
use super::nonzero::Masks;
use super::product::{PANEL, Product, even, steps};
use super::room::{Room, Shared, Source, with_masks, with_packed, with_partial, with_room};
use super::{run_tasks, size};
use crate::ops::pool::Pool;

/// The columns of a task that reads a kernel row by row.
const COLUMNS: usize = size(256, 80);

/// The rows from which a task has all columns.
const MANY_ROWS: usize = size(256, 32);

/// The columns from which it has not: as many outputs do not fit into the second cache.
pub(super) const WIDE: usize = size(2048, 128);

/// The most tasks for the columns of a kernel in panels.
const MOST: usize = 32;

/// The rows from which a task may be cut in two.
const HALVED_ROWS: usize = size(24, 8);

/// So many tasks are fine enough for threads to end together.
const FINE: usize = 16;

/// The most rows of a task that has all of many columns.
pub(super) const ROWS: usize = block::ROWS / 4;

/// The rows of a task where the columns are too few to be shared.
const FEW_COLUMNS_ROWS: usize = 16;

/// The rows from which panels of a kernel that lies row by row are packed.
pub(super) const PACKED_ROWS: usize = size(24, 8);

/// Those from which panels of a large one are: its rows have few places in a cache.
const LARGE_PACKED_ROWS: usize = size(14, 8);

/// The elements of a kernel from which it is read from memory.
const LARGE: usize = size(4 << 20, 2_000);

/// The elements of a part of a kernel from which its panels are packed.
const PACKED: usize = size(16 * 1024, 512);

/// The rows up to which threads that share them read `x` where it lies, unless they are odd: to wait for a copy takes longer.
const FEW: usize = size(64, 8);

/// The rows from which inputs that are zero are skipped, if there are many.
const MASKED_ROWS: usize = size(4, 3);

/// Those for a large kernel: for fewer rows, tiles that ask for it have it sooner.
const LARGE_MASKED_ROWS: usize = size(24, 4);

/// With the first row a kernel comes into a cache, which takes as long as to multiply by all inputs.
const FIRST_ROWS: usize = 1;

/// Inputs are skipped where at most so many eighths of the other rows are not zero: to multiply by some takes longer for each of them.
const EIGHTHS: usize = 5;

/// The most elements of `x` that are copied at once, unless a few rows have more.
const COPIED: usize = size(1024 * 1024, 256);

/// The products that take as long as to copy an element.
const COPY: usize = 16;

/// Whether the kernel of `p` is read from memory.
fn is_large(p: &Product) -> bool {
    p.inputs * p.columns >= LARGE
}

/// Calls `block` with the parts of `p`, which takes as much `work` in all, and with room for each.
pub(super) fn run_blocks(
    kernels: &Kernels,
    pool: Option<&Pool>,
    p: &Product,
    work: usize,
    block: &(dyn Fn(&Product, Room) + Sync),
) {
    let (tasks, is_large) = (Tasks::of(p), is_large(p));
    let down = |index: usize| p.part(tasks.rows(p, index), 0..p.inputs, 0..p.columns);
    if tasks.across == 1 {
        run_tasks(pool, tasks.down, work, &|index| rows_alone(kernels, &down(index), block));
        return;
    }
    for rows in (0..tasks.down).map(down) {
        let run = |tasks: Tasks, x: &(dyn Fn(usize) -> Source + Sync)| {
            let part = |index: usize| {
                let (part, columns) = tasks.part(&rows, index);
                let room = Room { x: x(part.start), packed: std::ptr::null_mut(), is_large };
                block_of_shared(&rows.part(part, 0..rows.inputs, columns), room, block);
            };
            run_tasks(pool, tasks.across + tasks.halved, work / tasks.down, &part);
        };
        if masked(kernels, pool, &rows, work, &|masks| {
            run(tasks.in_pairs(&rows), &|start| Source::Masked(masks.at_row(start)));
        }) {
            continue;
        }
        if rows.rows <= FEW && Source::may_lie(rows.rows) {
            run(tasks, &|_| Source::AsTheyLie);
            continue;
        }
        let (slices, size) = (rows.slice_count(), copied(rows.rows));
        with_room(slices * size, |x| {
            let x = Shared(x);
            let copy = |slice: usize| {
                // SAFETY: a part of what is valid is; there is room for all slices, and no two tasks share a place of it.
                unsafe { (kernels.copy_slice)(&rows, slice, x.at(slice * size)) };
            };
            run_tasks(pool, slices, rows.rows * rows.inputs * COPY, &copy);
            run(tasks, &|start| Source::Copied(x.at(start * DEPTH), size));
        });
    }
}

/// Rows by all columns; `x` is copied a slice at a time, where it has to be.
pub(super) fn rows_alone(kernels: &Kernels, p: &Product, block: &dyn Fn(&Product, Room)) {
    let is_large = is_large(p);
    let run = |x: Source| packed_or_not(p, is_large, |packed| block(p, Room { x, packed, is_large }));
    if !masked(kernels, None, p, 0, &|masks| run(Source::Masked(masks))) {
        with_room(copied(p.rows), |x| run(Source::of(p.rows, x)));
    }
}

/// Calls `f` with masks of the rows of `p` and returns true, where that many inputs are zero that it pays to skip them; else false.
///
/// The first slice tells of all. What a task does alone has no `work`.
fn masked(kernels: &Kernels, pool: Option<&Pool>, p: &Product, work: usize, f: &dyn Fn(Masks)) -> bool {
    let least = if is_large(p) { LARGE_MASKED_ROWS } else { MASKED_ROWS };
    if !p.is_finite || p.inputs == 0 || p.rows < least {
        return false;
    }
    let mut are_many = false;
    with_masks(Masks::count(p), |masks| {
        let masks = Shared(masks);
        // SAFETY: there is room for all masks, and no two tasks share a place.
        let write = |index| unsafe { (kernels.write_masks)(p, index, masks.at(0)) };
        let nonzero = write(0);
        are_many = nonzero * 8 <= (p.rows - FIRST_ROWS) * p.slice(0).inputs.len() * EIGHTHS;
        if are_many {
            run_tasks(pool, p.slice_count() - 1, work, &|index| {
                write(index + 1);
            });
            f(Masks::of_all(p, masks.at(0)));
        }
    });
    are_many
}

/// A part of a product that threads share.
///
/// The sums of a block are kept together until they are whole, unless that would cut the rows of a wide kernel: rows of the output may
/// lie so that they have few places in a cache, and another processor may have their lines.
fn block_of_shared(p: &Product, room: Room, block: &dyn Fn(&Product, Room)) {
    if p.is_in_panels() || p.columns <= COLUMNS {
        with_partial(p.rows * BLOCK, |partial| {
            for columns in steps(p.columns, BLOCK) {
                let part = Product { partial, partial_stride: BLOCK, ..p.part(0..p.rows, 0..p.inputs, columns) };
                packed_or_not(&part, room.is_large, |packed| block(&part, Room { packed, ..room }));
            }
        });
    } else {
        packed_or_not(p, room.is_large, |packed| block(p, Room { packed, ..room }));
    }
}

/// Calls `f` with room for a panel of `p`, of which the kernel may be a part of a large one, or with null where it is read where it lies.
fn packed_or_not(p: &Product, is_large: bool, f: impl FnOnce(*mut f32)) {
    let rows = if is_large { LARGE_PACKED_ROWS } else { PACKED_ROWS };
    if p.is_compressed() || !p.is_in_panels() && p.rows >= rows && p.inputs * p.columns >= PACKED {
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
pub(super) struct Tasks {
    pub(super) rows: usize,
    down: usize,
    /// The columns of which a task has all or none.
    unit: usize,
    /// How many times there are so many.
    units: usize,
    pub(super) across: usize,
    /// How many of those across are cut in two by their rows.
    halved: usize,
}

impl Tasks {
    pub(super) fn of(p: &Product) -> Self {
        let across = match p.columns {
            ..COLUMNS => 1,
            ..WIDE if p.rows >= MANY_ROWS => 1,
            _ if p.is_in_panels() => p.columns.div_ceil(PANEL).clamp(2, MOST),
            WIDE.. => p.columns.div_ceil(2 * COLUMNS),
            _ => p.columns.div_ceil(COLUMNS).max(2),
        };
        let most = match p.columns {
            ..COLUMNS => FEW_COLUMNS_ROWS,
            _ if across == 1 => ROWS,
            _ => (COPIED / p.inputs.max(1)).clamp(ROWS, block::ROWS),
        };
        let rows = even(p.rows, most, 6).max(1);
        let is_halved = p.is_in_panels() && rows >= HALVED_ROWS && (2..FINE).contains(&across);
        let halved = if is_halved { across / 2 } else { 0 };
        let units = p.columns.div_ceil(PANEL).max(1);
        Self { rows, down: p.rows.div_ceil(rows), unit: PANEL, units, across, halved }
    }

    /// With pairs of panels for each task, if it has not all columns of `p`.
    fn in_pairs(self, p: &Product) -> Self {
        let unit = 2 * PANEL;
        let units = p.columns.div_ceil(unit);
        let across = self.across.min(units.max(2));
        Self { unit, units, across, halved: self.halved.min(across / 2), ..self }
    }

    /// The rows of a task.
    fn rows(&self, p: &Product, index: usize) -> Range<usize> {
        index * self.rows..((index + 1) * self.rows).min(p.rows)
    }

    /// The rows and the columns, which are whole panels, of a task of `p`.
    ///
    /// Those that are cut in two are in the middle, where the threads meet: they wait for each other as long as the last task takes.
    fn part(&self, p: &Product, index: usize) -> (Range<usize>, Range<usize>) {
        let first = (self.across - self.halved) / 2;
        let column = |index: usize| (index * self.units / self.across * self.unit).min(p.columns);
        let columns = |index: usize| column(index)..column(index + 1);
        let Some(half) = index.checked_sub(first).filter(|half| *half < 2 * self.halved) else {
            return (0..p.rows, columns(if index < first { index } else { index - self.halved }));
        };
        let middle = p.rows.div_ceil(2).next_multiple_of(2).min(p.rows);
        (if half % 2 == 0 { 0..middle } else { middle..p.rows }, columns(first + half / 2))
    }
}
