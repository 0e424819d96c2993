//! Aliases: of each pair of visitor and user, the earliest time stays.

use rusqlite::{Statement, params};

use crate::store::facts::AliasRow;

use super::facts::Stored;

impl Stored for AliasRow {
    const INSERT: &'static str = "INSERT INTO alias (visitor, user, first_at) \
        VALUES (?1, ?2, ?3) ON CONFLICT DO NOTHING";

    const UPDATE: &'static str = "UPDATE alias SET first_at = ?3 \
        WHERE visitor = ?1 AND user = ?2 AND ?3 < first_at";

    fn execute(&self, statement: &mut Statement<'_>) -> rusqlite::Result<usize> {
        let (visitor, user) = (self.visitor.to_bytes(), self.user.to_bytes());
        statement.execute(params![visitor, user, self.first_at.as_micros()])
    }
}
