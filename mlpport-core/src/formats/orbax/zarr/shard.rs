//! `sharding_indexed`: several chunks in one value, with the places of their bytes at its end or start.

use std::ops::Range;

use super::chunk::Elements;
use super::filter;
use super::grid::Places;
use crate::error::Result;
use crate::formats::orbax::store::Blob;
use crate::tensor::Shape;

/// How the chunks of a shard are found, and how each is written.
#[derive(Debug)]
pub(super) struct Shards {
    /// The lengths of the axes of the inner chunks, which divide those of the shard.
    pub(super) chunk: Shape,
    pub(super) elements: Elements,
    pub(super) index: Index,
}

/// How the pairs of offset and length are written.
#[derive(Debug)]
pub(super) struct Index {
    pub(super) big_endian: bool,
    pub(super) checksum: bool,
    pub(super) at_end: bool,
}

/// An inner chunk: its place in the shard, and its value, if it is there.
pub(super) type Inner = (Vec<usize>, Option<Blob>);

impl Shards {
    /// The inner chunks of a shard.
    ///
    /// # Errors
    ///
    /// [`Error::Format`](crate::Error::Format) where the index is damaged, or the bytes of two chunks overlap.
    pub(super) fn inner(&self, shard: &Blob, outer: &[usize]) -> Result<Vec<Inner>> {
        let places = Places::new(outer, &self.chunk);
        let checksum = if self.index.checksum { 4 } else { 0 };
        let length =
            places.count_all().and_then(|count| u64::try_from(count).ok()?.checked_mul(16)?.checked_add(checksum));
        let Some(length) = length.filter(|length| *length <= shard.length()) else {
            let expected = format!("the index of chunks {} in a shard {}", self.chunk, Shape::from(outer));
            return Err(shard.fault(0, expected, format!("{} bytes", shard.length())));
        };
        let range = if self.index.at_end { shard.length() - length..shard.length() } else { 0..length };
        let entries = self.index.read(&shard.part(range.clone())?)?;
        let inner: Result<Vec<Inner>> = places
            .zip(&entries)
            .map(|(place, entry)| Ok((place, entry.clone().map(|entry| shard.part(entry)).transpose()?)))
            .collect();
        let inner = inner?;
        check_overlaps(shard, &range, &entries)?;
        Ok(inner)
    }
}

fn check_overlaps(shard: &Blob, index: &Range<u64>, entries: &[Option<Range<u64>>]) -> Result<()> {
    let mut ranges: Vec<&Range<u64>> =
        entries.iter().flatten().chain([index]).filter(|range| !range.is_empty()).collect();
    ranges.sort_by_key(|range| range.start);
    for pair in ranges.windows(2) {
        if let [before, after] = pair
            && before.end > after.start
        {
            return Err(shard.fault(after.start, "chunks that do not overlap", format!("{before:?} and {after:?}")));
        }
    }
    Ok(())
}

impl Index {
    /// The ranges of chunks; `None` for one that is not there.
    fn read(&self, blob: &Blob) -> Result<Vec<Option<Range<u64>>>> {
        let blob = if self.checksum { &filter::checked(blob)? } else { blob };
        let bytes = blob.read(u64::MAX)?;
        let number =
            |bytes: &[u8; 8]| if self.big_endian { u64::from_be_bytes(*bytes) } else { u64::from_le_bytes(*bytes) };
        let (pairs, _) = bytes.as_chunks::<8>();
        let mut ranges = Vec::with_capacity(pairs.len() / 2);
        for pair in pairs.chunks_exact(2) {
            let [offset, length] = pair else { continue };
            let (offset, length) = (number(offset), number(length));
            if (offset, length) == (u64::MAX, u64::MAX) {
                ranges.push(None);
                continue;
            }
            let Some(end) = offset.checked_add(length) else {
                return Err(blob.fault(0, "offsets within the shard", format!("{offset} and {length} bytes more")));
            };
            ranges.push(Some(offset..end));
        }
        Ok(ranges)
    }
}
