//! The keys of a node, each written by what it shares with the one before.

use super::cursor::Cursor;
use crate::error::Result;

/// Longer than any key, by the format.
const LONGEST: usize = 65_535;

/// The keys of a node, one at a time.
#[derive(Debug)]
pub(super) struct Keys<'a> {
    shared: Cursor<'a>,
    suffixes: Cursor<'a>,
    /// Of an interior node: how much of its key all keys below an entry begin with.
    common: Option<Cursor<'a>>,
    text: Cursor<'a>,
    /// The last key, with `prefix` bytes that all keys below this node begin with.
    key: Vec<u8>,
    prefix: usize,
    first: bool,
}

impl<'a> Keys<'a> {
    /// Leaves the cursor behind `count` keys, each of which begins with `prefix`.
    pub(super) fn new(cursor: &mut Cursor<'a>, count: usize, prefix: &[u8], interior: bool) -> Result<Self> {
        let shared = cursor.column(count.saturating_sub(1))?;
        let suffixes = cursor.column(count)?;
        let common = if interior { Some(cursor.column(count)?) } else { None };
        let text = cursor.clone();
        let mut lengths = suffixes.clone();
        for _ in 0..count {
            cursor.take(length(&mut lengths)?)?;
        }
        Ok(Self { shared, suffixes, common, text, key: prefix.to_vec(), prefix: prefix.len(), first: true })
    }

    /// Moves to the next key; who calls knows how many there are.
    pub(super) fn advance(&mut self) -> Result<()> {
        let mut shared = 0;
        if !std::mem::take(&mut self.first) {
            let at = self.shared.clone();
            shared = length(&mut self.shared)?;
            if shared > self.key.len() - self.prefix {
                return Err(at.fault("a length within the key before", shared.to_string()));
            }
        }
        self.key.truncate(self.prefix + shared);
        self.key.extend_from_slice(self.text.take(length(&mut self.suffixes)?)?);
        if self.key.len() > LONGEST {
            return Err(self.text.fault(format!("a key of at most {LONGEST} bytes"), self.key.len().to_string()));
        }
        Ok(())
    }

    /// The key, in full.
    pub(super) fn key(&self) -> &[u8] {
        &self.key
    }

    /// What all keys below this entry begin with; to be asked once for each one.
    pub(super) fn common(&mut self) -> Result<&[u8]> {
        let Some(column) = &mut self.common else { return Ok(&self.key) };
        let at = column.clone();
        let common = length(column)?;
        let front = self.key.get(..self.prefix + common);
        front.ok_or_else(|| at.fault("a length within the key", common.to_string()))
    }

    /// An error about the last key.
    pub(super) fn fault(&self, expected: impl Into<String>, found: impl Into<String>) -> crate::Error {
        self.text.fault(expected, found)
    }
}

fn length(column: &mut Cursor) -> Result<usize> {
    column.length_16("the length of a key")
}

/// A key in an error.
pub(super) fn in_words(key: &[u8]) -> String {
    /// As much as helps to find it.
    const SHOWN: usize = 200;
    match key.get(..SHOWN) {
        Some(front) => format!("`{}…`", String::from_utf8_lossy(front).escape_debug()),
        None => format!("`{}`", String::from_utf8_lossy(key).escape_debug()),
    }
}
