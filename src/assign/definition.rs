//! What all definitions share: their settings, and how these are checked.

use std::{
    any::{Any, TypeId},
    cmp::Reverse,
    collections::HashSet,
    fmt,
    ops::RangeInclusive,
};

use super::{Bucketing, ContextState, DefinitionError, Set, Track, name, track::Carried};

/// A set that is not built yet: a [`SimpleTrackSet`](super::SimpleTrackSet), a
/// [`ParamTrackSet`](super::ParamTrackSet) or a [`TypedTrackSet`](super::TypedTrackSet).
///
/// It cannot be implemented outside this crate.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not the definition of a set",
    label = "expected a `SimpleTrackSet`, a `ParamTrackSet` or a `TypedTrackSet`",
    note = "an enum with `#[derive(TrackSet)]` is added by its definition: `.add(Pricing::track_set())`",
    note = "a group that is already built is another group: `TracksLayer::new(first).and(second)?`"
)]
pub trait Definition: sealed::IntoDraft {
    /// Whether its eligibility looks at a context, and at which.
    type State: ContextState;
}

pub(super) mod sealed {
    /// Keeps [`Definition`](super::Definition) to this crate.
    pub trait IntoDraft {
        /// Returns the draft.
        fn into_draft(self) -> super::Draft;
    }
}

/// Whether a unit is eligible; the context is behind `Any`, the type state says what it is.
pub(super) type Eligible = Box<dyn Fn(&dyn Any) -> bool + Send + Sync>;

/// Weights that a sum of 10,000 of them cannot overflow, and that a double holds exactly.
const WEIGHTS: RangeInclusive<u64> = 0..=1 << 32;

pub(super) const DEFAULT_SET_WEIGHT: u64 = 100;
pub(super) const DEFAULT_TRACK_WEIGHT: u64 = 1;
pub(crate) const DEFAULT_UNIT: &str = "visitor";

/// A definition under way; nothing in it is checked.
pub struct Draft {
    pub(super) name: String,
    pub(super) salt: Option<String>,
    pub(super) phase: u32,
    pub(super) unit: String,
    pub(super) weight: u64,
    pub(super) share: f64,
    pub(super) tracks: Vec<Track>,
    pub(super) order: Order,
    pub(super) control: Control,
    pub(super) track_weights: Vec<(String, u64)>,
    pub(super) eligible: Vec<Eligible>,
    /// What a track of this set may carry, though not every track does.
    pub(super) carries: Vec<TypeId>,
    /// The enum of a typed set.
    pub(super) typed: Option<TypeId>,
}

/// The order of tracks in the Python scheme.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Order {
    /// As `inspect.getmembers` lists the methods, which are the names with `_track` behind.
    MethodName,
    /// As declared.
    Declared,
}

/// Which track is the control.
pub(super) enum Control {
    /// One that carries nothing is put in front.
    Automatic,
    /// The tracks of these names, and those that say it of themselves.
    Named(Vec<String>),
}

impl Draft {
    pub(super) fn new(name: String, carries: TypeId, order: Order) -> Self {
        Self {
            name,
            salt: None,
            phase: 1,
            unit: DEFAULT_UNIT.to_owned(),
            weight: DEFAULT_SET_WEIGHT,
            share: 1.0,
            tracks: Vec::new(),
            order,
            control: Control::Automatic,
            track_weights: Vec::new(),
            eligible: Vec::new(),
            carries: vec![carries],
            typed: None,
        }
    }

    pub(super) fn push(&mut self, name: String, carried: Carried) {
        self.tracks.push(Track {
            name: name.into(),
            weight: DEFAULT_TRACK_WEIGHT,
            control: false,
            carried: vec![carried],
        });
    }

    /// Returns the checked set, and who is eligible for it.
    pub(super) fn finish(
        mut self,
        bucketing: Bucketing,
    ) -> Result<(Set, Vec<Eligible>), DefinitionError> {
        self.mark_control();
        self.weigh_tracks()?;
        self.check_tracks()?;
        self.check_settings()?;
        self.check_supported(bucketing)?;
        self.sort(bucketing);
        let eligible = std::mem::take(&mut self.eligible);
        Ok((Set::new(self, bucketing), eligible))
    }

    fn mark_control(&mut self) {
        match &self.control {
            Control::Automatic => self.tracks.insert(
                0,
                Track {
                    name: "control".into(),
                    weight: DEFAULT_TRACK_WEIGHT,
                    control: true,
                    carried: Vec::new(),
                },
            ),
            Control::Named(names) => {
                for track in &mut self.tracks {
                    track.control |= names.iter().any(|name| **name == *track.name);
                }
            }
        }
    }

