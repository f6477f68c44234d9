//! Linear layers: the product of two matrices, with a bias and an activation.
//!
//! For each element of the output the products are added in the same order, whatever the sizes, the instruction set, and
//! the number of threads; only without fused multiply-add, each product is rounded as well.
#![allow(unsafe_code)]

mod ahead;
#[cfg(target_arch = "x86_64")]
mod avx2;
#[cfg(target_arch = "x86_64")]
mod avx512;
mod block;
mod blocks;
mod chain;
mod compressed;
mod expand;
mod kernel;
mod kernels;
mod lanes;
mod layer;
mod nonzero;
mod packed;
mod panel_row;
mod panel_rows;
mod panels;
mod portable;
mod product;
mod room;
mod rows;
mod stream;
#[cfg(test)]
mod tests;
mod tile;

use std::mem::MaybeUninit;

use self::blocks::run_blocks;
use self::chain::{Ends, apply};
use self::kernel::DEPTH;
use self::kernels::Kernels;
pub(super) use self::layer::{Elementwise, Function, Layer, Layers, Rows};
pub(crate) use self::packed::PackedKernel;
use self::product::Product;
use self::room::{Shared, with_room};
use self::rows::run_rows;
use super::lead::Last;
use super::pool::{Pool, Wake};

/// A size by which products are cut: another one under miri, which is slow, so that small products take every path there.
const fn size(usual: usize, under_miri: usize) -> usize {
    if cfg!(miri) { under_miri } else { usual }
}

/// Products of more elements than this run on several threads.
const THREADED: usize = size(100_000, 500);

/// Those of more elements are worth waking a thread.
const LONG: usize = size(400_000, 2_000);

/// The elements of all kernels up to which layers run as a chain.
const CHAINED: usize = size(64 * 1024, 512);

/// The elements of a kernel from which a row is multiplied as the kernel lies in memory.
const STREAMED: usize = size(16 * 1024, 512);

