use std::{error, fmt};

use super::{
    key::KEY_RULE,
    name::{SET_RULE, TIME_ZONE_RULE, TRACK_RULE},
};

/// Why a definition was refused: the set, the value, and the rule it breaks.
///
/// A definition is checked when it is built, and again when groups are combined in a layer. `Display` and
/// `Debug` write the same message, so that a program whose `main` returns the error prints a readable one.
///
/// ```
/// use tower_tracks::{DefinitionError, SimpleTrackSet};
///
/// let error = SimpleTrackSet::new("delay").track("short", 500).phase(0).build().unwrap_err();
/// assert_eq!(error, DefinitionError::PhaseZero { set: "delay".to_owned() });
/// assert_eq!(error.to_string(), "set \"delay\": the phase is 0; the first phase is 1");
/// ```
#[derive(Clone, PartialEq)]
#[non_exhaustive]
// Not `Eq`, because a share is a float.
pub enum DefinitionError {
    /// The name of a set is invalid.
    ///
    /// It is 1 to 64 of `a-z`, `0-9`, `_`, `-`, `.` and `*`, the first of them a letter or `*`.
    SetName {
        /// The name.
        set: String,
    },
    /// The name of a track is invalid.
    ///
    /// It is 1 to 64 of `A-Z`, `a-z`, `0-9`, `_`, `-`, `.` and `*`.
    TrackName {
        /// The set.
        set: String,
        /// The name.
        track: String,
    },
    /// The name of a unit is invalid.
    ///
    /// The rule is that for names of sets.
    UnitName {
        /// The set.
        set: String,
        /// The name.
        unit: String,
    },
    /// The plan of a holdout has `stop_if_harmed`.
    ///
    /// A pause would give the tracks that harm to the units that are held out.
    HoldoutStops {
        /// The holdout.
        set: String,
    },
    /// A goal in a set's plan has its cap at a percentile, and must not.
    ///
    /// The percentile is at least 0.5 and below 1. A rate has no total, and the primary goal of a plan with a number of
    /// units has a cap that was set before the test.
    CapAt {
        /// The set.
        set: String,
        /// The name of the goal.
        goal: String,
    },
    /// The name of the dimension of a set's segments is invalid.
    ///
    /// The rule is that for names of sets.
    SegmentName {
        /// The set.
        set: String,
        /// The name.
        segment: String,
    },
    /// The name of a goal in a set's plan is invalid.
    ///
    /// The rule is that for names of sets. In a ratio, it may be the name of either goal.
    GoalName {
        /// The set.
        set: String,
        /// The name.
        goal: String,
    },
    /// The window of a goal in a set's plan ends before it begins.
    ///
    /// [`Metric::window_from`](crate::Metric::window_from) must be less than the window.
    Window {
        /// The set.
        set: String,
        /// The goal.
        goal: String,
    },
    /// The margin of a goal in a set's plan is not above 0, or not finite.
    Margin {
        /// The set.
        set: String,
        /// The goal.
        goal: String,
    },
    /// The time zone of a set's plan is not a valid name of a time zone.
    ///
    /// It must be an IANA name such as `Europe/Berlin`. Whether the zone exists is not checked here.
    TimeZone {
        /// The set.
        set: String,
        /// The name.
        zone: String,
    },
    /// Two sets have the same name.
    ///
    /// They may be in one group, or in two groups of one layer.
    DuplicateSet {
        /// The name.
        set: String,
    },
    /// A former name of a set is invalid.
    ///
    /// The rule is that for names of sets. For a set of the Python package with a name that is not valid here,
    /// set the salt.
    FormerName {
        /// The set.
        set: String,
        /// The former name.
        former: String,
    },
    /// A former name of a set is its name.
    ///
    /// A set that got an earlier name back has the names in between as former names, and that name as its
    /// salt.
    FormerNameIsName {
        /// The set.
        set: String,
    },
    /// A former name of a set is the name of another set.
    ///
    /// They may be in one group, or in two groups of one layer. Facts under the name would belong to both.
    FormerNameInUse {
        /// The renamed set.
        set: String,
        /// The former name.
        former: String,
    },
    /// A former name is given twice: for two sets, or for one set.
    ///
    /// A set that was split has the former name on one of its parts. The other part is a new set.
    DuplicateFormerName {
        /// The set that was added second.
        set: String,
        /// The set that was added first; the same set if it has the name twice.
        other: String,
        /// The former name.
        former: String,
    },
    /// Two groups have the same name.
    ///
    /// Set another name with `MultiTrackSetBuilder::name`.
    DuplicateGroup {
        /// The name.
        group: String,
    },
    /// Two sets of a layer have the same enum.
    ///
    /// An extractor finds a set by its enum, so each enum has at most one set in a layer.
    DuplicateType {
        /// The set that was added second.
        set: String,
        /// The set that was added first.
        other: String,
    },
    /// Two tracks of a set have the same name.
    ///
    /// A track named `control` conflicts with the built-in control.
    DuplicateTrack {
        /// The set.
        set: String,
        /// The name.
        track: String,
    },
    /// A set has no tracks.
    ///
    /// This is possible only for a set without the built-in control.
    NoTracks {
        /// The set.
        set: String,
    },
    /// Two tracks of a set are marked as control.
    ///
    /// The other tracks can be compared with only one track.
    TwoControls {
        /// The set.
        set: String,
        /// The first of the two tracks.
        first: String,
        /// The second of the two tracks.
        second: String,
    },
    /// No track of a typed set is marked as control.
    ///
    /// The derive macro checks this at compile time.
    NoControl {
        /// The set.
        set: String,
    },
    /// The name of a group does not consist of names of sets, joined by `/`.
    ///
    /// The rule for each part is that for names of sets.
    GroupName {
        /// The name.
        group: String,
    },
    /// A weight, a pin or the control is given for a track that the set does not have.
    ///
    /// Names of tracks are case-sensitive.
    UnknownTrack {
        /// The set.
        set: String,
        /// The unknown name.
        track: String,
    },
    /// A pinned key is not [valid](crate::Key::is_valid).
    ///
    /// It is empty, longer than 1,024 bytes, or has several parts that are all empty.
    PinnedKey {
        /// The set.
        set: String,
        /// The number of the pin in the set, from 1. The error does not show the key.
        number: usize,
    },
    /// A key is pinned to two tracks of a set.
    ///
    /// Pins by a predicate may overlap: the first that returns true decides.
    PinnedTwice {
        /// The set.
        set: String,
        /// The track that it was pinned to first.
        first: String,
        /// The other track.
        second: String,
    },
    /// Every track of a set has the weight 0.
    ///
    /// No key could be in a track. To stop a set, set its own weight to 0.
    NoTrackWeight {
        /// The set.
        set: String,
    },
    /// A set's weight is above 2³².
    ///
    /// Weights are relative: 1 and 3 are the same as 100 and 300.
    Weight {
        /// The set.
        set: String,
        /// The weight.
        weight: u64,
    },
    /// A track's weight is above 2³².
    ///
    /// Weights are relative: 1 and 3 are the same as 100 and 300.
    TrackWeight {
        /// The set.
        set: String,
        /// The track.
        track: String,
        /// The weight.
        weight: u64,
    },
    /// A share is not a number from 0 to 1.
    ///
    /// It is a fraction: 5% is 0.05. `NaN` is invalid as well.
    Share {
        /// The set.
        set: String,
        /// The share.
        share: f64,
    },
    /// A phase is 0.
    ///
    /// The first phase is 1.
    PhaseZero {
        /// The set.
        set: String,
    },
    /// A salt ends in `@` and digits, as the salts of later phases do.
    ///
    /// For a new phase, set the phase instead of the salt.
    SaltLikePhase {
        /// The set.
        set: String,
        /// The salt.
        salt: String,
    },
    /// Two sets have the same salt, so their tracks would not be independent.
    ///
    /// Give one of them another salt.
    EqualSalts {
        /// The set that was added second.
        set: String,
        /// The set that was added first.
        other: String,
        /// The salt, followed by the phase if it is not the first one.
        salt: String,
    },
    /// Two sets of a group have different units.
    ///
    /// A group is assigned by one key. Put the sets into separate groups.
    MixedUnits {
        /// The set that was added second.
        set: String,
        /// Its unit.
        unit: String,
        /// The unit of the sets before it.
        group_unit: String,
    },
    /// The set has a setting that its bucketing does not support: a share, a phase or weights of tracks in
    /// the Python scheme.
    ///
    /// To use the setting, build the group with `Bucketing::V1`, which moves most keys.
    Unsupported {
        /// The set.
        set: String,
        /// The unsupported setting.
        setting: &'static str,
        /// The name of the bucketing.
        bucketing: &'static str,
    },
}

