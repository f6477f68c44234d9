//! The header of a file, as its JSON has it.

use std::fmt;

use serde_core::de::{DeserializeSeed, Deserializer, Error, MapAccess, SeqAccess, Visitor};

use super::{METADATA, MOST_AXES};
use crate::formats::joined::{Budget, Refused};

/// Characters of the name of a dtype; the longest that is known has 11.
const LONGEST_DTYPE: usize = 32;

/// What the header says of one array.
#[derive(Debug, Clone)]
pub(super) struct Info {
    pub(super) dtype: String,
    pub(super) shape: Vec<usize>,
    /// Counted from the end of the header.
    pub(super) offsets: [u64; 2],
}

/// What is wrong with a header.
#[derive(Debug)]
pub(super) enum HeaderError {
    /// No JSON, or other JSON than that of a header.
    Json(serde_json::Error),
    Keys(Refused),
}

/// All arrays of a header in the order of the file; a key that stands twice is there twice.
pub(super) fn parse(bytes: &[u8], budget: &mut Budget) -> Result<Vec<(String, Info)>, HeaderError> {
    let mut json = serde_json::Deserializer::from_slice(bytes);
    let mut refused = None;
    let entries = json.deserialize_any(Header { budget, refused: &mut refused });
    let entries = entries.and_then(|entries| json.end().map(|()| entries));
    entries.map_err(|error| refused.map_or(HeaderError::Json(error), HeaderError::Keys))
}

struct Header<'b> {
    budget: &'b mut Budget,
    /// What serde has no error for.
    refused: &'b mut Option<Refused>,
}

impl<'de> Visitor<'de> for Header<'_> {
    type Value = Vec<(String, Info)>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object of arrays")
    }

    fn visit_str<E: Error>(self, _: &str) -> Result<Self::Value, E> {
        Err(no_text(&self))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let mut entries = Vec::new();
        while let Some(key) = map.next_key::<String>()? {
            if key == METADATA {
                map.next_value_seed(Metadata)?;
                continue;
            }
            if let Err(refused) = self.budget.take(&key, 0) {
                *self.refused = Some(refused);
                return Err(A::Error::custom("refused"));
            }
            entries.push((key, map.next_value_seed(InfoSeed)?));
        }
        Ok(entries)
    }
}

/// Texts under names, which are passed over.
struct Metadata;

impl<'de> DeserializeSeed<'de> for Metadata {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Metadata {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object of texts")
    }

    fn visit_str<E: Error>(self, _: &str) -> Result<Self::Value, E> {
        Err(no_text(&self))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        while map.next_key_seed(Short)?.is_some() {
            map.next_value_seed(Short)?;
        }
        Ok(())
    }
}

struct InfoSeed;

impl<'de> DeserializeSeed<'de> for InfoSeed {
    type Value = Info;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Info, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for InfoSeed {
    type Value = Info;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object of `dtype`, `shape` and `data_offsets`")
    }

    fn visit_str<E: Error>(self, _: &str) -> Result<Self::Value, E> {
        Err(no_text(&self))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Info, A::Error> {
        let (mut dtype, mut shape, mut offsets) = (None, None, None);
        while let Some(field) = map.next_key_seed(Short)? {
            let twice = match field.as_str() {
                "dtype" => dtype.replace(map.next_value_seed(Short)?).is_some(),
                "shape" => shape.replace(map.next_value_seed(Numbers { most: MOST_AXES })?).is_some(),
                "data_offsets" => offsets.replace(map.next_value_seed(Numbers { most: 2 })?).is_some(),
                _ => return Err(A::Error::custom(format_args!("the field `{}`, which is none", field.escape_debug()))),
            };
            if twice {
                return Err(A::Error::custom(format_args!("`{field}` twice")));
            }
        }
        let dtype = dtype.ok_or_else(|| A::Error::missing_field("dtype"))?;
        let shape = shape.ok_or_else(|| A::Error::missing_field("shape"))?;
        let Some([start, end]) = offsets.as_deref() else {
            return Err(A::Error::custom("no two numbers as `data_offsets`"));
        };
        let axis = |length: u64| usize::try_from(length).map_err(|_| A::Error::custom("an axis that is too long"));
        let shape = shape.into_iter().map(axis).collect::<Result<_, _>>()?;
        Ok(Info { dtype, shape, offsets: [*start, *end] })
    }
}

/// The start of a text.
struct Short;

impl<'de> DeserializeSeed<'de> for Short {
    type Value = String;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<String, D::Error> {
        deserializer.deserialize_str(self)
    }
}

impl Visitor<'_> for Short {
    type Value = String;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a text")
    }

    fn visit_str<E>(self, text: &str) -> Result<String, E> {
        Ok(text.chars().take(LONGEST_DTYPE).collect())
    }
}

struct Numbers {
    most: usize,
}

impl<'de> DeserializeSeed<'de> for Numbers {
    type Value = Vec<u64>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Vec<u64>, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Numbers {
    type Value = Vec<u64>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a list of numbers that are not negative")
    }

    fn visit_str<E: Error>(self, _: &str) -> Result<Self::Value, E> {
        Err(no_text(&self))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Vec<u64>, A::Error> {
        let mut numbers = Vec::new();
        while let Some(number) = list.next_element_seed(Number)? {
            if numbers.len() == self.most {
                return Err(A::Error::custom(format_args!("more than {} numbers in a list", self.most)));
            }
            numbers.push(number);
        }
        Ok(numbers)
    }
}

struct Number;

impl<'de> DeserializeSeed<'de> for Number {
    type Value = u64;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<u64, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl Visitor<'_> for Number {
    type Value = u64;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a number that is not negative")
    }

    fn visit_str<E: Error>(self, _: &str) -> Result<Self::Value, E> {
        Err(no_text(&self))
    }

    fn visit_u64<E>(self, number: u64) -> Result<u64, E> {
        Ok(number)
    }
}

/// The error of a text; serde's own one holds all of it.
fn no_text<E: Error>(expected: &dyn serde_core::de::Expected) -> E {
    E::invalid_type(serde_core::de::Unexpected::Other("text"), expected)
}
