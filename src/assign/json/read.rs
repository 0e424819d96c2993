use serde::{Deserialize, Deserializer, de::Error};

use crate::assign::{
    Bucketing, MultiTrackSet, MultiTrackSetBuilder, Track,
    definition::{Draft, Order},
};

/// A group as it is written.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct GroupData {
    name: String,
    #[serde(default)]
    bucketing: Option<String>,
    sets: Vec<SetData>,
}

/// A set as it is written. What has a default may be left out, but nothing may be added: a
/// field that is not known could be one that decides.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct SetData {
    name: String,
    #[serde(default)]
    bucketing: Option<String>,
    #[serde(default)]
    salt: Option<String>,
    #[serde(default)]
    phase: Option<u32>,
    #[serde(default)]
    unit: Option<String>,
    #[serde(default)]
    weight: Option<u64>,
    #[serde(default)]
    share: Option<f64>,
    tracks: Vec<TrackData>,
    #[serde(default)]
    fingerprint: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct TrackData {
    name: String,
    #[serde(default)]
    weight: Option<u64>,
    #[serde(default)]
    control: bool,
}

/// Reads a group as it is written, for those who recompute assignments elsewhere.
///
/// It assigns as the one that was written, but knows no eligibility and its tracks carry
/// nothing. A fingerprint that is given must be that of the definition.
impl<'de> Deserialize<'de> for MultiTrackSet {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        GroupData::deserialize(deserializer)?.build()
    }
}

impl GroupData {
    fn build<E: Error>(self) -> Result<MultiTrackSet, E> {
        let bucketing = self
            .bucketing
            .as_deref()
            .map(bucketing)
            .transpose()?
            .unwrap_or_default();
        for set in &self.sets {
            set.check_bucketing(bucketing)?;
        }
        let fingerprints: Vec<_> = self
            .sets
            .iter()
            .map(|set| set.fingerprint.clone())
            .collect();
        let drafts = self.sets.into_iter().map(Draft::from);
        let group = MultiTrackSetBuilder::new()
            .name(self.name)
            .bucketing(bucketing)
            .drafts(drafts)
            .build()
            .map_err(E::custom)?;
        for (set, expected) in group.sets().zip(fingerprints) {
            let found = set.fingerprint().to_string();
            if expected.is_some_and(|expected| expected != found) {
                let name = set.name();
                return Err(E::custom(format_args!(
                    "set {name:?}: its fingerprint is {found}, not the one that is given"
                )));
            }
        }
        Ok(group)
    }
}

impl SetData {
    fn check_bucketing<E: Error>(&self, of_group: Bucketing) -> Result<(), E> {
        match &self.bucketing {
            Some(name) if bucketing::<E>(name)? != of_group => Err(E::custom(format_args!(
                "set {:?}: its bucketing is {name:?}, and that of its group {:?}",
                self.name,
                of_group.name()
            ))),
            _ => Ok(()),
        }
    }
}

impl From<SetData> for Draft {
    fn from(set: SetData) -> Self {
        // The tracks are in the order in which they are assigned, whatever the scheme.
        let mut draft = Draft::without_values(set.name, Order::Declared);
        draft.salt = set.salt;
        draft.phase = set.phase.unwrap_or(draft.phase);
        draft.unit = set.unit.unwrap_or(draft.unit);
        draft.weight = set.weight.unwrap_or(draft.weight);
        draft.share = set.share.unwrap_or(draft.share);
        draft.tracks = set.tracks.into_iter().map(Track::from).collect();
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

fn bucketing<E: Error>(name: &str) -> Result<Bucketing, E> {
    match name {
        "v1" => Ok(Bucketing::V1),
        #[cfg(feature = "python")]
        "python" => Ok(Bucketing::Python),
        _ => Err(E::custom(format_args!(
            "the bucketing {name:?} is not known"
        ))),
    }
}
