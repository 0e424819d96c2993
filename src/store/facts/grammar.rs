//! What names and texts of facts may be: the one check of those that come out of a store or a file.
//!
//! The invariant: a name that a store returns is one that an application could have chosen. Stores are
//! passed around, so other programs may have written their tables.
//!
//! The rules are those of the constructors: a set, kind or track name as the builders accept it, a
//! phase from 1, a text of at most 4 KiB without a zero byte, and JSON of at most 4 MiB that
//! parses. A row that breaks a rule is left out of every answer, and is counted among the invalid
//! rows.

use std::sync::Arc;

#[cfg(any(feature = "clickhouse", feature = "postgres", feature = "sqlite"))]
use serde::de::IgnoredAny;

use crate::assign::{is_set_name, is_track_name};

use super::names::{PhaseName, TrackName};

/// The maximum length in bytes of other texts: of a writer, a segment, a sink, or a reason.
const LONGEST_TEXT: usize = 4096;

/// The longest definition or plan as JSON in bytes, as of a line that is imported.
#[cfg(any(feature = "clickhouse", feature = "postgres", feature = "sqlite"))]
const LONGEST_JSON: usize = 4 * 1024 * 1024;

impl PhaseName {
    /// Returns the phase of these parts, if they are allowed.
    pub(crate) fn checked(set: &str, phase: i64, kind: &str) -> Option<Self> {
        // Databases have signed integers, and phases begin at 1.
        let phase = u32::try_from(phase).ok().filter(|phase| *phase > 0)?;
        (is_set_name(set) && is_set_name(kind)).then(|| Self {
            set: set.into(),
            phase,
            kind: kind.into(),
        })
    }
}

impl TrackName {
    /// Returns the track of a phase, if its name is allowed.
    pub(crate) fn checked(phase: &PhaseName, track: &str, control: bool) -> Option<Self> {
        // The phase was checked when it was made.
        is_track_name(track).then(|| Self {
            phase: phase.clone(),
            track: track.into(),
            control,
        })
    }
}

/// Returns a text, if every store can keep it and a person read it.
pub(crate) fn text(text: &str) -> Option<Arc<str>> {
    // PostgreSQL has no texts with a zero byte.
    (text.len() <= LONGEST_TEXT && !text.contains('\0')).then(|| text.into())
}

/// Returns a text of JSON, if it is that.
#[cfg(any(feature = "clickhouse", feature = "postgres", feature = "sqlite"))]
pub(crate) fn json(json: &str) -> Option<Arc<str>> {
    // Something else may have written it, and a report must not fail by what it cannot read.
    let is_json = json.len() <= LONGEST_JSON && serde_json::from_str::<IgnoredAny>(json).is_ok();
    is_json.then(|| json.into())
}

#[cfg(all(test, feature = "sqlite"))]
mod tests {
    use super::*;

    #[test]
    fn names_are_those_that_applications_choose() {
        let phase = PhaseName::checked("delay", 1, "visitor").unwrap();
        assert!(TrackName::checked(&phase, "-5", true).is_some());
        let hostile = [
            "",
            "=1+1",
            "a\x1b[2J",
            "a\u{202e}",
            "a\0",
            "a\n",
            &"a".repeat(65),
        ];
        for name in hostile {
            assert_eq!(PhaseName::checked(name, 1, "visitor"), None);
            assert_eq!(PhaseName::checked("delay", 1, name), None);
            assert_eq!(TrackName::checked(&phase, name, false), None);
        }
        for number in [0, -1, i64::MAX] {
            assert_eq!(PhaseName::checked("delay", number, "visitor"), None);
        }
    }

    #[test]
    fn texts_are_of_a_size() {
        assert!(text("a\x1b\n").is_some() && text(&"a".repeat(LONGEST_TEXT)).is_some());
        assert!(text("a\0").is_none() && text(&"a".repeat(LONGEST_TEXT + 1)).is_none());
        assert!(json("{\"a\": 1}\n").is_some() && json("{").is_none() && json("").is_none());
        assert!(json(&format!("\"{}\"", "a".repeat(LONGEST_JSON))).is_none());
    }
}
