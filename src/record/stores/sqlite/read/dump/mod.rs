//! Everything, in batches of a bounded size.

mod rows;
mod tables;

use std::sync::Arc;

use rusqlite::{Row, Transaction};

use crate::{
    event::Goal,
    record::{Batch, DefinitionName, PhaseName, StoreError, TrackName, WriterRow},
};

use self::tables::TABLES;
use super::{
    super::failure::Outcome,
    names::{self, Named},
};

/// How many rows go into a batch.
const ROWS: usize = 4096;

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

pub(in crate::record::stores::sqlite) fn dump(
    transaction: &Transaction<'_>,
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
    for (select, add) in TABLES {
        let mut statement = transaction.prepare(select)?;
        let mut rows = statement.query([])?;
        while let Some(row) = rows.next()? {
            add(row, &names, &mut batch)?;
            if batch.rows() >= ROWS {
                each(std::mem::take(&mut batch))?;
            }
        }
    }
    Ok(each(batch)?)
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
