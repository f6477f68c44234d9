//! The steps of the Linen side one by one, with those of opened modules in their place.

use super::plan::{Origin, Plan};
use crate::linen::structure::{EMPTY, Kind, Message, Step, SubmoduleStep, extend_hash, hash};

const DEPTH: usize = 16;

/// One step of the Linen side, where the walk stands. It is small, since the walk of a long model makes many.
#[derive(Clone, Copy)]
pub(super) struct Place {
    pub(super) step: &'static Step,
    /// The hash of its path; 0 for an activation.
    pub(super) path: u64,
    /// The source that it belongs to.
    pub(super) origin: usize,
    /// How many steps were before it.
    index: usize,
}

impl Place {
    pub(super) const fn submodule(&self) -> Option<&'static SubmoduleStep> {
        match &self.step.kind {
            Kind::Submodule(submodule) => Some(submodule),
            Kind::Activation { .. } => None,
        }
    }

    /// Adds the path of this step; goes there once more to see the modules above it.
    pub(super) const fn write(&self, plan: &Plan<'_>, origins: &[Origin], mut message: Message) -> Message {
        let mut walk = Walk::new(plan, origins);
        while walk.index <= self.index {
            walk.next();
        }
        if !origins[self.origin].label.is_empty() {
            message = message.text(origins[self.origin].label).text("/");
        }
        let mut i = 1;
        while i <= walk.depth {
            message = message.text(walk.levels[i].name).text("/");
            i += 1;
        }
        match &self.step.kind {
            Kind::Submodule(submodule) => message.text(submodule.name),
            Kind::Activation { name, .. } => message.text(name),
        }
    }
}

#[derive(Clone, Copy)]
struct Level {
    /// Those that are left.
    steps: &'static [Step],
    path: u64,
    name: &'static str,
}

/// Goes through the steps of all sources; ignored submodules are left out.
pub(super) struct Walk<'a> {
    plan: &'a Plan<'a>,
    origins: &'a [Origin],
    origin: usize,
    levels: [Level; DEPTH],
    depth: usize,
    index: usize,
}

impl<'a> Walk<'a> {
    pub(super) const fn new(plan: &'a Plan<'a>, origins: &'a [Origin]) -> Self {
        let mut levels = [Level { steps: &[], path: 0, name: "" }; DEPTH];
        if let [first, ..] = origins {
            levels[0].steps = first.steps;
        }
        Self { plan, origins, origin: 0, levels, depth: 0, index: 0 }
    }

    /// The next step.
    pub(super) const fn next(&mut self) -> Option<Place> {
        loop {
            let level = &mut self.levels[self.depth];
            let [step, rest @ ..] = level.steps else {
                if self.depth > 0 {
                    self.depth -= 1;
                } else if self.origin + 1 < self.origins.len() {
                    self.origin += 1;
                    self.levels[0] = Level { steps: self.origins[self.origin].steps, path: 0, name: "" };
                } else {
                    return None;
                }
                continue;
            };
            level.steps = rest;
            let mut path = 0;
            // Without calls for what most models have: in a constant, they take longer than all else.
            if let Kind::Submodule(submodule) = &step.kind {
                path = match self.origins[self.origin].prefix {
                    None if self.depth == 0 => submodule.hash,
                    Some(prefix) if self.depth == 0 => extend_hash(prefix, submodule.name),
                    _ => extend_hash(level.path, submodule.name),
                };
                if matches!(self.plan.ignored, [_, ..]) && contains(self.plan.ignored, path) {
                    continue;
                }
                if self.depth + 1 < DEPTH
                    && matches!((self.plan.opened, submodule.steps), ([_, ..], [_, ..]))
                    && contains(self.plan.opened, path)
                {
                    self.depth += 1;
                    self.levels[self.depth] = Level { steps: submodule.steps, path, name: submodule.name };
                    continue;
                }
            }
            let index = self.index;
            self.index += 1;
            return Some(Place { step, path, origin: self.origin, index });
        }
    }
}

/// Whether a path with this hash is among the texts.
const fn contains(mut texts: &[&str], path: u64) -> bool {
    while let [text, rest @ ..] = texts {
        if hash(EMPTY, text) == path {
            return true;
        }
        texts = rest;
    }
    false
}
