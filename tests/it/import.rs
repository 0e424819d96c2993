//! Facts from files into a store.

mod access_logs;
mod bounds;
mod definitions;
mod files;
mod json_lines;
mod log_formats;

use std::io::BufRead;

use tower_tracks::{
    files::{Import, Imported},
    store::{Memory, Store},
};

/// Returns all that a store hands out, a line for each row, sorted.
pub(crate) fn rows(store: &Memory) -> Vec<String> {
    let mut rows = Vec::new();
    let dumped = store.dump(&mut |batch| {
        let track = |index: u32| batch.tracks()[index as usize].to_string();
        let goal = |index: u32| batch.goals()[index as usize].to_string();
        let writer = |index: u32| batch.writers()[index as usize].uuid;
        rows.extend(batch.tracks().iter().map(|track| format!("{track:?}")));
        rows.extend(batch.exposures.iter().map(|row| {
            let (track, writer) = (track(row.track), writer(row.writer));
            let (unit, at) = (row.unit, row.first_at);
            let definition = row.definition.map(|index| {
                let name = &batch.definition_names()[index as usize];
                (name.phase.to_string(), name.fingerprint)
            });
            let segment = row.segment.map(|index| &batch.segments()[index as usize]);
            let under = format!("{:?} {definition:?} {segment:?}", row.coin);
            format!("exposure {track} {unit} {at} {under} {writer:?}")
        }));
        rows.extend(batch.conversions.iter().map(|row| {
            let (goal, writer) = (goal(row.goal), writer(row.writer));
            let (unit, at, idem) = (row.unit, row.at, row.idem);
            format!(
                "conversion {goal} {unit} {idem:?} {at} {} {writer:?}",
                row.value
            )
        }));
        rows.extend(batch.erased.iter().map(|row| format!("{row:?}")));
        rows.extend(batch.aliases.iter().map(|row| format!("{row:?}")));
        rows.extend(batch.raw_units.iter().map(|row| format!("{row:?}")));
        rows.extend(batch.definitions.iter().map(|row| {
            let phase = &batch.phases()[row.phase as usize];
            let (at, json) = (row.first_at, &row.json);
            format!("definition {phase:?} {:?} {at} {json}", row.fingerprint)
        }));
        rows.extend(batch.plans.iter().map(|row| {
            let phase = &batch.phases()[row.phase as usize];
            format!("plan {phase:?} {} {}", row.first_at, row.json)
        }));
        rows.extend(batch.losses.iter().map(|row| {
            let (track, goal) = (row.track.map(track), row.goal.map(goal));
            let (sink, reason) = (&row.sink, &row.reason);
            format!("loss {sink} {reason} {track:?} {goal:?} {}", row.n)
        }));
        Ok(())
    });
    dumped.unwrap();
    rows.sort();
    rows
}

/// Imports twice into a store; returns what became of it the first time.
#[track_caller]
pub(crate) fn twice<R: BufRead>(store: &Memory, import: impl Fn() -> Import<R>) -> Imported {
    let imported = import().into_store(store).unwrap();
    let once = rows(store);
    let again = import().into_store(store).unwrap();
    assert_eq!(again.written.total().new, 0, "{again}");
    assert_eq!(rows(store), once);
    imported
}

#[track_caller]
pub(crate) fn check_bad(imported: &Imported, expected: &[(u64, &str)]) {
    let bad: Vec<(u64, &str)> = imported
        .bad_lines
        .iter()
        .map(|bad| (bad.line, &*bad.reason))
        .collect();
    assert_eq!(bad, expected);
    assert_eq!(imported.bad, expected.len() as u64);
}
