//! A struct as each derive sees it; the fields keep the tokens that errors point at.

use proc_macro2::{Ident, Span, TokenStream};
use quote::quote;
use syn::spanned::Spanned;
use syn::{Data, DeriveInput, Field, Fields, LitStr, Type};

use crate::attr::{CompactField, CompactStruct, LeafInit, PortField, PortStruct, Skip};
use crate::errors::Errors;
use crate::from::{From, LinenPath};
use crate::names::{ClassCounter, field_name};
use crate::types::{class_of, dimensions, element_type, is_activation, is_param, last_ident};
use crate::valid;

/// A Linen module.
pub(crate) struct Compact<'a> {
    pub(crate) input: &'a DeriveInput,
    pub(crate) attributes: CompactStruct,
    pub(crate) fields: Vec<LinenField<'a>>,
}

/// A field of a Linen module.
pub(crate) struct LinenField<'a> {
    pub(crate) ident: &'a Ident,
    /// The type of the field, or of the elements of its array.
    pub(crate) ty: &'a Type,
    pub(crate) kind: LinenKind,
    pub(crate) inits: Vec<LeafInit>,
}

pub(crate) enum LinenKind {
    /// One submodule, or an array of them.
    Submodule(Elements<LinenName>),
    Activation,
    Skip(Skip),
}

/// The name of one submodule.
pub(crate) struct LinenName {
    pub(crate) text: String,
    /// The class that the name was counted by, where the derive took it from the type.
    pub(crate) class: Option<String>,
    /// What an error about the name points at.
    pub(crate) span: Span,
}

/// What a field holds: one thing, or an array of such.
pub(crate) enum Elements<T> {
    One(T),
    Array(Vec<Self>),
}

impl<T> Elements<T> {
    /// The things in their order, each with its place in the field: `[0][1]`.
    pub(crate) fn flat(&self) -> Vec<(TokenStream, &T)> {
        let mut flat = Vec::new();
        self.walk(&TokenStream::new(), &mut |place, one| {
            flat.push((place.clone(), one));
            TokenStream::new()
        });
        flat
    }

    /// The same shape, as the tokens of an array expression or pattern; `one` gets the place in the field, too.
    pub(crate) fn tokens(&self, one: &mut dyn FnMut(&TokenStream, &T) -> TokenStream) -> TokenStream {
        self.walk(&TokenStream::new(), one)
    }

