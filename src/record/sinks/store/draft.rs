//! A batch of rows before it is written.

use std::collections::BTreeMap;

use serde_json::json;

use crate::{
    assign::Key,
    record::sinks::{Record, Taken},
    store::{AsideRow, Batch, RawUnitRow, Timestamp, WriterRow},
    unit::Unit,
};

use super::{
    met::{SetId, TrackId},
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
            payload: payload_of(record).into(),
        });
    }

    /// Adds the key of a unit, where it is kept.
    pub(super) fn add_key(&mut self, unit: Unit, kind: &str, key: Option<&Key<'_>>) {
        let row = |key: &Key<'_>| RawUnitRow::new(unit, kind.into(), key.as_bytes().into());
        self.batch.raw_units.extend(key.map(row));
    }
}

/// Returns a record as JSON, with units instead of keys, for a person to inspect.
fn payload_of(record: &Record) -> String {
    let payload = match record {
        Record::Exposure { exposure, unit } => json!({
            "exposure": {
                "set": exposure.set(),
                "phase": exposure.choice().phase(),
                "track": exposure.track(),
                "unit": unit.to_string(),
                "at": Timestamp::from(exposure.at()).as_micros(),
            }
        }),
        Record::Conversion {
            conversion, unit, ..
        } => json!({
            "conversion": {
                "goal": conversion.goal().as_str(),
                "unit": unit.to_string(),
                "value": conversion.micros(),
                "at": Timestamp::from(conversion.at()).as_micros(),
            }
        }),
        Record::Alias {
            alias,
            visitor,
            user,
        } => json!({
            "alias": {
                "visitor": visitor.to_string(),
                "user": user.to_string(),
                "at": Timestamp::from(alias.at()).as_micros(),
            }
        }),
    };
    payload.to_string()
}
