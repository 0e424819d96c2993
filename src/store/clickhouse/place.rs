//! Where a store is: a server, a database, and a cluster if there is one. Statements write `@` before the name of
//! a table, and no literal has this character.

use std::{io, sync::Arc};

use crate::store::error::{StoreError, StoreErrorKind};

use super::{
    answer::{Body, Rows},
    client::{Client, Reads},
    failure::missing,
    migrate::migrate,
    retry::retried,
    row::Row,
    row_binary::{Decoder, Encoder},
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

    /// Selects rows of columns of these types, without reading all facts; `select` follows the word.
    pub(super) fn rows(&self, types: &str, select: &str) -> Result<Vec<Row>, StoreError> {
        self.whole(select, Reads::Few, |decoder| Row::read(types, decoder))
    }

    /// Selects rows of columns of these types, with the limit of a scan.
    pub(super) fn scanned(&self, types: &str, select: &str) -> Result<Vec<Row>, StoreError> {
        self.whole(select, Reads::All, |decoder| Row::read(types, decoder))
    }

    /// Selects one number, without reading all facts.
    pub(super) fn number(&self, select: &str) -> Result<u64, StoreError> {
        self.one(select, Reads::Few)
    }

    /// Selects one number, with the limit of a scan.
    pub(super) fn scanned_number(&self, select: &str) -> Result<u64, StoreError> {
        self.one(select, Reads::All)
    }

    fn one(&self, select: &str, reads: Reads) -> Result<u64, StoreError> {
        let rows = self.whole(select, reads, Decoder::count)?;
        rows.first().copied().ok_or_else(missing)
    }

    /// Reads an answer to its end, after which its connection is used again.
    fn whole<T>(
        &self,
        select: &str,
        reads: Reads,
        read: impl Fn(&mut Decoder<Body>) -> io::Result<T>,
    ) -> Result<Vec<T>, StoreError> {
        retried(|| self.once(select, reads, &read)?.collect())
    }

    /// Selects rows as they come, of columns that a function reads. An answer that ends early is not read again.
    pub(super) fn stream<T, F: FnMut(&mut Decoder<Body>) -> io::Result<T> + Clone>(
        &self,
        select: &str,
        read: F,
    ) -> Result<Rows<F>, StoreError> {
        retried(|| self.once(select, Reads::All, read.clone()))
    }

    fn once<T, F: FnMut(&mut Decoder<Body>) -> io::Result<T>>(
        &self,
        select: &str,
        reads: Reads,
        read: F,
    ) -> Result<Rows<F>, StoreError> {
        let statement = self.text(&format!("SELECT toUInt8(1), {select} FORMAT RowBinary"));
        let body = self.noted(self.client.select(&statement, reads))?;
        Ok(Rows::new(body, read))
    }
}
