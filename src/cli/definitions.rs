//! Stored definitions, as sets that can be recomputed.

use std::{collections::BTreeMap, sync::Arc};

use serde_json::{Value, json};

use crate::{
    assign::{Set, StoredSets},
    control::{Change, Code},
    store::{Definition, Phase, Timestamp},
};

use super::in_force::InForce;

/// The set and the number of a phase.
pub(super) type PhaseKey = (Arc<str>, u32);

/// A definition that can be recomputed for every key, regardless of its share and its weight.
///
/// Both may change within a phase. The words of the digest, and so track and coin, do not depend on
/// them, so they are set to 1 for the computation and kept beside it.
#[derive(Debug)]
pub(super) struct Replay {
    sets: StoredSets,
    /// The JSON of the set, with its own weight and share.
    json: Value,
    /// Whether the set is the only one of its group. Stored definitions say nothing of groups.
    is_alone: bool,
    /// The weight of the set in its group.
    pub(super) weight: u64,
    /// The share of the units that take part in the set.
    pub(super) share: f64,
}

/// A set as changes need it.
#[derive(Debug)]
pub(super) struct InCode {
    sets: StoredSets,
    is_alone: bool,
}

impl InCode {
    /// Returns the change in force at a moment.
    pub(super) fn in_force(&self, changes: &[Change], at: Timestamp) -> Option<InForce> {
        let set = self.sets.sets().next()?;
        InForce::of(Code::new(set, self.is_alone), changes, at)
    }
}

/// Makes a group of a set alone.
fn group_of(set: Value) -> Result<StoredSets, String> {
    let group = json!({
        "name": set["name"],
        "bucketing": set.get("bucketing").unwrap_or(&json!("v1")),
        "sets": [set],
    });
    serde_json::from_value(group).map_err(|error| error.to_string())
}

/// The definitions of a phase, the earliest first, or the reason why they cannot be recomputed.
pub(super) type Replays = Result<Vec<Replay>, String>;

impl Replay {
    /// Returns the definition of a set of the application, by its JSON.
    pub(super) fn of_set(set: &Set, is_alone: bool) -> Result<Self, String> {
        let json = serde_json::to_value(set).map_err(|error| error.to_string())?;
        Ok(Self::of_json(json)?.in_group(is_alone))
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

    /// Returns the definition as one of a set that is alone in its group, or is not.
    pub(super) fn in_group(self, is_alone: bool) -> Self {
        Self { is_alone, ..self }
    }

    /// Returns the latest definition of a phase.
    pub(super) fn latest(phase: &Phase) -> Result<Self, String> {
        let mut definitions = replays(phase)?;
        definitions.pop().ok_or_else(none_stored)
    }

    /// Makes a group of the set alone, with weight 1 and share 1, so that every key gets a track.
    fn of_json(json: Value) -> Result<Self, String> {
        let mut set = json.clone();
        let weight = set["weight"].as_u64().unwrap_or(1);
        let share = set["share"].as_f64().unwrap_or(1.0);
        let part = set.as_object_mut().ok_or("it is no object of JSON")?;
        part.insert("weight".to_owned(), json!(1));
        part.insert("share".to_owned(), json!(1.0));
        Ok(Self {
            sets: group_of(set)?,
            json,
            is_alone: true,
            weight,
            share,
        })
    }

    /// Returns the set as a program with this share has it, for its changes.
    pub(super) fn in_code(&self, share: f64) -> Result<InCode, String> {
        let mut set = self.json.clone();
        set["share"] = json!(share);
        Ok(InCode {
            sets: group_of(set)?,
            is_alone: self.is_alone,
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
    let key = |phase: &Phase| (Arc::clone(&phase.name.set), phase.name.phase);
    phases
        .iter()
        .map(|phase| (key(phase), replays(phase)))
        .collect()
}

/// Returns the definitions of a phase.
pub(super) fn replays(phase: &Phase) -> Replays {
    match &phase.definitions[..] {
        [] => Err(none_stored()),
        definitions => definitions.iter().map(Replay::of_definition).collect(),
    }
}

fn none_stored() -> String {
    "no definition is stored".to_owned()
}
