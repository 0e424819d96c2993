use std::collections::BTreeSet;

use crate::store::{Batch, Store};

/// Returns the rows of a store, and the names that they refer to, as sorted lines.
///
/// Two stores with the same facts return the same lines. The writers of exposures and conversions are
/// omitted, because either may stay if two have the same row. So are read-outs, which are not dumped.
///
/// ```
/// use tower_tracks::store::{Memory, conformance::dumped};
///
/// assert!(dumped(&Memory::default()).is_empty());
/// ```
pub fn dumped(store: &dyn Store) -> Vec<String> {
    let mut listed = BTreeSet::new();
    let mut rows = Vec::new();
    let dump = store.dump(&mut |batch| {
        list(&batch, &mut listed);
        facts(&batch, &mut rows);
        rest(&batch, &mut rows);
        Ok(())
    });
    dump.unwrap();
    // A store dumps rows in any order, and in batches of any size.
    rows.sort();
    listed.into_iter().chain(rows).collect()
}

/// Each batch lists what it refers to, so that is the same again and again.
fn list(batch: &Batch, lines: &mut BTreeSet<String>) {
    let writers = batch.writers().iter().map(|row| format!("{row:?}"));
    let phases = batch.phases().iter().map(|row| format!("{row:?}"));
    let tracks = batch.tracks().iter().map(|row| format!("{row:?}"));
    let goals = batch.goals().iter().map(|row| format!("{row:?}"));
    lines.extend(writers.chain(phases).chain(tracks).chain(goals));
    let definitions = batch.definition_names().iter();
    lines.extend(definitions.map(|row| format!("{} {:?}", row.phase, row.fingerprint)));
    lines.extend(batch.segments().iter().map(|row| format!("segment {row}")));
}

fn facts(batch: &Batch, lines: &mut Vec<String>) {
    for row in &batch.exposures {
        let track = &batch.tracks()[row.track as usize];
        let (unit, at, coin) = (row.unit, row.first_at, row.coin);
        let definition = row.definition.map(|index| {
            let definition = &batch.definition_names()[index as usize];
            (&definition.phase, definition.fingerprint[0])
        });
        let segment = row.segment.map(|index| &batch.segments()[index as usize]);
        let under = format!("{coin:?} {definition:?} {segment:?}");
        lines.push(format!("exposure {track} {unit} {at} {under}"));
    }
    for row in &batch.conversions {
        let goal = &batch.goals()[row.goal as usize];
        let (unit, idem, at, value) = (row.unit, row.idem, row.at, row.value);
        lines.push(format!("conversion {goal} {unit} {idem:x?} {at} {value}"));
    }
    lines.extend(batch.aliases.iter().map(|row| format!("{row:?}")));
}

fn rest(batch: &Batch, lines: &mut Vec<String>) {
    let writer = |index: u32| batch.writers()[index as usize].uuid[0];
    let track = |index: u32| batch.tracks()[index as usize].to_string();
    for row in &batch.definitions {
        let phase = &batch.phases()[row.phase as usize];
        let (json, at) = (json(&row.json), row.first_at);
        lines.push(format!(
            "definition {phase} {:?} {json} {at}",
            row.fingerprint
        ));
    }
    for row in &batch.plans {
        let phase = &batch.phases()[row.phase as usize];
        lines.push(format!("plan {phase} {} {}", row.first_at, row.json));
    }
    for row in &batch.sums {
        let (track, writer) = (track(row.track), writer(row.writer));
        lines.push(format!(
            "sum {track} {} {writer} {:?}",
            row.bucket, row.sums
        ));
    }
    for row in &batch.latencies {
        let (track, writer) = (track(row.track), writer(row.writer));
        let (group, bin, requests) = (row.group, row.bin, row.requests);
        lines.push(format!("latency {track} {group} {bin} {writer} {requests}"));
    }
    for row in &batch.losses {
        let goal = row.goal.map(|index| &batch.goals()[index as usize]);
        let (writer, track) = (writer(row.writer), row.track.map(track));
        let (sink, reason, n) = (&row.sink, &row.reason, row.n);
        lines.push(format!(
            "loss {writer} {track:?} {goal:?} {sink} {reason} {n}"
        ));
    }
    lines.extend(batch.erased.iter().map(|row| format!("{row:?}")));
    lines.extend(batch.raw_units.iter().map(|row| format!("{row:?}")));
    lines.extend(batch.aside.iter().map(|row| format!("{row:?}")));
}

/// A database may keep the meaning of JSON and not its text.
pub(crate) fn json(text: &str) -> String {
    let value: serde_json::Value = serde_json::from_str(text).unwrap();
    value.to_string()
}
