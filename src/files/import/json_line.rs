//! Parses one JSON line. A file may come from anybody, so each field is checked as a name, a key or
//! a time before a row is added. A reason never quotes the line, because it may have a key.

use std::{borrow::Cow, sync::Arc};

use serde::Deserialize;
use serde_json::value::RawValue;

use crate::{
    assign::{KEY_RULE, Key, SET_RULE, is_set_name},
    event::Goal,
    store::{
        AliasRow, ConversionRow, DefinitionName, DefinitionRow, ErasedRow, ExposureRow, LossRow,
        PhaseName, PlanRow, Timestamp, TrackName, WriterRow,
        facts::{
            grammar,
            line::{
                AliasLine, ConversionLine, DefinitionLine, ErasureLine, ExposureLine, FileLine,
                Head, LossLine, PlanLine, TrackPart, VERSION, WriterLine,
            },
        },
    },
    unit::{Unit, Units},
};

use super::draft::{Draft, Reason};

/// The content of a line.
pub(super) enum Told {
    /// Facts, which are in the draft.
    Facts,
    /// The writer of the next lines, and the claim of its units.
    Writer(WriterRow, String),
    /// A line of an unknown type.
    Unknown,
}

/// The part of a serialized set that tables have in columns of their own.
#[derive(Deserialize)]
struct SetPart<'a> {
    #[serde(borrow)]
    name: Cow<'a, str>,
    phase: u32,
    #[serde(borrow)]
    unit: Cow<'a, str>,
    #[serde(borrow)]
    tracks: Vec<TrackOfSet<'a>>,
    #[serde(borrow)]
    fingerprint: Cow<'a, str>,
}

/// A track of a serialized set.
#[derive(Deserialize)]
struct TrackOfSet<'a> {
    #[serde(borrow)]
    name: Cow<'a, str>,
    control: bool,
}

