//! Compares the NNX side's plan with the Linen side's steps, in a constant.

use super::plan::{Order, Origin, Plan, Planned};
use super::resolve::{Resolved, resolve};
use super::walk::{Place, Walk};
use crate::linen::structure::{Kind, Message, same_text, wrong_size};

/// The outcome of [`diagnose`]: at most one mistake, and where it is.
pub struct Diagnosis {
    wrong: Option<(usize, Message)>,
}

#[allow(clippy::panic)] // This is how a constant ends a compilation.
impl Diagnosis {
    const RIGHT: Self = Self { wrong: None };

    const fn wrong(at: usize, message: Message) -> Self {
        Self { wrong: Some((at, message)) }
    }

    /// Ends the compilation at the caller's place if `at` is what is wrong: the index of a field of the plan, then of an
    /// ignored path, then of a source.
    ///
    /// # Panics
    ///
    /// Where the comparison found a mistake there.
    #[track_caller]
    pub const fn report(&self, at: usize) {
        if let Some((wrong, message)) = &self.wrong
            && *wrong == at
        {
            panic!("{}", message.as_str())
        }
    }

    /// Whether nothing is wrong.
    pub const fn passed(&self) -> bool {
        self.wrong.is_none()
    }

    /// Ends the compilation if anything is wrong, where the fields have no places of their own.
    ///
    /// # Panics
    ///
    /// Where the comparison found a mistake.
    pub const fn report_any(&self) {
        if let Some((_, message)) = &self.wrong {
            panic!("{}", message.as_str())
        }
    }
}

/// Compares `plan` with `origins`: does every path exist, is every submodule taken once, in the order of the Linen side,
/// with its activations.
pub const fn diagnose(plan: &Plan<'_>, origins: &[Origin]) -> Diagnosis {
    let source = plan.fields.len() + plan.ignored.len();
    let mut i = 0;
    while i < plan.ignored.len() {
        if let Resolved::Unknown(message) = resolve(plan, origins, plan.ignored[i]) {
            return Diagnosis::wrong(plan.fields.len() + i, message);
        }
        i += 1;
    }
    let found = match plan.order {
        Order::Any => in_any_order(plan, origins, source),
        Order::Manual => in_order(plan, origins, source),
        Order::Derived => match by_hand(plan, origins, source) {
            Some(wrong) => wrong,
            None => match in_order(plan, origins, source) {
                Diagnosis { wrong: None } => chains(plan),
                found => found,
            },
        },
    };
    if found.wrong.is_some()
        && let Some(unknown) = unknown_field(plan, origins)
    {
        return unknown;
    }
    found
}

/// The first field whose path does not exist: whatever else is wrong may come from it.
const fn unknown_field(plan: &Plan<'_>, origins: &[Origin]) -> Option<Diagnosis> {
    let (mut i, count) = (0, plan.fields.len());
    while i < count {
        if let Planned::Take { path, .. } = &plan.fields[i]
            && let Resolved::Unknown(message) = resolve(plan, origins, path)
        {
            return Some(Diagnosis::wrong(i, message));
        }
        i += 1;
    }
    None
}

/// Every submodule is taken, and no field takes anything else.
const fn in_any_order(plan: &Plan<'_>, origins: &[Origin], source: usize) -> Diagnosis {
    let mut walk = Walk::new(plan, origins);
    let mut submodules = 0;
    loop {
        match walk.next() {
            None => break,
            Some(place) if place.submodule().is_none() => {}
            Some(place) if plan.takes(place.path) => submodules += 1,
            Some(place) => return Diagnosis::wrong(source + place.origin, never_ported(plan, origins, &place)),
        }
    }
    let (mut i, count) = (0, plan.fields.len());
    while i < count {
        if let Planned::Take { field, path, .. } = &plan.fields[i] {
            if submodules == 0 {
                return Diagnosis::wrong(i, taken_or_ignored(plan, field, path));
            }
            submodules -= 1;
        }
        i += 1;
    }
    Diagnosis::RIGHT
}

