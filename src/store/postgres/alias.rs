//! Rows of the table `alias`: of each pair, the earliest time stays.
//!
//! As for exposures, known rows are compared once to lock them in order, and again by the update.

use super::{
    facts::{Sql, Stored},
    moment::Moment,
    uuid::Uuid,
};
use crate::store::facts::AliasRow;

impl Stored for AliasRow {
    const INSERT: &'static str = "INSERT INTO alias (visitor, \"user\", first_at) \
        SELECT * FROM unnest($1, $2, $3) ON CONFLICT DO NOTHING";

    const UPDATE: &'static str = "WITH earlier AS (
            SELECT asked.* FROM unnest($1, $2, $3) AS asked (visitor, \"user\", first_at)
            JOIN alias AS known USING (visitor, \"user\")
            WHERE asked.first_at < known.first_at
            ORDER BY visitor, \"user\" FOR UPDATE OF known
        )
        UPDATE alias AS known SET first_at = earlier.first_at FROM earlier
        WHERE known.visitor = earlier.visitor AND known.\"user\" = earlier.\"user\"
            AND earlier.first_at < known.first_at";

    fn bind<'q>(query: Sql<'q>, rows: &[Self]) -> Sql<'q> {
        let visitors = rows.iter().map(|row| Uuid::from(row.visitor));
        let users = rows.iter().map(|row| Uuid::from(row.user));
        let times = rows.iter().map(|row| Moment::from(row.first_at));
        query
            .bind(visitors.collect::<Vec<_>>())
            .bind(users.collect::<Vec<_>>())
            .bind(times.collect::<Vec<_>>())
    }
}
