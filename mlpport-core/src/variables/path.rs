//! Where an entry stands in the tree: the names on the way to it.

use std::convert::Infallible;
use std::fmt::{self, Write};
use std::str::FromStr;
use std::sync::Arc;

/// The names from the root of the tree to an entry, as in `params/Dense_0/kernel`.
///
/// The root is the path without names. Paths are ordered name by name, as Flax and JAX order nested dicts: a path stands
/// directly before all those that begin with it.
///
/// Names can hold anything. In the written form, `/` stands between them, and in front of a `/` or `\` that belongs to a
/// name stands a `\`; `\u{…}` is one character by its number, and `\e` is nothing, for a name that is empty. Characters
/// that would disturb a terminal are always written by their numbers.
///
/// ```
/// use mlpport_core::variables::Path;
///
/// let kernel = Path::parse("params/Dense_0/kernel");
/// assert_eq!(kernel, Path::from(["params", "Dense_0", "kernel"]));
/// assert_eq!(kernel.last(), Some("kernel"));
/// assert!(kernel.starts_with(&Path::parse("params/Dense_0")));
///
/// // A name of `flax.linen.WeightNorm`, which holds slashes itself.
/// let scale = Path::parse("params/WeightNorm_0").join("layer_instance/kernel/scale");
/// assert_eq!(scale.to_string(), r"params/WeightNorm_0/layer_instance\/kernel\/scale");
/// assert_eq!(Path::parse(&scale.to_string()), scale);
/// ```
// The names are shared: the paths of one subtree begin with the same ones.
#[derive(Clone, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Path {
    names: Vec<Arc<str>>,
}

impl Path {
    /// The path without names.
    #[must_use]
    pub const fn root() -> Self {
        Self { names: Vec::new() }
    }

    /// The path that a text spells; see [`Path`] for the escapes. The empty text is the root.
    ///
    /// Every text is a path: a `\` in front of anything else is an ordinary character.
    #[must_use]
    pub fn parse(text: &str) -> Self {
        if text.is_empty() {
            return Self::root();
        }
        let mut names = Vec::new();
        let mut name = String::new();
        let mut rest = text;
        while let Some(character) = rest.chars().next() {
            if let Some((escaped, after)) = parse_escape(rest) {
                name.extend(escaped);
                rest = after;
                continue;
            }
            rest = rest.get(character.len_utf8()..).unwrap_or_default();
            if character == '/' {
                names.push(Arc::from(std::mem::take(&mut name)));
            } else {
                name.push(character);
            }
        }
        names.push(Arc::from(name));
        Self { names }
    }

    /// The path of these names, which are taken as they are: nothing is escaped in them.
    pub fn from_names<S: AsRef<str>>(names: impl IntoIterator<Item = S>) -> Self {
        Self { names: names.into_iter().map(|name| Arc::from(name.as_ref())).collect() }
    }

    /// The path of a child: this one and `name`, which is taken as it is.
    #[must_use]
    pub fn join(&self, name: &str) -> Self {
        let mut names = self.names.clone();
        names.push(Arc::from(name));
        Self { names }
    }

    /// This path and behind it the names of another.
    #[must_use]
    pub fn concat(&self, other: &Self) -> Self {
        Self { names: self.names.iter().chain(&other.names).cloned().collect() }
    }

    /// The names, outermost first.
    pub fn names(&self) -> impl ExactSizeIterator<Item = &str> + DoubleEndedIterator + Clone {
        self.names.iter().map(AsRef::as_ref)
    }

    /// The number of names; 0 for the root.
    #[must_use]
    pub fn len(&self) -> usize {
        self.names.len()
    }

