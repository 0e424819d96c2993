use crate::assign::{Choice, MultiTrackSet, Set};

/// A group of the application's own, with what its eligibility looks at.
pub(super) trait Group {
    fn name(&self) -> &str;

    fn sets(&self) -> Vec<&Set>;

    /// Returns what is chosen for a key; `None` where it is not known what the key is eligible for.
    fn assign(&self, key: &str) -> Option<Choice<'_>>;
}

/// A group, and who a key is.
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
