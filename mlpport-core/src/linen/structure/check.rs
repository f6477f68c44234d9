//! The checks of one Linen module on its own: are the classes what the derive took them for, do the sizes chain.

use super::{Kind, Message, Step, same_text};
use crate::linen::Submodule;

/// The outcome of [`check`].
pub struct Structure {
    wrong: Option<(usize, Message)>,
}

#[allow(clippy::panic)] // This is how a constant ends a compilation.
impl Structure {
    /// Ends the compilation at the caller's place if `step` is what is wrong.
    ///
    /// # Panics
    ///
    /// Where the check found a mistake in this step.
    #[track_caller]
    pub const fn report(&self, step: usize) {
        if let Some((wrong, message)) = &self.wrong
            && *wrong == step
        {
            panic!("{}", message.as_str())
        }
    }

    /// Whether nothing is wrong.
    pub const fn passed(&self) -> bool {
        self.wrong.is_none()
    }

    /// Ends the compilation if anything is wrong, where the steps have no places of their own.
    ///
    /// # Panics
    ///
    /// Where the check found a mistake.
    pub const fn report_any(&self) {
        if let Some((_, message)) = &self.wrong {
            panic!("{}", message.as_str())
        }
    }
}

/// Compares the classes of `M`'s submodules with `classes`, one a step, as the derive read them from the types (empty
/// where it did not have to), and the sizes with one another.
///
/// `sizes` says how a generic parameter is called that has a stand-in here.
pub const fn check<M: Submodule>(classes: &[&str], sizes: &[(&str, usize)]) -> Structure {
    let steps = M::STEPS;
    let mut before: Option<(&Step, usize)> = None;
    let (mut i, count) = (0, steps.len());
    while i < count {
        match &steps[i].kind {
            Kind::Submodule(submodule) => {
                if !classes[i].is_empty() && !same_text(classes[i], submodule.class) {
                    return Structure { wrong: Some((i, wrong_class(steps[i].field, classes[i], submodule.class))) };
                }
                if let (Some((giver, given)), Some(taken)) = (before, submodule.inputs)
                    && given != taken
                {
                    return Structure {
                        wrong: Some((i, wrong_size(giver.field, given, steps[i].field, taken, sizes))),
                    };
                }
                before = match submodule.outputs {
                    Some(outputs) => Some((&steps[i], outputs)),
                    None => None,
                };
            }
            Kind::Activation { keeps_shape: false, .. } => before = None,
            Kind::Activation { .. } => {}
        }
        i += 1;
    }
    Structure { wrong: None }
}

const fn wrong_class(field: &str, taken_for: &str, class: &str) -> Message {
    if same_text(class, "Param") {
        let message = Message::EMPTY
            .text("this type is a raw parameter, which Flax does not count but calls by its name: write ");
        return message.text("`#[compact(name = \"").text(field).text("\")]` on the field");
    }
    Message::EMPTY
        .text("this type is the Linen class ")
        .name(class)
        .text(", not ")
        .name(taken_for)
        .text("; Flax names a submodule after its class: write `#[compact(class = \"")
        .text(class)
        .text("\")]` on the field")
}

/// What is wrong where a field takes another size than the one before it returns.
pub const fn wrong_size(giver: &str, given: usize, taker: &str, taken: usize, sizes: &[(&str, usize)]) -> Message {
    let message = Message::EMPTY.name(taker).text(" takes ");
    let message = size(message, taken, sizes).text(" inputs, but ").name(giver).text(" before it returns ");
    size(message, given, sizes).text(" outputs")
}

/// A size as the user wrote it: the name of the generic parameter whose stand-in it is, or the number.
const fn size(message: Message, size: usize, names: &[(&str, usize)]) -> Message {
    let mut i = 0;
    while i < names.len() {
        if names[i].1 == size {
            return message.name(names[i].0);
        }
        i += 1;
    }
    message.text("`").number(size).text("`")
}
