//! How both derives read, write and describe a struct: one call for each submodule.

use proc_macro2::{Ident, TokenStream};
use quote::quote;
use syn::{DeriveInput, Path, parse_quote};

use crate::ast::Elements;
use crate::attr::{Common, LeafInit};

/// The struct that a derive is on, and what the crate `mlpport` is called.
pub(crate) struct Target<'a> {
    pub(crate) input: &'a DeriveInput,
    krate: Path,
}

/// A field as its state sees it.
pub(crate) struct StateField<'a> {
    pub(crate) ident: &'a Ident,
    pub(crate) kind: StateKind<'a>,
    /// The initialisers that are not the default ones.
    pub(crate) inits: &'a [LeafInit],
}

pub(crate) enum StateKind<'a> {
    Submodules(Elements<Slot>),
    /// Made anew: an activation, or a skipped field with its initialiser.
    Made(Option<&'a TokenStream>),
}

/// One submodule in variables.
pub(crate) struct Slot {
    /// `submodule` or `element`: the method that finds it, and its arguments.
    pub(crate) method: Ident,
    pub(crate) arguments: TokenStream,
}

impl<'a> Target<'a> {
    pub(crate) fn new(input: &'a DeriveInput, common: &Common) -> Self {
        Self { input, krate: common.krate.clone().unwrap_or_else(|| parse_quote!(::mlpport)) }
    }

    /// A block of its own for the items, so that none of them can be named or clash outside.
    pub(crate) fn block(&self, items: &TokenStream) -> TokenStream {
        let krate = &self.krate;
        quote! {
            #[allow(non_snake_case)]
            const _: () = {
                use #krate::__private;
                #items
            };
        }
    }

    /// `impl Trait for Struct`, with the generics of the struct.
    pub(crate) fn implement(&self, name: &TokenStream, body: &TokenStream) -> TokenStream {
        let ident = &self.input.ident;
        let (parameters, arguments, bounds) = self.input.generics.split_for_impl();
        quote! {
            #[automatically_derived]
            impl #parameters __private::#name for #ident #arguments #bounds {
                #body
            }
        }
    }

    /// The same, for an impl that builds on the checks: where they found a mistake, the compiler passes over it.
    pub(crate) fn implement_checked(&self, name: &TokenStream, body: &TokenStream) -> TokenStream {
        let ident = &self.input.ident;
        let mut generics = self.input.generics.clone();
        let bounds = generics.make_where_clause();
        bounds.predicates.push(parse_quote!(__private::Checks: __private::Passed<__STRUCTURE>));
        let (parameters, arguments, _) = self.input.generics.split_for_impl();
        quote! {
            #[automatically_derived]
            impl #parameters __private::#name for #ident #arguments #bounds {
                #body
            }
        }
    }

    /// `impl Build` and `impl State`, with `more` methods of the side.
    pub(crate) fn state(&self, class: &str, fields: &[StateField<'_>], more: &TokenStream) -> TokenStream {
        let slots: Vec<_> = fields.iter().flat_map(StateField::slots).collect();
        let methods: Vec<_> = slots.iter().map(|(_, _, slot)| &slot.method).collect();
        let arguments: Vec<_> = slots.iter().map(|(_, _, slot)| &slot.arguments).collect();
        let places = slots.iter().map(|(field, place, _)| {
            let ident = field.ident;
            quote!(self.#ident #place)
        });
        let values = fields.iter().map(|field| {
            let chosen = field.inits.iter().map(|LeafInit { leaf, value, .. }| quote!(.with(#leaf, || #value)));
            let submodules = quote!(submodules #(#chosen)*);
            field.value(&|_, Slot { method, arguments }| quote!(#submodules.#method(#arguments)))
        });
        let [submodules, writer] = ["submodules", "writer"].map(|name| parameter(name, slots.is_empty()));
        let build = self.implement_checked(
            &quote!(Build),
            &quote! {
                fn build(#submodules: &mut impl __private::Submodules) -> Self {
                    Self { #(#values),* }
                }
            },
        );
        let state = self.implement_checked(
            &quote!(State),
            &quote! {
                const CLASS: &'static str = #class;

                fn read(reader: &mut __private::Reader<'_>) -> Self {
                    __private::Build::build(reader)
                }

                fn write(&self, #writer: &mut __private::Writer<'_>) {
                    #(writer.#methods(#arguments, &#places);)*
                }

                fn draw(init: &mut __private::Init<'_>) -> __private::Result<Self> {
                    ::core::result::Result::Ok(__private::Build::build(init))
                }

                #more
            },
        );
        quote!(#build #state)
    }
}

/// The name of a parameter, or `_` where nothing uses it.
pub(crate) fn parameter(name: &str, unused: bool) -> TokenStream {
    if unused {
        quote!(_)
    } else {
        let name = Ident::new(name, proc_macro2::Span::call_site());
        quote!(#name)
    }
}

impl StateField<'_> {
    fn slots(&self) -> Vec<(&Self, TokenStream, &Slot)> {
        match &self.kind {
            StateKind::Submodules(slots) => slots.flat().into_iter().map(|(place, slot)| (self, place, slot)).collect(),
            StateKind::Made(_) => Vec::new(),
        }
    }

    /// `field: value`, where `submodule` gives the value of each element.
    fn value(&self, submodule: &dyn Fn(&TokenStream, &Slot) -> TokenStream) -> TokenStream {
        let ident = self.ident;
        let value = match &self.kind {
            StateKind::Submodules(slots) => slots.tokens(&mut |place, slot| submodule(place, slot)),
            StateKind::Made(value) => made(*value),
        };
        quote!(#ident: #value)
    }
}

/// An array of calls, to which a constant refers.
///
/// In a block of its own, since the compiler asks of each call behind a reference whether what it returns may be changed, for as long
/// as to evaluate it.
pub(crate) fn table(calls: &[TokenStream]) -> TokenStream {
    quote!(const { [#(#calls),*] })
}

/// The value of a field that no checkpoint holds.
pub(crate) fn made(value: Option<&TokenStream>) -> TokenStream {
    match value {
        Some(value) => quote!(#value),
        None => quote!(::core::default::Default::default()),
    }
}
