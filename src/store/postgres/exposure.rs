//! Rows of the table `exposure`: of each unit and track, the one with the smallest rank stays. The
//! rank does not use ids, so that every store keeps the same row.
//!
//! Known rows are compared twice: first to find those to replace and to lock them in the order of
//! their keys, then, under the lock, by the update itself. A missing coin is compared as −1, and a
//! missing definition or segment comes last.

use std::cmp::Ordering;

use super::{
    facts::{Fact, Sql},
    failure::Outcome,
    ids::Ids,
    moment::Moment,
    uuid::Uuid,
};
use crate::store::facts::{ExposureRow, Rank, Ranks};

/// A row of the table `exposure`.
pub(super) struct Exposure {
    phase: i32,
    unit: Uuid,
    track: i32,
    first_at: Moment,
    coin: Option<bool>,
    writer: i32,
    definition: Option<i32>,
    segment: Option<i32>,
    rank: Rank,
}

impl Exposure {
    /// Returns a row by the ids of this database, with its rank within the batch.
    pub(super) fn new(row: &ExposureRow, ids: &Ids, ranks: &Ranks) -> Outcome<Self> {
        let definition = row.definition.map(|index| ids.definition(index));
        let segment = row.segment.map(|index| ids.segment(index));
        Ok(Self {
            phase: ids.track_phase(row.track)?,
            unit: row.unit.into(),
            track: ids.track(row.track)?,
            first_at: row.first_at.into(),
            coin: row.coin,
            writer: ids.writer(row.writer)?,
            definition: definition.transpose()?,
            segment: segment.transpose()?,
            rank: ranks.rank(row),
        })
    }

    /// Returns the primary key.
    fn key(&self) -> (i32, Uuid, i32) {
        (self.phase, self.unit, self.track)
    }
}

/// Whether one row replaces another. Unknown values come last, except for the coin. Fingerprints and names
/// are looked up only if all other columns are equal.
macro_rules! is_before {
    ($one:literal, $other:literal) => {
        concat!(
            "((", is_before!(@time $one), ") < (", is_before!(@time $other), ") OR (",
            is_before!(@time $one), ") = (", is_before!(@time $other), ")
            AND (", $one, ".definition_id IS DISTINCT FROM ", $other, ".definition_id
                OR ", $one, ".segment_id IS DISTINCT FROM ", $other, ".segment_id)
            AND (", is_before!(@names $one), ") < (", is_before!(@names $other), "))"
        )
    };
    (@time $row:literal) => {
        concat!($row, ".first_at, coalesce(", $row, ".coin::integer, -1)")
    };
    (@names $row:literal) => {
        concat!(
            $row, ".definition_id IS NULL,
            coalesce((SELECT fingerprint FROM definition
                WHERE definition.id = ", $row, ".definition_id), ''),
            ", $row, ".segment_id IS NULL,
            coalesce((SELECT name FROM segment WHERE segment.id = ", $row, ".segment_id), '')"
        )
    };
}

impl Fact for Exposure {
    const INSERT: &'static str = "INSERT INTO exposure \
        (phase_id, unit, track_id, first_at, coin, writer_id, definition_id, segment_id) \
        SELECT * FROM unnest($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT DO NOTHING";

    const UPDATE: &'static str = concat!(
        "WITH earlier AS (
            SELECT asked.* FROM unnest($1, $2, $3, $4, $5, $6, $7, $8) AS asked (
                phase_id, unit, track_id, first_at, coin, writer_id, definition_id, segment_id)
            JOIN exposure AS known USING (phase_id, unit, track_id)
            WHERE ",
        is_before!("asked", "known"),
        "
            ORDER BY phase_id, unit, track_id FOR UPDATE OF known
        )
        UPDATE exposure AS known
        SET first_at = earlier.first_at, coin = earlier.coin, writer_id = earlier.writer_id,
            definition_id = earlier.definition_id, segment_id = earlier.segment_id
        FROM earlier
        WHERE known.phase_id = earlier.phase_id AND known.unit = earlier.unit
            AND known.track_id = earlier.track_id
            AND ",
        is_before!("earlier", "known")
    );

    fn by_key(&self, other: &Self) -> Ordering {
        self.key().cmp(&other.key())
    }

    /// Compares by the time in the database, whose type has a minimum.
    fn by_time(&self, other: &Self) -> Ordering {
        let rank = |row: &Self| (row.first_at, row.rank.1, row.rank.2, row.rank.3);
        rank(self).cmp(&rank(other))
    }

    fn bind<'q>(query: Sql<'q>, rows: &[Self]) -> Sql<'q> {
        query
            .bind(rows.iter().map(|row| row.phase).collect::<Vec<_>>())
            .bind(rows.iter().map(|row| row.unit).collect::<Vec<_>>())
            .bind(rows.iter().map(|row| row.track).collect::<Vec<_>>())
            .bind(rows.iter().map(|row| row.first_at).collect::<Vec<_>>())
            .bind(rows.iter().map(|row| row.coin).collect::<Vec<_>>())
            .bind(rows.iter().map(|row| row.writer).collect::<Vec<_>>())
            .bind(rows.iter().map(|row| row.definition).collect::<Vec<_>>())
            .bind(rows.iter().map(|row| row.segment).collect::<Vec<_>>())
    }
}
