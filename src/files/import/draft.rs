//! The batch that lines are collected in. It checks what depends on more than one line: times, and
//! the kind of each phase.

use std::{mem, sync::Arc, time::Duration};

use crate::{
    store::{
        Batch, ConversionRow, DefinitionName, ExposureRow, Kinds, PhaseName, RawUnitRow, Timestamp,
        TrackName, WriterRow, sentence,
    },
    unit::Unit,
};

/// How far in the future a fact may be, by this machine's clock.
const FUTURE: Duration = Duration::from_secs(60 * 60);

/// The writer of lines without one. It is always the same, so that a second import changes nothing.
const NOBODY: [u8; 16] = *b"tracks import\0\0\0";

/// A batch that is not written yet, with the writer of the next rows.
pub(super) struct Draft {
    pub(super) batch: Batch,
    writer: WriterRow,
    /// The latest time of a fact that is accepted.
    latest: Timestamp,
    /// The kinds of phases, of the store and of earlier lines.
    kinds: Kinds,
}

/// The data of an exposure in a line.
pub(super) struct Exposed {
    pub(super) unit: Unit,
    pub(super) first_at: Timestamp,
    pub(super) coin: Option<bool>,
    pub(super) definition: Option<DefinitionName>,
    pub(super) segment: Option<Arc<str>>,
}

/// The reason for which a line is bad. It has no key.
pub(super) type Reason = Box<str>;

impl Exposed {
    /// Returns an exposure of which no more is known.
    pub(super) fn new(unit: Unit, first_at: Timestamp) -> Self {
        Self {
            unit,
            first_at,
            coin: None,
            definition: None,
            segment: None,
        }
    }
}

impl Draft {
    /// Returns an empty draft. The clock is read once, so a long import has one limit for times.
    pub(super) fn new(kinds: Kinds) -> Self {
        Self {
            batch: Batch::default(),
            writer: WriterRow {
                uuid: NOBODY,
                node: "import".into(),
                started_at: Timestamp::default(),
            },
            latest: Timestamp::now().plus(FUTURE),
            kinds,
        }
    }

    /// Sets the writer of the next rows.
    pub(super) fn written_by(&mut self, writer: WriterRow) {
        self.writer = writer;
    }

    /// Returns the index of the writer.
    pub(super) fn writer(&mut self) -> u32 {
        self.batch.writer(&self.writer)
    }

    /// Returns the time if a fact may have it.
    pub(super) fn time(&self, at: Timestamp) -> Result<Timestamp, Reason> {
        match (Timestamp::default()..=self.latest).contains(&at) {
            true => Ok(at),
            false => Err("its time is before 1970, or more than an hour in the future".into()),
        }
    }

    /// Returns an error if a phase had another kind before.
    pub(super) fn check_kind(&mut self, phase: &PhaseName) -> Result<(), Reason> {
        let kind = self.kinds.learn(phase);
        match *kind == phase.kind {
            true => Ok(()),
            false => Err(sentence(phase, kind).into()),
        }
    }

    /// Adds an exposure.
    pub(super) fn expose(&mut self, track: &TrackName, exposed: &Exposed) -> Result<(), Reason> {
        self.check_kind(&track.phase)?;
        let definition = exposed.definition.as_ref();
        let segment = exposed.segment.as_ref();
        let row = ExposureRow {
            track: self.batch.track(track),
            unit: exposed.unit,
            first_at: exposed.first_at,
            coin: exposed.coin,
            definition: definition.map(|definition| self.batch.definition(definition)),
            segment: segment.map(|segment| self.batch.segment(segment)),
            writer: self.writer(),
        };
        self.batch.exposures.push(row);
        Ok(())
    }

    /// Adds a conversion, which is built with the index of the writer.
    pub(super) fn convert(&mut self, row: impl FnOnce(u32) -> ConversionRow) {
        let writer = self.writer();
        self.batch.conversions.push(row(writer));
    }

    /// Keeps a key beside its unit, where there is one.
    pub(super) fn keep_key(&mut self, unit: Unit, kind: &str, key: Option<&str>) {
        let row = |key: &str| RawUnitRow {
            unit,
            kind: kind.into(),
            key: key.as_bytes().into(),
        };
        self.batch.raw_units.extend(key.map(row));
    }

    /// Returns the batch, and begins another one. The writer and the kinds stay.
    pub(super) fn take(&mut self) -> Batch {
        mem::take(&mut self.batch)
    }
}