    fn weigh_tracks(&mut self) -> Result<(), DefinitionError> {
        for (name, weight) in &self.track_weights {
            match self.tracks.iter_mut().find(|track| *track.name == **name) {
                Some(track) => track.weight = *weight,
                None => return Err(self.unknown_track(name)),
            }
        }
        Ok(())
    }

    fn check_tracks(&self) -> Result<(), DefinitionError> {
        let set = || self.name.clone();
        let mut names = HashSet::new();
        for Track { name, weight, .. } in &self.tracks {
            let track = name.to_string();
            if !name::is_track_name(name) {
                return Err(DefinitionError::TrackName { set: set(), track });
            }
            if !names.insert(name) {
                return Err(DefinitionError::DuplicateTrack { set: set(), track });
            }
            if !WEIGHTS.contains(weight) {
                let weight = *weight;
                return Err(DefinitionError::TrackWeight {
                    set: set(),
                    track,
                    weight,
                });
            }
        }
        if self.tracks.is_empty() {
            return Err(DefinitionError::NoTracks { set: set() });
        }
        if self.tracks.iter().all(|track| track.weight == 0) {
            return Err(DefinitionError::NoTrackWeight { set: set() });
        }
        self.check_control()
    }

    fn check_control(&self) -> Result<(), DefinitionError> {
        if let Control::Named(names) = &self.control {
            let known = |name: &&String| self.tracks.iter().any(|track| *track.name == ***name);
            if let Some(unknown) = names.iter().find(|name| !known(name)) {
                return Err(self.unknown_track(unknown));
            }
        }
        let mut controls = self.tracks.iter().filter(|track| track.control);
        match (controls.next(), controls.next()) {
            (Some(first), Some(second)) => Err(DefinitionError::TwoControls {
                set: self.name.clone(),
                first: first.name.to_string(),
                second: second.name.to_string(),
            }),
            _ => Ok(()),
        }
    }

    fn check_settings(&self) -> Result<(), DefinitionError> {
        let set = self.name.clone();
        if !name::is_set_name(&set) {
            return Err(DefinitionError::SetName { set });
        }
        if !name::is_set_name(&self.unit) {
            let unit = self.unit.clone();
            return Err(DefinitionError::UnitName { set, unit });
        }
        if !WEIGHTS.contains(&self.weight) {
            let weight = self.weight;
            return Err(DefinitionError::Weight { set, weight });
        }
        if !(0.0..=1.0).contains(&self.share) {
            let share = self.share;
            return Err(DefinitionError::Share { set, share });
        }
        if self.phase == 0 {
            return Err(DefinitionError::PhaseZero { set });
        }
        match &self.salt {
            Some(salt) if is_like_phase(salt) => {
                let salt = salt.clone();
                Err(DefinitionError::SaltLikePhase { set, salt })
            }
            _ => Ok(()),
        }
    }

    fn check_supported(&self, bucketing: Bucketing) -> Result<(), DefinitionError> {
        if bucketing == Bucketing::V1 {
            return Ok(());
        }
        let weighted = |track: &Track| track.weight != DEFAULT_TRACK_WEIGHT;
        let unsupported = [
            (self.share != 1.0, "share"),
            (self.phase != 1, "phase"),
            (self.tracks.iter().any(weighted), "weights of tracks"),
        ];
        match unsupported.into_iter().find(|(used, _)| *used) {
            None => Ok(()),
            Some((_, setting)) => Err(DefinitionError::Unsupported {
                set: self.name.clone(),
                setting,
                bucketing: bucketing.name(),
            }),
        }
    }

    fn sort(&mut self, bucketing: Bucketing) {
        match (bucketing, self.order) {
            (Bucketing::V1, _) => self.tracks.sort_by_key(|track| Reverse(track.control)),
            #[cfg(feature = "python")]
            (Bucketing::Python, Order::MethodName) => {
                // A control that was declared by name is a method like the others.
                let named = matches!(&self.control, Control::Named(names) if !names.is_empty());
                let method =
                    |track: &Track| (named || !track.control, format!("{}_track", track.name));
                self.tracks.sort_by_cached_key(method);
            }
            #[cfg(feature = "python")]
            (Bucketing::Python, Order::Declared) => {}
        }
    }

