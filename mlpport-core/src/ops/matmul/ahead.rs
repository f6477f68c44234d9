//! What is asked for before it is read.
#![allow(unsafe_code)]

use super::kernel::LINE;

/// The rows of a block of a kernel that will be multiplied soon, as pairs of lines.
///
/// A tile asks for one pair with each [`GROUP`] of its steps, and for one after another: the processor goes on by itself where they
/// lie so, and has few buffers for what it is asked for.
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
