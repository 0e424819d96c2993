//! What a file may do to the program that opens it.
//!
//! The invariant: statements of ours read and write tables alone, and nothing else that the file
//! defines runs. A file may come from anybody, and its schema is a program: a view that never ends
//! looks like a table.

use rusqlite::{
    Connection, Transaction,
    config::DbConfig::{
        SQLITE_DBCONFIG_DEFENSIVE, SQLITE_DBCONFIG_ENABLE_TRIGGER, SQLITE_DBCONFIG_ENABLE_VIEW,
        SQLITE_DBCONFIG_TRUSTED_SCHEMA,
    },
};

use super::{failure::Outcome, values::foreign};

/// The tables that statements name, in the last version of the schema or the ones before.
const TABLES: [&str; 19] = [
    "meta",
    "change",
    "writer",
    "phase",
    "definition",
    "segment",
    "plan",
    "track",
    "goal",
    "exposure",
    "conversion",
    "alias",
    "request_sum",
    "latency",
    "loss",
    "readout",
    "aside",
    "erased",
    "raw_unit",
];

/// How a column is marked that is none of a plain table: hidden or computed.
const PLAIN: i64 = 0;

/// Switches off what a schema could run: triggers, views, and functions that are not harmless.
pub(super) fn distrust(connection: &Connection) -> Outcome<()> {
    connection.set_db_config(SQLITE_DBCONFIG_DEFENSIVE, true)?;
    connection.set_db_config(SQLITE_DBCONFIG_TRUSTED_SCHEMA, false)?;
    connection.set_db_config(SQLITE_DBCONFIG_ENABLE_TRIGGER, false)?;
    allow_views(connection, false)?;
    Ok(connection.pragma_update(None, "cell_size_check", true)?)
}

/// A step of the schema needs views while it runs, since to rename a table is to look through them.
pub(super) fn allow_views(connection: &Connection, are_allowed: bool) -> Outcome<()> {
    connection.set_db_config(SQLITE_DBCONFIG_ENABLE_VIEW, are_allowed)?;
    Ok(())
}

/// Returns an error unless each of our tables is a table, without triggers and computed columns.
pub(super) fn check(moment: &Transaction<'_>) -> Outcome<()> {
    let all = "SELECT type, name, tbl_name, rootpage FROM sqlite_schema";
    let mut statement = moment.prepare(all)?;
    let mut rows = statement.query([])?;
    while let Some(row) = rows.next()? {
        let kind: String = row.get(0)?;
        let root: Option<i64> = row.get(3)?;
        match &*kind {
            "trigger" => refuse_if(table(&row.get::<_, String>(2)?), "a trigger on the table")?,
            "view" => refuse_if(
                table(&row.get::<_, String>(1)?),
                "a view in place of the table",
            )?,
            // A virtual table is called a table too, and has no page of its own.
            "table" if root.is_none_or(|page| page == 0) => {
                let name = table(&row.get::<_, String>(1)?);
                refuse_if(name, "a virtual table in place of the table")?;
            }
            _ => {}
        }
    }
    TABLES
        .iter()
        .try_for_each(|name| check_columns(moment, name))
}

/// Returns an error if a table has hidden or computed columns.
fn check_columns(moment: &Transaction<'_>, name: &'static str) -> Outcome<()> {
    let mut is_plain = true;
    moment.pragma(None, "table_xinfo", name, |row| {
        is_plain &= row.get::<_, i64>("hidden")? == PLAIN;
        Ok(())
    })?;
    refuse_if((!is_plain).then_some(name), "computed columns in the table")
}

/// Returns which of our tables has this name, in which SQLite does not tell cases apart.
fn table(name: &str) -> Option<&'static str> {
    TABLES
        .into_iter()
        .find(|table| table.eq_ignore_ascii_case(name))
}

/// Returns an error about a table of ours; none for tables of others.
fn refuse_if(table: Option<&str>, what: &str) -> Outcome<()> {
    match table {
        None => Ok(()),
        Some(table) => Err(foreign(format!(
            "the file has {what} {table:?}, which this crate never makes: it is not opened"
        ))
        .into()),
    }
}
