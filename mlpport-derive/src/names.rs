//! The names that Flax gives to submodules, and the Rust identifiers for them.

use std::collections::BTreeMap;

use proc_macro2::{Ident, Span};
use syn::ext::IdentExt;

/// Counts the submodules of each class in one module, in the order in which they are made.
///
/// As `flax.linen.Module._name_taken` and `_autoname_cursor`: `Dense_0`, `Dense_1`, `LayerNorm_0`. A submodule with an
/// explicit name takes no index.
#[derive(Default)]
pub(crate) struct ClassCounter {
    next: BTreeMap<String, usize>,
}

impl ClassCounter {
    /// The name of the next submodule of `class`.
    pub(crate) fn name(&mut self, class: &str) -> String {
        let index = self.next.entry(class.to_owned()).or_default();
        let name = format!("{class}_{index}");
        *index += 1;
        name
    }
}

/// The identifier that stands for a Flax name in generated code: the name itself where Rust allows it.
pub(crate) fn ident(name: &str, span: Span) -> Ident {
    let mut text = String::with_capacity(name.len());
    for c in name.chars() {
        if c == '_' || unicode_word(c) {
            text.push(c);
        } else {
            text.push_str(&escape(c));
        }
    }
    if text.is_empty() || text.starts_with(|c: char| c.is_ascii_digit()) || text == "_" {
        text.insert_str(0, "n_");
    }
    // No keyword has a digit: names with an index need not be read to know that.
    if text.is_ascii() && text.contains(|c: char| c.is_ascii_digit()) {
        return Ident::new(&text, span);
    }
    let mut ident = match syn::parse_str::<Ident>(&text) {
        Ok(ident) => ident,
        Err(_) => match text.as_str() {
            "self" | "Self" | "super" | "crate" => Ident::new(&format!("{text}_"), span),
            _ => syn::parse_str::<Ident>(&format!("r#{text}")).unwrap_or_else(|_| Ident::new("n_", span)),
        },
    };
    ident.set_span(span);
    ident
}

/// A letter or digit that may stand in an identifier.
fn unicode_word(c: char) -> bool {
    if c.is_ascii() {
        return c.is_ascii_alphanumeric();
    }
    syn::parse_str::<Ident>(&format!("x{c}x")).is_ok()
}

fn escape(c: char) -> String {
    format!("_{:x}_", u32::from(c))
}

/// A name as a part of a path: what `/` means there stands behind a backslash.
pub(crate) fn escaped(name: &str) -> String {
    name.replace('\\', r"\\").replace('/', r"\/")
}

/// The names of a path, split at each `/` that stands behind no backslash.
pub(crate) fn split_path(path: &str) -> Vec<String> {
    let mut names = vec![String::new()];
    let mut chars = path.chars();
    while let Some(c) = chars.next() {
        let literal = match c {
            '/' => {
                names.push(String::new());
                continue;
            }
            '\\' => chars.next().unwrap_or(c),
            c => c,
        };
        if let Some(name) = names.last_mut() {
            name.push(literal);
        }
    }
    names
}

/// The name of a field, without `r#`.
pub(crate) fn field_name(field: &Ident) -> String {
    field.unraw().to_string()
}

#[cfg(test)]
mod tests {
    use proc_macro2::Span;

    use super::{ClassCounter, escaped, ident, split_path};

    #[test]
    fn a_name_with_a_slash_is_one_name_of_a_path() {
        assert_eq!(split_path(r"Block_0/a\/b\\"), ["Block_0", "a/b\\"]);
        assert_eq!(escaped("a/b\\"), r"a\/b\\");
    }

    #[test]
    fn counts_each_class_on_its_own() {
        let mut counter = ClassCounter::default();
        let names = ["Dense", "LayerNorm", "Dense", "Block"].map(|class| counter.name(class));
        assert_eq!(names, ["Dense_0", "LayerNorm_0", "Dense_1", "Block_0"]);
    }

    #[test]
    fn every_name_has_an_identifier() {
        let text = |name: &str| ident(name, Span::call_site()).to_string();
        assert_eq!(text("Dense_0"), "Dense_0");
        assert_eq!(text("ausgabe_größe"), "ausgabe_größe");
        assert_eq!(text("if"), "r#if");
        assert_eq!(text("self"), "self_");
        assert_eq!(text("head-1.x"), "head_2d_1_2e_x");
        assert_eq!(text("2d"), "n_2d");
        assert_eq!(text(""), "n_");
        assert_eq!(text("it's \"#1\""), "it_27_s_20__22__23_1_22_");
    }
}
