//! The names that a batch lists. A program writes each once; of several writers of a name, the first one decides
//! what else is known of it, such as the kind of a phase.

use std::collections::HashSet;

use crate::store::{
    error::StoreError,
    facts::{Batch, PhaseName},
};

use super::{encoded::Listed, ids, place::Place, row_binary::Encoder};

/// The rows of new names of one table.
struct New {
    table: &'static str,
    known: HashSet<i64>,
    added: Vec<i64>,
    rows: Encoder,
}

impl New {
    /// Adds a name, unless it was written before.
    fn add(&mut self, id: i64, encode: impl FnOnce(&mut Encoder)) {
        if self.known.insert(id) {
            self.added.push(id);
            encode(self.rows.int(id));
        }
    }

    fn write(self, columns: &str, place: &Place) -> Result<(), StoreError> {
        if self.added.is_empty() {
            return Ok(());
        }
        place.insert(&format!("{} (id, {columns})", self.table), self.rows)?;
        place.state.learn(self.table, self.added);
        Ok(())
    }
}

/// Returns a table, with those of its names that the program wrote.
fn new(table: &'static str, ids: impl IntoIterator<Item = i64>, place: &Place) -> New {
    let known = place.state.known();
    let mut all = ids.into_iter().collect::<HashSet<_>>();
    all.retain(|id| known.names.contains(&(table, *id)));
    New {
        table,
        known: all,
        added: Vec::new(),
        rows: Encoder::default(),
    }
}

/// Writes the names that a batch lists.
pub(super) fn write_names(batch: &Batch, listed: &Listed, place: &Place) -> Result<(), StoreError> {
    write_phases(batch.phases(), place)?;
    let mut writers = new("writer", listed.writers.iter().copied(), place);
    for (id, row) in listed.writers.iter().zip(batch.writers()) {
        writers.add(*id, |rows| {
            let rows = rows.fixed(&row.uuid).text(row.node.as_bytes());
            rows.int(row.started_at.as_micros());
        });
    }
    writers.write("uuid, node, started_at", place)?;
    let mut tracks = new("track", listed.tracks.iter().map(|(_, id)| *id), place);
    for ((phase, id), name) in listed.tracks.iter().zip(batch.tracks()) {
        tracks.add(*id, |rows| {
            let rows = rows.int(*phase).text(name.track.as_bytes());
            rows.byte(name.control.into());
        });
    }
    tracks.write("phase_id, name, control", place)?;
    let mut goals = new("goal", listed.goals.iter().copied(), place);
    for (id, name) in listed.goals.iter().zip(batch.goals()) {
        goals.add(*id, |rows| {
            rows.text(name.as_str().as_bytes());
        });
    }
    goals.write("name", place)?;
    let ids = batch.segments().iter().map(|name| ids::segment(name));
    let mut segments = new("segment", ids, place);
    for name in batch.segments() {
        segments.add(ids::segment(name), |rows| {
            rows.text(name.as_bytes());
        });
    }
    segments.write("name", place)?;
    write_definition_names(batch, place)
}

/// Writes phases. Of a phase with several kinds, the first one is written.
pub(super) fn write_phases(phases: &[PhaseName], place: &Place) -> Result<(), StoreError> {
    let mut rows = new("phase", phases.iter().map(ids::phase), place);
    for name in phases {
        rows.add(ids::phase(name), |rows| {
            let rows = rows.text(name.set.as_bytes()).int(name.phase.into());
            rows.text(name.kind.as_bytes());
        });
    }
    rows.write("set_name, phase, unit_kind", place)
}

/// Writes the fingerprints of definitions, whose JSON may come later.
fn write_definition_names(batch: &Batch, place: &Place) -> Result<(), StoreError> {
    let names = batch.definition_names();
    let mut rows = new("definition", names.iter().map(ids::definition), place);
    for name in names {
        rows.add(ids::definition(name), |rows| {
            let rows = rows.int(ids::phase(&name.phase)).fixed(&name.fingerprint);
            rows.byte(1).int(0).text(b"");
        });
    }
    rows.write("phase_id, fingerprint, known", place)
}
