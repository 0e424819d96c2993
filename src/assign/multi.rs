use std::{any::Any, collections::HashMap, fmt, marker::PhantomData, sync::Arc};

use super::{
    Bucketing, Choice, ContextState, Definition, DefinitionError, For, Join, Key, NoContext,
    Reason, Set,
    bucketing::Buckets,
    choice::Pick,
    definition::{Draft, Eligible},
};

/// A group of sets of which at most one is chosen for a key.
///
/// Its sets exclude each other: nobody is in two of them. Tests that may overlap belong into
/// groups of their own, which is the rule; exclusion is for tests that would disturb each
/// other, such as two prices of one product.
///
/// `C` is the context that eligibility looks at; `()` where none is looked at. Cloning is
/// cheap.
pub struct MultiTrackSet<C = ()> {
    sets: Arc<Sets>,
    context: PhantomData<fn(&C)>,
}

/// The context of a group in state `S` after a set in state `D` was added.
pub(super) type JoinedContext<S, D> = <<S as Join<D>>::Joined as ContextState>::Context;

/// A group without the type of its context.
pub(crate) struct Sets {
    name: Box<str>,
    members: Box<[Member]>,
    buckets: Buckets,
}

struct Member {
    set: Arc<Set>,
    /// All must hold.
    eligible: Vec<Eligible>,
}

impl MultiTrackSet {
    /// Returns a group without sets.
    pub fn builder() -> MultiTrackSetBuilder {
        MultiTrackSetBuilder {
            name: None,
            bucketing: Bucketing::default(),
            drafts: Vec::new(),
            state: PhantomData,
        }
    }
}

impl<C: 'static> MultiTrackSet<C> {
    /// Returns what is chosen for a key: the same for the same key, on every machine.
    ///
    /// It never fails, whatever the key. Nothing is recorded.
    ///
    /// ```
    /// use tower_tracks::{Key, SimpleTrackSet};
    ///
    /// let delay = SimpleTrackSet::new("delay").track("short", 500).track("long", 2000).build()?;
    /// assert_eq!(delay.assign(Key::parts(["HU", "42"]), &()).track(), Some("control"));
    /// # Ok::<(), tower_tracks::DefinitionError>(())
    /// ```
    pub fn assign<'k>(&self, key: impl Into<Key<'k>>, context: &C) -> Choice<'_> {
        Choice::new(&self.sets, self.sets.pick(&key.into(), context))
    }

    /// Returns the name: by default its sets' names joined by `/`.
    pub fn name(&self) -> &str {
        self.sets.name()
    }

    /// Returns the sets as they were built, in the order in which they were added.
    pub fn sets(&self) -> impl ExactSizeIterator<Item = &Set> {
        self.sets.iter().map(|set| &**set)
    }

    #[cfg(feature = "tower")]
    pub(crate) fn into_inner(self) -> Arc<Sets> {
        self.sets
    }
}

impl Sets {
    pub(crate) fn name(&self) -> &str {
        &self.name
    }

    pub(crate) fn set(&self, index: usize) -> Option<&Set> {
        self.members.get(index).map(|member| &*member.set)
    }

    pub(crate) fn iter(&self) -> impl ExactSizeIterator<Item = &Arc<Set>> {
        self.members.iter().map(|member| &member.set)
    }

    /// Returns the choice for a key; `context` is the `C` of the [`MultiTrackSet`].
    pub(crate) fn pick(&self, key: &Key<'_>, context: &dyn Any) -> Pick {
        let eligible = |index: usize| self.members[index].is_eligible(context);
        match self.buckets.draw(key.as_bytes(), eligible) {
            None => Pick::nothing(Reason::Ineligible),
            Some(drawn) => Pick {
                set: Some(drawn.set),
                track: drawn.track,
                reason: match drawn.track {
                    Some(_) => Reason::Bucketed,
                    None => Reason::OutsideShare,
                },
                digest: drawn.digest,
            },
        }
    }
}

impl Member {
    fn is_eligible(&self, context: &dyn Any) -> bool {
        self.eligible.iter().all(|eligible| eligible(context))
    }
}

impl<C> Clone for MultiTrackSet<C> {
    fn clone(&self) -> Self {
        Self {
            sets: Arc::clone(&self.sets),
            context: PhantomData,
        }
    }
}

impl<C> fmt::Debug for MultiTrackSet<C> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("MultiTrackSet").field(&self.sets).finish()
    }
}

impl fmt::Debug for Sets {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Sets")
            .field("name", &self.name)
            .field("sets", &self.iter().collect::<Vec<_>>())
            .finish_non_exhaustive()
    }
}

/// Collects the definitions of a [`MultiTrackSet`].
#[must_use = "a group is finished by `.build()?`"]
pub struct MultiTrackSetBuilder<S = NoContext> {
    name: Option<String>,
    bucketing: Bucketing,
    drafts: Vec<Draft>,
    state: PhantomData<fn() -> S>,
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

    /// Names the group. Defaults to its sets' names joined by `/`.
    pub fn name(mut self, name: impl Into<String>) -> Self {
        self.name = Some(name.into());
        self
    }

    /// Sets how keys become sets and tracks. Defaults to [`Bucketing::V1`].
    pub fn bucketing(mut self, bucketing: Bucketing) -> Self {
        self.bucketing = bucketing;
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
    /// Says which context the group looks at, before any of its sets does.
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
            let (set, eligible) = draft.finish(bucketing)?;
            let set = Arc::new(set);
            Ok(Member { set, eligible })
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
        Ok(MultiTrackSet {
            sets: Arc::new(Sets {
                name: self.name.unwrap_or_else(|| names.join("/")).into(),
                buckets: Buckets::new(bucketing, sets()),
                members,
            }),
            context: PhantomData,
        })
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

/// Checks that no two sets have one name, one salt or one enum.
pub(crate) fn check_distinct<'a>(
    sets: impl Iterator<Item = &'a Set>,
) -> Result<(), DefinitionError> {
    let (mut names, mut salts, mut types) = (HashMap::new(), HashMap::new(), HashMap::new());
    for set in sets {
        let name = || set.name().to_owned();
        if names.insert(set.name(), ()).is_some() {
            return Err(DefinitionError::DuplicateSet { set: name() });
        }
        let salt = set.effective_salt();
        if let Some(other) = salts.insert(salt.clone(), set.name()) {
            let other = other.to_owned();
            return Err(DefinitionError::EqualSalts {
                set: name(),
                other,
                salt,
            });
        }
        let typed = set.typed.map(|typed| types.insert(typed, set.name()));
        if let Some(Some(other)) = typed {
            let other = other.to_owned();
            return Err(DefinitionError::DuplicateType { set: name(), other });
        }
    }
    Ok(())
}

fn check_one_unit<'a>(mut sets: impl Iterator<Item = &'a Set>) -> Result<(), DefinitionError> {
    let Some(first) = sets.next() else {
        return Ok(());
    };
    match sets.find(|set| set.unit != first.unit) {
        None => Ok(()),
        Some(other) => Err(DefinitionError::MixedUnits {
            set: other.name().to_owned(),
            unit: other.unit().to_owned(),
            group_unit: first.unit().to_owned(),
        }),
    }
}
