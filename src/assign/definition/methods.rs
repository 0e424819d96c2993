//! The methods that definitions share. They are written by macros, so that each kind of
//! definition is a type of its own whose page shows all it can do.

/// Writes the methods that all definitions share; `$carries` bounds what its tracks carry.
macro_rules! definition_methods {
    ($definition:ident < $carries:ident $(: $bound:path)? >) => {
        impl<$carries $(: $bound)?, S> $definition<$carries, S> {
            /// Sets how often this set is chosen, relative to the other sets of its group for which the unit
            /// is eligible; from 0 (never) to 2³².
            ///
            /// Defaults to 100. A change moves as few keys as possible, between sets and never between the
            /// tracks of a set.
            ///
            /// A group chooses a set with the probability of its weight, divided by the sum of the weights of
            /// the sets for which the unit is eligible. In a group of one set, all weights above 0 are
            /// equivalent.
            ///
            /// ```
            /// use tower_tracks::{MultiTrackSet, SimpleTrackSet};
            ///
            /// let cheaper = SimpleTrackSet::new("cheaper").track("minus-5", -5).weight(300);
            /// let dearer = SimpleTrackSet::new("dearer").track("plus-5", 5);
            /// let prices = MultiTrackSet::builder().add(cheaper).add(dearer).build()?;
            /// let chosen = (0..1000).filter(|key| prices.assign(*key, &()).set() == Some("cheaper"));
            /// assert_eq!(chosen.count(), 761);
            /// # Ok::<(), tower_tracks::DefinitionError>(())
            /// ```
            pub fn weight(mut self, weight: u64) -> Self {
                self.draft.set.weight = weight;
                self
            }

            /// Sets the text that is hashed instead of the name. It must not end in `@` and digits, and no
            /// other set of the layer may have it.
            ///
            /// Defaults to the name, or to the oldest [former name](Self::formerly). A set that keeps its
            /// salt can change its name without moving keys.
            ///
            /// ```
            /// use tower_tracks::SimpleTrackSet;
            ///
            /// let before = SimpleTrackSet::new("delay").track("short", 500).track("long", 2000);
            /// let after = SimpleTrackSet::new("page-delay").track("short", 500).track("long", 2000);
            /// let (before, after) = (before.build()?, after.salt("delay").build()?);
            /// for key in 0..1000 {
            ///     assert_eq!(before.assign(key, &()).track(), after.assign(key, &()).track());
            /// }
            /// # Ok::<(), tower_tracks::DefinitionError>(())
            /// ```
            pub fn salt(mut self, salt: impl Into<String>) -> Self {
                self.draft.set.salt = Some(salt.into());
                self
            }

            /// Adds a name that the set had before. For several, begin with the oldest. Defaults to none.
            ///
            /// A renamed set stays the same test. No key moves, since the default [`salt`](Self::salt) stays
            /// the oldest name. Reports have the facts under all names of the set as one, under its present
            /// name, and count a unit by its first exposure under any of them. Its changes, its entry in
            /// `TRACKS_OFF` and tokens that force a track also apply under a former name.
            ///
            /// A set that gets an earlier name back has the names in between as former names, and sets that
            /// name as its salt. Keep it as long as the set exists: without it, the salt changes, and changes under the former
            /// name no longer apply. Stored facts stay under the names with which they were recorded.
            ///
            /// # Errors
            ///
            /// `build` fails if it is not a valid name, if it is the name of the set, or if another set has
            /// it as its name or as a former name.
            ///
            /// ```
            /// use tower_tracks::SimpleTrackSet;
            ///
            /// let before = SimpleTrackSet::new("delay").track("short", 500).track("long", 2000);
            /// let after = SimpleTrackSet::new("page-delay").track("short", 500).track("long", 2000);
            /// let (before, after) = (before.build()?, after.formerly("delay").build()?);
            /// for key in 0..1000 {
            ///     assert_eq!(before.assign(key, &()).track(), after.assign(key, &()).track());
            /// }
            /// # Ok::<(), tower_tracks::DefinitionError>(())
            /// ```
            pub fn formerly(mut self, name: impl Into<String>) -> Self {
                self.draft.set.former_names.push(name.into());
                self
            }

            /// Sets the phase of this set, from 1. A new phase has a new salt, so all keys are assigned and
            /// counted anew.
            ///
            /// Defaults to 1. Begin a new phase whenever the tracks or their weights change.
            ///
            /// ```
            /// use tower_tracks::SimpleTrackSet;
            ///
            /// let delay = || SimpleTrackSet::new("delay").track("short", 500).track("long", 2000);
            /// let (first, second) = (delay().build()?, delay().phase(2).build()?);
            /// assert_eq!(first.assign("bob", &()).track(), Some("short"));
            /// assert_eq!(second.assign("bob", &()).track(), Some("control"));
            /// # Ok::<(), tower_tracks::DefinitionError>(())
            /// ```
            pub fn phase(mut self, phase: u32) -> Self {
                self.draft.set.phase = phase;
                self
            }

            /// Sets the share of this set's traffic that takes part, from 0.0 to 1.0.
            ///
            /// Defaults to 1.0. A larger share only adds keys. It never moves a key between tracks, or takes
            /// one from another set.
            ///
            /// A key outside the share is in no track. It gets control, but is not counted.
            ///
            /// ```
            /// use tower_tracks::SimpleTrackSet;
            ///
            /// let delay = || SimpleTrackSet::new("delay").track("short", 500).track("long", 2000);
            /// let (small, large) = (delay().share(0.1).build()?, delay().share(0.5).build()?);
            /// for key in 0..1000 {
            ///     if let Some(track) = small.assign(key, &()).track() {
            ///         assert_eq!(large.assign(key, &()).track(), Some(track));
            ///     }
            /// }
            /// # Ok::<(), tower_tracks::DefinitionError>(())
            /// ```
            pub fn share(mut self, share: f64) -> Self {
                self.draft.set.share = share;
                self
            }

            /// Sets the kind of unit that the set assigns to tracks, such as `user`.
            ///
            /// Defaults to `visitor`. All sets of a group have the same kind. If you change it, begin
            /// another [`phase`](Self::phase), because a phase keeps the kind that it began with.
            ///
            /// The name of a kind is 1 to 64 of `a-z`, `0-9`, `_`, `-`, `.` and `*`, the first of them a
            /// letter or `*`.
            ///
            /// ```
            /// use tower_tracks::SimpleTrackSet;
            ///
            /// let delay = SimpleTrackSet::new("delay").track("short", 500).unit_kind("user").build()?;
            /// assert_eq!(delay.sets().next().map(|set| set.unit_kind()), Some("user"));
            /// # Ok::<(), tower_tracks::DefinitionError>(())
            /// ```
            pub fn unit_kind(mut self, kind: impl Into<String>) -> Self {
                self.draft.set.unit = kind.into();
                self
            }

            /// Sets the weight of one track among the tracks, from 0 (never) to 2³². In a typed set, you can
            /// also name the track by its variant.
            ///
            /// Defaults to 1 for every track. If you change it in a running test, begin a new
            /// [`phase`](Self::phase).
            ///
            /// ```
            /// use tower_tracks::SimpleTrackSet;
            ///
            /// let delay = SimpleTrackSet::new("delay").track("short", 500).track("long", 2000);
            /// let delay = delay.track_weight("short", 8).build()?;
            /// let short = (0..1000).filter(|key| delay.assign(*key, &()).track() == Some("short"));
            /// assert_eq!(short.count(), 823);
            /// # Ok::<(), tower_tracks::DefinitionError>(())
            /// ```
            pub fn track_weight(
                mut self,
                track: impl $crate::assign::TrackRef<$carries>,
                weight: u64,
            ) -> Self {
                let track = track.name_in(&self.draft.set.tracks);
                self.draft.track_weights.push((track, weight));
                self
            }

            /// Pins each of these keys to a track, such as the accounts of testers, the clients of an API, or
            /// a customer under contract. In a typed set, you can also name the track by its variant.
            ///
            /// A pinned key is in its track whatever the set's weight, share and eligibility, but
            /// not while the set is paused. Its choice has the reason
            /// [`Pinned`](crate::Reason::Pinned) and is never counted: no exposure is recorded. If
            /// several sets of a group pin a key, the first of them is chosen.
            ///
            /// Pins are part neither of the stored JSON of the definition nor of its fingerprint: they do not
            /// change the track of any other key, and keys may name persons.
            ///
            /// Defaults to none.
            ///
            /// ```
            /// use tower_tracks::{Reason, SimpleTrackSet};
            ///
            /// let delay = SimpleTrackSet::new("delay").track("short", 500).track("long", 2000);
            /// let delay = delay.pin_keys([("tester-7", "long"), ("tester-8", "control")]).build()?;
            /// let choice = delay.assign("tester-7", &());
            /// assert_eq!((choice.track(), choice.reason()), (Some("long"), Reason::Pinned));
            /// # Ok::<(), tower_tracks::DefinitionError>(())
            /// ```
            pub fn pin_keys<'k, K, R>(mut self, pins: impl IntoIterator<Item = (K, R)>) -> Self
            where
                K: Into<$crate::assign::Key<'k>>,
                R: $crate::assign::TrackRef<$carries>,
            {
                for (key, track) in pins {
                    let track = track.name_in(&self.draft.set.tracks);
                    let key = Pinned::Key(key.into().into_owned());
                    self.draft.pins.push((track, key));
                }
                self
            }

            /// Sets the plan: goals, size and owner of the test. A plan does not change any assignment.
            ///
            /// Defaults to an empty plan.
            ///
            /// ```
            /// use tower_tracks::{Metric, Plan, SimpleTrackSet};
            ///
            /// let delay = SimpleTrackSet::new("delay")
            ///     .track("short", 500)
            ///     .plan(Plan::default().primary(Metric::rate("purchase")).units(20_000))
            ///     .build()?;
            /// # Ok::<(), tower_tracks::DefinitionError>(())
            /// ```
            pub fn plan(mut self, plan: Plan) -> Self {
                self.draft.set.plan = Some(plan);
                self
            }
        }

        impl<$carries $(: $bound)?> $definition<$carries, NoContext> {
            /// Restricts this set to contexts for which `eligible` returns true.
            ///
            /// The context is a type of the application. Name it in the argument of the closure; no
            /// other annotation is needed. The closure must not panic, because it runs on the
            /// request path.
            ///
            /// ```
            /// use tower_tracks::SimpleTrackSet;
            ///
            /// struct Customer {
            ///     is_vip: bool,
            /// }
            ///
            /// let delay = SimpleTrackSet::new("delay")
            ///     .track("long", 2000)
            ///     .eligible(|customer: &Customer| !customer.is_vip)
            ///     .build()?;
            /// assert!(delay.assign("alice", &Customer { is_vip: false }).is_enrolled());
            /// assert!(!delay.assign("alice", &Customer { is_vip: true }).is_enrolled());
            /// # Ok::<(), tower_tracks::DefinitionError>(())
            /// ```
            pub fn eligible<C: 'static>(
                self,
                eligible: impl Fn(&C) -> bool + Send + Sync + 'static,
            ) -> $definition<$carries, For<C>> {
                self.looking_at::<C>().eligible(eligible)
            }

            /// Pins the contexts for which `is_pinned` returns true to a track; see
            /// [`pin_keys`](Self::pin_keys).
            ///
            /// The predicate takes the same context as [`eligible`](Self::eligible), and must not
            /// panic. Pinned keys take precedence, then the first predicate that returns true. A
            /// request without a key can be pinned as well.
            ///
            /// ```
            /// use tower_tracks::SimpleTrackSet;
            ///
            /// struct Client {
            ///     is_api: bool,
            /// }
            ///
            /// let delay = SimpleTrackSet::new("delay")
            ///     .track("long", 2000)
            ///     .pin_when("control", |client: &Client| client.is_api)
            ///     .build()?;
            /// assert!(delay.assign("alice", &Client { is_api: true }).is_control());
            /// # Ok::<(), tower_tracks::DefinitionError>(())
            /// ```
            pub fn pin_when<C: 'static>(
                self,
                track: impl $crate::assign::TrackRef<$carries>,
                is_pinned: impl Fn(&C) -> bool + Send + Sync + 'static,
            ) -> $definition<$carries, For<C>> {
                self.looking_at::<C>().pin_when(track, is_pinned)
            }

            /// Sets the segments of this set: one dimension, such as the device or the country, by which its report
            /// is read once more.
            ///
            /// The closure takes the same context as [`eligible`](Self::eligible), and returns the segment of a
            /// visitor: 1 to 64 of `A-Z`, `a-z`, `0-9`, `_`, `-`, `.` and `*`. The first eight that a program meets
            /// have a name, and all others are `other`. So return one of a few names that you know, and never a text
            /// of the request: a client could use up the eight, and programs would name different ones. The segment
            /// is recorded with the first exposure of a unit. It changes no assignment. Choose a property that the
            /// tracks cannot change, or the comparison within a segment is biased.
            ///
            /// Defaults to none. The last call counts.
            ///
            /// ```
            /// use tower_tracks::SimpleTrackSet;
            ///
            /// struct Visitor {
            ///     device: &'static str,
            /// }
            ///
            /// let delay = SimpleTrackSet::new("delay")
            ///     .track("long", 2000)
            ///     .segment("device", |visitor: &Visitor| visitor.device)
            ///     .build()?;
            /// let choice = delay.assign("alice", &Visitor { device: "mobile" });
            /// assert_eq!(choice.segment(), Some("mobile"));
            /// # Ok::<(), tower_tracks::DefinitionError>(())
            /// ```
            pub fn segment<C: 'static>(
                self,
                dimension: impl Into<String>,
                segment: impl Fn(&C) -> &str + Send + Sync + 'static,
            ) -> $definition<$carries, For<C>> {
                self.looking_at::<C>().segment(dimension, segment)
            }

            /// Changes the type state alone.
            fn looking_at<C>(self) -> $definition<$carries, For<C>> {
                $definition {
                    draft: self.draft,
                    state: PhantomData,
                }
            }
        }

        impl<$carries $(: $bound)?, C: 'static> $definition<$carries, For<C>> {
            /// Restricts this set further: all conditions must hold.
            ///
            /// ```
            /// use tower_tracks::SimpleTrackSet;
            ///
            /// let teens = SimpleTrackSet::new("teens")
            ///     .track("blue", "#00f")
            ///     .eligible(|age: &u32| *age >= 13)
            ///     .eligible(|age| *age < 20)
            ///     .build()?;
            /// let eligible = [12, 13, 19, 20].map(|age| teens.assign("alice", &age).is_enrolled());
            /// assert_eq!(eligible, [false, true, true, false]);
            /// # Ok::<(), tower_tracks::DefinitionError>(())
            /// ```
            pub fn eligible(
                mut self,
                eligible: impl Fn(&C) -> bool + Send + Sync + 'static,
            ) -> Self {
                self.draft.eligible.push(erased(eligible));
                self
            }

            /// Sets the segments of this set: one dimension by which its report is read once more.
            ///
            /// ```
            /// use tower_tracks::SimpleTrackSet;
            ///
            /// let adults = SimpleTrackSet::new("adults")
            ///     .track("blue", "#00f")
            ///     .eligible(|age: &u32| *age >= 18)
            ///     .segment("age", |age| if *age < 65 { "below-65" } else { "65-or-more" })
            ///     .build()?;
            /// assert_eq!(adults.assign("alice", &70).segment(), Some("65-or-more"));
            /// # Ok::<(), tower_tracks::DefinitionError>(())
            /// ```
            pub fn segment(
                mut self,
                dimension: impl Into<String>,
                segment: impl Fn(&C) -> &str + Send + Sync + 'static,
            ) -> Self {
                self.draft.set.segments = Some(Segments::new(dimension.into()));
                self.draft.segment_of = Some(erased_segment(segment));
                self
            }

            /// Pins the contexts for which `is_pinned` returns true to a track; see
            /// [`pin_keys`](Self::pin_keys).
            ///
            /// The first predicate that returns true decides, in the order of the calls.
            pub fn pin_when(
                mut self,
                track: impl $crate::assign::TrackRef<$carries>,
                is_pinned: impl Fn(&C) -> bool + Send + Sync + 'static,
            ) -> Self {
                let track = track.name_in(&self.draft.set.tracks);
                self.draft.pins.push((track, Pinned::When(erased(is_pinned))));
                self
            }
        }

        impl<$carries $(: $bound)?, S> $definition<$carries, S>
        where
            S: ContextState,
            NoContext: Join<S>,
        {
            /// Checks the definition and returns a group with only this set.
            ///
            /// # Errors
            ///
            /// If the definition breaks a rule. The error names the set, the value and the rule.
            ///
            /// ```
            /// use tower_tracks::SimpleTrackSet;
            ///
            /// let delay = SimpleTrackSet::new("delay").track("short", 500).share(1.5);
            /// let error = delay.build().unwrap_err();
            /// assert_eq!(error.to_string(), "set \"delay\": the share 1.5 is not from 0 to 1");
            /// ```
            pub fn build(
                self,
            ) -> Result<MultiTrackSet<JoinedContext<NoContext, S>>, DefinitionError> {
                MultiTrackSet::builder().add(self).build()
            }
        }

        #[diagnostic::do_not_recommend]
        impl<$carries $(: $bound)?, S: ContextState> Definition for $definition<$carries, S> {
            type State = S;
        }

        impl<$carries $(: $bound)?, S> IntoDraft for $definition<$carries, S> {
            fn into_draft(self) -> Draft {
                self.draft
            }
        }

        impl<$carries $(: $bound)?, S> fmt::Debug for $definition<$carries, S> {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.debug_tuple(stringify!($definition)).field(&self.draft).finish()
            }
        }
    };
}

