//! Reads a group from JSON. The rules are those of a definition that is built by code, and beyond
//! them, a given fingerprint must match. Unknown fields are ignored, so that older versions read
//! newer JSON.

use serde::{Deserialize, Deserializer, de::Error};

use crate::assign::{
    Bucketing, Fingerprint, MultiTrackSet, Plan, Set, Track,
    definition::{Control, Draft, Order},
    segment::Segments,
};

use super::StoredSets;

/// A group as it is written.
#[derive(Deserialize)]
struct GroupData {
    name: String,
    #[serde(default)]
    bucketing: BucketingData,
    sets: Vec<SetData>,
}

/// A set as it is written. What has a default may be left out.
#[derive(Deserialize)]
struct SetData {
    name: String,
    bucketing: Option<BucketingData>,
    salt: Option<String>,
    phase: Option<u32>,
    unit: Option<String>,
    weight: Option<u64>,
    share: Option<f64>,
    tracks: Vec<TrackData>,
    fingerprint: Option<String>,
    plan: Option<Plan>,
    #[serde(default)]
    formerly: Vec<String>,
    segment: Option<String>,
    #[serde(default)]
    holdout: bool,
}

/// A track as it is written. The list has every track, with control: none is added when it is read.
#[derive(Deserialize)]
struct TrackData {
    name: String,
    weight: Option<u64>,
    #[serde(default)]
    control: bool,
}

/// The scheme by its name. An unknown name is an error: its keys would get other tracks.
#[derive(Clone, Copy, Default, PartialEq)]
struct BucketingData(Bucketing);

impl<'de> Deserialize<'de> for BucketingData {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        match &*String::deserialize(deserializer)? {
            "v1" => Ok(Self(Bucketing::V1)),
            #[cfg(feature = "python")]
            "python" => Ok(Self(Bucketing::Python)),
            name => Err(D::Error::custom(format_args!(
                "the bucketing {name:?} is not known"
            ))),
        }
    }
}

impl<'de> Deserialize<'de> for StoredSets {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        GroupData::deserialize(deserializer)?.build()
    }
}

impl GroupData {
    /// Checks the data and builds the group.
    fn build<E: Error>(self) -> Result<StoredSets, E> {
        // A written set repeats the bucketing of its group. If they differ, it is not known which one
        // assigned the keys.
        let alien = |set: &&SetData| set.bucketing.is_some_and(|own| own != self.bucketing);
        if let Some(set) = self.sets.iter().find(alien) {
            return Err(E::custom(format_args!(
                "set {:?}: its bucketing is not that of its group",
                set.name
            )));
        }
        let fingerprints = self.sets.iter().map(|set| set.fingerprint.clone());
        let fingerprints: Vec<_> = fingerprints.collect();
        let group = MultiTrackSet::builder()
            .name(self.name)
            .bucketing(self.bucketing.0)
            .drafts(self.sets.into_iter().map(Draft::from))
            .build()
            .map_err(E::custom)?;
        // Only now: a fingerprint is over the defaults and the order of tracks that building gives.
        for (set, expected) in group.sets().zip(fingerprints) {
            check_fingerprint(set, expected)?;
        }
        Ok(StoredSets(group))
    }
}

/// What decides a track is what the fingerprint covers, so that a definition that was altered,
/// or that says more than is known here, is not taken for another.
fn check_fingerprint<E: Error>(set: &Set, expected: Option<String>) -> Result<(), E> {
    let found: Fingerprint = set.fingerprint();
    match expected {
        Some(expected) if expected != found.to_string() => Err(E::custom(format_args!(
            "set {:?}: its fingerprint is {found}, not the one that is given",
            set.name()
        ))),
        _ => Ok(()),
    }
}

impl From<SetData> for Draft {
    fn from(set: SetData) -> Self {
        // The tracks are in the order in which they are assigned, whatever the scheme.
        let mut draft = Draft::new(set.name, None, Order::Declared);
        draft.control = Control::Named(Vec::new());
        draft.set.former_names = set.formerly;
        draft.set.salt = set.salt;
        draft.set.phase = set.phase.unwrap_or(draft.set.phase);
        draft.set.unit = set.unit.unwrap_or(draft.set.unit);
        draft.set.weight = set.weight.unwrap_or(draft.set.weight);
        draft.set.share = set.share.unwrap_or(draft.set.share);
        draft.set.plan = set.plan;
        draft.set.segments = set.segment.map(Segments::new);
        draft.set.is_holdout = set.holdout;
        draft.set.tracks = set.tracks.into_iter().map(Track::from).collect();
        draft
    }
}

impl From<TrackData> for Track {
    fn from(data: TrackData) -> Self {
        let mut track = Track::without_value(data.name);
        track.weight = data.weight.unwrap_or(track.weight);
        track.control = data.control;
        track
    }
}
