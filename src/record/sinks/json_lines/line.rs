//! The lines as they are written, and read: public contract, which the documentation of
//! `JsonLines` describes. Within a version, fields may be added; existing fields keep their meaning.

use std::borrow::Cow;

use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error};

use crate::event::Unit;

/// The format in the header of a file.
pub(in crate::record) const FORMAT: &str = "tower-tracks";

/// The version of the format.
#[cfg(feature = "import")]
pub(in crate::record) const VERSION: u32 = 1;

type Text<'a> = Cow<'a, str>;

/// What every line has: what it is, and the version of the format.
#[cfg(feature = "import")]
#[derive(Deserialize)]
pub(in crate::record) struct Head<'a> {
    #[serde(rename = "type", borrow)]
    pub(in crate::record) kind: Text<'a>,
    pub(in crate::record) v: u32,
}

/// The header: the first line of a file, by which the sink recognises its own.
#[derive(Serialize, Deserialize)]
#[serde(tag = "type", rename = "file")]
pub(in crate::record) struct FileLine<'a> {
    pub(in crate::record) v: u32,
    #[serde(borrow)]
    pub(in crate::record) format: Text<'a>,
    /// When the file was begun.
    pub(in crate::record) at: i64,
}

/// The writer of the following lines.
#[derive(Serialize, Deserialize)]
#[serde(tag = "type", rename = "writer")]
pub(in crate::record) struct WriterLine<'a> {
    pub(in crate::record) v: u32,
    pub(in crate::record) uuid: Hex,
    #[serde(borrow)]
    pub(in crate::record) node: Text<'a>,
    #[serde(borrow)]
    pub(in crate::record) units: Text<'a>,
    pub(in crate::record) at: i64,
}

/// A set that is in force. `S` is the set, or its JSON as it stands.
#[derive(Serialize, Deserialize)]
#[serde(tag = "type", rename = "definition")]
pub(in crate::record) struct DefinitionLine<S> {
    pub(in crate::record) v: u32,
    pub(in crate::record) at: i64,
    pub(in crate::record) set: S,
}

/// A plan of a set that came into force. `P` is the plan, or its JSON as it stands.
#[derive(Serialize, Deserialize)]
#[serde(tag = "type", rename = "plan")]
pub(in crate::record) struct PlanLine<'a, P> {
    pub(in crate::record) v: u32,
    #[serde(borrow)]
    pub(in crate::record) set: Text<'a>,
    pub(in crate::record) phase: u32,
    #[serde(borrow)]
    pub(in crate::record) kind: Text<'a>,
    pub(in crate::record) at: i64,
    pub(in crate::record) plan: P,
}

/// What a track is known by.
#[derive(Serialize, Deserialize)]
pub(in crate::record) struct TrackPart<'a> {
    #[serde(borrow)]
    pub(in crate::record) set: Text<'a>,
    pub(in crate::record) phase: u32,
    #[serde(borrow)]
    pub(in crate::record) kind: Text<'a>,
    #[serde(borrow)]
    pub(in crate::record) track: Text<'a>,
    pub(in crate::record) control: bool,
}

/// A unit was exposed to a track.
#[derive(Serialize, Deserialize)]
#[serde(tag = "type", rename = "exposure")]
pub(in crate::record) struct ExposureLine<'a> {
    pub(in crate::record) v: u32,
    #[serde(flatten, borrow)]
    pub(in crate::record) track: TrackPart<'a>,
    pub(in crate::record) unit: Hex,
    #[serde(borrow, skip_serializing_if = "Option::is_none")]
    pub(in crate::record) key: Option<Text<'a>>,
    pub(in crate::record) at: i64,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(in crate::record) coin: Option<bool>,
    /// The fingerprint of the definition that assigned the track.
    #[serde(borrow, skip_serializing_if = "Option::is_none")]
    pub(in crate::record) definition: Option<Text<'a>>,
    #[serde(borrow, skip_serializing_if = "Option::is_none")]
    pub(in crate::record) segment: Option<Text<'a>>,
    #[serde(borrow, skip_serializing_if = "Option::is_none")]
    pub(in crate::record) outcome: Option<Text<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(in crate::record) status: Option<u16>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(in crate::record) duration_us: Option<u64>,
}

/// A unit reached a goal.
#[derive(Serialize, Deserialize)]
#[serde(tag = "type", rename = "conversion")]
pub(in crate::record) struct ConversionLine<'a> {
    pub(in crate::record) v: u32,
    #[serde(borrow)]
    pub(in crate::record) goal: Text<'a>,
    #[serde(borrow)]
    pub(in crate::record) kind: Text<'a>,
    pub(in crate::record) unit: Hex,
    #[serde(borrow, skip_serializing_if = "Option::is_none")]
    pub(in crate::record) key: Option<Text<'a>>,
    pub(in crate::record) id: Hex,
    pub(in crate::record) at: i64,
    pub(in crate::record) value: i64,
}

/// A visitor and a user were seen in one request.
#[derive(Serialize, Deserialize)]
#[serde(tag = "type", rename = "alias")]
pub(in crate::record) struct AliasLine {
    pub(in crate::record) v: u32,
    pub(in crate::record) visitor: Hex,
    pub(in crate::record) user: Hex,
    pub(in crate::record) at: i64,
}

/// How many events did not come into a sink since its writer started.
#[derive(Serialize, Deserialize)]
#[serde(tag = "type", rename = "loss")]
pub(in crate::record) struct LossLine<'a> {
    pub(in crate::record) v: u32,
    #[serde(borrow)]
    pub(in crate::record) sink: Text<'a>,
    #[serde(borrow)]
    pub(in crate::record) reason: Text<'a>,
    #[serde(flatten, borrow)]
    pub(in crate::record) track: Option<TrackPart<'a>>,
    #[serde(borrow, skip_serializing_if = "Option::is_none")]
    pub(in crate::record) goal: Option<Text<'a>>,
    pub(in crate::record) n: u64,
}

/// Sixteen bytes as 32 lower-case hexadecimal digits.
#[derive(Clone, Copy)]
pub(in crate::record) struct Hex(pub(in crate::record) [u8; 16]);

impl From<Unit> for Hex {
    fn from(unit: Unit) -> Self {
        Self(unit.to_bytes())
    }
}

impl Serialize for Hex {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(&Unit::from_bytes(self.0))
    }
}

impl<'de> Deserialize<'de> for Hex {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = <Cow<'de, str>>::deserialize(deserializer)?;
        let unit = Unit::from_text(&text);
        unit.map(Self::from)
            .ok_or_else(|| D::Error::custom("not 32 hexadecimal digits"))
    }
}
