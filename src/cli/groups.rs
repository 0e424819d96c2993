//! The groups of the application. Each has its own type of context, which the trait hides.

use crate::assign::{Choice, MultiTrackSet, Set};

/// A group of sets of the application, with the contexts of its keys.
pub(super) trait Group {
    /// Returns the name of the group.
    fn name(&self) -> &str;

    /// Returns the sets of the group.
    fn sets(&self) -> Vec<&Set>;

    /// Returns the choice for a key; `None` if its context is not known.
    fn assign(&self, key: &str) -> Option<Choice<'_>>;
}

/// A group, with the closure that returns the context of a key.
pub(super) struct Known<C, F> {
    pub(super) sets: MultiTrackSet<C>,
    pub(super) context: F,
}

impl<C: 'static, F: Fn(&str) -> Option<C>> Group for Known<C, F> {
    fn name(&self) -> &str {
        self.sets.name()
    }

    fn sets(&self) -> Vec<&Set> {
        self.sets.sets().collect()
    }

    fn assign(&self, key: &str) -> Option<Choice<'_>> {
        let context = (self.context)(key)?;
        Some(self.sets.assign(key, &context))
    }
}
