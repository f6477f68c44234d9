//! The file that says in which shard a key is.

use std::collections::{BTreeMap, HashMap};
use std::fmt;

use serde_core::de::{DeserializeSeed, Deserializer, Error as _, IgnoredAny, MapAccess, Visitor};

use super::NAME;
use crate::error::{Error, Result};
use crate::formats::index::in_short;
use crate::formats::source::Source;
use crate::variables::Path;

/// Bytes that the file may have.
const MOST_BYTES: u64 = 16 << 20;

/// Keys that it may have for nothing, and one more for so many of its bytes.
const MOST_KEYS: (usize, usize) = (65_536, 128);

/// What `weight_map` says: `{"metadata": …, "weight_map": {key: shard}}`.
#[derive(Debug)]
pub(super) struct WeightMap<'s> {
    source: &'s Source<'static>,
    text: Vec<u8>,
    /// The names of the files, as they are first named.
    pub(super) shards: Vec<String>,
    /// The keys, each with the place of its shard in `shards`.
    pub(super) keys: BTreeMap<String, usize>,
}

#[derive(Debug, Default)]
struct Shards {
    names: Vec<String>,
    keys: BTreeMap<String, usize>,
}

impl<'s> WeightMap<'s> {
    /// # Errors
    ///
    /// [`Error::Format`] where the file is no such JSON, names a key twice, or is too large.
    pub(super) fn read(source: &'s Source<'static>) -> Result<Self> {
        let text = source.read_all(NAME, MOST_BYTES)?;
        let mut deserializer = serde_json::Deserializer::from_slice(&text);
        let root = Root { most_keys: MOST_KEYS.0.saturating_add(text.len() / MOST_KEYS.1) };
        let read = root.deserialize(&mut deserializer).and_then(|shards| deserializer.end().map(|()| shards));
        match read {
            Ok(Shards { names, keys }) => Ok(Self { source, text, shards: names, keys }),
            Err(error) => {
                let expected = "JSON like {\"metadata\": {}, \"weight_map\": {\"a key\": \"the name of its shard\"}}";
                Err(source.fault(NAME, offset(&text, &error), expected, error.to_string()))
            }
        }
    }

    /// An error about a key, with the place where the file names it.
    pub(super) fn fault(&self, key: &str, expected: impl Into<String>, found: impl Into<String>) -> Error {
        let quoted = serde_json::to_string(key).unwrap_or_default();
        let place = self.text.windows(quoted.len().max(1)).position(|window| window == quoted.as_bytes());
        self.source.fault(NAME, u64::try_from(place.unwrap_or_default()).unwrap_or_default(), expected, found)
    }
}

/// Where in the text serde found a fault: it counts lines, and bytes in them, from 1.
fn offset(text: &[u8], error: &serde_json::Error) -> u64 {
    let lines = text.split_inclusive(|byte| *byte == b'\n').take(error.line().saturating_sub(1));
    let before: usize = lines.map(<[u8]>::len).sum();
    let column = before.saturating_add(error.column()).saturating_sub(usize::from(!error.is_eof()));
    u64::try_from(column).unwrap_or(u64::MAX)
}

struct Root {
    most_keys: usize,
}

impl<'de> DeserializeSeed<'de> for Root {
    type Value = Shards;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Shards, D::Error> {
        deserializer.deserialize_map(self)
    }
}

impl<'de> Visitor<'de> for Root {
    type Value = Shards;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object with the key `weight_map`")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Shards, A::Error> {
        let mut found = None;
        while let Some(key) = map.next_key::<String>()? {
            if key != "weight_map" {
                map.next_value::<IgnoredAny>()?;
                continue;
            }
            let shards = map.next_value_seed(Keys { most: self.most_keys })?;
            if found.replace(shards).is_some() {
                return Err(A::Error::duplicate_field("weight_map"));
            }
        }
        found.ok_or_else(|| A::Error::missing_field("weight_map"))
    }
}

struct Keys {
    most: usize,
}

impl<'de> DeserializeSeed<'de> for Keys {
    type Value = Shards;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Shards, D::Error> {
        deserializer.deserialize_map(self)
    }
}

impl<'de> Visitor<'de> for Keys {
    type Value = Shards;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object with the shard of each key")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Shards, A::Error> {
        let mut shards = Shards::default();
        let mut places = HashMap::new();
        while let Some((key, shard)) = map.next_entry::<String, String>()? {
            if shards.keys.len() >= self.most {
                return Err(A::Error::custom(format!("more than {} keys in so small a file", self.most)));
            }
            let place = *places.entry(shard).or_insert_with_key(|shard: &String| {
                shards.names.push(shard.clone());
                shards.names.len() - 1
            });
            if shards.keys.contains_key(&key) {
                let shown = in_short(&Path::from([key.as_str()]));
                return Err(A::Error::custom(format!("the key `{shown}` twice")));
            }
            shards.keys.insert(key, place);
        }
        Ok(shards)
    }
}
