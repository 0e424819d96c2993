//! All rows in one snapshot, as batches of bounded size. The watch of the query's time is paused
//! while a batch is handed out, because the time of the reader does not count.
//!
//! The first batch lists all names, also those that no row refers to. A batch ends after 4,096
//! rows, or 4 MiB of texts, because the JSON of a definition may be long.

mod rows;
mod tables;

use std::sync::Arc;

use rusqlite::{Row, Transaction, types::ValueRef};

use crate::{
    event::Goal,
    store::{
        error::StoreError,
        facts::{Batch, DefinitionName, PhaseName, TrackName, WriterRow},
    },
};

use self::tables::TABLES;
use super::names::{self, Named};
use crate::store::sqlite::{failure::Outcome, watch::Watch};

/// How many rows go into a batch.
const ROWS: usize = 4096;

/// From how many bytes of texts on a batch is handed out, too.
const BYTES: usize = 4 * 1024 * 1024;

/// Adds a row to a batch.
type Add = fn(&Row<'_>, &Names, &mut Batch) -> Outcome<()>;

/// Takes a batch.
type Each<'e> = &'e mut dyn FnMut(Batch) -> Result<(), StoreError>;

/// What rows refer to.
struct Names {
    writers: Named<WriterRow>,
    phases: Named<PhaseName>,
    tracks: Named<TrackName>,
    goals: Named<Goal>,
    definitions: Named<DefinitionName>,
    segments: Named<Arc<str>>,
}

pub(in crate::store::sqlite) fn dump(
    transaction: &Transaction<'_>,
    watch: &Watch,
    each: Each<'_>,
) -> Outcome<()> {
    let names = Names {
        writers: rows::writers(transaction)?,
        phases: names::named_phases(transaction)?,
        tracks: names::named_tracks(transaction)?,
        goals: names::named_goals(transaction)?,
        definitions: names::named_definitions(transaction)?,
        segments: names::named_segments(transaction)?,
    };
    let mut batch = names.listed();
    let mut bytes = 0;
    for (select, add) in TABLES {
        let mut statement = transaction.prepare(select)?;
        let columns = statement.column_count();
        let mut rows = statement.query([])?;
        while let Some(row) = rows.next()? {
            add(row, &names, &mut batch)?;
            bytes += size(row, columns)?;
            if batch.rows() >= ROWS || bytes >= BYTES {
                bytes = 0;
                watch.pause(|| each(std::mem::take(&mut batch)))?;
            }
        }
    }
    Ok(watch.pause(|| each(batch))?)
}

/// Returns how many bytes the texts of a row have.
fn size(row: &Row<'_>, columns: usize) -> Outcome<usize> {
    let mut size = 0;
    for column in 0..columns {
        if let ValueRef::Text(text) = row.get_ref(column)? {
            size += text.len();
        }
    }
    Ok(size)
}

impl Names {
    /// Returns a batch with the names alone, also those that no row refers to.
    fn listed(&self) -> Batch {
        let mut batch = Batch::default();
        for writer in self.writers.iter() {
            batch.writer(writer);
        }
        for phase in self.phases.iter() {
            batch.phase(phase);
        }
        for track in self.tracks.iter() {
            batch.track(track);
        }
        for goal in self.goals.iter() {
            batch.goal(goal);
        }
        for definition in self.definitions.iter() {
            batch.definition(definition);
        }
        for segment in self.segments.iter() {
            batch.segment(segment);
        }
        batch
    }
}
