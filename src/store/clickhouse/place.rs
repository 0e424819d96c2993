//! Where a store is: a server, a database, and a cluster if there is one. Statements write `@` before the name of
//! a table, and no literal has this character.

use std::{io, sync::Arc};

use crate::store::error::{StoreError, StoreErrorKind};

use super::{
    client::Client,
    failure::torn,
    migrate::migrate,
    retry::retried,
    row::Row,
    row_binary::{Decoder, Encoder},
    rows::{Body, Rows},
    state::State,
};

/// The place of a store, shared by all its copies.
#[derive(Clone)]
pub(super) struct Place {
    pub(super) client: Client,
    pub(super) database: String,
    pub(super) cluster: Option<String>,
    pub(super) state: Arc<State>,
    pub(super) parallelism: usize,
}

impl Place {
    /// Creates the tables, unless they are known to be there.
    pub(super) fn opened(&self) -> Result<(), StoreError> {
        if self.state.known().identity.is_some() {
            return Ok(());
        }
        let identity = migrate(self)?;
        self.state.meet(&identity);
        Ok(())
    }

    /// Writes the database into a statement.
    fn text(&self, statement: &str) -> String {
        statement.replace('@', &format!("\"{}\".", self.database))
    }

    /// Forgets the tables if an error says that they are missing.
    fn noted<T>(&self, result: Result<T, StoreError>) -> Result<T, StoreError> {
        if let Err(error) = &result
            && error.kind() == StoreErrorKind::Replaced
        {
            self.state.lose();
        }
        result
    }

    /// Inserts rows, whose columns are named; nothing without rows.
    pub(super) fn insert(&self, into: &str, rows: Encoder) -> Result<(), StoreError> {
        if rows.is_empty() {
            return Ok(());
        }
        let statement = self.text(&format!("INSERT INTO @{into} FORMAT RowBinary"));
        self.noted(self.client.insert(&statement, &rows.into_bytes()))
    }

    /// Deletes the rows of a table for which a condition holds, on each shard.
    pub(super) fn delete(&self, table: &str, condition: &str) -> Result<(), StoreError> {
        let statement = match &self.cluster {
            None => format!("DELETE FROM @{table} WHERE {condition}"),
            Some(cluster) => {
                format!("DELETE FROM @{table}_local ON CLUSTER \"{cluster}\" WHERE {condition}")
            }
        };
        self.noted(self.client.execute(&self.text(&statement)))
    }

    /// Selects rows of columns of these types; `select` follows the word.
    pub(super) fn rows(&self, types: &str, select: &str) -> Result<Vec<Row>, StoreError> {
        retried(|| {
            let rows = self.once(select, false, |decoder| Row::read(types, decoder))?;
            rows.collect()
        })
    }

    /// Selects one number.
    pub(super) fn count(&self, select: &str) -> Result<u64, StoreError> {
        retried(|| {
            let mut rows = self.once(select, true, Decoder::count)?;
            let missing = || torn(io::ErrorKind::UnexpectedEof.into());
            rows.next().transpose()?.ok_or_else(missing)
        })
    }

    /// Selects rows as they come, of columns that a function reads. An answer that ends early is not read again.
    pub(super) fn stream<T, F: FnMut(&mut Decoder<Body>) -> io::Result<T> + Clone>(
        &self,
        select: &str,
        read: F,
    ) -> Result<Rows<F>, StoreError> {
        retried(|| self.once(select, true, read.clone()))
    }

    fn once<T, F: FnMut(&mut Decoder<Body>) -> io::Result<T>>(
        &self,
        select: &str,
        is_long: bool,
        read: F,
    ) -> Result<Rows<F>, StoreError> {
        let statement = self.text(&format!("SELECT toUInt8(1), {select} FORMAT RowBinary"));
        let body = self.noted(self.client.select(&statement, is_long))?;
        Ok(Rows::new(body, read))
    }
}
