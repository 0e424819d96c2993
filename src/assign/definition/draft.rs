//! A definition before it is built: the settings as they were given, and the steps that make a
//! checked set of them.
//!
//! Methods of a definition only note a setting, so that they can be called in any order. The one
//! exception is a variant of an enum: it becomes a name at once, since the tracks of a typed set
//! are given first.

use std::{cmp::Reverse, fmt, sync::Arc};

use crate::assign::{
    bucketing::Bucketing,
    context::Eligible,
    error::DefinitionError,
    key::Key,
    pins::Pins,
    segment::SegmentOf,
    set::{Carries, Set},
    sets::Member,
    track::{Carried, Track},
};

/// Above 1, so that a set can be given less than the default.
const DEFAULT_SET_WEIGHT: u64 = 100;
/// The kind of key that a visitor cookie issues.
pub(crate) const DEFAULT_UNIT: &str = "visitor";

/// A definition under way; nothing in it is checked.
pub struct Draft {
    /// The set so far. The automatic control is not among its tracks yet.
    pub(in crate::assign) set: Set,
    pub(in crate::assign) order: Order,
    pub(in crate::assign) control: Control,
    /// Applied when all tracks are known; of two weights for one track, the last counts.
    pub(in crate::assign) track_weights: Vec<(String, u64)>,
    /// Predicates over the context, all of which must hold.
    pub(in crate::assign) eligible: Vec<Eligible>,
    /// Each with the name of its track, which becomes an index when the tracks are sorted.
    pub(in crate::assign) pins: Vec<(String, Pinned)>,
    pub(in crate::assign) segment_of: Option<SegmentOf>,
}

/// What a pin is for. A predicate also pins requests without a key.
pub(in crate::assign) enum Pinned {
    Key(Key<'static>),
    When(Eligible),
}

/// The order of tracks in the Python scheme.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(in crate::assign) enum Order {
    /// As `inspect.getmembers` lists the methods, which are the names with `_track` behind.
    MethodName,
    /// As declared.
    Declared,
}

/// Which track is the control.
pub(in crate::assign) enum Control {
    /// One that carries nothing is put in front.
    Automatic,
    /// The tracks of these names, and those that say it of themselves.
    Named(Vec<String>),
}

impl Draft {
    /// A set without tracks, with the defaults of all settings. `carries` is what its tracks carry.
    pub(in crate::assign) fn new(name: String, carries: Option<Carries>, order: Order) -> Self {
        Self {
            set: Set {
                name,
                former_names: Vec::new(),
                salt: None,
                phase: 1,
                unit: DEFAULT_UNIT.to_owned(),
                weight: DEFAULT_SET_WEIGHT,
                share: 1.0,
                tracks: Vec::new(),
                bucketing: Bucketing::default(),
                carries: carries.into_iter().collect(),
                typed: None,
                plan: None,
                segments: None,
                is_holdout: false,
            },
            order,
            control: Control::Automatic,
            track_weights: Vec::new(),
            eligible: Vec::new(),
            pins: Vec::new(),
            segment_of: None,
        }
    }

    /// Adds a track that carries a value or a function.
    pub(in crate::assign) fn push(&mut self, name: String, carried: Carried) {
        self.set.tracks.push(Track::new(name, carried));
    }

    /// Returns the checked set, who is eligible for it, and who is pinned in it.
    pub(in crate::assign) fn finish(
        mut self,
        bucketing: Bucketing,
    ) -> Result<Member, DefinitionError> {
        self.set.bucketing = bucketing;
        // Control comes first, since weights and pins may name it; the tracks are sorted last,
        // since pins become indices into the sorted list.
        self.mark_control();
        self.weigh_tracks()?;
        self.check_tracks()?;
        self.check_settings()?;
        self.check_pins()?;
        self.check_supported()?;
        self.sort();
        Ok(Member {
            pins: self.take_pins(),
            set: Arc::new(self.set),
            eligible: self.eligible,
            segment_of: self.segment_of,
        })
    }

    /// Returns the pins of the checked definition, whose tracks are in order by now.
    fn take_pins(&mut self) -> Pins {
        let mut pins = Pins::default();
        for (track, who) in std::mem::take(&mut self.pins) {
            match (self.index_of(&track), who) {
                (Some(track), Pinned::Key(key)) => {
                    pins.keys.insert(key.as_bytes().into(), track);
                }
                (Some(track), Pinned::When(is_pinned)) => pins.contexts.push((is_pinned, track)),
                // Cannot be: `check_pins` has found every track.
                (None, _) => {}
            }
        }
        pins
    }

    /// Returns the index of a track of this name.
    pub(super) fn index_of(&self, track: &str) -> Option<usize> {
        let mut tracks = self.set.tracks.iter();
        tracks.position(|known| *known.name == *track)
    }

    /// Adds the automatic control in front, or marks the tracks that were named.
    fn mark_control(&mut self) {
        match &self.control {
            Control::Automatic => self.set.tracks.insert(0, Track::automatic_control()),
            Control::Named(names) => {
                for track in &mut self.set.tracks {
                    // Added to what is there, because a typed set marks its control by itself.
                    track.control |= names.iter().any(|name| **name == *track.name);
                }
            }
        }
    }

    /// Sets the weights that were given by name, after control is among the tracks.
    fn weigh_tracks(&mut self) -> Result<(), DefinitionError> {
        for (name, weight) in &self.track_weights {
            match self.index_of(name) {
                Some(index) => self.set.tracks[index].weight = *weight,
                None => return Err(self.unknown_track(name)),
            }
        }
        Ok(())
    }

    /// Puts the tracks in the order of the scheme. The sort is stable: tracks that compare equal
    /// stay in the order in which they were added.
    fn sort(&mut self) {
        let tracks = &mut self.set.tracks;
        match (self.set.bucketing, self.order) {
            // Control comes first, and `false` before `true`.
            (Bucketing::V1, _) => tracks.sort_by_key(|track| Reverse(track.control)),
            #[cfg(feature = "python")]
            (Bucketing::Python, Order::MethodName) => {
                // A control that was declared by name is a method like the others.
                let named = matches!(&self.control, Control::Named(names) if !names.is_empty());
                // The suffix decides: `ten-off_track` comes before `ten_track`, and `ten` before
                // `ten-off`.
                let method =
                    |track: &Track| (named || !track.control, format!("{}_track", track.name));
                tracks.sort_by_cached_key(method);
            }
            #[cfg(feature = "python")]
            (Bucketing::Python, Order::Declared) => {}
        }
    }
}

impl fmt::Debug for Draft {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Draft")
            .field("name", &self.set.name)
            .field("tracks", &self.set.tracks)
            .finish_non_exhaustive()
    }
}
