//! The text of `from = "…"`: which Linen submodules a field takes.

use proc_macro2::Ident;
use syn::LitStr;

use crate::attr::Source;
use crate::names::{escaped, split_path};

/// The checks of a port go this deep into nested modules.
const DEEPEST: usize = 15;

/// The submodules that a field takes, in one literal.
pub(crate) struct From {
    pub(crate) literal: LitStr,
    /// One path, or those of a range.
    pub(crate) paths: Vec<LinenPath>,
    pub(crate) is_range: bool,
}

/// The path of a Linen submodule: the index of its source, and its names from the root of that source.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct LinenPath {
    pub(crate) source: usize,
    pub(crate) names: Vec<String>,
}

impl LinenPath {
    fn parse(literal: &LitStr, text: &str, sources: &[Source]) -> syn::Result<Self> {
        let (source, rest) = split_source(literal, text, sources)?;
        let names = split_path(rest);
        if names.iter().any(String::is_empty) {
            let message =
                "expected the name of a Linen submodule, such as `Dense_0`, `Block_0/Dense_1` or `Block_0..3`";
            return Err(syn::Error::new(literal.span(), message));
        }
        if names.len() > DEEPEST {
            return Err(syn::Error::new(literal.span(), format!("expected a path of at most {DEEPEST} names")));
        }
        Ok(Self { source, names })
    }

    /// The path as one text, with the label of its source in front: `encoder/Dense_0`.
    pub(crate) fn text(&self, sources: &[Source]) -> String {
        let label = sources.get(self.source).and_then(|source| source.label.as_ref()).map(Ident::to_string);
        label.into_iter().chain(self.names.iter().map(|name| escaped(name))).collect::<Vec<_>>().join("/")
    }

    /// The modules around it, outermost first.
    pub(crate) fn above(&self) -> impl Iterator<Item = Self> + '_ {
        (1..self.names.len()).map(|depth| Self { source: self.source, names: self.names[..depth].to_vec() })
    }

    /// Whether `other` is a submodule of this one, at any depth.
    pub(crate) fn contains(&self, other: &Self) -> bool {
        self.source == other.source && other.names.len() > self.names.len() && other.names.starts_with(&self.names)
    }
}

impl From {
    pub(crate) fn parse(literal: &LitStr, sources: &[Source]) -> syn::Result<Self> {
        let text = literal.value();
        let is_range = text.contains("..");
        let paths = if is_range {
            let (front, range) = range(&text).map_err(|message| syn::Error::new(literal.span(), message))?;
            range.map(|i| LinenPath::parse(literal, &format!("{front}_{i}"), sources)).collect::<syn::Result<_>>()?
        } else {
            vec![LinenPath::parse(literal, &text, sources)?]
        };
        Ok(Self { literal: literal.clone(), paths, is_range })
    }
}

/// The text in front of the index, and the indices, of `Block_1..3`.
fn range(text: &str) -> Result<(&str, std::ops::Range<usize>), String> {
    let malformed = |what: &str| {
        format!("malformed range: {what}; a range is written `Block_1..3`, which takes `Block_1` and `Block_2`")
    };
    let (front, end) = text.split_once("..").ok_or_else(|| malformed("expected `..`"))?;
    if end.starts_with('=') {
        return Err(malformed("`..=` is not known here"));
    }
    let (front, start) = front.rsplit_once('_').ok_or_else(|| malformed("expected an index behind `_`"))?;
    let number =
        |text: &str| text.parse::<usize>().map_err(|_| malformed(&format!("expected a number, found `{text}`")));
    let range = number(start)?..number(end)?;
    if range.is_empty() {
        return Err(malformed("it is empty"));
    }
    Ok((front, range))
}

fn split_source<'a>(literal: &LitStr, text: &'a str, sources: &[Source]) -> syn::Result<(usize, &'a str)> {
    if sources.len() == 1 && sources[0].label.is_none() {
        return Ok((0, text));
    }
    let labels: Vec<String> =
        sources.iter().filter_map(|source| Some(format!("`{}`", source.label.as_ref()?))).collect();
    let expected = || {
        let message = format!(
            "expected one of the sources {} in front, as in `{}.Dense_0`",
            labels.join(", "),
            labels[0].trim_matches('`')
        );
        syn::Error::new(literal.span(), message)
    };
    let (label, rest) = text.split_once('.').ok_or_else(expected)?;
    let source = sources.iter().position(|source| source.label.as_ref().is_some_and(|known| known == label));
    Ok((source.ok_or_else(expected)?, rest))
}

#[cfg(test)]
mod tests {
    use super::range;

    #[test]
    fn reads_ranges() {
        assert_eq!(range("Block_1..3"), Ok(("Block", 1..3)));
        assert_eq!(range("layers_0..10"), Ok(("layers", 0..10)));
    }

    #[test]
    fn says_what_is_wrong_with_a_range() {
        for (text, part) in [
            ("Block_3..1", "empty"),
            ("Block_2..2", "empty"),
            ("Block_..3", "found ``"),
            ("Block..3", "behind `_`"),
            ("Block_1..", "found ``"),
            ("Block_1..=3", "`..=`"),
            ("Block_1..x", "found `x`"),
        ] {
            let message = range(text).unwrap_err();
            assert!(message.contains(part), "{text}: {message}");
        }
    }
}
