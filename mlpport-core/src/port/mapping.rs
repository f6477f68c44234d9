//! The translation table of a port, as a value.

use std::fmt;
use std::path::Path as FilePath;

use serde_core::de::{self, Deserialize, Deserializer, Error as _, MapAccess, Visitor};
use serde_json::Value;

use crate::error::{Error, Result};
use crate::variables::Path;

/// Pairs of a Linen path and an NNX path, for a port whose models are known only when it runs, and for reading.
///
/// A pair maps a leaf to a leaf, or a submodule to a submodule with all leaves below it under the same names. A Linen
/// path may leave out the collection: `Dense_0` stands for that submodule in each (`params/Dense_0`, `batch_stats/Dense_0`).
///
/// ```
/// use mlpport_core::port::Mapping;
///
/// let mapping = Mapping::from_pairs([("Dense_0", "fc1"), ("Dense_1", "fc2")]);
/// println!("{mapping}");
/// ```
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Mapping {
    pairs: Vec<(Path, Path)>,
    ignored: Vec<Path>,
    kept: Vec<Path>,
}

const JSON: &str = r#"an object like {"pairs": [["Dense_0", "fc1"]], "ignore": ["Dense_1"], "keep": ["head"]}, of which "pairs" is required"#;

impl Mapping {
    /// A mapping without pairs.
    pub fn new() -> Self {
        Self::default()
    }

    /// A mapping of these pairs of Linen path and NNX path, written as [`Path::parse`] takes them.
    pub fn from_pairs<'a>(pairs: impl IntoIterator<Item = (&'a str, &'a str)>) -> Self {
        let pairs = pairs.into_iter().map(|(linen, nnx)| (Path::parse(linen), Path::parse(nnx))).collect();
        Self { pairs, ..Self::default() }
    }

    /// Adds a pair.
    pub fn pair(&mut self, linen: impl Into<Path>, nnx: impl Into<Path>) -> &mut Self {
        self.pairs.push((linen.into(), nnx.into()));
        self
    }

    /// Leaves a Linen leaf or submodule behind.
    pub fn ignore(&mut self, linen: impl Into<Path>) -> &mut Self {
        self.ignored.push(linen.into());
        self
    }

    /// Keeps an NNX leaf or submodule as it is, such as `rngs`.
    pub fn keep(&mut self, nnx: impl Into<Path>) -> &mut Self {
        self.kept.push(nnx.into());
        self
    }

    /// The pairs, Linen path first.
    pub fn pairs(&self) -> &[(Path, Path)] {
        &self.pairs
    }

    /// The Linen paths that are left behind.
    pub fn ignored(&self) -> &[Path] {
        &self.ignored
    }

    /// The NNX paths that are kept as they are.
    pub fn kept(&self) -> &[Path] {
        &self.kept
    }

    /// Reads a mapping from a JSON file: `{"pairs": [["Dense_0", "fc1"], …], "ignore": […], "keep": […]}`.
    ///
    /// # Errors
    ///
    /// [`Error::Io`] where the file cannot be read, [`Error::Format`] where it is not such a mapping.
    pub fn load(path: impl AsRef<FilePath>) -> Result<Self> {
        let path = path.as_ref();
        let text = std::fs::read(path).map_err(|source| Error::Io { file: path.to_owned(), action: "read", source })?;
        Self::from_json(&text).map_err(|error| error.in_file(path))
    }

    /// Reads a mapping from JSON text, as [`load`](Mapping::load) does.
    ///
    /// # Errors
    ///
    /// [`Error::Format`] where it is not a mapping.
    pub fn from_json(text: &[u8]) -> Result<Self> {
        serde_json::from_slice(text).map_err(|error| Error::Format {
            file: None,
            format: "mapping in JSON",
            offset: offset(text, &error),
            expected: JSON.to_owned(),
            found: error.to_string(),
        })
    }

    /// The mapping as JSON text, as [`load`](Mapping::load) reads it.
    pub fn to_json(&self) -> String {
        let texts = |paths: &[Path]| paths.iter().map(|path| path.to_string().into()).collect::<Vec<Value>>();
        let pairs: Vec<Value> =
            self.pairs.iter().map(|(linen, nnx)| vec![linen.to_string(), nnx.to_string()].into()).collect();
        let json = serde_json::json!({ "pairs": pairs, "ignore": texts(&self.ignored), "keep": texts(&self.kept) });
        format!("{json:#}\n")
    }
}

/// Written by hand, since a key that stands twice must not be dropped.
impl<'de> Deserialize<'de> for Mapping {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(Keys)
    }
}

struct Keys;

impl<'de> Visitor<'de> for Keys {
    type Value = Mapping;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object with the key `pairs`")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Mapping, A::Error> {
        let (mut pairs, mut ignored, mut kept) = (None, None, None);
        while let Some(key) = map.next_key::<String>()? {
            match key.as_str() {
                "pairs" => once("pairs", &mut pairs, map.next_value::<Vec<(String, String)>>()?)?,
                "ignore" => once("ignore", &mut ignored, map.next_value::<Vec<String>>()?)?,
                "keep" => once("keep", &mut kept, map.next_value::<Vec<String>>()?)?,
                other => return Err(A::Error::unknown_field(other, &["pairs", "ignore", "keep"])),
            }
        }
        let pairs = pairs.ok_or_else(|| A::Error::missing_field("pairs"))?;
        let paths = |texts: Option<Vec<String>>| texts.unwrap_or_default().iter().map(Path::from).collect();
        Ok(Mapping {
            pairs: pairs.iter().map(|(linen, nnx)| (Path::from(linen), Path::from(nnx))).collect(),
            ignored: paths(ignored),
            kept: paths(kept),
        })
    }
}

fn once<T, E: de::Error>(key: &'static str, place: &mut Option<T>, value: T) -> Result<(), E> {
    if place.replace(value).is_some() { Err(E::duplicate_field(key)) } else { Ok(()) }
}

/// Where in the text a syntax error is.
fn offset(text: &[u8], error: &serde_json::Error) -> u64 {
    if error.is_eof() {
        return text.len() as u64;
    }
    let before: usize =
        text.split_inclusive(|byte| *byte == b'\n').take(error.line().saturating_sub(1)).map(<[u8]>::len).sum();
    // Column 0 is the line break in front.
    (before + error.column()).saturating_sub(1) as u64
}

impl fmt::Display for Mapping {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut rows = vec![("Linen".to_owned(), "NNX".to_owned())];
        rows.extend(self.pairs.iter().map(|(linen, nnx)| (linen.to_string(), nnx.to_string())));
        rows.extend(self.ignored.iter().map(|linen| (linen.to_string(), "(left behind)".to_owned())));
        rows.extend(self.kept.iter().map(|nnx| ("(kept)".to_owned(), nnx.to_string())));
        let width = rows.iter().map(|(linen, _)| linen.chars().count()).max().unwrap_or(0);
        for (i, (linen, nnx)) in rows.iter().enumerate() {
            let end = if i + 1 == rows.len() { "" } else { "\n" };
            write!(f, "{linen:width$}  ->  {nnx}{end}")?;
        }
        Ok(())
    }
}
