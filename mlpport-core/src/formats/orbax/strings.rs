//! `_strings.json`: the texts of a tree.

use super::json::Json;
use super::metadata::LONGEST;
use crate::error::Result;
use crate::formats::folder::Folder;
use crate::formats::orbax::store::Store;

/// The name of the file.
pub(super) const FILE: &str = "_strings.json";

/// The texts; `None` where there is no file.
///
/// # Errors
///
/// [`Error::Format`](crate::Error::Format) where the file is not JSON.
pub(super) fn read(folder: &Folder) -> Result<Option<Json>> {
    folder.get(FILE)?.map(|blob| Json::read(&blob, LONGEST)).transpose()
}

/// The text of a name, which TensorStore takes as a JSON pointer: a `/` in it is a level, `~1` a `/`, and `~0` a `~`.
pub(super) fn find<'j>(strings: &'j Json, name: &str) -> Option<&'j str> {
    let mut place = strings;
    for part in name.split('/') {
        place = place.get(&part.replace("~1", "/").replace("~0", "~"))?;
    }
    place.text()
}
