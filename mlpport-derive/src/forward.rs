//! The derived forward: the fields in their order.

use proc_macro2::{Ident, TokenStream};
use quote::quote;

use crate::ast::Elements;
use crate::names::field_name;

/// One call of the forward.
pub(crate) enum Run<'a> {
    /// A layer: the label for errors, the field, its place in an array.
    Layer(String, &'a Ident, TokenStream),
    Activation(&'a Ident),
}

impl<'a> Run<'a> {
    /// The calls of a field with one layer or several.
    pub(crate) fn layers<T>(field: &'a Ident, elements: &Elements<T>) -> Vec<Self> {
        let layers = elements.flat().into_iter().map(|(place, _)| {
            let label = field_name(field) + &place.to_string().replace(' ', "");
            Self::Layer(label, field, place)
        });
        layers.collect()
    }
}

/// `fn try_forward`: each layer sees what the one before it returned; activations work in place.
pub(crate) fn forward<'a>(runs: impl Iterator<Item = Run<'a>>) -> TokenStream {
    let mut calls = TokenStream::new();
    let mut is_view = true;
    for run in runs {
        calls.extend(match run {
            Run::Layer(label, field, place) => {
                let x = if is_view { quote!(x) } else { quote!(x.view()) };
                quote!(let x = __private::forward_field(#label, &self.#field #place, #x)?;)
            }
            Run::Activation(field) => {
                let x = if is_view { quote!(x.to_owned()) } else { quote!(x) };
                quote!(let x = __private::Activation::try_apply(&self.#field, #x)?;)
            }
        });
        is_view = false;
    }
    let x = if is_view { quote!(x.to_owned()) } else { quote!(x) };
    quote! {
        fn try_forward<__D: __private::ndarray::Dimension>(
            &self,
            x: __private::ndarray::ArrayView<'_, f32, __D>,
        ) -> __private::Result<__private::ndarray::Array<f32, __D>> {
            #calls
            ::core::result::Result::Ok(#x)
        }
    }
}
