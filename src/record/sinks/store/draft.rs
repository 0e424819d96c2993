//! A batch of rows before it is written.

use std::collections::BTreeMap;

use crate::{
    record::sinks::{record::Record, sink::Taken},
    store::{AsideRow, Batch, RawUnitRow, Timestamp, WriterRow},
    unit::Unit,
};

use super::{
    met::{SetId, TrackId},
    payload,
    sums::Request,
};

/// A batch, with the data that the sink remembers once the batch is written.
#[derive(Default)]
pub(super) struct Draft {
    pub(super) batch: Batch,
    pub(super) writer: u32,
    pub(super) now: Timestamp,
    pub(super) taken: Taken,
    /// The sets that are not in the store yet, with their earliest exposures in this batch.
    pub(super) sets: BTreeMap<SetId, Timestamp>,
    pub(super) exposed: Vec<((TrackId, Unit), Timestamp)>,
    pub(super) aliased: Vec<((Unit, Unit), Timestamp)>,
    pub(super) requests: Vec<Request>,
}

impl Draft {
    /// Returns an empty batch of this writer.
    pub(super) fn new(writer: Option<&WriterRow>) -> Self {
        let mut batch = Batch::default();
        let writer = writer.map(|writer| batch.writer(writer));
        Self {
            batch,
            writer: writer.unwrap_or_default(),
            now: Timestamp::now(),
            ..Self::default()
        }
    }

    /// Adds a record that cannot be written, with the reason.
    pub(super) fn set_aside(&mut self, record: &Record, reason: &str) {
        self.batch.aside.push(AsideRow {
            at: self.now,
            reason: reason.into(),
            payload: payload::of(record).into(),
        });
    }

    /// Adds the key of a raw unit.
    pub(super) fn add_key(&mut self, unit: Unit, kind: &str, key: &[u8]) {
        self.batch.raw_units.push(RawUnitRow {
            unit,
            kind: kind.into(),
            key: key.into(),
        });
    }
}
