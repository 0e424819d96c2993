//! Conversions: of each goal, unit and id, the smallest pair of time and value stays.

use rusqlite::{Statement, params};

use crate::store::sql::Conversion;

use super::facts::Stored;

impl Stored for Conversion<i64> {
    const INSERT: &'static str = "INSERT INTO conversion \
        (goal_id, unit, idem, at, value, writer_id) \
        VALUES (?1, ?2, ?3, ?4, ?5, ?6) ON CONFLICT DO NOTHING";

    const UPDATE: &'static str = "UPDATE conversion SET at = ?4, value = ?5, writer_id = ?6 \
        WHERE goal_id = ?1 AND unit = ?2 AND idem = ?3 AND (?4, ?5) < (at, value)";

    fn execute(&self, statement: &mut Statement<'_>) -> rusqlite::Result<usize> {
        let (goal, unit, idem) = self.key;
        let (unit, at) = (unit.to_bytes(), self.at.as_micros());
        statement.execute(params![goal, unit, idem, at, self.value, self.writer])
    }
}
