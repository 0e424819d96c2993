//! Rows of the table `conversion`: of each goal, unit and id, the smallest pair of time and value
//! stays.
//!
//! As for exposures, known rows are compared once to lock them in order, and again by the update.

use std::cmp::Ordering;

use super::{
    facts::{Fact, Sql},
    failure::Outcome,
    ids::Ids,
    moment::Moment,
    uuid::Uuid,
};
use crate::store::facts::ConversionRow;

/// A row of the table `conversion`.
pub(super) struct Conversion {
    goal: i32,
    unit: Uuid,
    idem: Uuid,
    at: Moment,
    value: i64,
    writer: i32,
}

impl Conversion {
    /// Returns a row by the ids of this database.
    pub(super) fn new(row: &ConversionRow, ids: &Ids) -> Outcome<Self> {
        Ok(Self {
            goal: ids.goal(row.goal)?,
            unit: row.unit.into(),
            idem: Uuid(row.idem),
            at: row.at.into(),
            value: row.value,
            writer: ids.writer(row.writer)?,
        })
    }

    /// Returns the primary key.
    fn key(&self) -> (i32, Uuid, Uuid) {
        (self.goal, self.unit, self.idem)
    }
}

impl Fact for Conversion {
    const INSERT: &'static str = "INSERT INTO conversion \
        (goal_id, unit, idem, at, value, writer_id) \
        SELECT * FROM unnest($1, $2, $3, $4, $5, $6) ON CONFLICT DO NOTHING";

    const UPDATE: &'static str = "WITH less AS (
            SELECT asked.* FROM unnest($1, $2, $3, $4, $5, $6)
                AS asked (goal_id, unit, idem, at, value, writer_id)
            JOIN conversion AS known USING (goal_id, unit, idem)
            WHERE (asked.at, asked.value) < (known.at, known.value)
            ORDER BY goal_id, unit, idem FOR UPDATE OF known
        )
        UPDATE conversion AS known
        SET at = less.at, value = less.value, writer_id = less.writer_id
        FROM less
        WHERE known.goal_id = less.goal_id AND known.unit = less.unit
            AND known.idem = less.idem AND (less.at, less.value) < (known.at, known.value)";

    fn by_key(&self, other: &Self) -> Ordering {
        self.key().cmp(&other.key())
    }

    fn by_time(&self, other: &Self) -> Ordering {
        (self.at, self.value).cmp(&(other.at, other.value))
    }

    fn bind<'q>(query: Sql<'q>, rows: &[Self]) -> Sql<'q> {
        query
            .bind(rows.iter().map(|row| row.goal).collect::<Vec<_>>())
            .bind(rows.iter().map(|row| row.unit).collect::<Vec<_>>())
            .bind(rows.iter().map(|row| row.idem).collect::<Vec<_>>())
            .bind(rows.iter().map(|row| row.at).collect::<Vec<_>>())
            .bind(rows.iter().map(|row| row.value).collect::<Vec<_>>())
            .bind(rows.iter().map(|row| row.writer).collect::<Vec<_>>())
    }
}
