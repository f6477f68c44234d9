//! What `#[derive(CompactModule)]` writes: one call into the core crate for each field.

use proc_macro2::{Ident, Literal, Span, TokenStream};
use quote::{format_ident, quote, quote_spanned};
use syn::DeriveInput;

use crate::ast::{Compact, LinenField, LinenKind, LinenName};
use crate::forward::{Run, forward};
use crate::generics::{StandIns, with_static_lifetimes};
use crate::state::{Slot, StateField, StateKind, Target, table};
use crate::{names, stub};

pub(crate) fn expand(input: &DeriveInput) -> TokenStream {
    match Compact::parse(input) {
        Ok(compact) => module(&compact),
        Err(error) => stub::compact(input, &error),
    }
}

fn module(compact: &Compact<'_>) -> TokenStream {
    let target = Target::new(compact.input, &compact.attributes.common);
    let params = format_ident!("{}Params", compact.input.ident);
    let companion = companion(compact, &params);
    let (early, late) = checks(compact);
    let submodule = submodule(compact, &target);
    let compact_module = compact_module(compact, &target);
    let into_params = into_params(compact, &params, &late);
    let class = match &compact.attributes.class {
        Some(class) => class.value(),
        None => compact.input.ident.to_string(),
    };
    let state = target.state(&class, &state_fields(compact), &TokenStream::new());
    let forward = compact.attributes.manual_forward.is_none().then(|| derived_forward(compact, &target));
    let block = target.block(&quote!(#early #submodule #compact_module #into_params #state #forward));
    quote!(#companion #block)
}

/// The struct with the submodules by their Flax names. Each field has a type parameter of its own, so that it needs none
/// of the module's generics.
fn companion(compact: &Compact<'_>, params: &Ident) -> TokenStream {
    let (vis, module) = (&compact.input.vis, &compact.input.ident);
    let doc = format!("The submodules of [`{module}`] by the names that Flax gives them.");
    let idents = idents(compact);
    let docs = compact.names().into_iter().map(|(field, place, _)| {
        let place = place.to_string().replace(' ', "");
        format!("`{}{place}`", names::field_name(field.ident))
    });
    quote! {
        #[doc = #doc]
        #[allow(non_camel_case_types, non_snake_case)]
        #vis struct #params<#(#idents),*> {
            #(#[doc = #docs] pub #idents: #idents,)*
        }
    }
}

/// The checks of this struct alone: as constants where stand-ins make that possible, otherwise as statements for a generic
/// function, which run when it is used.
fn checks(compact: &Compact<'_>) -> (TokenStream, TokenStream) {
    let classes = steps(compact, |_, name| name.and_then(|name| name.class.clone()).unwrap_or_default());
    let reports = steps(compact, |_, name| name.map(|name| name.span));
    let reports = reports.iter().enumerate().filter_map(|(i, span)| {
        let span = (*span)?;
        let mut index = Literal::usize_unsuffixed(i);
        index.set_span(span);
        Some(quote_spanned!(span=> __CHECK.report(#index);))
    });
    let Some(StandIns { items, sizes, .. }) = StandIns::new(&compact.input.generics, &compact.attributes.common) else {
        let late = quote! {
            const {
                __private::check::<Self>(&[#(#classes),*], &[]).report_any()
            }
        };
        return (
            quote!(
                const __STRUCTURE: bool = true;
            ),
            late,
        );
    };
    let ident = &compact.input.ident;
    let (_, arguments, _) = compact.input.generics.split_for_impl();
    let module = with_static_lifetimes(quote!(#ident #arguments));
    let early = quote! {
        const __STRUCTURE: bool = {
            #items
            const __CHECK: &__private::Structure =
                &__private::check::<#module>(&[#(#classes),*], &[#(#sizes),*]);
            if !__CHECK.passed() {
                #(#reports)*
            }
            __CHECK.passed()
        };
    };
    (early, TokenStream::new())
}

fn submodule(compact: &Compact<'_>, target: &Target<'_>) -> TokenStream {
    let in_order = compact.attributes.manual_forward.is_none();
    let constructor = if in_order { quote!(layer) } else { quote!(submodule) };
    let steps = steps(compact, |field, name| {
        let (label, ty) = (names::field_name(field.ident), field.ty);
        match name {
            Some(LinenName { text, .. }) => {
                let text = names::escaped(text);
                quote!(__private::Step::#constructor::<#ty>(#label, #text))
            }
            None => quote!(__private::Step::activation::<#ty>(#label)),
        }
    });
    let steps = table(&steps);
    target.implement(
        &quote!(Submodule),
        &quote! {
            const STEPS: &'static [__private::Step] = &#steps;
            const IN_ORDER: bool = #in_order;
        },
    )
}

fn compact_module(compact: &Compact<'_>, target: &Target<'_>) -> TokenStream {
    let name = compact.input.ident.to_string();
    let texts = compact.names().into_iter().map(|(_, _, name)| &name.text);
    target.implement_checked(
        &quote!(CompactModule),
        &quote! {
            const NAME: &'static str = #name;
            const NAMES: &'static [&'static str] = &[#(#texts),*];
        },
    )
}

/// The method that hands out the submodules. It belongs to the struct and not to a trait, so that a public module may have
/// submodules of private types.
fn into_params(compact: &Compact<'_>, params: &Ident, late: &TokenStream) -> TokenStream {
    let (vis, module) = (&compact.input.vis, &compact.input.ident);
    let (parameters, arguments, bounds) = compact.input.generics.split_for_impl();
    let types = compact.names().into_iter().map(|(field, ..)| field.ty);
    let idents = idents(compact);
    let patterns = compact.fields.iter().map(|field| {
        let ident = field.ident;
        match &field.kind {
            LinenKind::Submodule(names) => {
                let pattern = names.tokens(&mut |_, name| {
                    let local = local(name);
                    quote!(#local)
                });
                quote!(#ident: #pattern)
            }
            // Bound, so that a struct which is only ported is not reported as never read.
            LinenKind::Activation | LinenKind::Skip(_) => {
                let unused = names::ident(&format!("_{}", names::field_name(ident)), Span::mixed_site());
                quote!(#ident: #unused)
            }
        }
    });
    quote! {
        impl #parameters #module #arguments #bounds {
            /// Hands out the submodules by the names that Flax gives them, without copying an array.
            #[allow(dead_code, private_interfaces)]
            #vis fn into_params(self) -> #params<#(#types),*> {
                #late
                let Self { #(#patterns),* } = self;
                #params { #(#idents),* }
            }
        }
    }
}

fn state_fields<'a>(compact: &'a Compact<'_>) -> Vec<StateField<'a>> {
    let fields = compact.fields.iter().map(|field| {
        let kind = match &field.kind {
            LinenKind::Submodule(names) => StateKind::Submodules(names.map(&mut |name| {
                let text = &name.text;
                Slot { method: format_ident!("submodule"), arguments: quote!(#text) }
            })),
            LinenKind::Activation => StateKind::Made(None),
            LinenKind::Skip(skip) => StateKind::Made(skip.value.as_ref()),
        };
        StateField { ident: field.ident, kind, inits: &field.inits }
    });
    fields.collect()
}

fn derived_forward(compact: &Compact<'_>, target: &Target<'_>) -> TokenStream {
    let runs = compact.fields.iter().flat_map(|field| match &field.kind {
        LinenKind::Submodule(names) => Run::layers(field.ident, names),
        LinenKind::Activation => vec![Run::Activation(field.ident)],
        LinenKind::Skip(_) => Vec::new(),
    });
    let body = forward(runs);
    target.implement_checked(
        &quote!(Forward),
        &quote! {
            const INPUTS: ::core::option::Option<usize> = __private::inputs(<Self as __private::Submodule>::STEPS);
            const OUTPUTS: ::core::option::Option<usize> = __private::outputs(<Self as __private::Submodule>::STEPS);

            #body
        },
    )
}

/// Something for each step: a submodule with its name, or an activation.
fn steps<'a, T>(compact: &'a Compact<'_>, step: impl Fn(&'a LinenField<'a>, Option<&'a LinenName>) -> T) -> Vec<T> {
    let steps = compact.fields.iter().flat_map(|field| match &field.kind {
        LinenKind::Submodule(names) => names.flat().into_iter().map(|(_, name)| step(field, Some(name))).collect(),
        LinenKind::Activation => vec![step(field, None)],
        LinenKind::Skip(_) => Vec::new(),
    });
    steps.collect()
}

/// The identifiers of the submodules, in the order of the fields.
fn idents(compact: &Compact<'_>) -> Vec<Ident> {
    compact.names().into_iter().map(|(_, _, name)| local(name)).collect()
}

/// The identifier that a submodule's name has in generated code.
fn local(name: &LinenName) -> Ident {
    names::ident(&name.text, Span::mixed_site())
}
