//! `_METADATA`: what stands where in the tree.

use super::json::Json;
use super::store::Blob;
use crate::error::{Error, Result};
use crate::variables::Path;

/// The name of the file.
pub(super) const FILE: &str = "_METADATA";

/// Bytes that a file of structure may have.
pub(super) const LONGEST: u64 = 1 << 28;

/// Names that a path can have.
const MOST_LEVELS: usize = 128;

/// The structure of an item.
#[derive(Debug, Default)]
pub(super) struct Metadata {
    pub(super) leaves: Vec<Leaf>,
    pub(super) zarr3: bool,
    /// `None` in versions of Orbax that do not say so.
    pub(super) ocdbt: Option<bool>,
    /// Whether chunks of nothing but the fill value were left out.
    pub(super) fills: bool,
}

/// What stands at a path.
#[derive(Debug)]
pub(super) struct Leaf {
    pub(super) path: Path,
    pub(super) kind: Kind,
    /// Whether the value is in the file `checkpoint` of old versions, where it has one.
    pub(super) aside: bool,
}

/// What a leaf is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Array,
    /// An array without axes that was a number of Python or numpy.
    Scalar,
    Text,
    /// A dict, list or tuple without entries.
    Empty,
    None,
}

impl Metadata {
    /// Reads the structure of an item.
    ///
    /// # Errors
    ///
    /// [`Error::Format`] where it is not what Orbax writes.
    pub(super) fn read(blob: &Blob) -> Result<Self> {
        let json = Json::read(blob, LONGEST)?;
        let wrong =
            |key: &str, expected: &str, found: &Json| blob.fault(0, format!("as `{key}` {expected}"), found.in_words());
        let flag = |key: &str| match json.some(key) {
            None => Ok(None),
            Some(value) => value.bool().map(Some).ok_or_else(|| wrong(key, "true or false", value)),
        };
        let Some(tree) = json.get("tree_metadata") else {
            return Err(blob.fault(0, "`tree_metadata`", "none"));
        };
        let Some(entries) = tree.map() else { return Err(wrong("tree_metadata", "a map", tree)) };
        let mut leaves = Vec::with_capacity(entries.len());
        for (key, entry) in entries {
            leaves.push(leaf(blob, key, entry)?);
        }
        Ok(Self {
            leaves,
            zarr3: flag("use_zarr3")?.unwrap_or(false),
            ocdbt: flag("use_ocdbt")?,
            fills: !flag("store_array_data_equal_to_fill_value")?.unwrap_or(false),
        })
    }
}

fn leaf(blob: &Blob, key: &str, entry: &Json) -> Result<Leaf> {
    let fault = |expected: &str, found: &Json| -> Error {
        let found = format!("{} (in `{}`)", found.in_words(), super::json::quoted(key));
        blob.fault(0, expected, found)
    };
    let Some(keys) = entry.get("key_metadata").and_then(Json::list) else {
        return Err(fault("a list as `key_metadata`", entry.get("key_metadata").unwrap_or(&Json::Null)));
    };
    if keys.len() > MOST_LEVELS {
        return Err(fault(
            &format!("at most {MOST_LEVELS} levels"),
            &Json::Int(i128::try_from(keys.len()).unwrap_or(0)),
        ));
    }
    let mut names = Vec::with_capacity(keys.len());
    for key in keys {
        let kind = key.get("key_type").and_then(Json::length);
        names.push(match (kind, key.get("key")) {
            // A dict; a list or tuple has numbers.
            (Some(2), Some(Json::Text(name))) => name.clone(),
            (Some(1 | 2), Some(Json::Int(number))) => number.to_string(),
            (Some(1), Some(Json::Text(number))) if number.parse::<usize>().is_ok_and(|n| n.to_string() == *number) => {
                number.clone()
            }
            _ => return Err(fault("the name of a dict or the number of a list, with its `key_type`", key)),
        });
    }
    let value = entry.get("value_metadata").unwrap_or(&Json::Null);
    let Some(kind) = value.get("value_type").and_then(Json::text) else {
        return Err(fault("`value_metadata` with a `value_type`", value));
    };
    let kind = match kind {
        "None" => Kind::None,
        "Dict" | "List" | "Tuple" | "NamedTuple" => Kind::Empty,
        "string" => Kind::Text,
        "scalar" => Kind::Scalar,
        // jax.Array, np.ndarray, and what else the user's handlers wrote as an array.
        _ => Kind::Array,
    };
    let aside = value.get("skip_deserialize").and_then(Json::bool).unwrap_or(false);
    Ok(Leaf { path: Path::from_names(names), kind, aside })
}
