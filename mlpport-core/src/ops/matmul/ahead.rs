//! What is asked for before it is read.
#![allow(unsafe_code)]

use crate::ops::lines::LINE;

/// The rows of a block of a kernel that will be multiplied soon, as lines or pairs of them.
///
/// A tile asks for one with each [`GROUP`] of its steps, and for one after another: the processor goes on by itself where they lie so,
/// and has few buffers for what it is asked for.
#[derive(Clone, Copy)]
pub(super) struct Pieces {
    pub(super) start: *const f32,
    /// From one row to the next.
    pub(super) stride: isize,
    pub(super) rows: usize,
    /// The columns of a row.
    pub(super) columns: usize,
    /// The elements of a piece: [`LINE`] or [`PAIR`].
    pub(super) length: usize,
    /// The column of the next tile.
    pub(super) column: usize,
}

impl Pieces {
    pub(super) const NONE: Self =
        Self { start: std::ptr::null(), stride: 0, rows: 0, columns: 0, length: PAIR, column: 0 };

    /// Those for a tile of so many groups, unless all have been asked for.
    #[inline(always)]
    pub(super) fn next(&mut self, groups: usize) -> Option<PiecesAhead> {
        if self.rows == 0 {
            return None;
        }
        let start = self.start.wrapping_add(self.column);
        let ahead = PiecesAhead { start, stride: self.stride, last: self.length - LINE };
        self.column += self.length;
        if self.column >= self.columns {
            self.column = 0;
            self.start = self.start.wrapping_offset(groups.cast_signed() * self.stride);
            self.rows = self.rows.saturating_sub(groups);
        }
        Some(ahead)
    }
}

/// The pieces that a tile asks for.
#[derive(Clone, Copy)]
pub(super) struct PiecesAhead {
    pub(super) start: *const f32,
    pub(super) stride: isize,
    /// From the first line of a piece to the last.
    pub(super) last: usize,
}

impl PiecesAhead {
    pub(super) const NONE: Self = Self { start: std::ptr::null(), stride: 0, last: 0 };
}

/// The steps between which a tile asks for a piece.
pub(super) const GROUP: usize = 4;

/// The elements of a pair of lines.
pub(super) const PAIR: usize = 2 * LINE;
