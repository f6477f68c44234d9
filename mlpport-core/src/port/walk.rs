//! The steps of the Linen side one by one, with those of opened modules in their place.

use super::plan::{Origin, Plan};
use crate::linen::structure::{Kind, Message, Step, SubmoduleStep, extend_hash, hash};

const DEPTH: usize = 16;

/// One step of the Linen side, where the walk stands.
#[derive(Clone, Copy)]
pub(super) struct Place {
    pub(super) step: &'static Step,
    /// The hash of its path; 0 for an activation.
    pub(super) path: u64,
    /// The source that it belongs to.
    pub(super) origin: usize,
    /// The names of the opened modules above it.
    above: [&'static str; DEPTH],
    depth: usize,
}

impl Place {
    pub(super) const fn submodule(&self) -> Option<&'static SubmoduleStep> {
        match &self.step.kind {
            Kind::Submodule(submodule) => Some(submodule),
            Kind::Activation { .. } => None,
        }
    }

    /// Adds the path of this step.
    pub(super) const fn write(&self, mut message: Message) -> Message {
        let mut i = 0;
        while i < self.depth {
            message = message.text(self.above[i]).text("/");
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
    steps: &'static [Step],
    next: usize,
    path: u64,
    name: &'static str,
}

/// Goes through the steps of all sources; ignored submodules are left out.
#[derive(Clone, Copy)]
pub(super) struct Walk<'a> {
    plan: &'a Plan,
    origins: &'a [Origin],
    origin: usize,
    levels: [Level; DEPTH],
    depth: usize,
}

impl<'a> Walk<'a> {
    pub(super) const fn new(plan: &'a Plan, origins: &'a [Origin]) -> Self {
        let mut levels = [Level { steps: &[], next: 0, path: 0, name: "" }; DEPTH];
        if !origins.is_empty() {
            levels[0].steps = origins[0].steps;
        }
        Self { plan, origins, origin: 0, levels, depth: 0 }
    }

    /// This walk one step further, and the step.
    pub(super) const fn next(mut self) -> (Self, Option<Place>) {
        loop {
            let level = self.levels[self.depth];
            if level.next == level.steps.len() {
                if self.depth > 0 {
                    self.depth -= 1;
                } else if self.origin + 1 < self.origins.len() {
                    self.origin += 1;
                    self.levels[0] = Level { steps: self.origins[self.origin].steps, next: 0, path: 0, name: "" };
                } else {
                    return (self, None);
                }
                continue;
            }
            let step = &level.steps[level.next];
            self.levels[self.depth].next += 1;
            let Kind::Submodule(submodule) = &step.kind else {
                return (self, Some(self.place(step, 0)));
            };
            let path = if self.depth > 0 {
                extend_hash(level.path, submodule.name)
            } else {
                self.origins[self.origin].path(submodule.name, submodule.hash)
            };
            if contains(self.plan.ignored, path) {
                continue;
            }
            if self.depth + 1 < DEPTH && !submodule.steps.is_empty() && contains(self.plan.opened, path) {
                self.depth += 1;
                self.levels[self.depth] = Level { steps: submodule.steps, next: 0, path, name: submodule.name };
                continue;
            }
            return (self, Some(self.place(step, path)));
        }
    }

    const fn place(&self, step: &'static Step, path: u64) -> Place {
        let mut above = [""; DEPTH];
        let mut depth = 0;
        let label = self.origins[self.origin].label;
        if !label.is_empty() {
            above[0] = label;
            depth = 1;
        }
        let mut i = 1;
        while i <= self.depth && depth < DEPTH {
            above[depth] = self.levels[i].name;
            depth += 1;
            i += 1;
        }
        Place { step, path, origin: self.origin, above, depth }
    }
}

/// Whether a path with this hash is among the texts.
const fn contains(texts: &[&str], path: u64) -> bool {
    let mut i = 0;
    while i < texts.len() {
        if hash(texts[i]) == path {
            return true;
        }
        i += 1;
    }
    false
}
