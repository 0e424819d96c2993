//! The batch that lines are collected in. It checks what depends on more than one line: times, and
//! the kind of each phase.

use std::time::Duration;

use crate::{
    store::{Batch, Kinds, PhaseName, RawUnitRow, Timestamp, WriterRow, sentence},
    unit::Unit,
};

/// How far in the future a fact may be, by this machine's clock.
const FUTURE: Duration = Duration::from_secs(60 * 60);

/// The writer of lines without one. It is always the same, so that a second import changes nothing.
const NOBODY: [u8; 16] = *b"tracks import\0\0\0";

/// A batch that is not written yet, with the writer of the next rows.
pub(super) struct Draft {
    pub(super) batch: Batch,
    /// The writer of the next rows.
    pub(super) writer: WriterRow,
    /// The latest time of a fact that is accepted.
    latest: Timestamp,
    /// The kinds of phases, of the store and of earlier lines.
    kinds: Kinds,
}

/// The reason for which a line is bad. It has no key.
pub(super) type Reason = Box<str>;

impl Draft {
    /// Returns an empty draft. The clock is read once, so a long import has one limit for times.
    pub(super) fn new(kinds: Kinds) -> Self {
        Self {
            batch: Batch::default(),
            writer: WriterRow::new(NOBODY, Timestamp::default()).node("import"),
            latest: Timestamp::now().plus(FUTURE),
            kinds,
        }
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

    /// Keeps a key beside its unit, where there is one.
    pub(super) fn keep_key(&mut self, unit: Unit, kind: &str, key: Option<&str>) {
        let row = |key: &str| RawUnitRow::new(unit, kind.into(), key.as_bytes().into());
        self.batch.raw_units.extend(key.map(row));
    }
}
