//! What `#[derive(NnxModule)]` writes beside the port: state and forward.

use proc_macro2::TokenStream;
use quote::{format_ident, quote};
use syn::DeriveInput;

use crate::ast::{Elements, Nnx, NnxField, NnxKind};
use crate::forward::{Run, forward};
use crate::names::field_name;
use crate::state::{Slot, StateField, StateKind, Target};
use crate::{port, stub};

pub(crate) fn expand(input: &DeriveInput) -> TokenStream {
    match Nnx::parse(input) {
        Ok(nnx) => module(&nnx),
        Err(error) => stub::nnx(input, &error),
    }
}

fn module(nnx: &Nnx<'_>) -> TokenStream {
    let target = Target::new(nnx.input, &nnx.attributes.common);
    let port = if nnx.attributes.sources.is_empty() {
        quote!(
            const __STRUCTURE: bool = true;
        )
    } else {
        port::port(nnx, &target)
    };
    let state = target.state(&nnx.input.ident.to_string(), &state_fields(nnx), &overwrite(nnx));
    let module = target.implement_checked(&quote!(NnxModule), &TokenStream::new());
    let by_hand = nnx.attributes.manual_forward.is_some() || nnx.attributes.any_order.is_some();
    let forward = (!by_hand).then(|| derived_forward(nnx, &target));
    target.block(&quote!(#port #state #module #forward))
}

impl NnxField<'_> {
    /// The index of each submodule in the field; `None` where it holds none.
    pub(crate) fn elements(&self) -> Option<Elements<usize>> {
        match &self.kind {
            NnxKind::Take { from, .. } if from.is_range => {
                Some(Elements::Array((0..from.paths.len()).map(Elements::One).collect()))
            }
            NnxKind::Take { .. } => Some(Elements::One(0)),
            NnxKind::Layer(elements) => Some(elements.map(&mut |index| *index)),
            NnxKind::Activation | NnxKind::Skip(_) => None,
        }
    }
}

fn state_fields<'a>(nnx: &'a Nnx<'_>) -> Vec<StateField<'a>> {
    let fields = nnx.fields.iter().map(|field| {
        let kind = match (&field.kind, field.elements()) {
            (_, Some(elements)) => StateKind::Submodules(slots(field, &elements)),
            (NnxKind::Skip(skip), None) => StateKind::Made(skip.value.as_ref()),
            (_, None) => StateKind::Made(None),
        };
        StateField { ident: field.ident, kind, inits: &field.inits }
    });
    fields.collect()
}

/// The fields with parameters, one by one, since what is skipped stays: here and in a nested module.
fn overwrite(nnx: &Nnx<'_>) -> TokenStream {
    let fields: Vec<_> = nnx.fields.iter().filter_map(|field| Some((field.ident, field.elements()?))).collect();
    if fields.is_empty() {
        return quote!(
            fn overwrite(&mut self, _: Self) {}
        );
    }
    let calls = fields.iter().map(|(ident, elements)| match elements {
        Elements::One(_) => quote!(__private::State::overwrite(&mut self.#ident, with.#ident);),
        Elements::Array(_) => quote!(__private::overwrite_all(&mut self.#ident, with.#ident);),
    });
    quote! {
        fn overwrite(&mut self, with: Self) {
            #(#calls)*
        }
    }
}

fn slots(field: &NnxField<'_>, elements: &Elements<usize>) -> Elements<Slot> {
    let name = field_name(field.ident);
    let is_array = matches!(elements, Elements::Array(_));
    elements.map(&mut |index| {
        if is_array {
            let index = syn::Index::from(*index);
            Slot { method: format_ident!("element"), arguments: quote!(#name, #index) }
        } else {
            Slot { method: format_ident!("submodule"), arguments: quote!(#name) }
        }
    })
}

fn derived_forward(nnx: &Nnx<'_>, target: &Target<'_>) -> TokenStream {
    let runs = nnx.fields.iter().flat_map(|field| match (&field.kind, field.elements()) {
        (_, Some(elements)) => Run::layers(field.ident, &elements),
        (NnxKind::Activation, None) => vec![Run::Activation(field.ident)],
        (_, None) => Vec::new(),
    });
    target.implement_checked(&quote!(Forward), &forward(runs))
}
