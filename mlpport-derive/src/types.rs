//! What the type of a field tells by its looks. Constants in the generated code compare the guesses with the real types.

use proc_macro2::Ident;
use quote::ToTokens;
use syn::{DeriveInput, Expr, ExprLit, GenericParam, Lit, Type};

/// The types that stand for an activation without saying so. All others are layers or modules.
///
/// The core crate has the same list, `mlpport_core::ops::activation::NAMES`; a test of the facade compares them.
const ACTIVATIONS: &[&str] = &[
    "Celu",
    "Elu",
    "Gelu",
    "Glu",
    "HardSigmoid",
    "HardSilu",
    "HardSwish",
    "HardTanh",
    "Identity",
    "LeakyRelu",
    "LogSigmoid",
    "LogSoftmax",
    "Mish",
    "Relu",
    "Relu6",
    "Selu",
    "Sigmoid",
    "Silu",
    "SoftSign",
    "Softmax",
    "Softplus",
    "SparsePlus",
    "SparseSigmoid",
    "SquarePlus",
    "Standardize",
    "Swish",
    "Tanh",
];

/// The lengths of an array type, outermost first, and the type of its elements.
pub(crate) fn dimensions(ty: &Type) -> syn::Result<(Vec<usize>, &Type)> {
    let mut lengths = Vec::new();
    let mut element = ty;
    loop {
        match element {
            Type::Group(group) => element = &group.elem,
            Type::Paren(paren) => element = &paren.elem,
            Type::Array(array) => {
                lengths.push(literal_length(&array.len)?);
                element = &array.elem;
            }
            _ => return Ok((lengths, element)),
        }
    }
}

pub(crate) fn element_type(ty: &Type) -> &Type {
    dimensions(ty).map_or(ty, |(_, element)| element)
}

fn literal_length(length: &Expr) -> syn::Result<usize> {
    match length {
        Expr::Group(group) => literal_length(&group.expr),
        Expr::Lit(ExprLit { lit: Lit::Int(literal), .. }) => literal.base10_parse(),
        other => Err(syn::Error::new_spanned(
            other,
            "expected a literal length: Flax names the elements one by one, so their number is needed here",
        )),
    }
}

pub(crate) fn is_activation(ty: &Type) -> bool {
    last_ident(ty).is_some_and(|name| ACTIVATIONS.iter().any(|known| name == known))
}

/// Whether a type is the raw parameter, which is called as its field.
pub(crate) fn is_param(ty: &Type) -> bool {
    last_ident(ty).is_some_and(|name| name == "Param")
}

pub(crate) fn last_ident(ty: &Type) -> Option<&Ident> {
    match ty {
        Type::Path(path) => path.path.segments.last().map(|segment| &segment.ident),
        Type::Group(group) => last_ident(&group.elem),
        Type::Paren(paren) => last_ident(&paren.elem),
        _ => None,
    }
}

/// The Linen class that a type stands for, by its name. A constant in the generated code compares it with the real one.
pub(crate) fn class_of(input: &DeriveInput, ty: &Type) -> syn::Result<String> {
    let Some(name) = last_ident(ty) else {
        let message = "this type has no name to count by: write `#[compact(class = \"…\")]`, or `#[compact(skip)]` for other data";
        return Err(syn::Error::new_spanned(ty, message));
    };
    let is_parameter = input.generics.params.iter().any(|parameter| match parameter {
        GenericParam::Type(parameter) => parameter.ident == ty.to_token_stream().to_string(),
        _ => false,
    });
    if is_parameter {
        let message = format!(
            "`{name}` is a type parameter, so its Linen class is not known here: write `#[compact(class = \"…\")]`, or \
             `#[compact(activation)]` if it is an activation"
        );
        return Err(syn::Error::new_spanned(ty, message));
    }
    Ok(name.to_string())
}
