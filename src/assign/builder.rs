use std::{fmt, marker::PhantomData, sync::Arc};

use super::{
    Bucketing, ContextState, Definition, DefinitionError, For, Join, MultiTrackSet, NoContext, Set,
    definition::Draft,
    distinct::{check_distinct, check_one_unit},
    name::is_group_name,
    sets::{Member, Sets},
};

/// Collects the definitions of a [`MultiTrackSet`].
#[must_use = "a group is finished by `.build()?`"]
pub struct MultiTrackSetBuilder<S = NoContext> {
    name: Option<String>,
    bucketing: Bucketing,
    drafts: Vec<Draft>,
    state: PhantomData<fn() -> S>,
}

impl MultiTrackSet {
    /// Returns a group without sets.
    pub fn builder() -> MultiTrackSetBuilder {
        MultiTrackSetBuilder::new()
    }
}

impl MultiTrackSetBuilder {
    pub(super) fn new() -> Self {
        Self {
            name: None,
            bucketing: Bucketing::default(),
            drafts: Vec::new(),
            state: PhantomData,
        }
    }
}

impl<S> MultiTrackSetBuilder<S> {
    /// Adds a set.
    ///
    /// All sets of a group look at the same context; those that look at none go with any.
    /// Where sets are added in a loop, say the context first, by
    /// [`context`](MultiTrackSetBuilder::context).
    #[expect(
        clippy::should_implement_trait,
        reason = "a builder adds sets, nobody takes it for a sum"
    )]
    pub fn add<D>(mut self, definition: D) -> MultiTrackSetBuilder<S::Joined>
    where
        D: Definition,
        S: Join<D::State>,
    {
        self.drafts.push(definition.into_draft());
        self.into_state()
    }

    /// Names the group: like a set, or like several sets, joined by `/`. Defaults to its sets'
    /// names, joined so.
    pub fn name(mut self, name: impl Into<String>) -> Self {
        self.name = Some(name.into());
        self
    }

    /// Sets how keys become sets and tracks. Defaults to [`Bucketing::V1`].
    pub fn bucketing(mut self, bucketing: Bucketing) -> Self {
        self.bucketing = bucketing;
        self
    }

    /// Adds what was read, which looks at no context.
    #[cfg(feature = "serde")]
    pub(super) fn drafts(mut self, drafts: impl Iterator<Item = Draft>) -> Self {
        self.drafts.extend(drafts);
        self
    }

    fn into_state<T>(self) -> MultiTrackSetBuilder<T> {
        MultiTrackSetBuilder {
            name: self.name,
            bucketing: self.bucketing,
            drafts: self.drafts,
            state: PhantomData,
        }
    }
}

impl MultiTrackSetBuilder<NoContext> {
    /// Sets the context type of the group before a set uses it, for instance in a loop over `add`.
    ///
    /// ```
    /// use tower_tracks::{MultiTrackSet, SimpleTrackSet};
    ///
    /// struct Customer {
    ///     country: &'static str,
    /// }
    ///
    /// let mut sets = MultiTrackSet::builder().context::<Customer>();
    /// for country in ["hu", "de"] {
    ///     let set = SimpleTrackSet::new(format!("banner-{country}")).track("blue", "#00f");
    ///     sets = sets.add(set.eligible(move |customer: &Customer| customer.country == country));
    /// }
    /// let choice = sets.build()?.assign("alice", &Customer { country: "de" }).set().map(str::to_owned);
    /// assert_eq!(choice.as_deref(), Some("banner-de"));
    /// # Ok::<(), tower_tracks::DefinitionError>(())
    /// ```
    pub fn context<C: 'static>(self) -> MultiTrackSetBuilder<For<C>> {
        self.into_state()
    }
}

impl<S: ContextState> MultiTrackSetBuilder<S> {
    /// Checks the definitions and returns the group. Nothing after this can fail.
    ///
    /// # Errors
    ///
    /// Names the set, the value and the rule where a definition breaks one.
    pub fn build(self) -> Result<MultiTrackSet<S::Context>, DefinitionError> {
        let bucketing = self.bucketing;
        let member = |draft: Draft| {
            let (set, eligible, pins) = draft.finish(bucketing)?;
            let set = Arc::new(set);
            Ok(Member {
                set,
                eligible,
                pins,
            })
        };
        let members: Box<[Member]> = self
            .drafts
            .into_iter()
            .map(member)
            .collect::<Result<_, _>>()?;
        let sets = || members.iter().map(|member| &*member.set);
        check_distinct(sets())?;
        check_one_unit(sets())?;
        let names: Vec<&str> = sets().map(Set::name).collect();
        // A group without sets is named by nothing.
        let is_name = |name: &str| is_group_name(name) || (name.is_empty() && names.is_empty());
        let name = match self.name {
            Some(group) if !is_name(&group) => {
                return Err(DefinitionError::GroupName { group });
            }
            name => name.unwrap_or_else(|| names.join("/")),
        };
        Ok(MultiTrackSet::new(Sets::new(name, members, bucketing)))
    }
}

impl<S> fmt::Debug for MultiTrackSetBuilder<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("MultiTrackSetBuilder")
            .field("name", &self.name)
            .field("bucketing", &self.bucketing)
            .field("drafts", &self.drafts)
            .finish_non_exhaustive()
    }
}
