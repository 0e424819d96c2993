//! Erased units during a write. Most stores have none, and then the look-up costs one query for
//! each batch.

use std::collections::HashMap;

use rusqlite::{Statement, Transaction};

use crate::{
    store::{sql::Columns, timestamp::Timestamp},
    unit::Unit,
};

use super::failure::Outcome;

/// The erased units, looked up once for each unit of a batch.
pub(super) struct Tombstones<'t> {
    /// `None` if no unit was erased, as usual.
    statement: Option<Statement<'t>>,
    known: HashMap<Unit, Option<Timestamp>>,
}

impl<'t> Tombstones<'t> {
    /// Prepares the look-up, unless no unit was erased.
    pub(super) fn new(transaction: &'t Transaction<'_>) -> Outcome<Self> {
        let any = "SELECT EXISTS (SELECT 1 FROM erased)";
        let any: bool = transaction.query_row(any, [], |row| row.get(0))?;
        let statement = any.then(|| transaction.prepare("SELECT at FROM erased WHERE unit = ?1"));
        Ok(Self {
            statement: statement.transpose()?,
            known: HashMap::new(),
        })
    }

    /// Returns whether a unit was erased at a time or later.
    pub(super) fn has(&mut self, unit: Unit, at: Timestamp) -> Outcome<bool> {
        Ok(self.of(unit)?.is_some_and(|erased| at <= erased))
    }

    /// Returns up to when a unit was erased.
    pub(super) fn of(&mut self, unit: Unit) -> Outcome<Option<Timestamp>> {
        let Some(statement) = &mut self.statement else {
            return Ok(None);
        };
        if let Some(known) = self.known.get(&unit) {
            return Ok(*known);
        }
        let mut rows = statement.query([unit.to_bytes()])?;
        let found = rows.next()?.map(|row| row.time(0)).transpose()?;
        self.known.insert(unit, found);
        Ok(found)
    }
}