    fn walk<'s>(&'s self, place: &TokenStream, one: &mut dyn FnMut(&TokenStream, &'s T) -> TokenStream) -> TokenStream {
        match self {
            Self::One(thing) => one(place, thing),
            Self::Array(elements) => {
                let elements = elements.iter().enumerate().map(|(i, element)| {
                    let i = syn::Index::from(i);
                    element.walk(&quote!(#place[#i]), one)
                });
                quote!([#(#elements),*])
            }
        }
    }

    /// The same shape with other things in it.
    pub(crate) fn map<U>(&self, one: &mut dyn FnMut(&T) -> U) -> Elements<U> {
        match self {
            Self::One(thing) => Elements::One(one(thing)),
            Self::Array(elements) => Elements::Array(elements.iter().map(|element| element.map(one)).collect()),
        }
    }
}

/// An NNX module.
pub(crate) struct Nnx<'a> {
    pub(crate) input: &'a DeriveInput,
    pub(crate) attributes: PortStruct,
    pub(crate) ignored: Vec<(LitStr, LinenPath)>,
    pub(crate) fields: Vec<NnxField<'a>>,
}

/// A field of an NNX module.
pub(crate) struct NnxField<'a> {
    pub(crate) ident: &'a Ident,
    /// The type of the field, or of the elements of its array.
    pub(crate) ty: &'a Type,
    pub(crate) kind: NnxKind,
    pub(crate) inits: Vec<LeafInit>,
}

pub(crate) enum NnxKind {
    /// `#[port(from = "…")]`.
    Take {
        from: From,
        runtime: bool,
    },
    /// A layer or a module in a struct without a source, with the index of each element.
    Layer(Elements<usize>),
    Activation,
    Skip(Skip),
}

impl<'a> Compact<'a> {
    pub(crate) fn parse(input: &'a DeriveInput) -> syn::Result<Self> {
        let mut errors = Errors::default();
        let attributes = CompactStruct::parse(&input.attrs, &mut errors);
        let mut counter = ClassCounter::default();
        let mut fields = Vec::new();
        for (field, ident) in named_fields(input, "CompactModule", &mut errors) {
            let mut found = CompactField::parse(&field.attrs, &mut errors);
            let inits = std::mem::take(&mut found.inits);
            let kind = linen_kind(input, &attributes, field, ident, found, &mut counter, &mut errors);
            if let Some(kind) = kind {
                fields.push(LinenField { ident, ty: element_type(&field.ty), kind, inits });
            }
        }
        let compact = Self { input, attributes, fields };
        valid::check_compact(&compact, &mut errors);
        errors.finish(compact)
    }

    /// The names of the submodules with their fields and places, in the order of the fields.
    pub(crate) fn names(&self) -> Vec<(&LinenField<'a>, TokenStream, &LinenName)> {
        let named = self.fields.iter().filter_map(|field| match &field.kind {
            LinenKind::Submodule(names) => Some((field, names)),
            _ => None,
        });
        named
            .flat_map(|(field, names)| names.flat().into_iter().map(move |(place, name)| (field, place, name)))
            .collect()
    }
}

impl<'a> Nnx<'a> {
    pub(crate) fn parse(input: &'a DeriveInput) -> syn::Result<Self> {
        let mut errors = Errors::default();
        let attributes = PortStruct::parse(&input.attrs, &mut errors);
        let ignored =
            attributes.ignored.iter().filter_map(|literal| errors.ok(From::parse(literal, &attributes.sources)));
        let ignored =
            ignored.flat_map(|from| from.paths.into_iter().map(move |path| (from.literal.clone(), path))).collect();
        let mut fields = Vec::new();
        for (field, ident) in named_fields(input, "NnxModule", &mut errors) {
            let before = errors.count();
            let mut found = PortField::parse(&field.attrs, &mut errors);
            let inits = std::mem::take(&mut found.inits);
            if errors.count() > before && found.from.is_none() {
                continue;
            }
            if let Some(kind) = nnx_kind(&attributes, field, ident, found, &mut errors) {
                fields.push(NnxField { ident, ty: element_type(&field.ty), kind, inits });
            }
        }
        let nnx = Self { input, attributes, ignored, fields };
        valid::check_nnx(&nnx, &mut errors);
        errors.finish(nnx)
    }

    /// Whether a field's size is compared when the port runs.
    pub(crate) fn is_runtime(&self) -> bool {
        self.fields.iter().any(|field| matches!(field.kind, NnxKind::Take { runtime: true, .. }))
    }
}

/// The fields of a struct with names; anything else is an error.
fn named_fields<'a>(input: &'a DeriveInput, derive: &str, errors: &mut Errors) -> Vec<(&'a Field, &'a Ident)> {
    let wrong = match &input.data {
        Data::Struct(data) => match &data.fields {
            Fields::Named(fields) => {
                return fields.named.iter().filter_map(|field| Some((field, field.ident.as_ref()?))).collect();
            }
            Fields::Unnamed(_) => "a tuple struct",
            Fields::Unit => return Vec::new(),
        },
        Data::Enum(_) => "an enum",
        Data::Union(_) => "a union",
    };
    let message = format!(
        "`#[derive({derive})]` takes a struct with named fields, found {wrong}; Flax names submodules, and so do fields"
    );
    errors.at(&input.ident, message);
    Vec::new()
}

fn linen_kind(
    input: &DeriveInput,
    module: &CompactStruct,
    field: &Field,
    ident: &Ident,
    found: CompactField,
    counter: &mut ClassCounter,
    errors: &mut Errors,
) -> Option<LinenKind> {
    let named = found.name.as_ref().or(found.class.as_ref());
    if let Some(skip) = found.skip {
        if let Some(literal) = named {
            errors.at(literal, "a skipped field has no name in Flax's tree");
        }
        if let Some(activation) = &found.activation {
            errors.at(activation, "a field is an activation or skipped; write one of the two");
        }
        return Some(LinenKind::Skip(skip));
    }
    let (dimensions, element) = errors.ok(dimensions(&field.ty))?;
    if found.activation.is_some() || is_activation(element) {
        if let Some(literal) = named {
            errors.at(literal, "an activation has no name in Flax's tree");
        }
        errors.ok(one_activation(&field.ty, &dimensions));
        return Some(LinenKind::Activation);
    }
    if let (Some(_), Some(class)) = (&found.name, &found.class) {
        errors.at(class, "a name stands for itself, whatever the class; write one of the two");
    }
    if let Some(class) = found.class.as_ref().filter(|_| module.setup.is_some()) {
        errors.at(class, "in setup style a submodule is called as its field, whatever the class; write `name = \"…\"` for another one");
    }
    let span = last_ident(element).map_or_else(|| element.span(), Ident::span);
    if let Some(literal) = found.name {
        if !dimensions.is_empty() {
            errors.at(&literal, "an array has several submodules, which cannot all have this name");
        }
        let name = LinenName { text: literal.value(), class: None, span: literal.span() };
        return Some(LinenKind::Submodule(Elements::One(name)));
    }
    if module.setup.is_some() || is_param(element) {
        let mut name = |indices: &str| LinenName { text: field_name(ident) + indices, class: None, span: ident.span() };
        return Some(LinenKind::Submodule(elements(&dimensions, "", &mut name)));
    }
    if let Some(literal) = found.class.as_ref().filter(|class| class.value() == "Param") {
        errors.at(literal, "a raw parameter is called by its name, not counted: write `name = \"…\"`");
    }
    let (class, guessed) = match found.class {
        Some(literal) => (literal.value(), false),
        None => (errors.ok(class_of(input, element))?, true),
    };
    let mut name = |_: &str| LinenName { text: counter.name(&class), class: guessed.then(|| class.clone()), span };
    Some(LinenKind::Submodule(elements(&dimensions, "", &mut name)))
}

fn nnx_kind(
    module: &PortStruct,
    field: &Field,
    ident: &Ident,
    found: PortField,
    errors: &mut Errors,
) -> Option<NnxKind> {
    if let (Some(_), Some(extra)) =
        (&found.from, found.skip.as_ref().map(|skip| &skip.path).or(found.activation.as_ref()))
    {
        errors.at(extra, "a field with `from` takes a submodule; write one of the two");
        return None;
    }
    if let Some(runtime) = found.runtime.as_ref().filter(|_| found.from.is_none()) {
        errors.at(runtime, "`runtime` needs a `from = \"…\"` beside it");
    }
    if let Some(skip) = found.skip {
        return Some(NnxKind::Skip(skip));
    }
    let (dimensions, element) = errors.ok(dimensions(&field.ty))?;
    if let Some(literal) = found.from {
        if module.sources.is_empty() {
            let message =
                "missing the Linen module that this is from: write `#[port(source = LinenModule)]` on the struct";
            errors.at(&literal, message);
            return None;
        }
        let from = errors.ok(From::parse(&literal, &module.sources))?;
        errors.ok(valid::range_fits(&from, &dimensions))?;
        return Some(NnxKind::Take { from, runtime: found.runtime.is_some() });
    }
    if found.activation.is_some() || is_activation(element) {
        errors.ok(one_activation(&field.ty, &dimensions));
        return Some(NnxKind::Activation);
    }
    if module.sources.is_empty() {
        let layers = match dimensions.as_slice() {
            [] => Elements::One(0),
            [length] => Elements::Array((0..*length).map(Elements::One).collect()),
            _ => {
                errors.at(&field.ty, "a nested array has no names in NNX; use one array");
                return None;
            }
        };
        return Some(NnxKind::Layer(layers));
    }
    errors.at(
        ident,
        format!(
            "missing `#[port(from = \"…\")]` on `{ident}`: say which Linen submodule it takes, or write `#[port(activation)]` for an \
             activation of your own, or `#[port(skip)]`"
        ),
    );
    None
}

fn one_activation(ty: &Type, dimensions: &[usize]) -> syn::Result<()> {
    if dimensions.is_empty() {
        return Ok(());
    }
    Err(syn::Error::new_spanned(ty, "expected one activation: the forward runs a field once; write a field for each"))
}

/// The names of an array's elements, built from the indices: `_0`, or `_1_0` in a nested one.
fn elements(dimensions: &[usize], indices: &str, name: &mut impl FnMut(&str) -> LinenName) -> Elements<LinenName> {
    match dimensions.split_first() {
        None => Elements::One(name(indices)),
        Some((length, inner)) => {
            Elements::Array((0..*length).map(|i| elements(inner, &format!("{indices}_{i}"), name)).collect())
        }
    }
}
