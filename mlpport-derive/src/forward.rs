//! The derived forward: the fields in their order.

use proc_macro2::{Ident, TokenStream};
use quote::quote;

use crate::ast::Elements;
use crate::names::field_name;
use crate::state::parameter;

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

/// `fn try_forward` and what it is made of, `fn steps`: one step for each layer, with the activation that comes next.
pub(crate) fn forward<'a>(runs: impl Iterator<Item = Run<'a>>) -> TokenStream {
    let mut steps = Vec::new();
    let mut runs = runs.peekable();
    while let Some(run) = runs.next() {
        steps.push(match (run, runs.peek()) {
            (Run::Layer(label, field, place), Some(Run::Activation(activation))) => {
                let step = quote!(run.layer_with_activation(#label, &self.#field #place, &self.#activation););
                runs.next();
                step
            }
            (Run::Layer(label, field, place), _) => quote!(run.layer(#label, &self.#field #place);),
            (Run::Activation(field), _) => quote!(run.activation(&self.#field);),
        });
    }
    let run = parameter("run", steps.is_empty());
    quote! {
        fn try_forward<__D: __private::ndarray::Dimension>(
            &self,
            x: __private::ndarray::ArrayView<'_, f32, __D>,
        ) -> __private::Result<__private::ndarray::Array<f32, __D>> {
            __private::Run::forward(self, x)
        }

        fn steps<'__x, __D: __private::ndarray::Dimension>(
            &'__x self,
            #run: &mut __private::Run<'__x, __D>,
        ) {
            #(#steps)*
        }
    }
}
