//! The rules of a definition. An error names the set, the value and the rule.

use std::{
    collections::{HashMap, HashSet},
    ops::RangeInclusive,
};

use crate::assign::{Bucketing, DefinitionError, Track, name, track::DEFAULT_WEIGHT};

use super::{
    draft::{Control, Draft},
    pin::Pinned,
};

/// Weights that a sum of 10,000 of them cannot overflow, and that a double holds exactly.
const WEIGHTS: RangeInclusive<u64> = 0..=1 << 32;

impl Draft {
    /// Errors do not show keys, which may name persons.
    pub(super) fn check_pins(&self) -> Result<(), DefinitionError> {
        let set = || self.name.clone();
        let mut tracks = HashMap::new();
        for (number, pin) in (1..).zip(&self.pins) {
            if self.index_of(&pin.track).is_none() {
                return Err(self.unknown_track(&pin.track));
            }
            let Pinned::Key(key) = &pin.who else {
                continue;
            };
            if !key.is_valid() {
                return Err(DefinitionError::PinnedKey { set: set(), number });
            }
            let first = tracks.insert(key, &pin.track).unwrap_or(&pin.track);
            if *first != pin.track {
                return Err(DefinitionError::PinnedTwice {
                    set: set(),
                    first: first.clone(),
                    second: pin.track.clone(),
                });
            }
        }
        Ok(())
    }

    /// Checks the names and the weights of the tracks, and that there is at most one control.
    pub(super) fn check_tracks(&self) -> Result<(), DefinitionError> {
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

    /// A named control must exist. A typed set needs a control, since `TrackSet::control` returns
    /// one; other sets may have none.
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
            (None, _) if self.typed.is_some() => Err(DefinitionError::NoControl {
                set: self.name.clone(),
            }),
            _ => Ok(()),
        }
    }

    /// Checks the settings of the set itself, and the names in its plan.
    pub(super) fn check_settings(&self) -> Result<(), DefinitionError> {
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
        if let Some(goal) = self.plan.as_ref().and_then(|plan| plan.bad_name()) {
            let goal = goal.to_owned();
            return Err(DefinitionError::GoalName { set, goal });
        }
        if let Some(goal) = self.plan.as_ref().and_then(|plan| plan.bad_window()) {
            let goal = goal.to_owned();
            return Err(DefinitionError::Window { set, goal });
        }
        if let Some(zone) = self.plan.as_ref().and_then(|plan| plan.bad_time_zone()) {
            let zone = zone.to_owned();
            return Err(DefinitionError::TimeZone { set, zone });
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

    /// Checks that the Python scheme is not given what it does not have. To ignore such a setting
    /// would assign other keys than the definition says.
    pub(super) fn check_supported(&self, bucketing: Bucketing) -> Result<(), DefinitionError> {
        if bucketing == Bucketing::V1 {
            return Ok(());
        }
        let weighted = |track: &Track| track.weight != DEFAULT_WEIGHT;
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
                bucketing: bucketing.as_str(),
            }),
        }
    }

    pub(super) fn unknown_track(&self, track: &str) -> DefinitionError {
        DefinitionError::UnknownTrack {
            set: self.name.clone(),
            track: track.to_owned(),
        }
    }
}

/// Such a salt could be the effective salt of a later phase of another set, and two sets with one
/// salt choose the same tracks for every key.
fn is_like_phase(salt: &str) -> bool {
    match salt.rsplit_once('@') {
        Some((_, digits)) => !digits.is_empty() && digits.bytes().all(|b| b.is_ascii_digit()),
        None => false,
    }
}
