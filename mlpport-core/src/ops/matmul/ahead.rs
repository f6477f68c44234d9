//! What is asked for before it is read.
#![allow(unsafe_code)]

use super::kernel::LINE;
use super::lanes::Lanes;

/// What will be read soon, and is asked for while there is something to compute.
pub(super) struct Ahead {
    /// The block of the kernel behind the one that is multiplied.
    pub(super) kernel: Pairs,
    /// The rows of `x`, of which each tile asks for some.
    pub(super) x: *const f32,
    pub(super) x_stride: isize,
    pub(super) rows: usize,
    pub(super) columns: usize,
    pub(super) rows_at_once: usize,
}

impl Ahead {
    /// Asks for the next rows of `x`.
    #[inline(always)]
    pub(super) fn ask_for_x<V: Lanes>(&mut self) {
        let count = self.rows_at_once.min(self.rows);
        for _ in 0..count {
            for line in (0..self.columns).step_by(LINE) {
                V::prefetch(self.x.wrapping_add(line));
            }
            self.x = self.x.wrapping_offset(self.x_stride);
        }
        self.rows -= count;
    }
}

/// Rows of pairs of lines, of which a tile asks for one pair with each [`GROUP`] of its steps: one after another, since the processor
/// goes on by itself where they lie so.
#[derive(Clone, Copy)]
pub(super) struct Pairs {
    pub(super) start: *const f32,
    /// From one row to the next.
    pub(super) stride: isize,
    pub(super) rows: usize,
    /// The pairs of a row.
    pub(super) count: usize,
    /// The pair of the next tile.
    pub(super) pair: usize,
}

impl Pairs {
    pub(super) const NONE: Self = Self { start: std::ptr::null(), stride: 0, rows: 0, count: 0, pair: 0 };

    /// Those for a tile of so many groups, unless all have been asked for.
    #[inline(always)]
    pub(super) fn next(&mut self, groups: usize) -> Option<PairAhead> {
        if self.rows == 0 {
            return None;
        }
        let ahead = PairAhead { start: self.start.wrapping_add(self.pair * PAIR), stride: self.stride };
        self.pair += 1;
        if self.pair >= self.count {
            self.pair = 0;
            self.start = self.start.wrapping_offset(groups.cast_signed() * self.stride);
            self.rows = self.rows.saturating_sub(groups);
        }
        Some(ahead)
    }
}

/// The pairs that a tile asks for.
#[derive(Clone, Copy)]
pub(super) struct PairAhead {
    pub(super) start: *const f32,
    pub(super) stride: isize,
}

impl PairAhead {
    pub(super) const NONE: Self = Self { start: std::ptr::null(), stride: 0 };
}

/// The steps between which a tile asks for a pair of lines.
pub(super) const GROUP: usize = 4;

/// The elements of a pair of lines.
pub(super) const PAIR: usize = 2 * LINE;
