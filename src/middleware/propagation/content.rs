//! The content of a header for the next service: JSON with short names. It is part of the contract between
//! versions of the crate; `tests/vectors/propagation.json` pins it.

use std::{collections::BTreeMap, sync::Arc};

use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error};

use crate::{
    assign::{Key, Pick, Reason, Set, Sets, is_set_name, is_track_name},
    middleware::screening::Treatment,
};

/// The digits of a fingerprint that are passed: of its first eight bytes.
const DIGITS: usize = 16;

/// Returns the beginnings of the fingerprints of the sets.
pub(crate) fn fingerprints(sets: &Sets) -> Arc<[String]> {
    let beginning = |set: &Arc<Set>| {
        let mut digits = set.fingerprint().to_string();
        digits.truncate(DIGITS);
        digits
    };
    sets.iter().map(beginning).collect()
}

/// The content of a header.
#[derive(Serialize, Deserialize)]
pub(super) struct Content {
    /// From this second since 1970 on, the header is refused.
    #[serde(rename = "e")]
    pub(super) expires: u64,
    #[serde(rename = "t", serialize_with = "write", deserialize_with = "read")]
    pub(super) treatment: Treatment,
    /// The keys by the kind of unit.
    #[serde(rename = "k")]
    pub(super) keys: BTreeMap<String, String>,
    #[serde(rename = "s")]
    pub(super) sets: Vec<PropagatedSet>,
}

/// The choice for one set.
#[derive(Clone, Serialize, Deserialize)]
pub(crate) struct PropagatedSet {
    #[serde(rename = "n")]
    pub(crate) name: String,
    #[serde(rename = "p")]
    pub(crate) phase: u32,
    #[serde(rename = "t", default, skip_serializing_if = "Option::is_none")]
    pub(crate) track: Option<String>,
    #[serde(rename = "r", serialize_with = "write", deserialize_with = "read")]
    pub(crate) reason: Reason,
    #[serde(rename = "c", default, skip_serializing_if = "Option::is_none")]
    pub(crate) coin: Option<bool>,
    /// The name of the segment.
    #[serde(rename = "g", default, skip_serializing_if = "Option::is_none")]
    pub(crate) segment: Option<String>,
    #[serde(rename = "f")]
    pub(crate) fingerprint: String,
    /// Whether the exposure was counted, or must not be.
    #[serde(rename = "d")]
    pub(crate) counted: bool,
    /// The names of the holdouts over the set.
    #[serde(rename = "h", default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) holdouts: Vec<String>,
}

impl Content {
    /// Returns whether another service of this version may have made it. The secret may also be used by
    /// other versions.
    pub(super) fn is_valid(&self) -> bool {
        let is_key = |(kind, key): (&String, &String)| {
            is_set_name(kind) && Key::from(key.as_str()).is_valid()
        };
        self.keys.iter().all(is_key) && self.sets.iter().all(PropagatedSet::is_valid)
    }
}

impl PropagatedSet {
    /// Returns whether the set was chosen for the unit, with or without a track.
    pub(super) fn is_chosen(&self) -> bool {
        use Reason::{HeldOut, OutsideShare, Paused};
        gives_track(self.reason) || matches!(self.reason, OutsideShare | HeldOut | Paused)
    }

    /// Returns the same choice in the group of this set; `None` if the set does not have the track.
    pub(super) fn pick(&self, index: usize, set: &Set) -> Option<Pick> {
        let position = |name: &String| {
            let mut tracks = set.tracks().iter();
            tracks.position(|track| track.name() == name)
        };
        let track = match &self.track {
            Some(name) => Some(position(name)?),
            None => None,
        };
        let segment = self.segment.as_deref();
        let segment = segment.and_then(|name| set.segment_number(name));
        Some(Pick::propagated(
            index,
            track,
            self.reason,
            self.coin,
            segment,
        ))
    }

