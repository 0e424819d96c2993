//! The lines as they are written, and read: public contract, which the documentation of
//! `JsonLines` describes. Within a version, fields may be added; existing fields keep their meaning.
//!
//! A file begins with its header. A line of a fact belongs to the writer of the last writer line
//! before it:
//!
//! ```json
//! {"type":"file","v":1,"format":"tower-tracks","at":1773221213000000}
//! {"type":"writer","v":1,"uuid":"…","node":"web-1","units":"…","at":1773221213000000}
//! {"type":"exposure","v":1,"set":"delay","phase":1,"kind":"visitor","track":"long",
//!  "control":false,"unit":"…","at":1773221214000000}
//! {"type":"conversion","v":1,"goal":"bought","kind":"visitor","unit":"…","id":"…",
//!  "at":1773221299000000,"value":2500000}
//! {"type":"alias","v":1,"visitor":"…","user":"…","at":1773221298000000}
//! {"type":"erasure","v":1,"unit":"…","at":1773221300000000}
//! {"type":"loss","v":1,"sink":"store","reason":"queue-full","goal":"bought","n":12}
//! ```
//!
//! Each is one line in a file. Times are microseconds since 1970, values are millionths, and units,
//! ids and `uuid` are 32 lower-case hexadecimal digits.

use std::borrow::Cow;

use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error};

use super::{TrackName, WriterRow};
use crate::unit::{
    Unit,
    hex::{self, Hex},
};

/// The format in the header of a file.
#[cfg(feature = "record")]
pub(crate) const FORMAT: &str = "tower-tracks";

/// The version of the format.
pub(crate) const VERSION: u32 = 1;

type Text<'a> = Cow<'a, str>;

/// What every line has: what it is, and the version of the format.
///
/// It is read before the rest of a line, so that a line of a later version or of an unknown type is
/// recognised.
#[derive(Deserialize)]
pub(crate) struct Head<'a> {
    #[serde(rename = "type", borrow)]
    pub(crate) kind: Text<'a>,
    pub(crate) v: u32,
}

/// The header: the first line of a file, by which the sink recognises its own.
///
/// It has no facts. Several files can be joined, so it may occur on any line.
#[derive(Serialize, Deserialize)]
#[serde(tag = "type", rename = "file")]
pub(crate) struct FileLine<'a> {
    pub(crate) v: u32,
    #[serde(borrow)]
    pub(crate) format: Text<'a>,
    /// When the file was begun.
    pub(crate) at: i64,
}

/// The writer of the following lines.
///
/// It also has the claim of the units, so that an import cannot mix the units of two secrets.
#[derive(Serialize, Deserialize)]
#[serde(tag = "type", rename = "writer")]
pub(crate) struct WriterLine<'a> {
    pub(crate) v: u32,
    pub(crate) uuid: Hex,
    #[serde(borrow)]
    pub(crate) node: Text<'a>,
    #[serde(borrow)]
    pub(crate) units: Text<'a>,
    /// When the writer started.
    pub(crate) at: i64,
}

/// A set that is in force. `S` is the set, or its JSON as it stands.
#[derive(Serialize, Deserialize)]
#[serde(tag = "type", rename = "definition")]
pub(crate) struct DefinitionLine<S> {
    pub(crate) v: u32,
    pub(crate) at: i64,
    pub(crate) set: S,
}

/// A plan of a set that came into force. `P` is the plan, or its JSON as it stands.
#[derive(Serialize, Deserialize)]
#[serde(tag = "type", rename = "plan")]
pub(crate) struct PlanLine<'a, P> {
    pub(crate) v: u32,
    #[serde(borrow)]
    pub(crate) set: Text<'a>,
    pub(crate) phase: u32,
    #[serde(borrow)]
    pub(crate) kind: Text<'a>,
    pub(crate) at: i64,
    pub(crate) plan: P,
}

/// What a track is known by.
///
/// Its fields stand in the line itself, not in an object of their own.
#[derive(Serialize, Deserialize)]
pub(crate) struct TrackPart<'a> {
    #[serde(borrow)]
    pub(crate) set: Text<'a>,
    pub(crate) phase: u32,
    #[serde(borrow)]
    pub(crate) kind: Text<'a>,
    #[serde(borrow)]
    pub(crate) track: Text<'a>,
    pub(crate) control: bool,
}

