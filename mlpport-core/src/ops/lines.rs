//! Memory that begins at a line of a cache.
#![allow(unsafe_code)]

/// The elements of a line.
pub(super) const LINE: usize = 16;

/// A line of a cache.
#[derive(Debug, Clone, Copy, PartialEq)]
#[repr(align(64))]
pub(super) struct Line(pub(super) [f32; LINE]);

/// Elements that begin at a line: two threads that write rows of whole lines never write to the same one.
#[derive(Debug, Default)]
pub(super) struct Lines(Vec<Line>);

impl Lines {
    pub(super) const fn new() -> Self {
        Self(Vec::new())
    }

    /// How many elements there is room for.
    pub(super) fn capacity(&self) -> usize {
        self.0.capacity() * LINE
    }

    pub(super) fn elements(&self) -> &[f32] {
        // SAFETY: a line is an array of elements.
        unsafe { std::slice::from_raw_parts(self.0.as_ptr().cast(), self.0.len() * LINE) }
    }

    /// The first `count` elements, or none where there are not as many.
    pub(super) fn first_mut(&mut self, count: usize) -> Option<&mut [f32]> {
        // SAFETY: as above.
        let elements = unsafe { std::slice::from_raw_parts_mut(self.0.as_mut_ptr().cast(), self.0.len() * LINE) };
        elements.get_mut(..count)
    }

    /// The first `count` elements, with as many more zeros as are missing.
    pub(super) fn grown(&mut self, count: usize) -> &mut [f32] {
        let lines = count.div_ceil(LINE);
        if self.0.len() < lines {
            self.0.resize(lines, Line([0.0; LINE]));
        }
        self.first_mut(count).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn elements_begin_at_a_line_and_stay() {
        let mut lines = Lines::new();
        assert_eq!(lines.elements(), [0.0; 0]);
        lines.grown(3).copy_from_slice(&[1.0, 2.0, 3.0]);
        for count in [17, 1000, 2] {
            let elements = lines.grown(count);
            assert_eq!((elements.len(), elements.as_ptr().addr() % 64), (count, 0));
            assert_eq!(elements[..2], [1.0, 2.0]);
        }
        assert_eq!(lines.elements()[..5], [1.0, 2.0, 3.0, 0.0, 0.0]);
        assert!(lines.capacity() >= 1000 && lines.first_mut(usize::MAX).is_none());
    }
}
