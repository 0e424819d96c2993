//! The lines of facts, in version 1 of the format.

use std::{borrow::Cow, time::Duration};

use serde::Serialize;

use crate::{
    assign::{Key, Set},
    event::{Conversion, Exposure, Outcome},
    record::{recorder::Lost, sinks::record::Record},
    store::{
        Timestamp, WriterRow,
        facts::line::{
            AliasLine, ConversionLine, DefinitionLine, ExposureLine, FORMAT, FileLine, LossLine,
            PlanLine, TrackPart, VERSION, WriterLine,
        },
    },
    unit::{Unit, Units, hex::Hex},
};

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
        v: VERSION,
        format: FORMAT.into(),
        at: at.as_micros(),
    };
    push(&mut line, &header);
    line
}

/// Returns the line with the writer and the claim of its units.
pub(super) fn of_writer(writer: &WriterRow, units: &Units) -> Vec<u8> {
    let mut line = Vec::new();
    push(&mut line, &WriterLine::of(writer, units.claim()));
    line
}

/// Returns the lines of the definition and the plan of a set whose first exposure was at a time.
pub(super) fn of_set(set: &Set, at: Timestamp) -> Vec<u8> {
    let (mut lines, at) = (Vec::new(), at.as_micros());
    let v = VERSION;
    push(&mut lines, &DefinitionLine { v, at, set });
    if let Some(plan) = set.plan() {
        let line = PlanLine {
            v,
            set: set.name().into(),
            phase: set.phase(),
            kind: set.unit_kind().into(),
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
            let key = exposure.key().filter(|_| is_raw).map(text_of);
            let definition = definition.map(Cow::Borrowed);
            let line = ExposureLine {
                key,
                definition,
                ..exposed(exposure, *unit)
            };
            push(lines, &line);
        }
        Record::Conversion {
            conversion,
            unit,
            id,
        } => {
            let key = conversion.subject().key().filter(|_| is_raw).map(text_of);
            let line = ConversionLine {
                key,
                ..converted(conversion, *unit, *id)
            };
            push(lines, &line);
        }
        // It has no keys, even with raw units.
        Record::Alias {
            alias,
            visitor,
            user,
        } => push(
            lines,
            &AliasLine {
                v: VERSION,
                visitor: (*visitor).into(),
                user: (*user).into(),
                at: Timestamp::from(alias.at()).as_micros(),
            },
        ),
    }
}

/// Appends the line of what was lost.
pub(super) fn push_loss(lines: &mut Vec<u8>, lost: &Lost) {
    let line = LossLine {
        v: VERSION,
        sink: Cow::Borrowed(&lost.sink),
        reason: lost.reason.as_str().into(),
        track: lost.track.as_ref().map(TrackPart::from),
        goal: lost.goal.as_ref().map(|goal| goal.as_str().into()),
        n: lost.n,
    };
    push(lines, &line);
}

/// Returns the line of an exposure, without key and definition.
fn exposed(exposure: &Exposure, unit: Unit) -> ExposureLine<'_> {
    let choice = exposure.choice();
    let micros = |duration: Duration| u64::try_from(duration.as_micros()).unwrap_or(u64::MAX);
    ExposureLine {
        v: VERSION,
        track: TrackPart {
            set: exposure.set().into(),
            phase: choice.phase().unwrap_or(1),
            kind: exposure.unit_kind().into(),
            track: exposure.track().into(),
            control: choice.is_control(),
        },
        unit: unit.into(),
        key: None,
        at: Timestamp::from(exposure.at()).as_micros(),
        coin: choice.coin(),
        definition: None,
        segment: choice.segment().map(Cow::Borrowed),
        outcome: exposure.outcome().map(|outcome| outcome.as_str().into()),
        status: match exposure.outcome() {
            Some(Outcome::Completed { status }) => Some(status),
            _ => None,
        },
        duration_us: exposure.duration().map(micros),
    }
}

/// Returns the line of a conversion, without the key.
fn converted(conversion: &Conversion, unit: Unit, id: [u8; 16]) -> ConversionLine<'_> {
    ConversionLine {
        v: VERSION,
        goal: conversion.goal().as_str().into(),
        kind: conversion.subject().kind().into(),
        unit: unit.into(),
        key: None,
        id: Hex(id),
        at: Timestamp::from(conversion.at()).as_micros(),
        value: conversion.micros(),
    }
}

/// Returns a key as text.
fn text_of<'k>(key: &'k Key<'_>) -> Cow<'k, str> {
    String::from_utf8_lossy(key.as_bytes())
}