/// Each field takes what the one before it returns: an ignored submodule may leave a gap.
const fn chains(plan: &Plan<'_>) -> Diagnosis {
    let mut before: Option<(&str, usize)> = None;
    let (mut i, count) = (0, plan.fields.len());
    while i < count {
        match &plan.fields[i] {
            Planned::Take { field, inputs, outputs, .. } => {
                if let (Some((giver, given)), Some(taken)) = (before, *inputs)
                    && given != taken
                {
                    return Diagnosis::wrong(i, wrong_size(giver, given, field, taken, plan.sizes));
                }
                before = match *outputs {
                    Some(outputs) => Some((*field, outputs)),
                    None => None,
                };
            }
            Planned::Activation { keeps_shape: false, .. } => before = None,
            Planned::Activation { .. } => {}
        }
        i += 1;
    }
    Diagnosis::RIGHT
}

/// The walk beside the fields.
const fn in_order(plan: &Plan<'_>, origins: &[Origin], source: usize) -> Diagnosis {
    let mut walk = Walk::new(plan, origins);
    let mut before = None;
    let (mut i, count) = (0, plan.fields.len());
    while i < count {
        let place = walk.next();
        if !matches(&plan.fields[i], place) {
            return mismatch(plan, origins, i, place, before);
        }
        if let Some(Place { path: 1.., .. }) = place {
            before = place;
        }
        i += 1;
    }
    match walk.next() {
        None => Diagnosis::RIGHT,
        Some(place) if place.submodule().is_some() => {
            Diagnosis::wrong(source + place.origin, never_ported(plan, origins, &place))
        }
        Some(place) => {
            let message = skips(plan, origins, &place, before).text(", at the end; add a field for it");
            Diagnosis::wrong(source + place.origin, message)
        }
    }
}

const fn matches(field: &Planned, place: Option<Place>) -> bool {
    match (field, place) {
        (Planned::Take { hash, .. }, Some(place)) => place.path == *hash,
        (Planned::Activation { name, parameters, .. }, Some(place)) => match &place.step.kind {
            Kind::Activation { name: other, parameters: others, .. } => {
                same_text(name, other) && different_parameter(parameters, others).is_none()
            }
            Kind::Submodule(_) => false,
        },
        (_, None) => false,
    }
}

/// The first parameter in which two uses of an activation differ.
const fn different_parameter(mut a: &[(&'static str, f64)], mut b: &[(&'static str, f64)]) -> Option<&'static str> {
    while let ([(name, value), a_rest @ ..], [(other_name, other), b_rest @ ..]) = (a, b) {
        if !same_text(name, other_name) || value.to_bits() != other.to_bits() {
            return Some(name);
        }
        (a, b) = (a_rest, b_rest);
    }
    match (a, b) {
        ([(name, _), ..], _) | ([], [(name, _), ..]) => Some(name),
        ([], []) => None,
    }
}

