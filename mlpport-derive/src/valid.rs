//! Checks over the parsed structs, each with the token that is wrong.

use std::collections::BTreeMap;

use crate::ast::{Compact, LinenKind, Nnx, NnxKind};
use crate::attr::LeafInit;
use crate::errors::Errors;
use crate::from::{From, LinenPath};
use crate::names;

/// No name is given twice; a derived forward has only fields that it can run; what is initialised has parameters.
pub(crate) fn check_compact(compact: &Compact<'_>, errors: &mut Errors) {
    let mut seen = BTreeMap::new();
    for (field, _, name) in compact.names() {
        let ident = names::ident(&name.text, name.span).to_string();
        if let Some(first) = seen.insert(ident, field.ident) {
            let message = format!("the name `{}` is taken by `{first}` already; Flax refuses it, too", name.text);
            errors.add(syn::Error::new(name.span, message));
        }
    }
    for field in &compact.fields {
        if !matches!(field.kind, LinenKind::Submodule(_)) {
            no_parameters(&field.inits, errors);
        }
    }
    if compact.attributes.manual_forward.is_some() {
        return;
    }
    for field in &compact.fields {
        if let LinenKind::Submodule(_) = &field.kind
            && crate::types::is_param(field.ty)
        {
            let message = format!(
                "a raw parameter has no place in a sequence of layers: write `#[compact(manual_forward)]` on `{}` and its forward by hand",
                compact.input.ident
            );
            errors.at(field.ty, message);
        }
    }
}

/// An initialiser on a field that has nothing to initialise.
fn no_parameters(inits: &[LeafInit], errors: &mut Errors) {
    for init in inits {
        errors.at(&init.path, "an activation or a skipped field has no parameters to initialise");
    }
}

/// No submodule is taken twice, in whole or in part; what is initialised has parameters.
pub(crate) fn check_nnx(nnx: &Nnx<'_>, errors: &mut Errors) {
    if let (Some(any_order), Some(_)) = (&nnx.attributes.any_order, &nnx.attributes.manual_forward) {
        errors.at(any_order, "`any_order` implies `manual_forward`; write one of the two");
    }
    let mut taken: Vec<(&LinenPath, String)> = Vec::new();
    for field in &nnx.fields {
        if matches!(field.kind, NnxKind::Activation | NnxKind::Skip(_)) {
            no_parameters(&field.inits, errors);
        }
        let NnxKind::Take { from, .. } = &field.kind else { continue };
        for path in &from.paths {
            claim(path, &format!("ported into `{}`", field.ident), &from.literal, &mut taken, nnx, errors);
        }
    }
    for (literal, path) in &nnx.ignored {
        claim(path, "ignored", literal, &mut taken, nnx, errors);
    }
}

fn claim<'a>(
    path: &'a LinenPath,
    claim: &str,
    literal: &syn::LitStr,
    taken: &mut Vec<(&'a LinenPath, String)>,
    nnx: &Nnx<'_>,
    errors: &mut Errors,
) {
    let overlap = taken.iter().find(|(other, _)| *other == path || other.contains(path) || path.contains(other));
    if let Some((other, claimed)) = overlap {
        let part = if *other == path { "" } else { ", of which this is a part" };
        let part = if path.contains(other) { ", which is a part of this" } else { part };
        let message = format!("`{}` is already {claimed}{part}", other.text(&nnx.attributes.sources));
        errors.add(syn::Error::new(literal.span(), message));
    }
    taken.push((path, claim.to_owned()));
}

/// A range goes into an array of its length, and nothing else does.
pub(crate) fn range_fits(from: &From, dimensions: &[usize]) -> syn::Result<()> {
    let found = from.paths.len();
    let wrong = match dimensions {
        [] if from.is_range => format!("a range goes into an array: expected a field of type `[…; {found}]`"),
        [] => return Ok(()),
        [length] if from.is_range && *length == found => return Ok(()),
        [length] if from.is_range => format!("the range has {found} submodules, the array {length}"),
        [length] => format!("an array takes a range, such as `Block_0..{length}`"),
        _ => "a nested array cannot take submodules; use one array, or a field for each".to_owned(),
    };
    Err(syn::Error::new(from.literal.span(), wrong))
}
