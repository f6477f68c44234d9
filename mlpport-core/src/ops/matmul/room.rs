//! Memory that products need beside their ends, which each thread keeps.
#![allow(unsafe_code)]

use std::cell::Cell;
use std::thread::LocalKey;

use super::kernel::DEPTH;
use super::nonzero::Masks;
use super::product::PANEL;
use crate::ops::lines::Lines;

/// Where the tiles read the rows of `x`.
#[derive(Debug, Clone, Copy)]
pub(super) enum Source {
    /// Where they lie: an even number, since tiles have two, four or six.
    AsTheyLie,
    /// Where they lie, with masks of their inputs that are not zero.
    Masked(Masks),
    /// At the place of a copy, in rows of [`DEPTH`] elements, as many as [`padded`](super::block::padded) says, that is made a slice at a
    /// time.
    Copy(*mut f32),
    /// At that of one that is there, and how far it is from one slice to the next.
    Copied(*mut f32, usize),
}

impl Source {
    /// Whether so many rows can be read where they lie.
    #[inline(always)]
    pub(super) fn may_lie(rows: usize) -> bool {
        rows.is_multiple_of(2)
    }

    /// For so many rows, with room for a copy of a slice where there has to be one.
    #[inline(always)]
    pub(super) fn of(rows: usize, copy: *mut f32) -> Self {
        if Self::may_lie(rows) { Self::AsTheyLie } else { Self::Copy(copy) }
    }
}

/// Memory for a block.
#[derive(Debug, Clone, Copy)]
pub(super) struct Room {
    pub(super) x: Source,
    /// [`DEPTH`] rows of a panel, or null where the kernel, which is not compressed, is read as it lies.
    pub(super) packed: *mut f32,
    /// Whether the kernel is so large that it is read from memory.
    pub(super) is_large: bool,
}

/// Memory that tasks share, each its own part.
pub(super) struct Shared<T = f32>(pub(super) *mut T);

// SAFETY: as it says.
unsafe impl<T> Sync for Shared<T> {}

impl<T> Shared<T> {
    pub(super) fn at(&self, place: usize) -> *mut T {
        self.0.wrapping_add(place)
    }
}

type Kept = Cell<Lines>;

thread_local! {
    static ROOM: Kept = const { Cell::new(Lines::new()) };
    static HIDDEN: Kept = const { Cell::new(Lines::new()) };
    static PARTIAL: Kept = const { Cell::new(Lines::new()) };
    static MASKS: Kept = const { Cell::new(Lines::new()) };
    static SUMS: Kept = const { Cell::new(Lines::new()) };
    static PACKED: Kept = const { Cell::new(Lines::new()) };
}

/// Calls `f` with room for so many elements, which have been written: for rows of `x`, or for what all tasks add up.
pub(super) fn with_room(elements: usize, f: impl FnOnce(*mut f32)) {
    with_lines(&ROOM, elements, f);
}

/// Calls `f` with room for what passes between layers within a task.
pub(super) fn with_hidden(elements: usize, f: impl FnOnce(*mut f32)) {
    with_lines(&HIDDEN, elements, f);
}

/// Calls `f` with room for the sums of a block within a task.
pub(super) fn with_partial(elements: usize, f: impl FnOnce(*mut f32)) {
    with_lines(&PARTIAL, elements, f);
}

/// Calls `f` with room for so many masks.
pub(super) fn with_masks(count: usize, f: impl FnOnce(*mut u64)) {
    with_lines(&MASKS, count * (size_of::<u64>() / size_of::<f32>()), |masks| f(masks.cast()));
}

/// Calls `f` with room for the sums of masked rows.
pub(super) fn with_sums(elements: usize, f: impl FnOnce(*mut f32)) {
    with_lines(&SUMS, elements, f);
}

/// Calls `f` with room for [`DEPTH`] rows of a panel.
pub(super) fn with_packed(f: impl FnOnce(*mut f32)) {
    with_lines(&PACKED, DEPTH * PANEL, f);
}

fn with_lines(room: &'static LocalKey<Kept>, elements: usize, f: impl FnOnce(*mut f32)) {
    // An activation behind a layer may run other layers, which find no room, and leave theirs.
    let mut lines = room.take();
    f(lines.grown(elements).as_mut_ptr());
    room.set(lines);
}
