//! Rows of the table `conversion`: of each goal, unit and id, the smallest pair of time and value
//! stays.
//!
//! As for exposures, known rows are compared once to lock them in order, and again by the update.

use super::{
    facts::{Sql, Stored},
    moment::Moment,
    uuid::Uuid,
};
use crate::store::sql::Conversion;

impl Stored for Conversion<i32> {
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

    fn bind<'q>(query: Sql<'q>, rows: &[Self]) -> Sql<'q> {
        let units = rows.iter().map(|row| Uuid::from(row.key.1));
        let times = rows.iter().map(|row| Moment::from(row.at));
        query
            .bind(rows.iter().map(|row| row.key.0).collect::<Vec<_>>())
            .bind(units.collect::<Vec<_>>())
            .bind(rows.iter().map(|row| Uuid(row.key.2)).collect::<Vec<_>>())
            .bind(times.collect::<Vec<_>>())
            .bind(rows.iter().map(|row| row.value).collect::<Vec<_>>())
            .bind(rows.iter().map(|row| row.writer).collect::<Vec<_>>())
    }
}
