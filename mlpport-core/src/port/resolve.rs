//! From a path in an attribute to the Linen submodule, or to what the user may have meant.

use super::plan::{Origin, Plan};
use crate::linen::structure::{EMPTY, Kind, Message, Step, SubmoduleStep, extend_hash, hash};

const LISTED: usize = 8;
const LONGEST: usize = 64;

/// What a path names.
#[allow(clippy::large_enum_variant)] // Nothing can be allocated in a constant.
pub(super) enum Resolved {
    Submodule(&'static SubmoduleStep),
    Unknown(Message),
}

/// Looks `path` up, one name after the other.
pub(super) const fn resolve(plan: &Plan<'_>, origins: &[Origin], path: &str) -> Resolved {
    let mut rest = path;
    let mut origin = &origins[0];
    let mut prefix = None;
    if !origin.label.is_empty() {
        let (label, behind) = split(path);
        let mut i = 0;
        while i < origins.len() {
            if hash(EMPTY, origins[i].label) == hash(EMPTY, label) {
                origin = &origins[i];
            }
            i += 1;
        }
        rest = behind;
        prefix = Some(hash(EMPTY, label));
    }
    let mut steps = origin.steps;
    let mut container = origin.model;
    loop {
        let (name, behind) = split(rest);
        let Some(submodule) = find(steps, name) else {
            return Resolved::Unknown(unknown(plan, container, steps, prefix, name));
        };
        if behind.is_empty() {
            return Resolved::Submodule(submodule);
        }
        if submodule.steps.is_empty() {
            let message = Message::EMPTY.name(submodule.name).text(" is a ").name(submodule.class);
            let message = message.text(", which has no submodules; take it whole, with `from = \"");
            return Resolved::Unknown(message.text(submodule.name).text("\"`"));
        }
        prefix = Some(join(prefix, submodule.name));
        steps = submodule.steps;
        container = submodule.class;
        rest = behind;
    }
}

const fn join(prefix: Option<u64>, name: &str) -> u64 {
    match prefix {
        Some(prefix) => extend_hash(prefix, name),
        None => hash(EMPTY, name),
    }
}

/// The name in front of the first `/` that is not a part of it, and what stands behind it.
const fn split(path: &str) -> (&str, &str) {
    let mut i = 0;
    while i < path.len() {
        if path.as_bytes()[i] == b'\\' {
            i += 1;
        } else if path.as_bytes()[i] == b'/' {
            let (name, behind) = path.split_at(i);
            return (name, behind.split_at(1).1);
        }
        i += 1;
    }
    (path, "")
}

const fn find(steps: &'static [Step], name: &str) -> Option<&'static SubmoduleStep> {
    let wanted = hash(EMPTY, name);
    let mut i = 0;
    while i < steps.len() {
        if let Kind::Submodule(submodule) = &steps[i].kind
            && submodule.hash == wanted
        {
            return Some(submodule);
        }
        i += 1;
    }
    None
}

const fn unknown(plan: &Plan<'_>, container: &str, steps: &[Step], prefix: Option<u64>, name: &str) -> Message {
    let mut message = Message::EMPTY.text("no ").name(name).text(" in ").name(container);
    let mut best: Option<(&str, usize)> = None;
    let mut listed = 0;
    let mut i = 0;
    while i < steps.len() {
        if let Kind::Submodule(submodule) = &steps[i].kind {
            message = match listed {
                0 => message.text(", which has ").name(submodule.name),
                1..LISTED => message.text(", ").name(submodule.name),
                LISTED => message.text(", …"),
                _ => message,
            };
            listed += 1;
            // What is taken already is the less likely meaning of two that are spelled as alike.
            let taken = plan.takes(join(prefix, submodule.name));
            let distance = 2 * edits(name, submodule.name) + taken as usize;
            let nearer = match best {
                Some((_, before)) => distance <= before,
                None => distance <= name.len(),
            };
            if nearer {
                best = Some((submodule.name, distance));
            }
        }
        i += 1;
    }
    match best {
        Some((meant, _)) => message.text("; did you mean ").name(meant).text("?"),
        None if listed == 0 => message.text(", which has no submodules"),
        None => message,
    }
}

/// The Levenshtein distance of two texts in bytes, of their first [`LONGEST`] ones.
const fn edits(a: &str, b: &str) -> usize {
    let (a, b) = (a.as_bytes(), b.as_bytes());
    let (rows, columns) = (at_most(a.len(), LONGEST), at_most(b.len(), LONGEST));
    let mut row = [0; LONGEST + 1];
    let mut j = 0;
    while j <= columns {
        row[j] = j;
        j += 1;
    }
    let mut i = 1;
    while i <= rows {
        let mut diagonal = row[0];
        row[0] = i;
        j = 1;
        while j <= columns {
            let replaced = diagonal + (a[i - 1] != b[j - 1]) as usize;
            diagonal = row[j];
            row[j] = at_most(replaced, at_most(row[j - 1], row[j]) + 1);
            j += 1;
        }
        i += 1;
    }
    row[columns]
}

const fn at_most(a: usize, b: usize) -> usize {
    if a < b { a } else { b }
}

#[cfg(test)]
mod tests {
    use super::{edits, split};

    #[test]
    fn counts_edits() {
        assert_eq!(edits("Dense_2", "Dense_1"), 1);
        assert_eq!(edits("", "ab"), 2);
        assert_eq!(edits("kitten", "sitting"), 3);
    }

    #[test]
    fn splits_at_the_first_slash() {
        assert_eq!(split("Block_0/Dense_1/x"), ("Block_0", "Dense_1/x"));
        assert_eq!(split("Dense_1"), ("Dense_1", ""));
        assert_eq!(split(r"a\/b/c"), (r"a\/b", "c"));
    }
}
