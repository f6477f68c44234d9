//! Names of a path that stand in one key, with a separator between them: `params/Dense_0/kernel`.

use crate::variables::Path;

/// The separators that are looked for, in this order.
const SEPARATORS: [char; 3] = ['/', '.', ','];

/// The path of a key.
pub(super) fn path(key: &str, separator: Option<char>) -> Path {
    match separator {
        Some(separator) => Path::from_names(key.split(separator)),
        None => Path::from_names([key]),
    }
}

/// The separator of all these keys; `None` where no key has any.
pub(super) fn separator<'k>(keys: impl Iterator<Item = &'k str> + Clone) -> Option<char> {
    SEPARATORS.into_iter().find(|separator| keys.clone().any(|key| key.contains(*separator)))
}
