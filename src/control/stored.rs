//! Logs in the databases of stores: the JSON of a change in each row.

use crate::store::{AppendedLogRow, LogRow, LogRows, NewLogRow, StoreError};

use super::{
    change::{Change, Draft},
    log::{Appended, ChangeLog, Changes, Malformed},
};

/// A database with a table of changes.
trait Table {
    fn rows_after(&self, number: u64) -> Result<LogRows, StoreError>;

    fn append_row(&self, row: NewLogRow) -> Result<AppendedLogRow, StoreError>;
}

/// Writes the impls for a store.
macro_rules! keep_changes {
    ($(#[$docs:meta])* $store:ty) => {
        impl Table for $store {
            fn rows_after(&self, number: u64) -> Result<LogRows, StoreError> {
                self.log_after(number)
            }

            fn append_row(&self, row: NewLogRow) -> Result<AppendedLogRow, StoreError> {
                self.append_to_log(row)
            }
        }

        $(#[$docs])*
        impl ChangeLog for $store {
            fn after(&self, number: u64) -> Result<Changes, StoreError> {
                self.rows_after(number).map(read)
            }

            fn append(&self, draft: &Draft, previous: u64) -> Result<Appended, StoreError> {
                append(self, draft, previous)
            }
        }
    };
}

#[cfg(feature = "sqlite")]
keep_changes! {
    /// Keeps changes in a table of the same file, which the first change creates. Exports and merges of
    /// the facts leave it out.
    crate::store::Sqlite
}

#[cfg(feature = "postgres")]
keep_changes! {
    /// Keeps changes in a table of the same schema, which the first change creates; the role of that
    /// program needs the right to. Exports and merges of the facts leave it out.
    crate::store::Postgres
}

fn append(table: &impl Table, draft: &Draft, mut previous: u64) -> Result<Appended, StoreError> {
    loop {
        let latest = match table.append_row(row(draft, previous))? {
            AppendedLogRow::Added(number, at) => {
                return Ok(Appended::Added(draft.numbered(number, at)));
            }
            AppendedLogRow::Conflict(latest) => latest,
        };
        if let Ok(faster) = change(&latest) {
            return Ok(Appended::Conflict(faster));
        }
        // A row that cannot be read must not prevent a pause. But there may be a change
        // between it and the one that the author knew.
        let since = read(table.rows_after(previous)?).changes;
        if let Some(faster) = since.into_iter().rfind(|change| change.is_of_set_of(draft)) {
            return Ok(Appended::Conflict(faster));
        }
        previous = latest.number;
    }
}

fn row(draft: &Draft, previous: u64) -> NewLogRow {
    let (set, phase, draft) = (draft.set.clone(), draft.phase, draft.clone());
    NewLogRow {
        set,
        phase,
        previous,
        // A change of plain fields has JSON. If it had none, the row would be malformed, and reported.
        text: Box::new(move |number, at| {
            serde_json::to_string(&draft.numbered(number, at)).unwrap_or_default()
        }),
    }
}

fn read(found: LogRows) -> Changes {
    let mut changes = Changes::new(Vec::new(), found.last, found.now);
    for row in found.rows {
        match change(&row) {
            Ok(change) => changes.changes.push(change),
            Err(error) => changes.malformed.push(Malformed::new(row.number, error)),
        }
    }
    changes
}

/// Reads a change. The number is that of the row, whatever the text says.
///
/// The columns decide which appends conflict, and the text what is in force. If they were about two sets,
/// every append to one of these would conflict for good, so such a row is malformed.
fn change(row: &LogRow) -> Result<Change, String> {
    let change: Change = serde_json::from_slice(&row.text).map_err(|error| error.to_string())?;
    let (set, phase, number) = (&row.set, row.phase, row.number);
    match change.set == *set && i64::from(change.phase) == phase {
        true => Ok(Change { number, ..change }),
        false => Err(format!(
            "its row is about phase {phase} of {set:?}, but its text about phase {} of {:?}",
            change.phase, change.set
        )),
    }
}
