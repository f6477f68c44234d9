//! What every error says, in full: where, what was expected, what was found, and what to do next.

/// Tests named after mistakes, `mistake, Variant: error => text;`, and `VARIANTS`, what they cover.
macro_rules! texts {
    ($($mistake:ident, $variant:ident: $error:expr => $text:expr;)*) => {
        /// The variants that these tests cover.
        pub(super) const VARIANTS: &[&str] = &[$(stringify!($variant)),*];

        $(
            #[test]
            fn $mistake() {
                $crate::errors::assert_text($error, stringify!($variant), $text);
            }
        )*
    };
}

mod files;
mod init;
mod leaves;
mod models;
mod problems;
mod tree;

use std::collections::BTreeSet;
use std::fmt::{Debug, Display};
use std::path::Path;

use mlpport::{Error, Variables};
use syn::Item;

/// An error's variant and text.
struct Shown {
    variant: String,
    text: String,
}

fn shown(error: impl Debug + Display) -> Shown {
    let variant = format!("{error:?}").chars().take_while(|character| character.is_alphanumeric()).collect();
    Shown { variant, text: error.to_string() }
}

/// The error of a function that is given a folder, which is `…` in its text.
fn in_folder<T: Debug>(result: impl FnOnce(&Path) -> Result<T, Error>) -> Shown {
    let folder = tempfile::tempdir().unwrap();
    let mut shown = shown(result(folder.path()).unwrap_err());
    shown.text = shown.text.replace(&folder.path().display().to_string(), "…");
    shown
}

#[track_caller]
fn assert_text(shown: Shown, variant: &str, text: impl AsRef<str>) {
    assert_eq!(shown.text, text.as_ref());
    assert_eq!(shown.variant, variant);
}

fn sample() -> Variables {
    crate::samples::counted(1.0, crate::samples::LINEN)
}

#[test]
fn every_variant_has_a_text() {
    assert_covered("Error", &[files::VARIANTS, tree::VARIANTS, models::VARIANTS]);
    assert_covered("LeafError", &[leaves::VARIANTS]);
    assert_covered("PortProblem", &[problems::VARIANTS]);
    assert_covered("InitProblem", &[init::VARIANTS]);
}

/// The variants of an enum of the core crate are those that tests cover.
#[track_caller]
fn assert_covered(name: &str, covered: &[&[&str]]) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("mlpport-core/src/error");
    let files = std::fs::read_dir(folder).unwrap().map(|file| std::fs::read_to_string(file.unwrap().path()).unwrap());
    let items = files.flat_map(|file| syn::parse_file(&file).unwrap().items);
    let variants = items.filter_map(|item| match item {
        Item::Enum(item) if item.ident == name => Some(item.variants),
        _ => None,
    });
    let variants: BTreeSet<String> = variants.flatten().map(|variant| variant.ident.to_string()).collect();
    let covered: BTreeSet<String> = covered.concat().into_iter().map(str::to_owned).collect();
    assert_eq!(covered, variants, "{name}");
}

#[test]
fn an_error_goes_between_threads_and_tells_its_cause() {
    fn is_error<E: std::error::Error + Send + Sync + 'static>(error: E) -> E {
        error
    }
    let error = is_error(mlpport::load("no/such/model.msgpack").unwrap_err());
    let cause = std::error::Error::source(&error).and_then(|cause| cause.downcast_ref::<std::io::Error>());
    assert_eq!(cause.map(std::io::Error::kind), Some(std::io::ErrorKind::NotFound));
}
