use std::cmp::Ordering;

use super::{
    facts::{Fact, Sql},
    failure::Outcome,
    ids::Ids,
    moment::Moment,
    uuid::Uuid,
};
use crate::record::ExposureRow;

/// A row of the table `exposure`.
pub(super) struct Exposure {
    phase: i32,
    unit: Uuid,
    track: i32,
    first_at: Moment,
    coin: Option<bool>,
    writer: i32,
}

impl Exposure {
    pub(super) fn new(row: &ExposureRow, ids: &Ids) -> Outcome<Self> {
        Ok(Self {
            phase: ids.track_phase(row.track)?,
            unit: row.unit.into(),
            track: ids.track(row.track)?,
            first_at: row.first_at.into(),
            coin: row.coin,
            writer: ids.writer(row.writer)?,
        })
    }

    fn key(&self) -> (i32, Uuid, i32) {
        (self.phase, self.unit, self.track)
    }
}

impl Fact for Exposure {
    const INSERT: &'static str = "INSERT INTO exposure \
        (phase_id, unit, track_id, first_at, coin, writer_id) \
        SELECT * FROM unnest($1, $2, $3, $4, $5, $6) ON CONFLICT DO NOTHING";

    const UPDATE: &'static str = "WITH earlier AS (
            SELECT asked.* FROM unnest($1, $2, $3, $4, $5, $6)
                AS asked (phase_id, unit, track_id, first_at, coin, writer_id)
            JOIN exposure AS known USING (phase_id, unit, track_id)
            WHERE (asked.first_at, coalesce(asked.coin::integer, -1))
                < (known.first_at, coalesce(known.coin::integer, -1))
            ORDER BY phase_id, unit, track_id FOR UPDATE OF known
        )
        UPDATE exposure AS known
        SET first_at = earlier.first_at, coin = earlier.coin, writer_id = earlier.writer_id
        FROM earlier
        WHERE known.phase_id = earlier.phase_id AND known.unit = earlier.unit
            AND known.track_id = earlier.track_id
            AND (earlier.first_at, coalesce(earlier.coin::integer, -1))
                < (known.first_at, coalesce(known.coin::integer, -1))";

    fn by_key(&self, other: &Self) -> Ordering {
        self.key().cmp(&other.key())
    }

    fn by_time(&self, other: &Self) -> Ordering {
        (self.first_at, self.coin).cmp(&(other.first_at, other.coin))
    }

    fn bind<'q>(query: Sql<'q>, rows: &[Self]) -> Sql<'q> {
        query
            .bind(rows.iter().map(|row| row.phase).collect::<Vec<_>>())
            .bind(rows.iter().map(|row| row.unit).collect::<Vec<_>>())
            .bind(rows.iter().map(|row| row.track).collect::<Vec<_>>())
            .bind(rows.iter().map(|row| row.first_at).collect::<Vec<_>>())
            .bind(rows.iter().map(|row| row.coin).collect::<Vec<_>>())
            .bind(rows.iter().map(|row| row.writer).collect::<Vec<_>>())
    }
}
