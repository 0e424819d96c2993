//! The rules of a definition. An error names the set, the value and the rule.

use std::{
    collections::{HashMap, HashSet},
    ops::RangeInclusive,
};

use crate::assign::{Bucketing, DefinitionError, Set, Track, name, track::DEFAULT_WEIGHT};

use super::draft::{Control, Draft, Pinned};

/// Weights that a sum of 10,000 of them cannot overflow, and that a double holds exactly.
const WEIGHTS: RangeInclusive<u64> = 0..=1 << 32;

impl Draft {
    /// Errors do not show keys, which may name persons.
    pub(super) fn check_pins(&self) -> Result<(), DefinitionError> {
        let set = || self.set.name.clone();
        let mut tracks = HashMap::new();
        for (number, (track, who)) in (1..).zip(&self.pins) {
            if self.index_of(track).is_none() {
                return Err(self.unknown_track(track));
            }
            let Pinned::Key(key) = who else {
                continue;
            };
            if !key.is_valid() {
                return Err(DefinitionError::PinnedKey { set: set(), number });
            }
            // A pin may be repeated, for instance where two lists of testers overlap. Only two tracks for
            // one key contradict each other.
            let first = tracks.insert(key, track).unwrap_or(track);
            if first != track {
                return Err(DefinitionError::PinnedTwice {
                    set: set(),
                    first: first.clone(),
                    second: track.clone(),
                });
            }
        }
        Ok(())
    }

    /// Checks the names and the weights of the tracks, and that there is at most one control.
    pub(super) fn check_tracks(&self) -> Result<(), DefinitionError> {
        let set = || self.set.name.clone();
        let mut names = HashSet::new();
        for Track { name, weight, .. } in &self.set.tracks {
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
        if self.set.tracks.is_empty() {
            return Err(DefinitionError::NoTracks { set: set() });
        }
        // Otherwise no track could be drawn: the sum of the weights would be 0.
        if self.set.tracks.iter().all(|track| track.weight == 0) {
            return Err(DefinitionError::NoTrackWeight { set: set() });
        }
        self.check_control()
    }

    /// A named control must exist. A typed set needs a control, since `TrackSet::control` returns
    /// one; other sets may have none.
    fn check_control(&self) -> Result<(), DefinitionError> {
        if let Control::Named(names) = &self.control
            && let Some(unknown) = names.iter().find(|name| self.index_of(name).is_none())
        {
            return Err(self.unknown_track(unknown));
        }
        let mut controls = self.set.tracks.iter().filter(|track| track.control);
        match (controls.next(), controls.next()) {
            (Some(first), Some(second)) => Err(DefinitionError::TwoControls {
                set: self.set.name.clone(),
                first: first.name.to_string(),
                second: second.name.to_string(),
            }),
            (None, _) if self.set.typed.is_some() => Err(DefinitionError::NoControl {
                set: self.set.name.clone(),
            }),
            _ => Ok(()),
        }
    }

    /// Checks the settings of the set itself, and its plan.
    pub(super) fn check_settings(&self) -> Result<(), DefinitionError> {
        let Set { weight, share, .. } = self.set;
        let set = self.set.name.clone();
        if !name::is_set_name(&set) {
            return Err(DefinitionError::SetName { set });
        }
        self.check_former_names()?;
        if !name::is_set_name(&self.set.unit) {
            let unit = self.set.unit.clone();
            return Err(DefinitionError::UnitName { set, unit });
        }
        if let Some(segment) = self.set.segment()
            && !name::is_set_name(segment)
        {
            let segment = segment.to_owned();
            return Err(DefinitionError::SegmentName { set, segment });
        }
        if !WEIGHTS.contains(&weight) {
            return Err(DefinitionError::Weight { set, weight });
        }
        // As a negation, so that it refuses `NaN` as well.
        if !(0.0..=1.0).contains(&share) {
            return Err(DefinitionError::Share { set, share });
        }
        if let Some(plan) = &self.set.plan {
            plan.check(&set)?;
        }
        if self.set.phase == 0 {
            return Err(DefinitionError::PhaseZero { set });
        }
        match &self.set.salt {
            Some(salt) if is_like_phase(salt) => {
                let salt = salt.clone();
                Err(DefinitionError::SaltLikePhase { set, salt })
            }
            _ => Ok(()),
        }
    }

    /// Checks the former names by themselves; [`check_distinct`](crate::assign::check_distinct) compares them
    /// with those of other sets.
    fn check_former_names(&self) -> Result<(), DefinitionError> {
        let mut known = HashSet::new();
        for former in &self.set.former_names {
            let (set, former) = (self.set.name.clone(), former.clone());
            if !name::is_set_name(&former) {
                return Err(DefinitionError::FormerName { set, former });
            }
            if former == set {
                return Err(DefinitionError::FormerNameIsName { set });
            }
            if !known.insert(former.clone()) {
                let other = set.clone();
                return Err(DefinitionError::DuplicateFormerName { set, other, former });
            }
        }
        Ok(())
    }

    /// Checks that the Python scheme is not given what it does not have. To ignore such a setting
    /// would assign other keys than the definition says.
    pub(super) fn check_supported(&self) -> Result<(), DefinitionError> {
        let set = &self.set;
        if set.bucketing == Bucketing::V1 {
            return Ok(());
        }
        let weighted = |track: &Track| track.weight != DEFAULT_WEIGHT;
        let unsupported = [
            (set.share != 1.0, "share"),
            (set.phase != 1, "phase"),
            (set.tracks.iter().any(weighted), "weights of tracks"),
        ];
        match unsupported.into_iter().find(|(used, _)| *used) {
            None => Ok(()),
            Some((_, setting)) => Err(DefinitionError::Unsupported {
                set: set.name.clone(),
                setting,
                bucketing: set.bucketing.as_str(),
            }),
        }
    }

    pub(super) fn unknown_track(&self, track: &str) -> DefinitionError {
        DefinitionError::UnknownTrack {
            set: self.set.name.clone(),
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
