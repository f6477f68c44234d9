//! Distributions of 16-bit floats: so few bits go into a number that all of them fit into a table.

/// The length of a table: an `f16` takes 10 bits.
const LENGTH: usize = 1 << 10;

/// What becomes of some consecutive ones of the random bits.
#[derive(Debug, Clone)]
pub(crate) struct Table<T> {
    shift: u32,
    entries: Box<[T; LENGTH]>,
}

impl<T: Copy> Table<T> {
    /// The table of `entry`, a function of `width` bits, at most 10, that end `shift` bits above the lowest.
    pub(crate) fn new(shift: u32, width: u32, entry: impl Fn(u16) -> T) -> Self {
        let mut entries = Box::new([entry(0); LENGTH]);
        for (value, place) in (0..1 << width).zip(entries.iter_mut()) {
            *place = entry(value);
        }
        // A shorter table is repeated, so that an index is masked with a constant.
        for index in 1 << width..LENGTH {
            entries[index] = entries[index - (1 << width)];
        }
        Self { shift, entries }
    }

    /// The entry of 32 random bits.
    pub(crate) fn of(&self, bits: u32) -> T {
        self.entries[(bits >> self.shift) as usize % LENGTH]
    }
}
