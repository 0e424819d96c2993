use std::path::Path;

use rusqlite::{Connection, params};
use tower_tracks::store::{Batch, Sqlite};

/// What one would write by hand: the same tables and batches, and nothing is sorted or counted.
pub(super) struct Bare(Connection);

const EXPOSURE: &str = "INSERT INTO exposure (phase_id, unit, track_id, first_at, coin, writer_id, \
        definition_id) \
    VALUES (1, ?1, ?2, ?3, ?4, 1, 1) ON CONFLICT DO NOTHING";

const CONVERSION: &str = "INSERT INTO conversion (goal_id, unit, idem, at, value, writer_id) \
    VALUES (1, ?1, ?2, ?3, ?4, 1) ON CONFLICT DO NOTHING";

impl Bare {
    pub(super) fn open(path: &Path) -> Self {
        drop(Sqlite::open(path).unwrap());
        let connection = Connection::open(path).unwrap();
        connection
            .pragma_update(None, "synchronous", "NORMAL")
            .unwrap();
        Self(connection)
    }

    pub(super) fn write(&mut self, batch: &Batch) {
        let transaction = self.0.transaction().unwrap();
        let mut exposure = transaction.prepare(EXPOSURE).unwrap();
        for row in &batch.exposures {
            let (unit, at) = (row.unit.to_bytes(), row.first_at.as_micros());
            exposure
                .execute(params![unit, row.track, at, row.coin])
                .unwrap();
        }
        let mut conversion = transaction.prepare(CONVERSION).unwrap();
        for row in &batch.conversions {
            let (unit, at) = (row.unit.to_bytes(), row.at.as_micros());
            conversion
                .execute(params![unit, row.idem, at, row.value])
                .unwrap();
        }
        drop((exposure, conversion));
        transaction.commit().unwrap();
    }
}
