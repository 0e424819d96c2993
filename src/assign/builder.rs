//! The builder of a group. Each set is checked first, and then the sets together, so that an error
//! names the set where it can be corrected.

use std::{fmt, marker::PhantomData};

use super::{
    Bucketing, ContextState, Definition, DefinitionError, For, Join, MultiTrackSet, NoContext, Set,
    definition::Draft,
    distinct::{check_distinct, check_one_unit},
    name::is_group_name,
    sets::{Member, Sets},
};

/// Collects the definitions of a [`MultiTrackSet`].
///
/// `S` is the type state of the context: [`NoContext`], or [`For<C>`](For) after a set that
/// restricts eligibility by a `C` was added. Nothing is checked before [`build`](Self::build).
///
/// ```
/// use tower_tracks::{MultiTrackSet, SimpleTrackSet};
///
/// let prices = MultiTrackSet::builder()
///     .name("prices")
///     .add(SimpleTrackSet::new("cheaper").track("minus-5", -5))
///     .add(SimpleTrackSet::new("dearer").track("plus-5", 5))
///     .build()?;
/// assert_eq!(prices.sets().len(), 2);
/// # Ok::<(), tower_tracks::DefinitionError>(())
/// ```
#[must_use = "a group is finished by `.build()?`"]
pub struct MultiTrackSetBuilder<S = NoContext> {
    name: Option<String>,
    bucketing: Bucketing,
    drafts: Vec<Draft>,
    // A function pointer: no `S` is held, so the builder is `Send` whatever it is.
    state: PhantomData<fn() -> S>,
}

impl MultiTrackSet {
    /// Returns the builder of a group that has no sets yet.
    ///
    /// A group without sets is valid: it chooses nothing for any key.
    ///
    /// ```
    /// use tower_tracks::{MultiTrackSet, Reason};
    ///
    /// let empty = MultiTrackSet::builder().build()?;
    /// assert_eq!(empty.assign("alice", &()).reason(), Reason::Ineligible);
    /// # Ok::<(), tower_tracks::DefinitionError>(())
    /// ```
    pub fn builder() -> MultiTrackSetBuilder {
        MultiTrackSetBuilder {
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
    /// All sets of a group use the same context. A set without a context can be in any group. In a loop over
    /// `add`, set the context first with [`context`](MultiTrackSetBuilder::context).
    ///
    /// The order of the sets matters only to [`Bucketing::Python`](Bucketing), and to a key that several sets
    /// pin. With [`Bucketing::V1`], reordering moves no key.
    ///
    /// ```
    /// use tower_tracks::{MultiTrackSet, SimpleTrackSet};
    ///
    /// let group = MultiTrackSet::builder()
    ///     .add(SimpleTrackSet::new("delay").track("short", 500))
    ///     .add(SimpleTrackSet::new("vip").track("lounge", true).eligible(|is_vip: &bool| *is_vip))
    ///     .build()?;
    /// assert_eq!(group.assign("alice", &false).set(), Some("delay"));
    /// # Ok::<(), tower_tracks::DefinitionError>(())
    /// ```
    #[expect(
        clippy::should_implement_trait,
        reason = "a builder adds sets, which is not a sum"
    )]
    pub fn add<D>(mut self, definition: D) -> MultiTrackSetBuilder<S::Joined>
    where
        D: Definition,
        S: Join<D::State>,
    {
        self.drafts.push(definition.into_draft());
        self.into_state()
    }

    /// Sets the name of the group: a valid name of a set, or several of them joined by `/`. Defaults to the
    /// names of its sets, joined by `/`.
    ///
    /// The name does not change any assignment. The groups of a layer must have different names.
    ///
    /// ```
    /// use tower_tracks::{DefinitionError, MultiTrackSet, SimpleTrackSet};
    ///
    /// let group = |name: &str| {
    ///     let delay = SimpleTrackSet::new("delay").track("short", 500);
    ///     MultiTrackSet::builder().name(name).add(delay).build()
    /// };
    /// assert_eq!(group("page")?.name(), "page");
    /// assert!(matches!(group("The page"), Err(DefinitionError::GroupName { .. })));
    /// # Ok::<(), tower_tracks::DefinitionError>(())
    /// ```
    pub fn name(mut self, name: impl Into<String>) -> Self {
        self.name = Some(name.into());
        self
    }

    /// Sets the scheme that assigns keys to sets and tracks. Defaults to [`Bucketing::V1`].
    ///
    /// The scheme applies to the whole group. Changing it in a running test moves most keys.
    ///
    /// ```
    /// use tower_tracks::{MultiTrackSet, SimpleTrackSet, assign::Bucketing};
    ///
    /// let delay = SimpleTrackSet::new("delay").track("short", 500).track("long", 2000);
    /// let group = MultiTrackSet::builder().bucketing(Bucketing::Python).add(delay).build()?;
    /// assert_eq!(group.bucketing(), Bucketing::Python);
    /// # Ok::<(), tower_tracks::DefinitionError>(())
    /// ```
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

    /// Changes the type state alone.
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
    /// If a definition breaks a rule, if two sets of the group have the same name, salt or enum, or if their
    /// units differ. The error names the set, the value and the rule.
    ///
    /// ```
    /// use tower_tracks::{DefinitionError, MultiTrackSet, SimpleTrackSet};
    ///
    /// let delay = || SimpleTrackSet::new("delay").track("short", 500);
    /// let twice = MultiTrackSet::builder().add(delay()).add(delay()).build();
    /// assert!(matches!(twice, Err(DefinitionError::DuplicateSet { .. })));
    /// ```
    pub fn build(self) -> Result<MultiTrackSet<S::Context>, DefinitionError> {
        let bucketing = self.bucketing;
        let members = self.drafts.into_iter().map(|draft| draft.finish(bucketing));
        let members: Box<[Member]> = members.collect::<Result<_, _>>()?;
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
