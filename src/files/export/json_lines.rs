//! Facts as JSON lines, in the format that the sink writes. Rows of one writer are kept together,
//! because a line belongs to the writer of the last writer line before it.

use std::{
    borrow::Cow,
    collections::HashMap,
    io::{self, Write},
    sync::Arc,
};

use serde::Serialize;
use serde_json::value::RawValue;

use crate::store::facts::line::{
    AliasLine, ConversionLine, DefinitionLine, ErasureLine, ExposureLine, LossLine, PlanLine,
    TrackPart, VERSION, WriterLine,
};
use crate::{
    store::{
        AliasRow, Batch, ConversionRow, DefinitionRow, ErasedRow, ExposureRow, LossRow, PlanRow,
        WriterRow,
    },
    text::control,
    unit::{Unit, hex::Hex},
};

use super::{csv::fingerprint, request::Exported};

/// The kinds and keys of units.
pub(super) type Keys = HashMap<Unit, (Arc<str>, Arc<[u8]>)>;

/// Writes batches as JSON lines.
pub(super) struct LineWriter<W> {
    out: W,
    /// The claim of the store's units; without it, no writer line is written.
    units: Option<String>,
    keys: Keys,
    /// The writer of the last writer line.
    writer: Option<WriterRow>,
    exported: Exported,
}

impl<W: Write> LineWriter<W> {
    /// Returns a writer that has written nothing.
    pub(super) fn new(out: W, units: Option<String>, keys: Keys) -> Self {
        Self {
            out,
            units,
            keys,
            writer: None,
            exported: Exported::default(),
        }
    }

    /// Writes the lines of a batch. Erasures, definitions and plans come before exposures.
    pub(super) fn write(&mut self, mut batch: Batch) -> io::Result<()> {
        // Those of one writer together, so that a line that names it is rare.
        batch.exposures.sort_by_key(|row| row.writer);
        batch.conversions.sort_by_key(|row| row.writer);
        let b = &batch;
        self.exported.exposures += b.exposures.len() as u64;
        self.exported.conversions += b.conversions.len() as u64;
        self.exported.aliases += b.aliases.len() as u64;
        self.exported.erasures += b.erased.len() as u64;
        b.erased.iter().try_for_each(|row| self.erasure(row))?;
        b.definitions.iter().try_for_each(|r| self.definition(r))?;
        b.plans.iter().try_for_each(|r| self.plan(b, r))?;
        b.exposures.iter().try_for_each(|r| self.exposure(b, r))?;
        let conversions = &mut b.conversions.iter();
        conversions.try_for_each(|row| self.conversion(b, row))?;
        b.aliases.iter().try_for_each(|row| self.alias(row))?;
        b.losses.iter().try_for_each(|row| self.loss(b, row))
    }

    /// Flushes the writer, and returns the counts.
    pub(super) fn end(mut self) -> io::Result<Exported> {
        self.out.flush()?;
        Ok(self.exported)
    }

    /// Writes one line of JSON. Control characters are escaped.
    fn line(&mut self, line: &impl Serialize) -> io::Result<()> {
        let line = serde_json::to_string(line)?;
        // A terminal that shows the file obeys control characters, and JSON allows some of them
        // unescaped.
        writeln!(self.out, "{}", control::json(&line))
    }

    /// Writes the line of the writer of the next lines, unless it was written.
    fn written_by(&mut self, writer: &WriterRow) -> io::Result<()> {
        match self.units.clone() {
            Some(units) if self.writer.as_ref() != Some(writer) => {
                self.writer = Some(writer.clone());
                self.line(&WriterLine::of(writer, units))
            }
            _ => Ok(()),
        }
    }

    fn definition(&mut self, row: &DefinitionRow) -> io::Result<()> {
        let json = on_one_line(&row.json);
        let set: &RawValue = serde_json::from_str(&json)?;
        let at = row.first_at.as_micros();
        self.line(&DefinitionLine {
            v: VERSION,
            at,
            set,
        })
    }

    fn plan(&mut self, batch: &Batch, row: &PlanRow) -> io::Result<()> {
        let json = on_one_line(&row.json);
        let plan: &RawValue = serde_json::from_str(&json)?;
        let phase = &batch.phases()[row.phase as usize];
        self.line(&PlanLine {
            v: VERSION,
            set: Cow::Borrowed(&phase.set),
            phase: phase.phase,
            kind: Cow::Borrowed(&phase.kind),
            at: row.first_at.as_micros(),
            plan,
        })
    }

    fn exposure(&mut self, batch: &Batch, row: &ExposureRow) -> io::Result<()> {
        self.written_by(&batch.writers()[row.writer as usize])?;
        let key = self.key(row.unit).map(|(_, key)| key);
        let definition = row.definition.map(|index| fingerprint(batch, index));
        let segment = row.segment.map(|index| &*batch.segments()[index as usize]);
        self.line(&ExposureLine {
            v: VERSION,
            track: (&batch.tracks()[row.track as usize]).into(),
            unit: row.unit.into(),
            key: key.map(Cow::Owned),
            at: row.first_at.as_micros(),
            coin: row.coin,
            definition: definition.map(Cow::Owned),
            segment: segment.map(Cow::Borrowed),
            outcome: None,
            status: None,
            duration_us: None,
        })
    }

    fn conversion(&mut self, batch: &Batch, row: &ConversionRow) -> io::Result<()> {
        self.written_by(&batch.writers()[row.writer as usize])?;
        let (kind, key) = self.key(row.unit).unzip();
        self.line(&ConversionLine {
            v: VERSION,
            goal: batch.goals()[row.goal as usize].as_str().into(),
            kind: kind.unwrap_or_default().into(),
            unit: row.unit.into(),
            key: key.map(Cow::Owned),
            id: Hex(row.idem),
            at: row.at.as_micros(),
            value: row.value,
        })
    }

    fn alias(&mut self, row: &AliasRow) -> io::Result<()> {
        self.line(&AliasLine {
            v: VERSION,
            visitor: row.visitor.into(),
            user: row.user.into(),
            at: row.first_at.as_micros(),
        })
    }

    fn erasure(&mut self, row: &ErasedRow) -> io::Result<()> {
        self.line(&ErasureLine {
            v: VERSION,
            unit: row.unit.into(),
            at: row.at.as_micros(),
        })
    }

    fn loss(&mut self, batch: &Batch, row: &LossRow) -> io::Result<()> {
        self.written_by(&batch.writers()[row.writer as usize])?;
        let track = row.track.map(|index| &batch.tracks()[index as usize]);
        let goal = row.goal.map(|index| &batch.goals()[index as usize]);
        self.line(&LossLine {
            v: VERSION,
            sink: Cow::Borrowed(&row.sink),
            reason: Cow::Borrowed(&row.reason),
            track: track.map(TrackPart::from),
            goal: goal.map(|goal| goal.as_str().into()),
            n: row.n,
        })
    }

    /// Returns the kind and the key of a unit, where they are to be written.
    fn key(&self, unit: Unit) -> Option<(String, String)> {
        let (kind, key) = self.keys.get(&unit)?;
        Some((kind.to_string(), String::from_utf8_lossy(key).into_owned()))
    }
}

/// A line feed in JSON is a space between its parts.
fn on_one_line(json: &str) -> String {
    json.replace(['\n', '\r'], " ")
}