/// Writes what the layers make of `x` to `y`, row by row, and returns true, where it pays to run some rows through all of them, and
/// the sizes fit; else does nothing.
#[inline]
pub(super) fn run_together(layers: &[Layer<'_>], x: Rows<'_>, y: &mut [MaybeUninit<f32>]) -> bool {
    together_by(Kernels::fastest(), None, layers, x, y)
}

/// [`run_together`] by these functions, and by a pool other than that of the process.
fn together_by(
    kernels: &Kernels,
    pool: Option<&Pool>,
    layers: &[Layer<'_>],
    x: Rows<'_>,
    y: &mut [MaybeUninit<f32>],
) -> bool {
    let Some((last, hidden)) = layers.split_last() else { return false };
    let (mut outputs, mut weights, mut fits, mut is_small) = (x.length, last.size(), true, true);
    for layer in hidden {
        fits &= layer.inputs() == outputs;
        weights = weights.saturating_add(layer.size());
        outputs = layer.outputs();
        is_small &= outputs <= DEPTH;
    }
    fits &= last.inputs() == outputs && x.count.checked_mul(last.outputs()) == Some(y.len());
    if !fits {
        return false;
    }
    let ends = Ends { x: x.start, x_stride: x.stride, y: y.as_mut_ptr().cast(), rows: x.count };
    let work = ends.rows.saturating_mul(weights);
    // SAFETY of all below: the pointers are those of the view and the slice, and all sizes were compared above.
    if weights > CHAINED || !is_small {
        return unsafe { run_rows(kernels, pool, layers, &ends, work) };
    }
    if y.is_empty() {
        return true;
    }
    if ends.rows == 1 {
        unsafe { (kernels.chain_row)(layers, &ends) };
        return true;
    }
    let lead = (THREADED..LONG).contains(&work).then(|| &Pool::or_global(pool).lead);
    // All rows at once, some for another thread, or many tasks.
    let rows = match lead {
        None if work < THREADED => ends.rows,
        Some(lead) => lead.rows_of_caller(ends.rows, weights),
        None => 2 * chain::ROWS,
    };
    let outputs = last.outputs();
    // What another processor reads of it lies together.
    let task = move |task: usize| {
        let part = ends.part(task * rows..((task + 1) * rows).min(ends.rows), outputs);
        // SAFETY: likewise; no two tasks have a row in common.
        unsafe { (kernels.chain)(layers, &part) };
    };
    let last = run_tasks(pool, ends.rows.div_ceil(rows), work, &task);
    if let Some(lead) = lead {
        lead.learn(last, work);
    }
    true
}

/// Writes what the layer makes of `x` to `y`, row by row.
///
/// Does nothing unless the sizes fit. Returns whether they do, and every element is written.
#[inline]
pub(super) fn run_layer(layer: &Layer<'_>, x: Rows<'_>, y: &mut [MaybeUninit<f32>]) -> bool {
    layer_by(Kernels::fastest(), None, layer, x, y)
}

/// [`run_layer`] by these functions, and by a pool other than that of the process.
fn layer_by(
    kernels: &Kernels,
    pool: Option<&Pool>,
    layer: &Layer<'_>,
    x: Rows<'_>,
    y: &mut [MaybeUninit<f32>],
) -> bool {
    if x.length != layer.inputs() || x.count.checked_mul(layer.outputs()) != Some(y.len()) {
        return false;
    }
    let product = layer.product(x.start, x.stride, y.as_mut_ptr().cast(), layer.outputs(), x.count);
    let work = product.rows.saturating_mul(layer.size());
    if product.rows == 1 && product.is_in_panels() {
        run_panels(kernels, pool, &product, work);
        // SAFETY: the output has been written.
        unsafe { apply(layer.function, &product) };
        return true;
    }
    if product.sums == 1
        && (1..=stream::MOST_ROWS).contains(&product.rows)
        && layer.size() >= STREAMED
        && !product.is_in_panels()
    {
        run_stream(kernels, pool, &product, work);
        // SAFETY: the output has been written.
        unsafe { apply(layer.function, &product) };
        return true;
    }
    if product.rows == 1 {
        let ends = Ends { x: x.start, x_stride: x.stride, y: product.y, rows: 1 };
        // SAFETY: as below.
        unsafe { (kernels.chain_row)(&[*layer], &ends) };
        return true;
    }
    run_blocks(kernels, pool, &product, work, &|part, room| {
        // SAFETY: the pointers are those of the views and slices, whose sizes were compared above; no two tasks share a place of `y`.
        unsafe {
            kernels.run_block(part, room);
            apply(layer.function, part);
        }
    });
    true
}

/// One row by a kernel in panels, some for each task.
fn run_panels(kernels: &Kernels, pool: Option<&Pool>, p: &Product, work: usize) {
    const STEP: usize = panel_row::COLUMNS_AT_ONCE;
    let task = |task: usize| {
        let part = p.part(0..1, 0..p.inputs, task * STEP..((task + 1) * STEP).min(p.columns));
        // SAFETY: a part of what is valid is; no two tasks share a place of `y`.
        unsafe {
            if part.is_compressed() {
                (kernels.compressed_panels)(&part);
            } else {
                (kernels.panels)(&part, kernels.asks);
            }
        }
    };
    run_tasks(pool, p.columns.div_ceil(STEP), work, &task);
}

/// Few rows by a large kernel: each task reads a slice of it.
fn run_stream(kernels: &Kernels, pool: Option<&Pool>, p: &Product, work: usize) {
    let count = p.slice_count();
    let stride = stream::stride_of_sums(p.columns);
    let size = p.rows * stride;
    with_room(count * size, |buffer| {
        let sums = Shared(buffer);
        let task = |task: usize| {
            let part = p.part(0..p.rows, p.slice(task).inputs, 0..p.columns);
            // SAFETY: a part of what is valid is; no two tasks share a place of the sums.
            unsafe { (kernels.stream)(&part, sums.at(task * size), kernels.asks) };
        };
        run_tasks(pool, count, work, &task);
        let add_up = |row: usize| {
            let part = p.part(row..row + 1, 0..p.inputs, 0..p.columns);
            // SAFETY: likewise; all sums are there, and no two tasks share a row.
            unsafe { (kernels.add_up)(&part, sums.at(row * stride), size, count) };
        };
        run_tasks(pool, p.rows, count * size, &add_up);
    });
}

/// Runs the tasks on several threads, where they are worth it, and returns who was done last.
fn run_tasks(pool: Option<&Pool>, count: usize, work: usize, task: &(dyn Fn(usize) + Sync)) -> Option<Last> {
    if work < THREADED {
        (0..count).for_each(task);
        None
    } else {
        let wake = if work < LONG { Wake::IfOften } else { Wake::Always };
        Pool::or_global(pool).run(count, wake, task)
    }
}
