//! Names of a path that stand in one key, with a separator between them: `params/Dense_0/kernel`.

use super::index::{ArraySlot, Index};
use crate::variables::Path;

/// The separators that are looked for.
const SEPARATORS: [char; 3] = ['/', '.', ','];

/// Names that a path may have.
const MOST_NAMES: usize = 128;

/// Characters of a key that are shown.
const SHOWN: usize = 160;

/// Bytes that the structure of a file may need beside as many as the file has.
const MOST_MEMORY: u64 = 48 << 20;

/// What an array needs in memory beside its elements: about so many bytes, and so many for each name of its path.
const MEMORY_OF_ARRAY: u64 = 512;
const MEMORY_OF_NAME: u64 = 128;

/// What keys are that cannot be the keys of a file.
#[derive(Debug)]
pub(super) struct Refused {
    pub(super) expected: String,
    pub(super) found: String,
}

/// How much of the memory for the structure of a file is left.
///
/// A key of `a/a/a/…` takes much more memory as a path than in the file, and so do many short keys.
#[derive(Debug)]
pub(super) struct Budget {
    separator: Option<char>,
    left: u64,
}

impl Budget {
    /// The budget of files that have so many bytes together.
    pub(super) fn new(length: u64, separator: Option<char>) -> Self {
        Self { separator, left: length.saturating_add(MOST_MEMORY) }
    }

    /// Takes off what the array of a key needs, and `more` bytes.
    ///
    /// # Errors
    ///
    /// Where that is more than is left, or where the path is too long.
    pub(super) fn take(&mut self, key: &str, more: u64) -> Result<(), Refused> {
        let names = |separator| 1 + key.matches(separator).count();
        let most = match self.separator {
            Some(separator) => names(separator),
            None => SEPARATORS.into_iter().map(names).max().unwrap_or(1),
        };
        if most > MOST_NAMES {
            let found = format!("{most} in {}", shown(key));
            return Err(Refused { expected: format!("keys of at most {MOST_NAMES} names"), found });
        }
        let size = |length| u64::try_from(length).unwrap_or(u64::MAX);
        let needed = MEMORY_OF_ARRAY
            .saturating_add(MEMORY_OF_NAME.saturating_mul(size(most)))
            .saturating_add(size(key.len()).saturating_mul(3))
            .saturating_add(more);
        self.left = self.left.checked_sub(needed).ok_or_else(|| Refused {
            expected: "fewer or shorter keys in so small a file".to_owned(),
            found: format!("{} and all before it", shown(key)),
        })?;
        Ok(())
    }
}

/// The arrays of a file under their paths.
///
/// Without a separator, the keys tell it: see [`separator`].
///
/// # Errors
///
/// Where a key stands twice, or is both the path of an array and of what is above another one.
pub(super) fn index<'a>(
    mut arrays: Vec<(String, ArraySlot<'a>)>,
    separator: Option<char>,
) -> Result<Index<'a>, Refused> {
    arrays.sort_unstable_by(|(a, _), (b, _)| a.cmp(b));
    for pair in arrays.windows(2) {
        if let [(key, _), (next, _)] = pair
            && key == next
        {
            return Err(Refused { expected: "every key once".to_owned(), found: format!("{} twice", shown(key)) });
        }
    }
    let separator = separator.or_else(|| self::separator(arrays.iter().map(|(key, _)| key.as_str())));
    let mut index = Index::default();
    for (key, array) in arrays {
        if let Err(taken) = index.insert(path(&key, separator), array.into()) {
            let at =
                separator.map(|separator| format!(", split at `{}`", separator.escape_debug())).unwrap_or_default();
            return Err(Refused {
                expected: format!(
                    "keys none of which is above another one{at}; `OpenOptions::separator` splits them elsewhere"
                ),
                found: format!("{} beside {}", shown(&key), taken.in_words()),
            });
        }
    }
    Ok(index)
}

/// The path of a key.
fn path(key: &str, separator: Option<char>) -> Path {
    match separator {
        Some(separator) => Path::from_names(key.split(separator)),
        None => Path::from_names([key]),
    }
}

/// The separator of all these keys: of `/`, `.` and `,` the one that stands in most keys, and of those in as many the first.
/// One that would leave an empty name anywhere is none. `None` where no key has any.
pub(super) fn separator<'k>(keys: impl Iterator<Item = &'k str> + Clone) -> Option<char> {
    let mut found = (0, None);
    for separator in SEPARATORS {
        let splits = |key: &&str| key.contains(separator);
        let leaves_empty = |key: &str| splits(&key) && key.split(separator).any(str::is_empty);
        if keys.clone().any(leaves_empty) {
            continue;
        }
        let count = keys.clone().filter(splits).count();
        if count > found.0 {
            found = (count, Some(separator));
        }
    }
    found.1
}

/// The key of a path, of which `separator` was chosen, or is `/`.
///
/// # Errors
///
/// Where the key would be another path when it is read.
pub(super) fn key(path: &Path, separator: Option<char>) -> Result<String, Refused> {
    let by = separator.unwrap_or('/');
    if path.is_empty() {
        return Err(Refused { expected: "arrays with names".to_owned(), found: "an array without one".to_owned() });
    }
    if let Some(name) = path.names().find(|name| name.is_empty() || name.contains(by)) {
        let expected = format!(
            "names without the separator `{}` and none that are empty; choose another with `SaveOptions::separator`",
            by.escape_debug()
        );
        return Err(Refused { expected, found: Path::from_names([name]).in_words() });
    }
    let mut key = String::new();
    for (place, name) in path.names().enumerate() {
        if place > 0 {
            key.push(by);
        }
        key.push_str(name);
    }
    Ok(key)
}

/// Fails where these keys, which `/` joins, would be split elsewhere when they are read.
///
/// # Errors
///
/// Where names have so many `.` or `,` that these look like the separator.
pub(super) fn check_keys<'k>(keys: impl Iterator<Item = &'k str> + Clone) -> Result<(), Refused> {
    match separator(keys) {
        None | Some('/') => Ok(()),
        Some(other) => Err(Refused {
            expected: "keys that are split at `/` when they are read; choose a separator with `SaveOptions::separator`"
                .to_owned(),
            found: format!("more keys with `{other}`"),
        }),
    }
}

/// A key as an error shows it: as a path, and cut where it is long.
pub(super) fn shown(key: &str) -> String {
    let start: String = key.chars().take(SHOWN).collect();
    let rest = if start.len() < key.len() { "…" } else { "" };
    format!("`{}{rest}`", Path::from_names(start.split('/')))
}