    /// Whether this is the root.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.names.is_empty()
    }

    /// Whether this path is `other` or lies below it.
    #[must_use]
    pub fn starts_with(&self, other: &Self) -> bool {
        self.names.starts_with(&other.names)
    }

    /// What comes behind `prefix`; `None` where this path does not begin with it.
    #[must_use]
    pub fn strip_prefix(&self, prefix: &Self) -> Option<Self> {
        self.names.strip_prefix(prefix.names.as_slice()).map(|names| Self { names: names.to_vec() })
    }

    /// The path without its last name; `None` for the root.
    #[must_use]
    pub fn parent(&self) -> Option<Self> {
        self.names.split_last().map(|(_, names)| Self { names: names.to_vec() })
    }

    /// The first name, which is the collection of Linen variables; `None` for the root.
    #[must_use]
    pub fn first(&self) -> Option<&str> {
        self.names.first().map(AsRef::as_ref)
    }

    /// The last name; `None` for the root.
    #[must_use]
    pub fn last(&self) -> Option<&str> {
        self.names.last().map(AsRef::as_ref)
    }

    /// The name at a depth, 0 being the first.
    pub(crate) fn name(&self, depth: usize) -> Option<&str> {
        self.names.get(depth).map(AsRef::as_ref)
    }

    pub(crate) fn push(&mut self, name: Arc<str>) {
        self.names.push(name);
    }

    pub(crate) fn pop(&mut self) {
        self.names.pop();
    }

    /// What an error says of this path, which is never empty.
    pub(crate) fn in_words(&self) -> String {
        if self.is_empty() { "the root".to_owned() } else { self.to_string() }
    }
}

/// The character of an escape at the start of `text`, and what follows it.
fn parse_escape(text: &str) -> Option<(Option<char>, &str)> {
    let escape = text.strip_prefix('\\')?;
    if let Some((code, after)) = escape.strip_prefix("u{").and_then(|rest| rest.split_once('}')) {
        let character = u32::from_str_radix(code, 16).ok().and_then(char::from_u32)?;
        return Some((Some(character), after));
    }
    let mut rest = escape.chars();
    match rest.next()? {
        'e' => Some((None, rest.as_str())),
        character @ ('/' | '\\') => Some((Some(character), rest.as_str())),
        _ => None,
    }
}

/// Writes one name as a path shows it.
pub(super) fn write_name(out: &mut impl Write, name: &str) -> fmt::Result {
    if name.is_empty() {
        return out.write_str("\\e");
    }
    for character in name.chars() {
        match character {
            '/' | '\\' => write!(out, "\\{character}")?,
            _ if disturbs(character) => write!(out, "\\u{{{:x}}}", u32::from(character))?,
            _ => out.write_char(character)?,
        }
    }
    Ok(())
}

/// Whether a character moves the cursor, turns the direction of the text, or cannot be seen.
pub(super) fn disturbs(character: char) -> bool {
    character.is_control()
        || matches!(character,
            '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e007f}')
}

impl fmt::Display for Path {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, name) in self.names().enumerate() {
            if index > 0 {
                f.write_char('/')?;
            }
            write_name(f, name)?;
        }
        Ok(())
    }
}

impl fmt::Debug for Path {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Path({self})")
    }
}

impl FromStr for Path {
    type Err = Infallible;

    fn from_str(text: &str) -> Result<Self, Infallible> {
        Ok(Self::parse(text))
    }
}

/// As [`Path::parse`].
impl From<&str> for Path {
    fn from(text: &str) -> Self {
        Self::parse(text)
    }
}

/// As [`Path::parse`].
impl From<String> for Path {
    fn from(text: String) -> Self {
        Self::parse(&text)
    }
}

/// As [`Path::parse`].
impl From<&String> for Path {
    fn from(text: &String) -> Self {
        Self::parse(text)
    }
}

impl From<&Self> for Path {
    fn from(path: &Self) -> Self {
        path.clone()
    }
}

/// As [`Path::from_names`].
impl<S: AsRef<str>> FromIterator<S> for Path {
    fn from_iter<I: IntoIterator<Item = S>>(names: I) -> Self {
        Self::from_names(names)
    }
}

/// As [`Path::from_names`].
impl<const N: usize> From<[&str; N]> for Path {
    fn from(names: [&str; N]) -> Self {
        Self::from_names(names)
    }
}

/// As [`Path::from_names`].
impl From<&[&str]> for Path {
    fn from(names: &[&str]) -> Self {
        Self::from_names(names)
    }
}

/// As [`Path::from_names`].
impl From<Vec<String>> for Path {
    fn from(names: Vec<String>) -> Self {
        Self::from_names(names)
    }
}
