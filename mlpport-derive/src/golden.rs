//! Golden expansions: what the derives write for the structs in `tests/expand/<case>.rs` stands in `<case>.expanded.rs`.
//!
//! `MLPPORT_BLESS=1 cargo test -p mlpport-derive` writes these files anew; read what changed before you commit it.

use std::path::Path;
use std::{env, fs};

use quote::ToTokens;
use syn::{DeriveInput, File, Item};

#[test]
fn expansions_are_the_golden_ones() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/expand");
    let mut seen = 0;
    let mut different = Vec::new();
    for entry in fs::read_dir(&folder).unwrap() {
        let input = entry.unwrap().path();
        let name = input.file_name().unwrap().to_string_lossy().into_owned();
        if !name.ends_with(".rs") || name.ends_with(".expanded.rs") {
            continue;
        }
        seen += 1;
        let golden = input.with_extension("expanded.rs");
        let expanded = expand(&fs::read_to_string(&input).unwrap());
        if env::var_os("MLPPORT_BLESS").is_some() {
            fs::write(&golden, &expanded).unwrap();
        } else if fs::read_to_string(&golden).unwrap_or_default() != expanded {
            different.push(name);
        }
    }
    assert!(seen >= 3, "found {seen} cases in {}", folder.display());
    assert!(different.is_empty(), "{different:?} expand in another way; MLPPORT_BLESS=1 writes them anew");
}

/// The code of every derive in a source text, formatted.
fn expand(source: &str) -> String {
    let mut tokens = proc_macro2::TokenStream::new();
    for item in syn::parse_file(source).unwrap().items {
        let Item::Struct(item) = item else { continue };
        let derives = item.attrs.iter().map(|attribute| attribute.to_token_stream().to_string()).collect::<String>();
        let input: DeriveInput = syn::parse2(item.into_token_stream()).unwrap();
        if derives.contains("CompactModule") {
            tokens.extend(crate::compact::expand(&input));
        }
        if derives.contains("NnxModule") {
            tokens.extend(crate::nnx::expand(&input));
        }
    }
    let file: File = syn::parse2(tokens).unwrap();
    prettyplease::unparse(&file)
}
