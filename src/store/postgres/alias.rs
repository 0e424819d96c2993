//! Rows of the table `alias`: of each pair, the earliest time stays.
//!
//! As for exposures, known rows are compared once to lock them in order, and again by the update.

use std::cmp::Ordering;

use super::{
    facts::{Fact, Sql},
    moment::Moment,
    uuid::Uuid,
};
use crate::store::facts::AliasRow;

/// A row of the table `alias`.
pub(super) struct Alias {
    visitor: Uuid,
    user: Uuid,
    first_at: Moment,
}

/// Converts the columns; an alias refers to no name.
impl From<&AliasRow> for Alias {
    fn from(row: &AliasRow) -> Self {
        Self {
            visitor: row.visitor.into(),
            user: row.user.into(),
            first_at: row.first_at.into(),
        }
    }
}

impl Fact for Alias {
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

    fn by_key(&self, other: &Self) -> Ordering {
        (self.visitor, self.user).cmp(&(other.visitor, other.user))
    }

    fn by_time(&self, other: &Self) -> Ordering {
        self.first_at.cmp(&other.first_at)
    }

    fn bind<'q>(query: Sql<'q>, rows: &[Self]) -> Sql<'q> {
        query
            .bind(rows.iter().map(|row| row.visitor).collect::<Vec<_>>())
            .bind(rows.iter().map(|row| row.user).collect::<Vec<_>>())
            .bind(rows.iter().map(|row| row.first_at).collect::<Vec<_>>())
    }
}
