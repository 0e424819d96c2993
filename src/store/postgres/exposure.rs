//! Rows of the table `exposure`: of each unit and track, the one with the smallest rank stays. The
//! rank does not use ids, so that every store keeps the same row.
//!
//! Known rows are compared twice: first to find those to replace and to lock them in the order of
//! their keys, then, under the lock, by the update itself. A missing coin is compared as −1, and a
//! missing definition or segment comes last.

use super::{
    facts::{Sql, Stored},
    moment::Moment,
    uuid::Uuid,
};
use crate::store::sql::Exposure;

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

impl Stored for Exposure<i32> {
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

    fn bind<'q>(query: Sql<'q>, rows: &[Self]) -> Sql<'q> {
        let units = rows.iter().map(|row| Uuid::from(row.key.1));
        let times = rows.iter().map(|row| Moment::from(row.rank.0));
        query
            .bind(rows.iter().map(|row| row.key.0).collect::<Vec<_>>())
            .bind(units.collect::<Vec<_>>())
            .bind(rows.iter().map(|row| row.key.2).collect::<Vec<_>>())
            .bind(times.collect::<Vec<_>>())
            .bind(rows.iter().map(|row| row.rank.1).collect::<Vec<_>>())
            .bind(rows.iter().map(|row| row.writer).collect::<Vec<_>>())
            .bind(rows.iter().map(|row| row.definition).collect::<Vec<_>>())
            .bind(rows.iter().map(|row| row.segment).collect::<Vec<_>>())
    }
}