/// Writes the methods about the control of a definition whose tracks are only named.
macro_rules! control_methods {
    ($definition:ident < $carries:ident >) => {
        impl<$carries, S> $definition<$carries, S> {
            /// Removes the built-in track `control`, which would be the first track and carry nothing.
            ///
            /// The set then has only the tracks that are added, and has no control unless
            /// [`control`](Self::control) names one.
            ///
            /// ```
            /// use tower_tracks::SimpleTrackSet;
            ///
            /// let theme = SimpleTrackSet::new("theme").track("light", 1).track("dark", 2);
            /// let theme = theme.without_control().build()?;
            /// assert_eq!(theme.sets().next().map(|set| set.tracks().len()), Some(2));
            /// # Ok::<(), tower_tracks::DefinitionError>(())
            /// ```
            pub fn without_control(mut self) -> Self {
                if matches!(self.draft.control, Control::Automatic) {
                    self.draft.control = Control::Named(Vec::new());
                }
                self
            }

            /// Makes the named track the control, instead of the built-in one.
            ///
            /// The track then comes first. Two controls in one set are an error of `build`.
            ///
            /// ```
            /// use tower_tracks::SimpleTrackSet;
            ///
            /// let theme = SimpleTrackSet::new("theme").track("light", 1).track("dark", 2);
            /// let theme = theme.control("light").build()?;
            /// let choice = theme.assign("bob", &());
            /// assert!(choice.is_control());
            /// assert_eq!(choice.value::<i32>(), Some(&1));
            /// # Ok::<(), tower_tracks::DefinitionError>(())
            /// ```
            pub fn control(mut self, track: impl Into<String>) -> Self {
                match &mut self.draft.control {
                    Control::Named(names) => names.push(track.into()),
                    automatic => *automatic = Control::Named(vec![track.into()]),
                }
                self
            }
        }
    };
}

pub(in crate::assign) use {control_methods, definition_methods};