const fn mismatch(
    plan: &Plan<'_>,
    origins: &[Origin],
    at: usize,
    place: Option<Place>,
    before: Option<Place>,
) -> Diagnosis {
    let source = plan.fields.len() + plan.ignored.len();
    if let Some(place) = &place
        && place.submodule().is_some()
        && !plan.takes(place.path)
    {
        return Diagnosis::wrong(source + place.origin, never_ported(plan, origins, place));
    }
    let message = match (&plan.fields[at], &place) {
        (Planned::Take { field, .. }, Some(place)) if place.submodule().is_none() => {
            skips(plan, origins, place, before).text(", before ").name(field).text("; add a field for it")
        }
        (Planned::Take { field, path, .. }, Some(place)) => {
            let message = subject(plan, field).text(" takes ").name(path).text(", but ");
            let message = message.name(origins[place.origin].model).text(" runs `");
            let message = after(plan, origins, place.write(plan, origins, message).text("`"), before).text("; take `");
            place.write(plan, origins, message).text("` here, or write `any_order` and a forward of your own")
        }
        (Planned::Take { field, path, .. }, None) => taken_or_ignored(plan, field, path),
        (Planned::Activation { field, name, parameters, .. }, place) => {
            let message = subject(plan, field).text(" applies ").name(name);
            match place {
                Some(Place {
                    step:
                        crate::linen::structure::Step {
                            kind: Kind::Activation { name: other, parameters: others, .. }, ..
                        },
                    origin,
                    ..
                }) => {
                    let message = match different_parameter(parameters, others) {
                        Some(parameter) if same_text(name, other) => {
                            message.text(" with another ").name(parameter).text(" than ").name(origins[*origin].model)
                        }
                        _ => message.text(", but ").name(origins[*origin].model).text(" applies ").name(other),
                    };
                    after(plan, origins, message, before).text("; write the same on both sides")
                }
                _ => {
                    let origin = match (place, &before) {
                        (Some(place), _) | (None, Some(place)) => place.origin,
                        (None, None) => 0,
                    };
                    let message = message.text(", which ").name(origins[origin].model).text(" does not");
                    after(plan, origins, message, before).text("; remove the field, or add it there")
                }
            }
        }
    };
    Diagnosis::wrong(at, message)
}

const fn taken_or_ignored(plan: &Plan<'_>, field: &str, path: &str) -> Message {
    subject(plan, field).text(" takes ").name(path).text(", which is ignored or taken already")
}

const fn subject(plan: &Plan<'_>, field: &str) -> Message {
    Message::EMPTY.text("`").text(plan.model).text("::").text(field).text("`")
}

const fn skips(plan: &Plan<'_>, origins: &[Origin], place: &Place, before: Option<Place>) -> Message {
    let message = Message::EMPTY.name(plan.model).text(" skips the activation `");
    let message =
        place.write(plan, origins, message).text("` that ").name(origins[place.origin].model).text(" applies");
    after(plan, origins, message, before)
}

const fn after(plan: &Plan<'_>, origins: &[Origin], message: Message, before: Option<Place>) -> Message {
    match before {
        Some(place) => place.write(plan, origins, message.text(" after `")).text("`"),
        None => message.text(" at the start"),
    }
}

const fn never_ported(plan: &Plan<'_>, origins: &[Origin], place: &Place) -> Message {
    let message = Message::EMPTY.text("`").text(origins[place.origin].model).text("::");
    let message = place.write(plan, origins, message).text("` is never ported into ").name(plan.model);
    place
        .write(plan, origins, message.text("; add a field with `#[port(from = \""))
        .text("\")]`, or leave it behind with `#[port(ignore = \"")
        .text(match place.submodule() {
            Some(submodule) => submodule.name,
            None => "",
        })
        .text("\")]`")
}

/// A derived forward on the NNX side cannot follow one that is written by hand on the Linen side.
const fn by_hand(plan: &Plan<'_>, origins: &[Origin], source: usize) -> Option<Diagnosis> {
    let mut i = 0;
    while i < origins.len() {
        if !origins[i].in_order {
            return Some(Diagnosis::wrong(source + i, needs_manual(plan, origins[i].model)));
        }
        i += 1;
    }
    i = 0;
    while i < plan.opened.len() {
        if let Resolved::Submodule(submodule) = resolve(plan, origins, plan.opened[i])
            && !submodule.in_order
        {
            return Some(Diagnosis::wrong(source, needs_manual(plan, submodule.class)));
        }
        i += 1;
    }
    None
}

const fn needs_manual(plan: &Plan<'_>, linen: &str) -> Message {
    let message = Message::EMPTY.name(linen).text(" has a hand-written forward, so ").name(plan.model);
    message.text(" needs one, too: write `manual_forward` (or `any_order`) in `#[port(..)]`")
}