    fn unknown_track(&self, track: &str) -> DefinitionError {
        DefinitionError::UnknownTrack {
            set: self.name.clone(),
            track: track.to_owned(),
        }
    }
}

impl fmt::Debug for Draft {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Draft")
            .field("name", &self.name)
            .field("tracks", &self.tracks)
            .finish_non_exhaustive()
    }
}

fn is_like_phase(salt: &str) -> bool {
    match salt.rsplit_once('@') {
        Some((_, digits)) => !digits.is_empty() && digits.bytes().all(|b| b.is_ascii_digit()),
        None => false,
    }
}

/// Writes the methods that all definitions share; `$carries` bounds what its tracks carry.
macro_rules! definition_methods {
    ($definition:ident < $carries:ident $(: $bound:path)? >) => {
        impl<$carries $(: $bound)?, S> $definition<$carries, S> {
            /// Sets how often this set is chosen, relative to the others of its group that
            /// the unit is eligible for; from 0 (never) to 2³².
            ///
            /// Defaults to 100. Changing it moves as few keys as can be, between sets and
            /// never between the tracks of one.
            pub fn weight(mut self, weight: u64) -> Self {
                self.draft.weight = weight;
                self
            }

            /// Sets what is hashed in place of the name: any text that does not end in `@`
            /// and digits, and that no other set of the layer has.
            ///
            /// Defaults to the name. A set that keeps its salt may change its name.
            pub fn salt(mut self, salt: impl Into<String>) -> Self {
                self.draft.salt = Some(salt.into());
                self
            }

            /// Sets the run of this set, from 1. A new phase is a new salt: every key is
            /// assigned anew, and counted anew.
            ///
            /// Defaults to 1. Begin a new phase whenever the tracks or their weights change.
            pub fn phase(mut self, phase: u32) -> Self {
                self.draft.phase = phase;
                self
            }

            /// Sets how much of this set's traffic takes part, from 0.0 to 1.0.
            ///
            /// Defaults to 1.0. A share that grows only adds keys; it never moves one
            /// between tracks, nor takes one from another set.
            pub fn share(mut self, share: f64) -> Self {
                self.draft.share = share;
                self
            }

            /// Sets what kind of key this set is about, such as `user`.
            ///
            /// Defaults to `visitor`. All sets of a group are about the same unit.
            pub fn unit(mut self, unit: impl Into<String>) -> Self {
                self.draft.unit = unit.into();
                self
            }

            /// Sets the weight of one track among the tracks, from 0 (never) to 2³².
            ///
            /// Defaults to 1 for every track. Changing it in a running test is a new
            /// [`phase`](Self::phase).
            pub fn track_weight(mut self, track: impl Into<String>, weight: u64) -> Self {
                self.draft.track_weights.push((track.into(), weight));
                self
            }
        }

        impl<$carries $(: $bound)?> $definition<$carries, NoContext> {
            /// Restricts this set to those for whom `eligible` is true.
            ///
            /// What it looks at is the application's own type; its name in the closure's
            /// argument is the only annotation needed.
            pub fn eligible<C: 'static>(
                self,
                eligible: impl Fn(&C) -> bool + Send + Sync + 'static,
            ) -> $definition<$carries, For<C>> {
                let definition: $definition<$carries, For<C>> = $definition {
                    draft: self.draft,
                    state: PhantomData,
                };
                definition.eligible(eligible)
            }
        }

        impl<$carries $(: $bound)?, C: 'static> $definition<$carries, For<C>> {
            /// Restricts this set further: every condition given must hold.
            pub fn eligible(
                mut self,
                eligible: impl Fn(&C) -> bool + Send + Sync + 'static,
            ) -> Self {
                let eligible = move |context: &dyn Any| context.downcast_ref().is_some_and(&eligible);
                self.draft.eligible.push(Box::new(eligible));
                self
            }
        }

        impl<$carries $(: $bound)?, S> $definition<$carries, S>
        where
            S: ContextState,
            NoContext: Join<S>,
        {
            /// Checks the definition and returns a group of this set alone.
            ///
            /// # Errors
            ///
            /// Names the set, the value and the rule where the definition breaks one.
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
            /// Leaves out the track `control` that otherwise comes first by itself and
            /// carries nothing.
            pub fn without_control(mut self) -> Self {
                if matches!(self.draft.control, Control::Automatic) {
                    self.draft.control = Control::Named(Vec::new());
                }
                self
            }

            /// Makes the named track the control, in place of the one that comes first by
            /// itself and carries nothing.
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

pub(super) use {control_methods, definition_methods};
