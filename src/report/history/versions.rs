//! The code of a set over time, as far as a store and a log of changes know it.

use serde_json::Value;

use crate::{
    assign::StoredSets,
    control::{Act, Change, Code, alone},
    store::{Phase, Timestamp},
};

/// The definitions of a phase, each since its time, the earliest first.
///
/// A store keeps one definition for each fingerprint, which does not cover the share. So a deploy with
/// another share is only known from the changes: each share or ramp names the share in code that it
/// replaced.
pub(super) struct Versions(Vec<Version>);

struct Version {
    since: Timestamp,
    json: Value,
    sets: StoredSets,
}

impl Versions {
    /// Reads the definitions of a phase, and the shares in code that its changes name.
    pub(super) fn of(phase: &Phase, changes: &[Change]) -> Self {
        let read = phase.definitions.iter().filter_map(|definition| {
            let json = under_name(&phase.name.set, &definition.json)?;
            Version::new(definition.first_at, json)
        });
        let mut versions = Self(read.collect());
        let mut made: Vec<&Change> = changes.iter().collect();
        made.sort_by_key(|change| (change.at, change.number));
        for change in made {
            versions.note(change);
        }
        versions
    }

    /// Returns the code at a time: before the first definition, that one. It is `None` if no definition can
    /// be read.
    pub(super) fn at(&self, time: Timestamp) -> Option<Code<'_>> {
        let set = self.version(time)?.sets.sets().next()?;
        // Definitions have no groups, so each set counts as alone.
        Some(Code::new(set, true))
    }

    /// Returns the times from which the code is another.
    pub(super) fn times(&self) -> impl Iterator<Item = Timestamp> {
        self.0.iter().map(|version| version.since)
    }

    fn version(&self, time: Timestamp) -> Option<&Version> {
        let begun = self.0.partition_point(|version| version.since <= time);
        self.0.get(begun.saturating_sub(1))
    }

    /// Adds a version if a change names another share in code than the one that is known for its time.
    fn note(&mut self, change: &Change) {
        let (Act::Share { over, .. } | Act::Ramp { over, .. }) = change.act else {
            return;
        };
        let known = self.at(change.at).map(|code| code.set().share());
        if known.is_none_or(|known| known == over) {
            return;
        }
        let mut json = self.version(change.at).map(|version| version.json.clone());
        if let Some(json) = &mut json {
            json["share"] = over.into();
        }
        // An invalid share makes no version, so its change stays without effect.
        let version = json.and_then(|json| Version::new(change.at, json));
        self.0.extend(version);
        self.0.sort_by_key(|version| version.since);
    }
}

/// Reads a definition as that of the present name of its set: its changes have this name, too.
fn under_name(name: &str, json: &str) -> Option<Value> {
    let mut json: Value = serde_json::from_str(json).ok()?;
    let fields = json.as_object_mut()?;
    fields.insert("name".to_owned(), name.into());
    // It is of the salt, which the former name may be.
    fields.remove("fingerprint");
    fields.remove("formerly");
    Some(json)
}

impl Version {
    fn new(since: Timestamp, json: Value) -> Option<Self> {
        let sets = alone(&json.to_string(), None).ok()?;
        Some(Self { since, json, sets })
    }
}
