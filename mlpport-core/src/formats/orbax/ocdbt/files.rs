//! The data files: what a node calls them by, and their handles, of which few are open at a time.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};

use super::budget::Budget;
use super::cursor::Cursor;
use super::tree::Place;
use crate::error::Result;
use crate::formats::folder::Folder;
use crate::formats::orbax::store::Opener;
use crate::formats::source::Source;

/// The number of handles that are kept. A large checkpoint has thousands of data files.
const OPEN: usize = 16;

/// What an entry of a table, or the name of a file, takes beside its text.
const OVERHEAD: usize = 128;

/// All data files that were heard of.
#[derive(Debug)]
pub(super) struct Files {
    folder: Folder,
    numbers: BTreeMap<Arc<str>, usize>,
    names: Vec<Arc<str>>,
    /// Whether its length is in the budget.
    counted: Vec<bool>,
    /// The one used last is the last.
    open: Mutex<Vec<(usize, Arc<Source<'static>>)>>,
}

/// One of them.
#[derive(Debug)]
pub(super) struct DataFile {
    files: Arc<Files>,
    file: usize,
}

/// The files that a manifest or a node refers to.
#[derive(Debug, Default)]
pub(super) struct Table {
    /// The number in [`Files`], and the length of the path that nodes in the file prefix to theirs.
    files: Vec<(usize, usize)>,
    /// What was taken from the budget.
    taken: usize,
}

impl Files {
    pub(super) fn new(folder: Folder) -> Self {
        let (numbers, names, counted) = (BTreeMap::new(), Vec::new(), Vec::new());
        Self { folder, numbers, names, counted, open: Mutex::new(Vec::new()) }
    }

    pub(super) fn path(&self, file: usize) -> PathBuf {
        // Names come from a file: `..` or control characters in them are shown, not followed.
        self.folder.join(&self.names.get(file).map(|name| name.escape_debug().to_string()).unwrap_or_default())
    }

    /// A file, with its length in the budget.
    pub(super) fn open_counted(&mut self, file: usize, budget: &mut Budget) -> Result<Arc<Source<'static>>> {
        let source = self.open(file)?;
        if let Some(counted) = self.counted.get_mut(file)
            && !std::mem::replace(counted, true)
        {
            budget.grow(source.length());
        }
        Ok(source)
    }

    /// Looks at a file that has values: whether it may be read, and its length. It need not be there.
    pub(super) fn count(&mut self, file: usize, budget: &mut Budget) -> Result<()> {
        let (Some(counted), Some(name)) = (self.counted.get_mut(file), self.names.get(file)) else { return Ok(()) };
        if !std::mem::replace(counted, true)
            && let Some(source) = self.folder.file_if_there(name)?
        {
            budget.grow(source.length());
        }
        Ok(())
    }

    fn open(&self, file: usize) -> Result<Arc<Source<'static>>> {
        let mut open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        let found = match open.iter().position(|(other, _)| *other == file) {
            Some(place) => open.remove(place),
            None => (file, Arc::new(self.folder.file(self.names.get(file).map_or("", |name| name))?)),
        };
        if open.len() >= OPEN {
            open.remove(0);
        }
        let source = Arc::clone(&found.1);
        open.push(found);
        Ok(source)
    }

    #[cfg(test)]
    pub(super) fn handles(&self) -> &Mutex<Vec<(usize, Arc<Source<'static>>)>> {
        &self.open
    }

    /// Reads a table. Paths are relative to `base`, below the directory of the manifest.
    pub(super) fn table(&mut self, cursor: &mut Cursor, base: &str, budget: &mut Budget) -> Result<Table> {
        let count = cursor.count(u64::MAX, "a number of files")?;
        let mut prefixes = cursor.column(count.saturating_sub(1))?;
        let mut suffixes = cursor.column(count)?;
        let mut bases = cursor.column(count)?;
        let mut table = Table::default();
        let mut path = base.as_bytes().to_vec();
        for index in 0..count {
            let shared = match index {
                0 => 0,
                _ => prefixes.length_16("the length of a path")?,
            };
            let suffix = suffixes.length_16("the length of a path")?;
            let base_length = bases.length_16("the length of a path")?;
            if shared > path.len() - base.len() {
                return Err(prefixes.fault("a length within the path before", shared.to_string()));
            }
            path.truncate(base.len() + shared);
            path.extend_from_slice(cursor.take(suffix)?);
            if path.len() > usize::from(u16::MAX) {
                return Err(cursor.fault(format!("a path of at most {} bytes", u16::MAX), path.len().to_string()));
            }
            let Ok(name) = str::from_utf8(&path) else {
                return Err(cursor.fault("a path in UTF-8", "bytes that are none"));
            };
            let base_length = base.len() + base_length;
            if !name.is_char_boundary(base_length) {
                let found = (base_length - base.len()).to_string();
                return Err(bases.fault("the length of the beginning of a path", found));
            }
            let exceeded = |_| cursor.fault("paths that take less memory than the files account for", "more");
            budget.take(OVERHEAD + name.len()).map_err(exceeded)?;
            table.taken += OVERHEAD + name.len();
            table.files.push((self.number(name, budget).map_err(exceeded)?, base_length));
        }
        Ok(table)
    }

    fn number(&mut self, name: &str, budget: &mut Budget) -> Result<usize, super::budget::Exceeded> {
        if let Some(number) = self.numbers.get(name) {
            return Ok(*number);
        }
        budget.take(OVERHEAD + name.len())?;
        let (number, name) = (self.names.len(), Arc::<str>::from(name));
        self.numbers.insert(Arc::clone(&name), number);
        self.names.push(name);
        self.counted.push(false);
        Ok(number)
    }
}

impl Table {
    /// The number of a file in [`Files`], or what was expected and found.
    pub(super) fn file(&self, index: u64) -> Result<usize, (String, String)> {
        self.entry(index).map(|(file, _)| file)
    }

    fn entry(&self, index: u64) -> Result<(usize, usize), (String, String)> {
        let entry = usize::try_from(index).ok().and_then(|index| self.files.get(index));
        entry.copied().ok_or_else(|| (format!("a file below {}", self.files.len()), index.to_string()))
    }

    /// Where a node is, or what was expected and found.
    pub(super) fn place(&self, index: u64, offset: u64, length: u64, all: &Files) -> Result<Place, (String, String)> {
        let (file, base_length) = self.entry(index)?;
        let base = all.names.get(file).and_then(|name| name.get(..base_length)).unwrap_or_default().to_owned();
        Ok(Place { file, base, offset, length })
    }

    /// Gives back what the table itself took.
    pub(super) fn release(self, budget: &mut Budget) {
        budget.give_back(self.taken);
    }
}

impl DataFile {
    pub(super) fn new(files: Arc<Files>, file: usize) -> Self {
        Self { files, file }
    }
}

impl Opener for DataFile {
    fn source(&self) -> Result<Arc<Source<'static>>> {
        self.files.open(self.file)
    }

    fn path(&self) -> PathBuf {
        self.files.path(self.file)
    }
}
