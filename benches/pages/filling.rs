use std::{fs, path::Path};

use tower_tracks::{
    Metric, MultiTrackSet, Plan, SimpleTrackSet,
    store::{Batch, DefinitionRow, Sqlite, Store, Timestamp},
};

use super::facts;

const SETS: usize = 200;

/// How many sets have many units; each of the others has a thousandth of them.
const BUSIEST: usize = 10;

/// How many units go into the store at a time.
const BATCH: u32 = 20_000;

pub(super) fn name(number: usize) -> String {
    format!("set-{number:03}")
}

/// Makes a store in which the busiest sets have so many units.
pub(super) fn fill(path: &Path, units: u32) {
    // Under another name until it is whole.
    let part = path.with_extension("part");
    let store = Sqlite::open(&part).unwrap();
    for number in 0..SETS {
        let name = name(number);
        store.write(&definition(&name)).unwrap();
        let units = if number < BUSIEST {
            units
        } else {
            units / 1_000
        };
        for first in (0..units).step_by(BATCH as usize) {
            let next = units.min(first + BATCH);
            store.write(&facts::batch(&name, first..next)).unwrap();
        }
    }
    // The last to close it leaves one file.
    drop(store);
    fs::rename(part, path).unwrap();
}

/// Returns what a recorder stores when it meets the set.
fn definition(name: &str) -> Batch {
    let goal = facts::goal();
    let plan = Plan::default().primary(Metric::rate(goal.as_str().to_owned()));
    let plan = plan.exploratory(Metric::value(goal.as_str().to_owned()));
    let sets: MultiTrackSet = SimpleTrackSet::new(name.to_owned())
        .track("short", ())
        .track("long", ())
        .plan(plan)
        .build()
        .unwrap();
    let set = sets.sets().next().unwrap();
    let mut batch = Batch::default();
    let phase = batch.phase(&facts::phase(name));
    let fingerprint = *set.fingerprint().as_bytes();
    let json = serde_json::to_string(set).unwrap().into();
    let first_at = Timestamp::from_micros(facts::START);
    let row = DefinitionRow::new(phase, fingerprint, json, first_at);
    batch.definitions.push(row);
    batch
}
