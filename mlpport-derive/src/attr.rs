//! `#[compact(..)]` and `#[port(..)]`, read into structs that keep the tokens errors will point at.

use proc_macro2::{Ident, TokenStream, TokenTree};
use quote::ToTokens;
use syn::meta::ParseNestedMeta;
use syn::parse::ParseStream;
use syn::parse::discouraged::Speculative;
use syn::{Attribute, Expr, LitStr, Path, Token, Type};

use crate::errors::Errors;

/// `#[compact(..)]` on a struct.
#[derive(Default)]
pub(crate) struct CompactStruct {
    pub(crate) setup: Option<Path>,
    pub(crate) manual_forward: Option<Path>,
    pub(crate) class: Option<LitStr>,
    pub(crate) common: Common,
}

/// What both derives take on a struct.
#[derive(Default)]
pub(crate) struct Common {
    /// `crate = path`: what the crate `mlpport` is called.
    pub(crate) krate: Option<Path>,
    /// `check_with(B = Bias)`: a type for a type parameter, for the checks alone.
    pub(crate) check_with: Vec<(Ident, Type)>,
}

/// `#[compact(..)]` on a field.
#[derive(Default)]
pub(crate) struct CompactField {
    pub(crate) name: Option<LitStr>,
    pub(crate) class: Option<LitStr>,
    pub(crate) activation: Option<Path>,
    pub(crate) skip: Option<Skip>,
    pub(crate) inits: Vec<LeafInit>,
}

/// `#[port(..)]` on a struct.
#[derive(Default)]
pub(crate) struct PortStruct {
    pub(crate) sources: Vec<Source>,
    pub(crate) ignored: Vec<LitStr>,
    pub(crate) any_order: Option<Path>,
    pub(crate) manual_forward: Option<Path>,
    pub(crate) common: Common,
}

/// A Linen module that a port starts from.
pub(crate) struct Source {
    /// `encoder` in `source(encoder = Encoder)`.
    pub(crate) label: Option<Ident>,
    pub(crate) ty: Type,
}

/// `#[port(..)]` on a field.
#[derive(Default)]
pub(crate) struct PortField {
    pub(crate) from: Option<LitStr>,
    pub(crate) runtime: Option<Path>,
    pub(crate) activation: Option<Path>,
    pub(crate) skip: Option<Skip>,
    pub(crate) inits: Vec<LeafInit>,
}

/// `kernel_init = expression`: an initialiser for the leaf `kernel`. `init` is for a raw parameter, a leaf without a name.
pub(crate) struct LeafInit {
    pub(crate) path: Path,
    pub(crate) leaf: String,
    pub(crate) value: TokenStream,
}

/// `skip`, or `skip = expression`.
pub(crate) struct Skip {
    pub(crate) path: Path,
    pub(crate) value: Option<TokenStream>,
}

impl CompactStruct {
    pub(crate) fn parse(attributes: &[Attribute], errors: &mut Errors) -> Self {
        let mut found = Self::default();
        each(attributes, "compact", errors, |meta| match name(&meta).as_str() {
            "setup" => once(&mut found.setup, meta.path.clone(), &meta),
            "manual_forward" => once(&mut found.manual_forward, meta.path.clone(), &meta),
            "class" => once(&mut found.class, meta.value()?.parse()?, &meta),
            "name" | "activation" | "skip" => Err(misplaced(&meta, "compact", "a field")),
            _ => found.common.parse(&meta, "compact", "`setup`, `manual_forward`, `class = \"…\"`"),
        });
        found
    }
}

impl CompactField {
    pub(crate) fn parse(attributes: &[Attribute], errors: &mut Errors) -> Self {
        let mut found = Self::default();
        each(attributes, "compact", errors, |meta| match name(&meta).as_str() {
            "name" => once(&mut found.name, meta.value()?.parse()?, &meta),
            "class" => once(&mut found.class, meta.value()?.parse()?, &meta),
            "activation" => once(&mut found.activation, meta.path.clone(), &meta),
            "skip" => once(&mut found.skip, Skip::parse(&meta)?, &meta),
            "setup" | "manual_forward" | "crate" | "check_with" => Err(misplaced(&meta, "compact", "the struct")),
            other => {
                let known = "`name = \"…\"`, `class = \"…\"`, `activation`, `skip`";
                LeafInit::parse(&mut found.inits, other, &meta, "compact", known)
            }
        });
        found
    }
}

impl PortStruct {
    pub(crate) fn parse(attributes: &[Attribute], errors: &mut Errors) -> Self {
        let mut found = Self::default();
        each(attributes, "port", errors, |meta| match name(&meta).as_str() {
            "source" => found.parse_source(&meta),
            "ignore" => {
                found.ignored.push(meta.value()?.parse()?);
                Ok(())
            }
            "any_order" => once(&mut found.any_order, meta.path.clone(), &meta),
            "manual_forward" => once(&mut found.manual_forward, meta.path.clone(), &meta),
            "from" | "runtime" | "skip" | "activation" => Err(misplaced(&meta, "port", "a field")),
            _ => {
                let others = "`source = …`, `ignore = \"…\"`, `manual_forward`, `any_order`";
                found.common.parse(&meta, "port", others)
            }
        });
        found
    }

