//! Stored definitions, as sets that can be recomputed.

use std::{collections::BTreeMap, sync::Arc};

use serde_json::{Value, json};

use crate::{
    assign::{Set, StoredSets},
    store::{Definition, Phase},
};

/// The set and the number of a phase.
pub(super) type PhaseKey = (Arc<str>, u32);

/// A definition that can be recomputed for every key, regardless of its share and its weight.
///
/// Both may change within a phase. The words of the digest, and so track and coin, do not depend on
/// them, so they are set to 1 for the computation and kept beside it.
#[derive(Debug)]
pub(super) struct Replay {
    sets: StoredSets,
    /// The weight of the set in its group.
    pub(super) weight: u64,
    /// The share of the units that take part in the set.
    pub(super) share: f64,
}

/// The definitions of a phase, the earliest first, or the reason why they cannot be recomputed.
pub(super) type Replays = Result<Vec<Replay>, String>;

impl Replay {
    /// Returns the definition of a set of the application, by its JSON.
    pub(super) fn of_set(set: &Set) -> Result<Self, String> {
        let json = serde_json::to_value(set).map_err(|error| error.to_string())?;
        Self::of_json(json)
    }

    /// Reads a stored definition, and checks that its fingerprint is the one under which it is
    /// stored.
    fn of_definition(definition: &Definition) -> Result<Self, String> {
        let json = serde_json::from_str(&definition.json);
        let replay = Self::of_json(json.map_err(|error| error.to_string())?)?;
        // Weight and share are no part of a fingerprint, so it can still be compared after
        // `of_json` has set both to 1.
        match *replay.set()?.fingerprint().as_bytes() == definition.fingerprint {
            true => Ok(replay),
            false => Err("its fingerprint is not the one under which it is stored".to_owned()),
        }
    }

    /// Makes a group of the set alone, with weight 1 and share 1, so that every key gets a track.
    fn of_json(mut set: Value) -> Result<Self, String> {
        let weight = set["weight"].as_u64().unwrap_or(1);
        let share = set["share"].as_f64().unwrap_or(1.0);
        let part = set.as_object_mut().ok_or("it is no object of JSON")?;
        part.insert("weight".to_owned(), json!(1));
        part.insert("share".to_owned(), json!(1.0));
        let group = json!({
            "name": set["name"],
            "bucketing": set.get("bucketing").unwrap_or(&json!("v1")),
            "sets": [set],
        });
        let sets = serde_json::from_value(group).map_err(|error| error.to_string())?;
        Ok(Self {
            sets,
            weight,
            share,
        })
    }

    /// Returns the set, with the weight 1 and the share 1.
    pub(super) fn set(&self) -> Result<&Set, String> {
        let set = self.sets.sets().next();
        set.ok_or_else(|| "it has no set".to_owned())
    }

    /// Returns the choice for a key that takes part in the set and is eligible.
    pub(super) fn assign(&self, key: &str) -> crate::assign::Choice<'_> {
        self.sets.assign(key, |_| true)
    }
}

/// Returns the definitions of all phases.
pub(super) fn of_phases(phases: &[Phase]) -> BTreeMap<PhaseKey, Replays> {
    let replays = |phase: &Phase| match &phase.definitions[..] {
        [] => Err("no definition is stored".to_owned()),
        definitions => definitions.iter().map(Replay::of_definition).collect(),
    };
    let key = |phase: &Phase| (Arc::clone(&phase.name.set), phase.name.phase);
    phases
        .iter()
        .map(|phase| (key(phase), replays(phase)))
        .collect()
}
