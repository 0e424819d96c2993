//! First exposures: of each unit and track, the one with the smallest rank stays. The rank does not
//! use ids, so that every store keeps the same row.
//!
//! Rows are compared by first time and coin, then by fingerprint and name of the segment. A missing
//! coin is compared as −1, and a missing definition or segment comes last.

use rusqlite::{Statement, params};

use crate::store::sql::Exposure;

use super::facts::Stored;

impl Stored for Exposure<i64> {
    const INSERT: &'static str = "INSERT INTO exposure (phase_id, unit, track_id, first_at, coin, writer_id, \
        definition_id, segment_id) \
    VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8) ON CONFLICT DO NOTHING";

    /// No coin comes before either side; what is not known of the rest comes last. Fingerprints and names
    /// are looked up only where all else is the same.
    const UPDATE: &'static str = "UPDATE exposure \
    SET first_at = ?4, coin = ?5, writer_id = ?6, definition_id = ?7, segment_id = ?8 \
    WHERE phase_id = ?1 AND unit = ?2 AND track_id = ?3 AND ( \
        (?4, coalesce(?5, -1)) < (first_at, coalesce(coin, -1)) \
        OR (?4, coalesce(?5, -1)) = (first_at, coalesce(coin, -1)) \
        AND (definition_id IS NOT ?7 OR segment_id IS NOT ?8) \
        AND ( \
            ?7 IS NULL, \
            coalesce((SELECT fingerprint FROM definition WHERE id = ?7), x''), \
            ?8 IS NULL, \
            coalesce((SELECT name FROM segment WHERE id = ?8), '') \
        ) < ( \
            definition_id IS NULL, \
            coalesce((SELECT fingerprint FROM definition WHERE id = definition_id), x''), \
            segment_id IS NULL, \
            coalesce((SELECT name FROM segment WHERE id = segment_id), '') \
        ))";

    fn execute(&self, statement: &mut Statement<'_>) -> rusqlite::Result<usize> {
        let (phase, unit, track) = self.key;
        let (first_at, coin, ..) = self.rank;
        statement.execute(params![
            phase,
            unit.to_bytes(),
            track,
            first_at.as_micros(),
            coin,
            self.writer,
            self.definition,
            self.segment,
        ])
    }
}
