//! Writes a group as JSON, with all that decides a track. The fields are always in the same order,
//! so that equal definitions are equal texts.

use serde::{Serialize, Serializer, ser::SerializeStruct};

use crate::assign::{Bucketing, Fingerprint, MultiTrackSet, Reason, Set};

impl<C: 'static> Serialize for MultiTrackSet<C> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let sets: Vec<&Set> = self.sets().collect();
        let mut group = serializer.serialize_struct("MultiTrackSet", 3)?;
        group.serialize_field("name", self.name())?;
        group.serialize_field("bucketing", &self.bucketing())?;
        group.serialize_field("sets", &sets)?;
        group.end()
    }
}

impl Serialize for Set {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        // The number must be exact for formats that write it in front of the fields.
        let is_renamed = !self.former_names().is_empty();
        let optional = [
            self.plan().is_some(),
            is_renamed,
            self.segment().is_some(),
            self.is_holdout(),
        ];
        let optional: usize = optional.into_iter().map(usize::from).sum();
        let mut set = serializer.serialize_struct("Set", 9 + optional)?;
        set.serialize_field("name", self.name())?;
        set.serialize_field("bucketing", &self.bucketing())?;
        set.serialize_field("salt", self.salt())?;
        set.serialize_field("phase", &self.phase())?;
        set.serialize_field("unit", self.unit_kind())?;
        set.serialize_field("weight", &self.weight())?;
        set.serialize_field("share", &self.share())?;
        set.serialize_field("tracks", self.tracks())?;
        set.serialize_field("fingerprint", &self.fingerprint())?;
        if let Some(plan) = self.plan() {
            set.serialize_field("plan", plan)?;
        }
        if is_renamed {
            set.serialize_field("formerly", self.former_names())?;
        }
        if let Some(segment) = self.segment() {
            set.serialize_field("segment", segment)?;
        }
        if self.is_holdout() {
            set.serialize_field("holdout", &true)?;
        }
        set.end()
    }
}

/// Writes the reason as it is recorded, such as `bucketed`.
impl Serialize for Reason {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

impl Serialize for Bucketing {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

impl Serialize for Fingerprint {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}