    fn is_valid(&self) -> bool {
        is_set_name(&self.name)
            && self.phase > 0
            && self.track.as_deref().is_none_or(is_track_name)
            && self.track.is_some() == gives_track(self.reason)
            && self.segment.as_deref().is_none_or(is_track_name)
            && self.fingerprint.len() == DIGITS
            && self.holdouts.iter().all(|name| is_set_name(name))
    }
}

/// Returns whether a choice of this reason has a track.
fn gives_track(reason: Reason) -> bool {
    use Reason::{Bucketed, Forced, Pinned, Shipped};
    matches!(reason, Bucketed | Forced | Pinned | Shipped)
}

/// A value that is written as one word.
trait Word: Sized + Copy {
    fn word(self) -> &'static str;
    fn of(word: &str) -> Option<Self>;
}

impl Word for Reason {
    fn word(self) -> &'static str {
        self.as_str()
    }

    fn of(word: &str) -> Option<Self> {
        Self::read(word)
    }
}

impl Word for Treatment {
    fn word(self) -> &'static str {
        match self {
            Self::Counted => "counted",
            Self::Ephemeral => "ephemeral",
            Self::Excluded(reason) => reason.as_str(),
        }
    }

    fn of(word: &str) -> Option<Self> {
        use Reason::{Bot, Excluded, NoConsent, Speculative};
        match (word, Reason::read(word)) {
            ("counted", _) => Some(Self::Counted),
            ("ephemeral", _) => Some(Self::Ephemeral),
            (_, Some(reason @ (Bot | Speculative | Excluded | NoConsent))) => {
                Some(Self::Excluded(reason))
            }
            _ => None,
        }
    }
}

fn write<W: Word, S: Serializer>(word: &W, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(word.word())
}

fn read<'de, W: Word, D: Deserializer<'de>>(deserializer: D) -> Result<W, D::Error> {
    let word = String::deserialize(deserializer)?;
    W::of(&word).ok_or(D::Error::custom("an unknown word"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(json: &str, is_valid: bool) {
        let content: Result<Content, _> = serde_json::from_str(json);
        let found = content.is_ok_and(|content| content.is_valid());
        assert_eq!(found, is_valid, "{json}");
    }

    fn with_set(set: &str) -> String {
        format!(r#"{{"e":1,"t":"counted","k":{{}},"s":[{set}]}}"#)
    }

    const SET: &str = r#"{"n":"a","p":1,"t":"b","r":"bucketed","f":"0123456789abcdef","d":false}"#;

    #[test]
    fn what_a_service_writes_is_valid() {
        check(&with_set(""), true);
        check(&with_set(SET), true);
        let nothing = SET.replace(r#""t":"b","r":"bucketed""#, r#""r":"ineligible""#);
        check(&with_set(&nothing), true);
        for treatment in ["ephemeral", "bot", "speculative", "excluded", "no-consent"] {
            check(&with_set("").replace("counted", treatment), true);
        }
        // Of a later version.
        check(&with_set("").replace(r#""k":{}"#, r#""k":{},"z":0"#), true);
    }

    #[test]
    fn anything_else_is_not() {
        for (from, to) in [
            (r#""n":"a""#, r#""n":"A""#),
            (r#""p":1"#, r#""p":0"#),
            (r#""p":1"#, r#""p":-1"#),
            (r#""t":"b""#, r#""t":"b/c""#),
            (r#""t":"b","#, ""),
            ("bucketed", "paused"),
            ("bucketed", "other"),
            ("89abcdef", "89abcde"),
            (r#""d":false"#, r#""d":0"#),
            (r#""d":false"#, r#""d":false,"h":["H"]"#),
        ] {
            let set = SET.replace(from, to);
            assert_ne!(set, SET);
            check(&with_set(&set), false);
        }
        let empty = with_set("");
        for json in [
            empty.replace("counted", "paused"),
            empty.replace("{}", r#"{"user":""}"#),
            empty.replace("{}", r#"{"User":"a"}"#),
            empty.replace(r#""e":1"#, r#""e":-1"#),
            empty.replace("{}", "[]"),
            String::new(),
            "[".repeat(8000),
        ] {
            check(&json, false);
        }
    }
}
