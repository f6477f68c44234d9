//! What is asked for before it is read.
#![allow(unsafe_code)]

use super::lanes::Lanes;
use crate::ops::lines::LINE;

/// The rows of a block of a kernel that will be multiplied soon, in pieces.
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
    /// The lines of a piece: a power of two from a quarter of [`Lanes::MOST_LINES`] to that.
    pub(super) lines: usize,
    /// The column of the next tile.
    pub(super) column: usize,
}

impl Pieces {
    pub(super) const NONE: Self = Self { start: std::ptr::null(), stride: 0, rows: 0, columns: 0, lines: 0, column: 0 };

    /// Those for a tile of so many groups, unless all have been asked for.
    #[inline(always)]
    pub(super) fn next(&mut self, groups: usize) -> PiecesAhead {
        if self.rows == 0 {
            return PiecesAhead::NONE;
        }
        let start = self.start.wrapping_add(self.column);
        let ahead = PiecesAhead { start, stride: self.stride, lines: self.lines };
        self.column += self.lines * LINE;
        if self.column >= self.columns {
            self.column = 0;
            self.start = self.start.wrapping_offset(groups.cast_signed() * self.stride);
            self.rows = self.rows.saturating_sub(groups);
        }
        ahead
    }
}

/// The pieces that a tile asks for.
#[derive(Clone, Copy)]
pub(super) struct PiecesAhead {
    pub(super) start: *const f32,
    pub(super) stride: isize,
    /// The lines of each, or 0 where there is none.
    pub(super) lines: usize,
}

impl PiecesAhead {
    pub(super) const NONE: Self = Self { start: std::ptr::null(), stride: 0, lines: 0 };
}

/// The steps between which a tile asks for a piece.
pub(super) const GROUP: usize = 4;

/// The most lines of a piece of a kernel that a cache may have: the processor reads ahead from there as fast by itself.
const FEW_LINES: usize = 2;

/// In the place of a number of lines: 0, 2, 4 or 8, as pieces say.
pub(super) const ANY: usize = usize::MAX;

/// The lines of a piece for so many tiles of a panel to ask for all that will be multiplied, as far as there are buffers.
#[inline(always)]
pub(super) fn lines_of_piece<V: Lanes>(tiles: usize, is_large: bool) -> usize {
    let all = const { V::VECTORS * V::LANES * GROUP / LINE };
    let most = if is_large { V::MOST_LINES } else { FEW_LINES };
    if tiles * most <= all { most } else { all.div_ceil(tiles).next_power_of_two().max(V::MOST_LINES / 4) }
}