    fn parse_source(&mut self, meta: &ParseNestedMeta<'_>) -> syn::Result<()> {
        if !self.sources.is_empty() {
            return Err(meta.error("a second `source`; several are written `source(encoder = …, decoder = …)`"));
        }
        if meta.input.peek(Token![=]) {
            self.sources.push(Source { label: None, ty: meta.value()?.parse()? });
            return Ok(());
        }
        meta.parse_nested_meta(|source| {
            let label = source.path.require_ident()?.clone();
            if self.sources.iter().any(|other| other.label.as_ref() == Some(&label)) {
                return Err(source.error(format!("a second source `{label}`")));
            }
            self.sources.push(Source { label: Some(label), ty: source.value()?.parse()? });
            Ok(())
        })
    }
}

impl PortField {
    pub(crate) fn parse(attributes: &[Attribute], errors: &mut Errors) -> Self {
        let mut found = Self::default();
        each(attributes, "port", errors, |meta| match name(&meta).as_str() {
            "from" => once(&mut found.from, meta.value()?.parse()?, &meta),
            "runtime" => once(&mut found.runtime, meta.path.clone(), &meta),
            "activation" => once(&mut found.activation, meta.path.clone(), &meta),
            "skip" => once(&mut found.skip, Skip::parse(&meta)?, &meta),
            "source" | "ignore" | "any_order" | "manual_forward" | "crate" | "check_with" => {
                Err(misplaced(&meta, "port", "the struct"))
            }
            other => {
                let known = "`from = \"…\"`, `runtime`, `activation`, `skip`";
                LeafInit::parse(&mut found.inits, other, &meta, "port", known)
            }
        });
        found
    }
}

impl Common {
    fn parse(&mut self, meta: &ParseNestedMeta<'_>, attribute: &str, others: &str) -> syn::Result<()> {
        match name(meta).as_str() {
            "crate" => once(&mut self.krate, meta.value()?.parse()?, meta),
            "check_with" => meta.parse_nested_meta(|parameter| {
                let ident = parameter.path.require_ident()?.clone();
                self.check_with.push((ident, parameter.value()?.parse()?));
                Ok(())
            }),
            _ => Err(unknown(meta, attribute, &format!("{others}, `crate = path`, `check_with(B = Bias)`"))),
        }
    }
}

impl LeafInit {
    fn parse(
        inits: &mut Vec<Self>,
        name: &str,
        meta: &ParseNestedMeta<'_>,
        attribute: &str,
        known: &str,
    ) -> syn::Result<()> {
        let leaf = match name.strip_suffix("_init") {
            Some(leaf) if !leaf.is_empty() => leaf,
            _ if name == "init" => "",
            _ => {
                let known =
                    format!("{known}, `kernel_init = …` and so on for each leaf, `init = …` for a raw parameter");
                return Err(unknown(meta, attribute, &known));
            }
        };
        if inits.iter().any(|other| other.leaf == leaf) {
            return Err(syn::Error::new_spanned(&meta.path, format!("a second `{name}`; write it once")));
        }
        inits.push(Self { path: meta.path.clone(), leaf: leaf.to_owned(), value: expression(meta.value()?)? });
        Ok(())
    }
}

impl Skip {
    fn parse(meta: &ParseNestedMeta<'_>) -> syn::Result<Self> {
        let value = if meta.input.peek(Token![=]) { Some(expression(meta.value()?)?) } else { None };
        Ok(Self { path: meta.path.clone(), value })
    }
}

/// The tokens of an expression. Those that syn cannot read without its feature `full` end at the next comma.
fn expression(input: ParseStream<'_>) -> syn::Result<TokenStream> {
    let ahead = input.fork();
    if let Ok(expression) = ahead.parse::<Expr>() {
        input.advance_to(&ahead);
        return Ok(expression.into_token_stream());
    }
    let mut tokens = TokenStream::new();
    while !input.is_empty() && !input.peek(Token![,]) {
        tokens.extend([input.parse::<TokenTree>()?]);
    }
    Ok(tokens)
}

/// Reads every argument of every attribute of this name; an error in one does not hide the next.
fn each(
    attributes: &[Attribute],
    attribute: &str,
    errors: &mut Errors,
    mut argument: impl FnMut(ParseNestedMeta<'_>) -> syn::Result<()>,
) {
    for found in attributes.iter().filter(|found| found.path().is_ident(attribute)) {
        let read = found.parse_nested_meta(|meta| {
            let input = meta.input;
            if let Err(error) = argument(meta) {
                errors.add(error);
                skip_argument(input)?;
            }
            Ok(())
        });
        errors.ok(read);
    }
}

/// Goes to the next comma, behind the rest of an argument that is wrong.
fn skip_argument(input: ParseStream<'_>) -> syn::Result<()> {
    while !input.is_empty() && !input.peek(Token![,]) {
        input.parse::<TokenTree>()?;
    }
    Ok(())
}

fn name(meta: &ParseNestedMeta<'_>) -> String {
    meta.path.get_ident().map(Ident::to_string).unwrap_or_default()
}

fn once<T>(place: &mut Option<T>, value: T, meta: &ParseNestedMeta<'_>) -> syn::Result<()> {
    if place.replace(value).is_some() {
        return Err(syn::Error::new_spanned(&meta.path, format!("a second `{}`; write it once", name(meta))));
    }
    Ok(())
}

fn misplaced(meta: &ParseNestedMeta<'_>, attribute: &str, place: &str) -> syn::Error {
    let name = name(meta);
    let message = format!("`{name}` is not expected here; `#[{attribute}({name} …)]` belongs on {place}");
    syn::Error::new_spanned(&meta.path, message)
}

fn unknown(meta: &ParseNestedMeta<'_>, attribute: &str, known: &str) -> syn::Error {
    syn::Error::new_spanned(&meta.path, format!("unknown argument of `#[{attribute}(..)]`; expected one of {known}"))
}
