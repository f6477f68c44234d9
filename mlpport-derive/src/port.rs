//! The port that `#[derive(NnxModule)]` writes: the comparison as a constant, the copy as one call for each field.

use std::collections::BTreeSet;

use proc_macro2::{Ident, Literal, Span, TokenStream};
use quote::{ToTokens, quote, quote_spanned};
use syn::spanned::Spanned;

use crate::ast::{Nnx, NnxField, NnxKind};
use crate::attr::Source;
use crate::from::LinenPath;
use crate::generics::{StandIns, with_static_lifetimes};
use crate::names::{self, field_name};
use crate::state::{Target, made, table};

pub(crate) fn port(nnx: &Nnx<'_>, target: &Target<'_>) -> TokenStream {
    let (structure, late) = structure(nnx);
    let port_from = port_from(nnx, target, &late);
    let pairs = pairs(nnx, target);
    quote! {
        #structure
        #port_from
        #pairs
    }
}

/// `const __STRUCTURE: bool`, which has no value where the two sides do not fit; and, where generic parameters have no
/// stand-ins or may share one, a statement in the port that compares the two sides with the real ones.
fn structure(nnx: &Nnx<'_>) -> (TokenStream, TokenStream) {
    let origins = origins(nnx);
    let late = || {
        let plan = plan(nnx, &[]);
        quote! {
            const { __private::diagnose(&#plan, &[#(#origins),*]).report_any() }
        }
    };
    let Some(StandIns { items, sizes, are_distinct }) = StandIns::new(&nnx.input.generics, &nnx.attributes.common)
    else {
        return (
            quote!(
                const __STRUCTURE: bool = true;
            ),
            late(),
        );
    };
    let plan = plan(nnx, &sizes);
    let static_origins = origins.iter().cloned().map(with_static_lifetimes);
    let reports = spans(nnx).into_iter().enumerate().map(|(i, span)| {
        let mut index = Literal::usize_unsuffixed(i);
        index.set_span(span);
        quote_spanned!(span=> __DIAGNOSIS.report(#index);)
    });
    let structure = quote! {
        const __STRUCTURE: bool = {
            #items
            const __DIAGNOSIS: &__private::Diagnosis = &__private::diagnose(&#plan, &[#(#static_origins),*]);
            if !__DIAGNOSIS.passed() {
                #(#reports)*
            }
            __DIAGNOSIS.passed()
        };
    };
    (structure, if are_distinct { TokenStream::new() } else { late() })
}

/// What an error points at: each planned field, each ignored path, each source.
fn spans(nnx: &Nnx<'_>) -> Vec<Span> {
    let fields = nnx.fields.iter().flat_map(|field| match &field.kind {
        NnxKind::Take { from, .. } => vec![from.literal.span(); from.paths.len()],
        NnxKind::Activation => vec![field.ty.span()],
        NnxKind::Layer(_) | NnxKind::Skip(_) => Vec::new(),
    });
    let ignored = nnx.ignored.iter().map(|(literal, _)| literal.span());
    let sources = nnx.attributes.sources.iter().map(|source| source.ty.span());
    fields.chain(ignored).chain(sources).collect()
}

fn plan(nnx: &Nnx<'_>, sizes: &[TokenStream]) -> TokenStream {
    let sources = &nnx.attributes.sources;
    let model = nnx.input.ident.to_string();
    let by_hand = nnx.attributes.manual_forward.is_some() || nnx.attributes.any_order.is_some();
    let constructor = if by_hand { quote!(submodule) } else { quote!(layer) };
    let fields = nnx.fields.iter().flat_map(|field| {
        let name = field_name(field.ident);
        match &field.kind {
            NnxKind::Take { from, .. } => {
                let paths = from.paths.iter().map(|path| path.text(sources));
                let ty = field.ty;
                paths.map(|path| quote!(__private::Planned::#constructor::<#ty>(#name, #path))).collect()
            }
            NnxKind::Activation => {
                let ty = field.ty;
                vec![quote!(__private::Planned::activation::<#ty>(#name))]
            }
            NnxKind::Layer(_) | NnxKind::Skip(_) => Vec::new(),
        }
    });
    let fields = table(&fields.collect::<Vec<_>>());
    let ignored = nnx.ignored.iter().map(|(_, path)| path.text(sources));
    let opened = opened(nnx).into_iter().map(|path| path.text(sources));
    let order = match (&nnx.attributes.any_order, &nnx.attributes.manual_forward) {
        (Some(_), _) => quote!(Any),
        (None, Some(_)) => quote!(Manual),
        (None, None) => quote!(Derived),
    };
    quote! {
        __private::Plan {
            model: #model,
            fields: &#fields,
            ignored: &[#(#ignored),*],
            opened: &[#(#opened),*],
            sizes: &[#(#sizes),*],
            order: __private::Order::#order,
        }
    }
}

fn origins(nnx: &Nnx<'_>) -> Vec<TokenStream> {
    let origins = nnx.attributes.sources.iter().map(|Source { label, ty }| {
        let label = label.as_ref().map(Ident::to_string).unwrap_or_default();
        quote!(__private::Origin::of::<#ty>(#label))
    });
    origins.collect()
}

/// The modules of which a part is taken or ignored, outermost first.
fn opened(nnx: &Nnx<'_>) -> Vec<LinenPath> {
    let taken = nnx.fields.iter().flat_map(|field| match &field.kind {
        NnxKind::Take { from, .. } => from.paths.as_slice(),
        _ => &[],
    });
    let ignored = nnx.ignored.iter().map(|(_, path)| path);
    let mut opened: Vec<LinenPath> = Vec::new();
    for path in taken.chain(ignored).flat_map(LinenPath::above) {
        if !opened.contains(&path) {
            opened.push(path);
        }
    }
    opened
}

fn port_from(nnx: &Nnx<'_>, target: &Target<'_>, late: &TokenStream) -> TokenStream {
    let source = source_type(&nnx.attributes.sources, &TokenStream::new());
    let by_reference = by_reference(nnx, target);
    let locals = Locals::new(nnx);
    let open = locals.open(nnx);
    if nnx.is_runtime() {
        let (ported, values) = runtime_values(nnx, &locals);
        let port = target.implement_checked(&quote!(TryPortFrom<#source>), &quote! {
            fn checked_port(source: #source, problems: &mut __private::Problems<'_>) -> ::core::option::Option<Self> {
                #late
                #open
                #(#ported)*
                ::core::option::Option::Some(Self { #(#values),* })
            }
        });
        return quote!(#port #by_reference);
    }
    let values = nnx.fields.iter().map(|field| {
        let value = value(field, &|path| {
            let (submodule, ty) = (locals.submodule(path), field.ty);
            quote!(__private::Source(#submodule).port::<#ty>())
        });
        let ident = field.ident;
        quote!(#ident: #value)
    });
    let port = target.implement_checked(
        &quote!(PortFrom<#source>),
        &quote! {
            fn port_from(source: #source) -> Self {
                #late
                #open
                Self { #(#values),* }
            }
        },
    );
    quote!(#port #by_reference)
}

/// The port from a reference: that from a copy.
fn by_reference(nnx: &Nnx<'_>, target: &Target<'_>) -> TokenStream {
    let sources = &nnx.attributes.sources;
    let source = source_type(sources, &quote!(&));
    let copy = if sources.iter().any(|source| source.label.is_some()) {
        let copies = (0..sources.len()).map(syn::Index::from).map(|i| quote!(__private::duplicate(source.#i)));
        quote!((#(#copies,)*))
    } else {
        quote!(__private::duplicate(source))
    };
    if nnx.is_runtime() {
        return target.implement_checked(&quote!(TryPortFrom<#source>), &quote! {
            fn checked_port(source: #source, problems: &mut __private::Problems<'_>) -> ::core::option::Option<Self> {
                __private::TryPortFrom::checked_port(#copy, problems)
            }

            fn try_assign_from(&mut self, source: #source) -> __private::Result<()> {
                __private::TryPortFrom::try_assign_from(self, #copy)
            }
        });
    }
    target.implement_checked(
        &quote!(PortFrom<#source>),
        &quote! {
            fn port_from(source: #source) -> Self {
                __private::PortFrom::port_from(#copy)
            }

            fn assign_from(&mut self, source: #source) {
                __private::PortFrom::assign_from(self, #copy);
            }
        },
    )
}

/// The type that a port takes: the Linen module, or a tuple of several, each behind `reference`.
pub(crate) fn source_type(sources: &[Source], reference: &TokenStream) -> TokenStream {
    match sources {
        [Source { label: None, ty }] => quote!(#reference #ty),
        several => {
            let types = several.iter().map(|source| &source.ty);
            quote!((#(#reference #types,)*))
        }
    }
}

/// The value of a field, where `take` gives that of the submodule at a path.
fn value(field: &NnxField<'_>, take: &dyn Fn(&LinenPath) -> TokenStream) -> TokenStream {
    match &field.kind {
        NnxKind::Take { from, .. } if from.is_range => {
            let elements = from.paths.iter().map(take);
            quote!([#(#elements),*])
        }
        NnxKind::Take { from, .. } => from.paths.iter().map(take).collect(),
        NnxKind::Skip(skip) => made(skip.value.as_ref()),
        NnxKind::Activation | NnxKind::Layer(_) => made(None),
    }
}

/// Where sizes are compared at run time: a statement for each submodule that notes what is wrong, and then the fields.
fn runtime_values(nnx: &Nnx<'_>, locals: &Locals) -> (Vec<TokenStream>, Vec<TokenStream>) {
    let sources = &nnx.attributes.sources;
    let mut statements = Vec::new();
    let mut values = Vec::new();
    for field in &nnx.fields {
        let (ident, ty, name) = (field.ident, field.ty, field_name(field.ident));
        if let NnxKind::Take { from, .. } = &field.kind {
            for (i, path) in from.paths.iter().enumerate() {
                let label = if from.is_range { format!("{name}[{i}]") } else { name.clone() };
                let (local, submodule, text) = (locals.ported(path), locals.submodule(path), path.text(sources));
                statements.push(if is_runtime(field) {
                    quote!(let #local = __private::Source(#submodule).try_port::<#ty>(#text, #label, problems);)
                } else {
                    quote!(let #local = __private::Source(#submodule).port::<#ty>();)
                });
            }
        }
        let value = value(field, &|path| {
            let local = locals.ported(path);
            if is_runtime(field) { quote!(#local?) } else { quote!(#local) }
        });
        values.push(quote!(#ident: #value));
    }
    (statements, values)
}

fn is_runtime(field: &NnxField<'_>) -> bool {
    matches!(field.kind, NnxKind::Take { runtime: true, .. })
}

fn pairs(nnx: &Nnx<'_>, target: &Target<'_>) -> TokenStream {
    let sources = &nnx.attributes.sources;
    let fields = nnx.fields.iter().flat_map(|field| {
        let NnxKind::Take { from, .. } = &field.kind else { return Vec::new() };
        let (name, ty) = (field_name(field.ident), field.ty);
        let pairs = from.paths.iter().enumerate().map(|(i, path)| {
            let from_text = path.text(sources);
            let to = if from.is_range { format!("{name}/{i}") } else { name.clone() };
            quote!(pairs.field::<#ty>(#from_text, #to);)
        });
        pairs.collect()
    });
    let ignored = nnx.ignored.iter().map(|(_, path)| {
        let path = path.text(sources);
        quote!(pairs.ignore(#path);)
    });
    target.implement_checked(
        &quote!(Mapped),
        &quote! {
            fn pairs(pairs: &mut __private::Pairs<'_>) {
                #(#fields)*
                #(#ignored)*
            }
        },
    )
}

/// The local variables of a port, each with a name of its own.
struct Locals {
    /// The submodules of each source.
    roots: Vec<Ident>,
    /// The submodules of the opened modules.
    opened: Vec<(LinenPath, Ident)>,
    /// What was ported from a path, where a field cannot be made at once.
    ported: Vec<(LinenPath, Ident)>,
}

impl Locals {
    fn new(nnx: &Nnx<'_>) -> Self {
        let sources = &nnx.attributes.sources;
        let mut taken = BTreeSet::new();
        let mut local = |text: &str| unique(text, &mut taken);
        let roots = sources.iter().map(|source| match &source.label {
            Some(label) => local(&field_name(label)),
            None => local("params"),
        });
        let roots = roots.collect();
        let opened = opened(nnx).into_iter().map(|path| {
            let ident = local(&path.text(sources).replace('/', "_"));
            (path, ident)
        });
        let opened = opened.collect();
        let paths = nnx.fields.iter().flat_map(|field| match &field.kind {
            NnxKind::Take { from, .. } => from.paths.iter().map(|path| (field, path)).collect(),
            _ => Vec::new(),
        });
        let ported = paths.map(|(field, path)| (path.clone(), local(&field_name(field.ident)))).collect();
        Self { roots, opened, ported }
    }

    fn ported(&self, path: &LinenPath) -> &Ident {
        find(&self.ported, path).unwrap_or(&self.roots[path.source])
    }

    /// The statements that take the sources apart.
    fn open(&self, nnx: &Nnx<'_>) -> TokenStream {
        let sources = &nnx.attributes.sources;
        let mut statements = TokenStream::new();
        if sources.iter().any(|source| source.label.is_some()) {
            let roots = &self.roots;
            statements.extend(quote!(let (#(#roots,)*) = source;));
        }
        for (source, root) in sources.iter().zip(&self.roots) {
            let ty = &source.ty;
            let value = if source.label.is_some() { root.to_token_stream() } else { quote!(source) };
            statements.extend(quote!(let #root = __private::checked::<#ty, __STRUCTURE>(#value).into_params();));
        }
        for path in opened(nnx) {
            let value = self.submodule(&path);
            if let Some(local) = find(&self.opened, &path) {
                statements.extend(quote!(let #local = __private::checked::<_, __STRUCTURE>(#value).into_params();));
            }
        }
        statements
    }

    /// The expression that holds the submodule at a path.
    fn submodule(&self, path: &LinenPath) -> TokenStream {
        let above = path.above().last();
        let container = above.and_then(|above| find(&self.opened, &above)).unwrap_or(&self.roots[path.source]);
        let field = names::ident(path.names.last().map_or("", String::as_str), Span::mixed_site());
        quote!(#container.#field)
    }
}

fn find<'a>(locals: &'a [(LinenPath, Ident)], path: &LinenPath) -> Option<&'a Ident> {
    locals.iter().find(|(other, _)| other == path).map(|(_, ident)| ident)
}

/// An identifier for a text that no other local variable has.
fn unique(text: &str, taken: &mut BTreeSet<String>) -> Ident {
    let mut ident = names::ident(text, Span::mixed_site());
    for i in 2.. {
        if taken.insert(ident.to_string()) {
            break;
        }
        ident = names::ident(&format!("{text}_{i}"), Span::mixed_site());
    }
    ident
}