/// Reads a line, and adds its facts to the draft.
pub(super) fn read(line: &[u8], draft: &mut Draft) -> Result<Told, Reason> {
    let head: Head<'_> = parse(line)?;
    if head.v != VERSION {
        return Err(format!("version {} is not known", head.v).into());
    }
    match &*head.kind {
        // It has no facts.
        "file" => drop(parse::<FileLine<'_>>(line)?),
        "writer" => return writer(&parse(line)?, draft),
        "definition" => definition(&parse(line)?, draft)?,
        "plan" => plan(&parse(line)?, draft)?,
        "exposure" => exposure(&parse(line)?, draft)?,
        "conversion" => conversion(&parse(line)?, draft)?,
        "alias" => alias(&parse(line)?, draft)?,
        "erasure" => erasure(&parse(line)?, draft)?,
        "loss" => loss(&parse(line)?, draft)?,
        _ => return Ok(Told::Unknown),
    }
    Ok(Told::Facts)
}

/// Parses a line, with an error that does not quote it.
fn parse<'a, T: Deserialize<'a>>(line: &'a [u8]) -> Result<T, Reason> {
    // The error's own text may show a key.
    serde_json::from_slice(line).map_err(|error| match error.is_data() {
        true => "a field is missing or invalid".into(),
        false => format!("invalid JSON at column {}", error.column()).into(),
    })
}

/// Reads the writer of the next lines, and the claim of its units.
fn writer(line: &WriterLine<'_>, draft: &Draft) -> Result<Told, Reason> {
    let writer = WriterRow {
        uuid: line.uuid.0,
        node: text(&line.node)?,
        started_at: draft.time(Timestamp::from_micros(line.at))?,
    };
    match Units::is_claim(&line.units) {
        true => Ok(Told::Writer(writer, line.units.clone().into_owned())),
        false => Err("its units are none".into()),
    }
}

/// Adds a definition, and lists the tracks of the set, also those without exposures.
fn definition(line: &DefinitionLine<&RawValue>, draft: &mut Draft) -> Result<(), Reason> {
    let json = line.set.get();
    let set: SetPart<'_> = parse(json.as_bytes())?;
    let first_at = draft.time(Timestamp::from_micros(line.at))?;
    let fingerprint = fingerprint(&set.fingerprint)?;
    let phase = phase(&set.name, set.phase, &set.unit)?;
    draft.check_kind(&phase)?;
    let track = |track: &TrackOfSet<'_>| track_of(&phase, &track.name, track.control);
    let tracks: Vec<TrackName> = set.tracks.iter().map(track).collect::<Result<_, _>>()?;
    for track in &tracks {
        draft.batch.track(track);
    }
    let row = DefinitionRow {
        phase: draft.batch.phase(&phase),
        fingerprint,
        json: json.into(),
        first_at,
    };
    draft.batch.definitions.push(row);
    Ok(())
}

/// Adds a plan.
fn plan(line: &PlanLine<'_, &RawValue>, draft: &mut Draft) -> Result<(), Reason> {
    let first_at = draft.time(Timestamp::from_micros(line.at))?;
    let phase = phase(&line.set, line.phase, &line.kind)?;
    draft.check_kind(&phase)?;
    let row = PlanRow {
        phase: draft.batch.phase(&phase),
        first_at,
        json: line.plan.get().into(),
    };
    draft.batch.plans.push(row);
    Ok(())
}

/// Adds an exposure, and the key of its unit.
fn exposure(line: &ExposureLine<'_>, draft: &mut Draft) -> Result<(), Reason> {
    let track = track(&line.track)?;
    let key = key(line.key.as_deref())?;
    let first_at = draft.time(Timestamp::from_micros(line.at))?;
    let unit = Unit::from_bytes(line.unit.0);
    let definition = line.definition.as_deref().map(fingerprint).transpose()?;
    let definition = definition.map(|fingerprint| DefinitionName {
        phase: track.phase.clone(),
        fingerprint,
    });
    let segment = line.segment.as_deref().map(text).transpose()?;
    // Last, since it notes the kind of a phase that is new.
    draft.check_kind(&track.phase)?;
    let row = ExposureRow {
        track: draft.batch.track(&track),
        unit,
        first_at,
        coin: line.coin,
        definition: definition.map(|definition| draft.batch.definition(&definition)),
        segment: segment.map(|segment| draft.batch.segment(&segment)),
        writer: draft.writer(),
    };
    draft.batch.exposures.push(row);
    draft.keep_key(unit, &line.track.kind, key);
    Ok(())
}

/// Adds a conversion, and the key of its unit.
fn conversion(line: &ConversionLine<'_>, draft: &mut Draft) -> Result<(), Reason> {
    let goal = goal(&line.goal)?;
    let key = key(line.key.as_deref())?;
    // What a store exports has no kind: it keeps none without a key.
    if (key.is_some() || !line.kind.is_empty()) && !is_set_name(&line.kind) {
        return Err(format!("its kind is not {SET_RULE}").into());
    }
    let at = draft.time(Timestamp::from_micros(line.at))?;
    let unit = Unit::from_bytes(line.unit.0);
    let row = ConversionRow {
        goal: draft.batch.goal(&goal),
        unit,
        idem: line.id.0,
        at,
        value: line.value,
        writer: draft.writer(),
    };
    draft.batch.conversions.push(row);
    draft.keep_key(unit, &line.kind, key);
    Ok(())
}

/// Adds an alias.
fn alias(line: &AliasLine, draft: &mut Draft) -> Result<(), Reason> {
    let row = AliasRow {
        visitor: Unit::from_bytes(line.visitor.0),
        user: Unit::from_bytes(line.user.0),
        first_at: draft.time(Timestamp::from_micros(line.at))?,
    };
    draft.batch.aliases.push(row);
    Ok(())
}

/// Adds an erasure, which deletes the facts of the unit up to its time from the store.
fn erasure(line: &ErasureLine, draft: &mut Draft) -> Result<(), Reason> {
    let at = draft.time(Timestamp::from_micros(line.at))?;
    let row = ErasedRow::new(Unit::from_bytes(line.unit.0), at);
    draft.batch.erased.push(row);
    Ok(())
}

/// Adds a loss. Its number must fit into 63 bits, which is what databases have.
fn loss(line: &LossLine<'_>, draft: &mut Draft) -> Result<(), Reason> {
    let track = line.track.as_ref().map(track).transpose()?;
    let goal = line.goal.as_deref().map(goal).transpose()?;
    // Before the track is listed: a batch writes the tracks that it lists, and a bad line must add
    // nothing.
    let (sink, reason) = (text(&line.sink)?, text(&line.reason)?);
    if i64::try_from(line.n).is_err() {
        return Err("its number is too large".into());
    }
    let row = LossRow {
        writer: draft.writer(),
        track: track.map(|track| draft.batch.track(&track)),
        goal: goal.map(|goal| draft.batch.goal(&goal)),
        sink,
        reason,
        n: line.n,
    };
    draft.batch.losses.push(row);
    Ok(())
}

/// Returns the track of a line.
fn track(part: &TrackPart<'_>) -> Result<TrackName, Reason> {
    let phase = phase(&part.set, part.phase, &part.kind)?;
    track_of(&phase, &part.track, part.control)
}

/// Returns the phase of a line, if its names are valid.
fn phase(set: &str, phase: u32, kind: &str) -> Result<PhaseName, Reason> {
    let phase = PhaseName::checked(set, phase.into(), kind);
    phase.ok_or_else(|| "its set, phase or kind is none".into())
}

/// Returns a track of a phase, if its name is valid.
fn track_of(phase: &PhaseName, track: &str, control: bool) -> Result<TrackName, Reason> {
    let track = TrackName::checked(phase, track, control);
    track.ok_or_else(|| "its track is none".into())
}

/// Returns the key of a line, if it is valid.
fn key(key: Option<&str>) -> Result<Option<&str>, Reason> {
    match key.is_none_or(|key| Key::from(key).is_valid()) {
        true => Ok(key),
        false => Err(format!("its key is not {KEY_RULE}").into()),
    }
}

/// Returns a text that every database can keep.
fn text(text: &str) -> Result<Arc<str>, Reason> {
    let reason = match text.contains('\0') {
        true => "a text has a zero byte",
        false => "a text is longer than 4 KiB",
    };
    grammar::text(text).ok_or_else(|| reason.into())
}

/// Returns the goal of a line, if its name is valid.
fn goal(name: &str) -> Result<Goal, Reason> {
    Goal::new(name).map_err(|error| error.to_string().into())
}

/// Returns the 32 bytes of 64 lower-case hexadecimal digits.
fn fingerprint(text: &str) -> Result<[u8; 32], Reason> {
    let halves = text.split_at_checked(32);
    let halves = halves
        .and_then(|(first, second)| Some([first.parse::<Unit>().ok()?, second.parse().ok()?]));
    let bytes = halves.map(|halves| halves.map(Unit::to_bytes));
    let bytes = bytes.and_then(|bytes| bytes.as_flattened().try_into().ok());
    bytes.ok_or_else(|| "its fingerprint is none".into())
}