impl fmt::Display for DefinitionError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        use DefinitionError as E;
        match self {
            E::SetName { set } => write!(f, "set {set:?}: a set's name is {SET_RULE}"),
            E::TrackName { set, track } => {
                write!(
                    f,
                    "set {set:?}, track {track:?}: a track's name is {TRACK_RULE}"
                )
            }
            E::UnitName { set, unit } => {
                write!(f, "set {set:?}, unit {unit:?}: a unit's name is {SET_RULE}")
            }
            E::HoldoutStops { set } => write!(
                f,
                "holdout {set:?}: its plan must not stop if harmed; to pause a holdout gives all tracks to everybody"
            ),
            E::CapAt { set, goal } => write!(
                f,
                "set {set:?}: the cap of goal {goal:?} is at a percentile; that has to be at least 0.5 and below 1, \
                 and neither a rate nor the primary goal of a plan with units can have one"
            ),
            E::SegmentName { set, segment } => {
                write!(
                    f,
                    "set {set:?}, segment {segment:?}: a segment's name is {SET_RULE}"
                )
            }
            E::Window { set, goal } => write!(
                f,
                "set {set:?}: the window of goal {goal:?} ends before it begins; `window_from` \
                 has to be less than `window`"
            ),
            E::Margin { set, goal } => write!(
                f,
                "set {set:?}: the margin of goal {goal:?} has to be above 0, such as 0.02 for 2%"
            ),
            E::GoalName { set, goal } => {
                write!(f, "set {set:?}, goal {goal:?}: a goal's name is {SET_RULE}")
            }
            E::TimeZone { set, zone } => write!(
                f,
                "set {set:?}, time zone {zone:?}: a time zone is {TIME_ZONE_RULE}"
            ),
            E::DuplicateSet { set } => write!(f, "set {set:?}: two sets have this name"),
            E::FormerName { set, former } => write!(
                f,
                "set {set:?}, former name {former:?}: a set's name is {SET_RULE}"
            ),
            E::FormerNameIsName { set } => write!(
                f,
                "set {set:?}: its name cannot be its former name; remove `formerly({set:?})`"
            ),
            E::FormerNameInUse { set, former } => write!(
                f,
                "set {set:?}: its former name {former:?} is the name of another set; rename that set, \
                 or remove `formerly({former:?})`"
            ),
            E::DuplicateFormerName { set, other, former } if set == other => {
                write!(f, "set {set:?}: the former name {former:?} is given twice")
            }
            E::DuplicateFormerName { set, other, former } => write!(
                f,
                "set {set:?}: its former name {former:?} is also one of set {other:?}; keep \
                 `formerly({former:?})` on one of them"
            ),
            E::DuplicateGroup { group } => write!(f, "group {group:?}: two groups have this name"),
            E::DuplicateType { set, other } => write!(
                f,
                "set {set:?}: its enum is that of set {other:?}; a layer holds each enum once"
            ),
            E::DuplicateTrack { set, track } => {
                write!(f, "set {set:?}, track {track:?}: two tracks have this name")
            }
            E::NoTracks { set } => write!(f, "set {set:?}: a set needs a track"),
            E::TwoControls { set, first, second } => write!(
                f,
                "set {set:?}: tracks {first:?} and {second:?} are both control; a set has at most one"
            ),
            E::NoControl { set } => {
                write!(f, "set {set:?}: a typed set needs a control")
            }
            E::GroupName { group } => write!(
                f,
                "group {group:?}: a group's name is of names of sets, joined by `/`; each is {SET_RULE}"
            ),
            E::UnknownTrack { set, track } => {
                write!(f, "set {set:?}, track {track:?}: the set has no such track")
            }
            E::PinnedKey { set, number } => {
                write!(f, "set {set:?}: the key of pin {number} is not {KEY_RULE}")
            }
            E::PinnedTwice { set, first, second } => write!(
                f,
                "set {set:?}: one key is pinned to the tracks {first:?} and {second:?}"
            ),
            E::NoTrackWeight { set } => {
                write!(
                    f,
                    "set {set:?}: all its tracks have the weight 0; one must be above"
                )
            }
            E::Weight { set, weight } => {
                write!(f, "set {set:?}: the weight {weight} is above 2^32")
            }
            E::TrackWeight { set, track, weight } => {
                write!(
                    f,
                    "set {set:?}, track {track:?}: the weight {weight} is above 2^32"
                )
            }
            E::Share { set, share } => {
                write!(f, "set {set:?}: the share {share} is not from 0 to 1")
            }
            E::PhaseZero { set } => write!(f, "set {set:?}: the phase is 0; the first phase is 1"),
            E::SaltLikePhase { set, salt } => write!(
                f,
                "set {set:?}: the salt {salt:?} ends in `@` and digits, as the salts of later \
                 phases do; use `phase` for a new phase"
            ),
            E::EqualSalts { set, other, salt } => write!(
                f,
                "set {set:?}: its salt {salt:?} is that of set {other:?}, so their tracks would \
                 always go together"
            ),
            E::MixedUnits {
                set,
                unit,
                group_unit,
            } => write!(
                f,
                "set {set:?}: its unit {unit:?} is not {group_unit:?}, the unit of its group; a \
                 group has one key and so one unit"
            ),
            E::Unsupported {
                set,
                setting,
                bucketing,
            } => {
                write!(
                    f,
                    "set {set:?}: the bucketing {bucketing:?} knows no {setting}"
                )
            }
        }
    }
}

debug_as_message!(DefinitionError);

impl error::Error for DefinitionError {}
