//! The lines of facts, in version 1 of the format.

use std::borrow::Cow;

use serde::Serialize;

use crate::{
    assign::Set,
    event::{Alias, Conversion, Exposure, Outcome},
    record::{recorder::Lost, sinks::record::Record},
    store::{Timestamp, TrackName, WriterRow},
    unit::{Unit, Units, hex::Hex},
};

use crate::store::facts::line::{
    AliasLine, ConversionLine, DefinitionLine, ExposureLine, FORMAT, FileLine, LossLine, PlanLine,
    TrackPart, WriterLine,
};

/// The version of the format.
const V: u32 = 1;

/// Appends a line. A line that was read as text can be written as such.
fn push(lines: &mut Vec<u8>, line: &impl Serialize) {
    let length = lines.len();
    match serde_json::to_writer(&mut *lines, line) {
        Ok(()) => lines.push(b'\n'),
        Err(_) => lines.truncate(length),
    }
}

/// Returns the header of a file that is begun at a time.
pub(super) fn of_file(at: Timestamp) -> Vec<u8> {
    let mut line = Vec::new();
    let header = FileLine {
        v: V,
        format: FORMAT.into(),
        at: at.as_micros(),
    };
    push(&mut line, &header);
    line
}

/// Returns the line with the writer and the claim of its units.
pub(super) fn of_writer(writer: &WriterRow, units: &Units) -> Vec<u8> {
    let mut line = Vec::new();
    let WriterRow {
        uuid,
        node,
        started_at,
    } = writer;
    push(
        &mut line,
        &WriterLine {
            v: V,
            uuid: Hex(*uuid),
            node: Cow::Borrowed(node),
            units: units.claim().into(),
            at: started_at.as_micros(),
        },
    );
    line
}

/// Returns the lines of the definition and the plan of a set whose first exposure was at a time.
pub(super) fn of_set(set: &Set, at: Timestamp) -> Vec<u8> {
    let (mut lines, at) = (Vec::new(), at.as_micros());
    push(&mut lines, &DefinitionLine { v: V, at, set });
    if let Some(plan) = set.plan() {
        let line = PlanLine {
            v: V,
            set: set.name().into(),
            phase: set.phase(),
            kind: set.unit().into(),
            at,
            plan,
        };
        push(&mut lines, &line);
    }
    lines
}

/// Appends the line of a record, with its key where keys are kept. `definition` is the fingerprint of
/// an exposure's set.
pub(super) fn push_record(
    lines: &mut Vec<u8>,
    record: &Record,
    definition: Option<&str>,
    is_raw: bool,
) {
    match record {
        Record::Exposure { exposure, unit } => {
            push_exposure(lines, exposure, (*unit, definition), is_raw);
        }
        Record::Conversion {
            conversion,
            unit,
            id,
        } => push_conversion(lines, conversion, (*unit, *id), is_raw),
        Record::Alias {
            alias,
            visitor,
            user,
        } => push_alias(lines, alias, (*visitor, *user)),
    }
}

/// Appends the line of what was lost.
pub(super) fn push_loss(lines: &mut Vec<u8>, lost: &Lost) {
    push(
        lines,
        &LossLine {
            v: V,
            sink: Cow::Borrowed(&lost.sink),
            reason: lost.reason.as_str().into(),
            track: lost.track.as_ref().map(track_of),
            goal: lost.goal.as_ref().map(|goal| goal.as_str().into()),
            n: lost.n,
        },
    );
}

/// Appends the line of an exposure.
fn push_exposure(
    lines: &mut Vec<u8>,
    exposure: &Exposure,
    (unit, definition): (Unit, Option<&str>),
    is_raw: bool,
) {
    let choice = exposure.choice();
    let key = exposure.key().filter(|_| is_raw);
    push(
        lines,
        &ExposureLine {
            v: V,
            track: TrackPart {
                set: exposure.set().into(),
                phase: choice.phase().unwrap_or(1),
                kind: exposure.unit().into(),
                track: exposure.track().into(),
                control: choice.is_control(),
            },
            unit: unit.into(),
            key: key.map(|key| String::from_utf8_lossy(key.as_bytes())),
            at: Timestamp::from(exposure.at()).as_micros(),
            coin: choice.coin(),
            definition: definition.map(Cow::Borrowed),
            segment: None,
            outcome: exposure.outcome().map(|outcome| outcome.as_str().into()),
            status: exposure.outcome().and_then(status),
            duration_us: exposure.duration().map(|duration| {
                let micros = duration.as_micros();
                u64::try_from(micros).unwrap_or(u64::MAX)
            }),
        },
    );
}

/// Appends the line of a conversion.
fn push_conversion(
    lines: &mut Vec<u8>,
    conversion: &Conversion,
    (unit, id): (Unit, [u8; 16]),
    is_raw: bool,
) {
    let subject = conversion.subject();
    let key = subject.key().filter(|_| is_raw);
    push(
        lines,
        &ConversionLine {
            v: V,
            goal: conversion.goal().as_str().into(),
            kind: subject.kind().into(),
            unit: unit.into(),
            key: key.map(|key| String::from_utf8_lossy(key.as_bytes())),
            id: Hex(id),
            at: Timestamp::from(conversion.at()).as_micros(),
            value: conversion.micros(),
        },
    );
}

/// Appends the line of an alias. It has no keys, even with raw units.
fn push_alias(lines: &mut Vec<u8>, alias: &Alias, (visitor, user): (Unit, Unit)) {
    push(
        lines,
        &AliasLine {
            v: V,
            visitor: visitor.into(),
            user: user.into(),
            at: Timestamp::from(alias.at()).as_micros(),
        },
    );
}

/// Returns the fields that name a track.
fn track_of(track: &TrackName) -> TrackPart<'_> {
    TrackPart {
        set: Cow::Borrowed(&track.phase.set),
        phase: track.phase.phase,
        kind: Cow::Borrowed(&track.phase.kind),
        track: Cow::Borrowed(&track.track),
        control: track.control,
    }
}

/// Returns the status code, if the request completed.
fn status(outcome: Outcome) -> Option<u16> {
    match outcome {
        Outcome::Completed { status } => Some(status),
        _ => None,
    }
}
