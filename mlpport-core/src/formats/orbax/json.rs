//! JSON as hostile bytes: each key once, and no more values than the memory for them is small beside the text.

use std::cell::Cell;
use std::fmt;

use serde_core::de::{DeserializeSeed, Deserializer, Error as _, MapAccess, SeqAccess, Visitor};

use super::store::Blob;
use crate::error::Result;
use crate::tensor::Shape;
use crate::variables::Path;

/// Values that any text may have, and bytes of a text for each one beyond.
const MOST_VALUES: (usize, usize) = (500_000, 32);

/// A value of JSON.
#[derive(Debug)]
pub(super) enum Json {
    Null,
    Bool(bool),
    Int(i128),
    Float(f64),
    Text(String),
    List(Vec<Json>),
    /// Each key once, in the order of the text.
    Map(Vec<(String, Json)>),
}

impl Json {
    /// Reads a whole text, of a blob that is at most `most` bytes long.
    ///
    /// # Errors
    ///
    /// [`Error::Format`](crate::Error::Format) with the offset where it is no JSON, has a key twice, or too many values.
    pub(super) fn read(blob: &Blob, most: u64) -> Result<Self> {
        let text = blob.read(most)?;
        let left = Cell::new(MOST_VALUES.0.saturating_add(text.len() / MOST_VALUES.1));
        let mut deserializer = serde_json::Deserializer::from_slice(&text);
        let value = Seed(&left).deserialize(&mut deserializer);
        value.and_then(|value| deserializer.end().map(|()| value)).map_err(|error| {
            // The position of serde_json is a line and a column, each from 1 on.
            let lines = text.split_inclusive(|byte| *byte == b'\n').take(error.line().saturating_sub(1));
            let offset = lines.map(<[u8]>::len).sum::<usize>().saturating_add(error.column().saturating_sub(1));
            let message = error.to_string();
            let message = message.split_once(" at line ").map_or(message.as_str(), |(message, _)| message);
            blob.fault(u64::try_from(offset).unwrap_or(u64::MAX), "JSON", message)
        })
    }

    /// The value of a key; `None` where this is no map or does not have it.
    pub(super) fn get(&self, key: &str) -> Option<&Self> {
        match self {
            Self::Map(entries) => entries.iter().find(|(name, _)| name == key).map(|(_, value)| value),
            _ => None,
        }
    }

    /// As [`get`](Self::get), with `null` as what is not there.
    pub(super) fn some(&self, key: &str) -> Option<&Self> {
        self.get(key).filter(|value| !matches!(value, Self::Null))
    }

    pub(super) fn text(&self) -> Option<&str> {
        match self {
            Self::Text(text) => Some(text),
            _ => None,
        }
    }

    pub(super) fn bool(&self) -> Option<bool> {
        match self {
            Self::Bool(value) => Some(*value),
            _ => None,
        }
    }

    pub(super) fn list(&self) -> Option<&[Self]> {
        match self {
            Self::List(values) => Some(values),
            _ => None,
        }
    }

    pub(super) fn map(&self) -> Option<&[(String, Self)]> {
        match self {
            Self::Map(entries) => Some(entries),
            _ => None,
        }
    }

    pub(super) fn length(&self) -> Option<usize> {
        match self {
            Self::Int(value) => usize::try_from(*value).ok(),
            _ => None,
        }
    }

    /// Lengths of axes.
    pub(super) fn shape(&self) -> Option<Shape> {
        self.list()?.iter().map(Self::length).collect()
    }

    /// What an error says of this value.
    pub(super) fn in_words(&self) -> String {
        match self {
            Self::Null => "null".to_owned(),
            Self::Bool(value) => value.to_string(),
            Self::Int(value) => value.to_string(),
            Self::Float(value) => value.to_string(),
            Self::Text(text) => format!("`{}`", quoted(text)),
            Self::List(values) if values.len() <= 8 => {
                format!("[{}]", values.iter().map(Self::in_words).collect::<Vec<_>>().join(", "))
            }
            Self::List(values) => format!("a list of {}", values.len()),
            Self::Map(entries) => format!("a map of {}", entries.len()),
        }
    }
}

/// The start of a text from a file, for an error.
pub(super) fn quoted(text: &str) -> String {
    const SHOWN: usize = 64;
    let shown: String = text.chars().take(SHOWN).collect();
    let dots = if shown.len() < text.len() { "…" } else { "" };
    format!("{}{dots}", Path::from_names(shown.split('/')))
}

struct Seed<'l>(&'l Cell<usize>);

impl<'de> DeserializeSeed<'de> for Seed<'_> {
    type Value = Json;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Json, D::Error> {
        let left = self.0.get().checked_sub(1).ok_or_else(|| D::Error::custom("too many values"))?;
        self.0.set(left);
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Seed<'_> {
    type Value = Json;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a value of JSON")
    }

    fn visit_unit<E>(self) -> Result<Json, E> {
        Ok(Json::Null)
    }

    fn visit_bool<E>(self, value: bool) -> Result<Json, E> {
        Ok(Json::Bool(value))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Json, E> {
        Ok(Json::Int(value.into()))
    }

    fn visit_u64<E>(self, value: u64) -> Result<Json, E> {
        Ok(Json::Int(value.into()))
    }

    fn visit_f64<E>(self, value: f64) -> Result<Json, E> {
        Ok(Json::Float(value))
    }

    fn visit_str<E>(self, text: &str) -> Result<Json, E> {
        Ok(Json::Text(text.to_owned()))
    }

    fn visit_string<E>(self, text: String) -> Result<Json, E> {
        Ok(Json::Text(text))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Json, A::Error> {
        let mut values = Vec::new();
        while let Some(value) = list.next_element_seed(Seed(self.0))? {
            values.push(value);
        }
        Ok(Json::List(values))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Json, A::Error> {
        let mut seen = std::collections::HashSet::new();
        let mut entries = Vec::new();
        while let Some(key) = map.next_key::<String>()? {
            if !seen.insert(key.clone()) {
                return Err(A::Error::custom(format_args!("`{}` twice", quoted(&key))));
            }
            entries.push((key, map.next_value_seed(Seed(self.0))?));
        }
        Ok(Json::Map(entries))
    }
}
