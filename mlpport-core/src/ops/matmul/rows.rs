//! Large layers one after another, some rows at a time, so that what passes between them stays in the second cache, and threads wait
//! for each other once.
#![allow(unsafe_code)]

use super::blocks::{PACKED_ROWS, ROWS, Tasks, WIDE, rows_alone};
use super::chain::{Ends, Step, through};
use super::kernels::Kernels;
use super::layer::Layer;
use super::product::Product;
use super::room::with_hidden;
use super::run_tasks;
use super::stream::MOST_ROWS;
use crate::ops::pool::Pool;

/// The most elements of a kernel that each thread reads whole, from the cache that threads share.
const SHARED: usize = 1 << 20;

/// Rows by all columns of each layer.
struct AllColumns<'a>(&'a Kernels);

impl Step for AllColumns<'_> {
    unsafe fn run(&self, p: &Product, _: *mut f32, _: bool) {
        // SAFETY: the caller's.
        rows_alone(self.0, p, &|p, room| unsafe { self.0.run_block(p, room) });
    }
}

/// Runs many rows through the layers, which take as much `work` in all, and returns true, where tasks of each layer are to have all
/// columns of some rows; else does nothing.
///
/// # Safety
///
/// As [`chain_row`](super::chain::chain_row), for any number of outputs.
#[inline(never)] // What small layers wait for stays short.
pub(super) unsafe fn run_rows(
    kernels: &Kernels,
    pool: Option<&Pool>,
    layers: &[Layer<'_>],
    ends: &Ends,
    work: usize,
) -> bool {
    let Some((last, hidden)) = layers.split_last() else { return false };
    if hidden.is_empty() || ends.rows <= MOST_ROWS {
        return false;
    }
    let share = ends.rows.div_ceil(Pool::or_global(pool).threads());
    let (mut rows, mut stride) = (1, 0);
    for layer in layers {
        let product = layer.product(ends.x, ends.x_stride, ends.y, layer.outputs(), ends.rows);
        let tasks = Tasks::of(&product);
        if tasks.across > 1 && !may_have_all_columns(&product, kernels, share) {
            return false;
        }
        rows = tasks.rows.max(rows);
    }
    if share >= kernels.share {
        // As many tasks for each thread.
        rows = share.div_ceil(share.div_ceil(ROWS)).next_multiple_of(2);
    }
    for layer in hidden {
        stride = stride.max(layer.outputs());
    }
    let room = rows * stride;
    let task = |task: usize| {
        let part = ends.part(task * rows..((task + 1) * rows).min(ends.rows), last.outputs());
        with_hidden(2 * room, |hidden| {
            // SAFETY: the caller's; no two tasks have a row in common, and there is room for the rows of one.
            unsafe { through(layers, &part, [hidden, hidden.add(room)], stride, &AllColumns(kernels)) };
        });
    };
    run_tasks(pool, ends.rows.div_ceil(rows), work, &task);
    true
}

/// Whether tasks may have all columns of `p`, although they could have some of them, where a thread has a `share` of the rows.
fn may_have_all_columns(p: &Product, kernels: &Kernels, share: usize) -> bool {
    let least = if p.is_in_panels() { kernels.share } else { kernels.share.max(PACKED_ROWS) };
    share >= least && p.columns < WIDE && p.inputs * p.columns <= SHARED
}