/// A unit was exposed to a track.
///
/// The outcome, the status and the duration are for people and other programs. An import ignores
/// them: they are those of one request, and a store has sums over all.
#[derive(Serialize, Deserialize)]
#[serde(tag = "type", rename = "exposure")]
pub(crate) struct ExposureLine<'a> {
    pub(crate) v: u32,
    #[serde(flatten, borrow)]
    pub(crate) track: TrackPart<'a>,
    pub(crate) unit: Hex,
    #[serde(borrow, skip_serializing_if = "Option::is_none")]
    pub(crate) key: Option<Text<'a>>,
    pub(crate) at: i64,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) coin: Option<bool>,
    /// The fingerprint of the definition that assigned the track.
    #[serde(borrow, skip_serializing_if = "Option::is_none")]
    pub(crate) definition: Option<Text<'a>>,
    #[serde(borrow, skip_serializing_if = "Option::is_none")]
    pub(crate) segment: Option<Text<'a>>,
    #[serde(borrow, skip_serializing_if = "Option::is_none")]
    pub(crate) outcome: Option<Text<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) status: Option<u16>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) duration_us: Option<u64>,
}

/// A unit reached a goal.
///
/// The kind may be empty, because a store does not know the kind of a unit without its key.
#[derive(Serialize, Deserialize)]
#[serde(tag = "type", rename = "conversion")]
pub(crate) struct ConversionLine<'a> {
    pub(crate) v: u32,
    #[serde(borrow)]
    pub(crate) goal: Text<'a>,
    #[serde(borrow)]
    pub(crate) kind: Text<'a>,
    pub(crate) unit: Hex,
    #[serde(borrow, skip_serializing_if = "Option::is_none")]
    pub(crate) key: Option<Text<'a>>,
    pub(crate) id: Hex,
    pub(crate) at: i64,
    pub(crate) value: i64,
}

/// A visitor and a user were seen in one request.
#[derive(Serialize, Deserialize)]
#[serde(tag = "type", rename = "alias")]
pub(crate) struct AliasLine {
    pub(crate) v: u32,
    pub(crate) visitor: Hex,
    pub(crate) user: Hex,
    pub(crate) at: i64,
}

/// A unit was erased: its facts up to this time do not count. No recorder writes it.
#[cfg(feature = "files")]
#[derive(Serialize, Deserialize)]
#[serde(tag = "type", rename = "erasure")]
pub(crate) struct ErasureLine {
    pub(crate) v: u32,
    pub(crate) unit: Hex,
    pub(crate) at: i64,
}

/// How many events did not come into a sink since its writer started.
#[derive(Serialize, Deserialize)]
#[serde(tag = "type", rename = "loss")]
pub(crate) struct LossLine<'a> {
    pub(crate) v: u32,
    #[serde(borrow)]
    pub(crate) sink: Text<'a>,
    #[serde(borrow)]
    pub(crate) reason: Text<'a>,
    #[serde(flatten, borrow)]
    pub(crate) track: Option<TrackPart<'a>>,
    #[serde(borrow, skip_serializing_if = "Option::is_none")]
    pub(crate) goal: Option<Text<'a>>,
    pub(crate) n: u64,
}

impl<'a> WriterLine<'a> {
    /// Returns the line of a writer whose units have this claim.
    pub(crate) fn of(writer: &'a WriterRow, units: String) -> Self {
        Self {
            v: VERSION,
            uuid: Hex(writer.uuid),
            node: Cow::Borrowed(&writer.node),
            units: units.into(),
            at: writer.started_at.as_micros(),
        }
    }
}

impl<'a> From<&'a TrackName> for TrackPart<'a> {
    fn from(track: &'a TrackName) -> Self {
        Self {
            set: Cow::Borrowed(&track.phase.set),
            phase: track.phase.phase,
            kind: Cow::Borrowed(&track.phase.kind),
            track: Cow::Borrowed(&track.track),
            control: track.control,
        }
    }
}

impl From<Unit> for Hex {
    fn from(unit: Unit) -> Self {
        Self(unit.to_bytes())
    }
}

impl Serialize for Hex {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Hex {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        // Not as a borrowed text, which a text with an escape cannot be.
        let text = <Cow<'de, str>>::deserialize(deserializer)?;
        let bytes = hex::read(&text).map(Self);
        bytes.ok_or_else(|| D::Error::custom("not 32 hexadecimal digits"))
    }
}
