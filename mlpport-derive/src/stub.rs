//! What stands in for the code of a derive that found an error, so that one mistake is one error.

use proc_macro2::TokenStream;
use quote::quote;
use syn::DeriveInput;

use crate::attr::{CompactStruct, PortStruct};
use crate::errors::Errors;
use crate::port::source_type;
use crate::state::Target;

/// The traits of a Linen module. The error stands in its structure, so that the compiler says nothing about a port from it.
pub(crate) fn compact(input: &DeriveInput, error: &syn::Error) -> TokenStream {
    let attributes = CompactStruct::parse(&input.attrs, &mut Errors::default());
    let target = Target::new(input, &attributes.common);
    let errors = error.to_compile_error();
    let structure = quote!(const STEPS: &'static [__private::Step] = { #errors &[] };);
    let submodule = target.implement(&quote!(Submodule), &structure);
    let module = target.implement(
        &quote!(CompactModule),
        &quote! {
            const NAME: &'static str = "";
            const NAMES: &'static [&'static str] = &[];
        },
    );
    let state = state(&target);
    let forward = attributes.manual_forward.is_none().then(|| forward(&target));
    target.block(&quote!(#submodule #module #state #forward))
}

/// The traits of an NNX module, and the port from its sources as far as these could be read.
pub(crate) fn nnx(input: &DeriveInput, error: &syn::Error) -> TokenStream {
    let attributes = PortStruct::parse(&input.attrs, &mut Errors::default());
    let target = Target::new(input, &attributes.common);
    let errors = error.to_compile_error();
    let references = [TokenStream::new(), quote!(&)].into_iter().filter(|_| !attributes.sources.is_empty());
    let ports = references.map(|reference| {
        let source = source_type(&attributes.sources, &reference);
        let port = target.implement(
            &quote!(PortFrom<#source>),
            &quote! {
                fn port_from(_: #source) -> Self { ::core::unreachable!() }
            },
        );
        let try_port = target.implement(
            &quote!(TryPortFrom<#source>),
            &quote! {
                fn checked_port(_: #source, _: &mut __private::Problems<'_>) -> ::core::option::Option<Self> {
                    ::core::unreachable!()
                }
            },
        );
        quote!(#port #try_port)
    });
    let empty = TokenStream::new();
    let (mapped, module) = (target.implement(&quote!(Mapped), &empty), target.implement(&quote!(NnxModule), &empty));
    let state = state(&target);
    let by_hand = attributes.manual_forward.is_some() || attributes.any_order.is_some();
    let forward = (!by_hand).then(|| forward(&target));
    let block = target.block(&quote!(#(#ports)* #mapped #module #state #forward));
    quote!(#errors #block)
}

fn state(target: &Target<'_>) -> TokenStream {
    target.implement(
        &quote!(State),
        &quote! {
            const CLASS: &'static str = "";
            fn read(_: &mut __private::Reader<'_>) -> Self { ::core::unreachable!() }
            fn write(&self, _: &mut __private::Writer<'_>) { ::core::unreachable!() }
        },
    )
}

fn forward(target: &Target<'_>) -> TokenStream {
    target.implement(
        &quote!(Forward),
        &quote! {
            fn try_forward<__D: __private::ndarray::Dimension>(
                &self,
                _: __private::ndarray::ArrayView<'_, f32, __D>,
            ) -> __private::Result<__private::ndarray::Array<f32, __D>> {
                ::core::unreachable!()
            }
        },
    )
}
