//! Stand-ins for generic parameters, so that the checks run before a struct is used with real ones.

use proc_macro2::{Ident, Literal, Span, TokenStream, TokenTree};
use quote::{ToTokens, quote};
use syn::{GenericParam, Generics, Type, TypeParam, TypeParamBound, WherePredicate};

use crate::attr::Common;

/// What stands for the generic parameters of a struct inside of a constant.
pub(crate) struct StandIns {
    /// `const IN: usize = 1000003; type B = Bias;`
    pub(crate) items: TokenStream,
    /// `("IN", IN)` for each size, to call it by its name in a message.
    pub(crate) sizes: Vec<TokenStream>,
    /// Whether each parameter has a stand-in of its own; where two may share one, the checks run with the real ones, too.
    pub(crate) are_distinct: bool,
}

/// Sizes that no layer has, each another one, so that two parameters are never taken for the same size.
const FIRST_SIZE: u64 = 1_000_003;
const SIZE_STEP: u64 = 1_009;

impl StandIns {
    /// `None` where a type parameter has neither `check_with`, nor a default, nor a bound that tells what may stand there.
    pub(crate) fn new(generics: &Generics, common: &Common) -> Option<Self> {
        let mut items = TokenStream::new();
        let mut sizes = Vec::new();
        let mut are_distinct = true;
        for (i, parameter) in (0_u64..).zip(&generics.params) {
            match parameter {
                GenericParam::Lifetime(_) => {}
                GenericParam::Const(parameter) => {
                    let (name, ty) = (&parameter.ident, &parameter.ty);
                    let value = const_value(ty, i)?;
                    items.extend(quote!(const #name: #ty = #value;));
                    if is(ty, "usize") {
                        let text = name.to_string();
                        sizes.push(quote!((#text, #name)));
                    } else {
                        are_distinct = false;
                    }
                }
                GenericParam::Type(parameter) => {
                    let (name, ty) = (&parameter.ident, type_value(parameter, i, generics, common)?);
                    are_distinct = false;
                    items.extend(quote!(type #name = #ty;));
                }
            }
        }
        Some(Self { items, sizes, are_distinct })
    }
}

fn const_value(ty: &Type, index: u64) -> Option<TokenTree> {
    let ident = |text| Some(Ident::new(text, Span::call_site()).into());
    if is(ty, "usize") || is(ty, "u64") || is(ty, "u32") || is(ty, "i64") || is(ty, "i32") || is(ty, "isize") {
        return Some(Literal::u64_unsuffixed(FIRST_SIZE + index * SIZE_STEP).into());
    }
    if is(ty, "u8") || is(ty, "u16") || is(ty, "i8") || is(ty, "i16") {
        return Some(Literal::u64_unsuffixed(index % 100 + 1).into());
    }
    if is(ty, "bool") { ident("true") } else { is(ty, "char").then(|| Literal::character('x').into()) }
}

fn is(ty: &Type, name: &str) -> bool {
    matches!(ty, Type::Path(path) if path.path.segments.last().is_some_and(|segment| segment.ident == name))
}

fn type_value(parameter: &TypeParam, index: u64, generics: &Generics, common: &Common) -> Option<TokenStream> {
    if let Some((_, ty)) = common.check_with.iter().find(|(name, _)| *name == parameter.ident) {
        return Some(ty.to_token_stream());
    }
    if let Some((_, default)) = &parameter.default {
        return Some(default.to_token_stream());
    }
    let in_where = generics.where_clause.iter().flat_map(|clause| &clause.predicates).filter_map(|predicate| {
        let WherePredicate::Type(predicate) = predicate else { return None };
        is(&predicate.bounded_ty, &parameter.ident.to_string()).then_some(&predicate.bounds)
    });
    let bounds: Vec<_> = in_where.chain([&parameter.bounds]).flatten().collect();
    let bounded = |name: &str| {
        bounds.iter().any(|bound| match bound {
            TypeParamBound::Trait(bound) => bound.path.segments.last().is_some_and(|segment| segment.ident == name),
            _ => false,
        })
    };
    if bounded("UseBias") {
        return Some(quote!(__private::Bias));
    }
    let index = Literal::u64_unsuffixed(index);
    bounded("Activation").then(|| quote!(__private::AnyActivation<#index>))
}

/// The same tokens with every lifetime as `'static`: a constant has no other.
pub(crate) fn with_static_lifetimes(tokens: TokenStream) -> TokenStream {
    let mut behind_quote = false;
    let replaced = tokens.into_iter().map(|token| {
        let is_lifetime = std::mem::take(&mut behind_quote);
        match token {
            TokenTree::Punct(punct) => {
                behind_quote = punct.as_char() == '\'';
                TokenTree::Punct(punct)
            }
            TokenTree::Ident(ident) if is_lifetime => TokenTree::Ident(Ident::new("static", ident.span())),
            TokenTree::Group(group) => {
                let mut replaced = proc_macro2::Group::new(group.delimiter(), with_static_lifetimes(group.stream()));
                replaced.set_span(group.span());
                TokenTree::Group(replaced)
            }
            other => other,
        }
    });
    replaced.collect()
}
