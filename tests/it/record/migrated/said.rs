//! What a store says of its facts, a line for each, sorted, in the words of `tests/fixtures/v1/said.rs`.
//! The writers of exposures and conversions
//! are left out.

use std::collections::BTreeMap;

use tower_tracks::{
    Goal,
    assign::Sum,
    store::{
        AskedGoal, Attribution, Batch, Cell, Cohort, History, Measure, Phase, Question,
        RequestSums, Store, Timestamp,
    },
    unit::Unit,
};

/// Returns all that is compared, up to a time, with the histories of these units.
pub(crate) fn said(store: &dyn Store, as_of: Timestamp, units: &[Unit]) -> Vec<String> {
    let mut lines = Vec::new();
    for phase in store.phases().unwrap() {
        of_phase(&phase, &mut lines);
        attribution(store, &phase, as_of, &mut lines);
        let sums = store.sums(&phase.name).unwrap();
        let sums = sums.iter().map(|((track, bucket), sums)| {
            let RequestSums {
                requests,
                errors,
                aborted,
                duration_us,
                duration_us_sq,
                ..
            } = sums;
            let durations = format!("{duration_us} {duration_us_sq}");
            format!("sums {track} {bucket} {requests} {errors} {aborted} {durations}")
        });
        lines.extend(sums);
    }
    lines.extend(
        store
            .goals()
            .unwrap()
            .iter()
            .map(|goal| format!("goal {goal}")),
    );
    lines.extend(
        store
            .losses()
            .unwrap()
            .iter()
            .map(|loss| format!("loss {loss:?}")),
    );
    for unit in units {
        lines.push(format!(
            "history {unit} {}",
            text_of(&store.history(*unit).unwrap())
        ));
    }
    for kind in ["decision", "report"] {
        let readouts = store.readouts(kind).unwrap();
        let readouts = readouts.iter().map(|readout| {
            let (phase, as_of, length) = (&readout.phase, readout.as_of, readout.json.len());
            format!("readout {kind} {phase} {as_of} of {length} bytes")
        });
        lines.extend(readouts);
    }
    store
        .dump(&mut |batch| {
            dumped(&batch, &mut lines);
            Ok(())
        })
        .unwrap();
    lines.push(format!("units {:?}", store.units().unwrap()));
    lines.sort();
    lines
}

fn of_phase(phase: &Phase, lines: &mut Vec<String>) {
    let (name, kind) = (&phase.name, &phase.name.kind);
    let tracks = phase.tracks.iter().map(|track| &*track.track);
    let tracks = tracks.collect::<Vec<_>>().join(", ");
    lines.push(format!("phase {name} of {kind}: {tracks}"));
    for definition in &phase.definitions {
        let (fingerprint, at) = (&definition.fingerprint[..4], definition.first_at);
        lines.push(format!(
            "definition {name} {fingerprint:x?} {at} {}",
            definition.json
        ));
    }
}

fn attribution(store: &dyn Store, phase: &Phase, as_of: Timestamp, lines: &mut Vec<String>) {
    let name = &phase.name;
    let goal = |goal, measure| AskedGoal::new(Goal::new(goal).unwrap(), measure);
    let question = Question::new(name.clone(), as_of)
        .goal(goal("purchase", Measure::Rate))
        .goal(goal("purchase", Measure::Total(Sum::Value)))
        .goal(goal("complaint", Measure::Total(Sum::Count)));
    let Attribution { units, goals, .. } = store.attribute(&question).unwrap().unwrap();
    let key = |key: &Cohort| format!("{name}/{} {:?} {}", key.track, key.coin, key.day);
    let mut exposed: BTreeMap<String, u64> = BTreeMap::new();
    // Version 1 left crossed units out.
    let units = units.into_iter().filter(|(cohort, _)| !cohort.is_crossed());
    for (cell, n) in units {
        *exposed.entry(key(&cell)).or_default() += n;
    }
    lines.extend(exposed.iter().map(|(key, n)| format!("exposed {key} {n}")));
    for (index, goal) in goals.iter().enumerate() {
        let mut by_day: BTreeMap<String, Cell> = BTreeMap::new();
        let cells = goal.cells.iter();
        for (cohort, cells) in cells.filter(|(cohort, _)| !cohort.is_crossed()) {
            let sums = cells.all().unwrap();
            by_day.entry(key(cohort)).or_default().add(&sums).unwrap();
        }
        let cells = by_day.iter().map(|(key, sums)| {
            let (units, converters) = (sums.units, sums.converters);
            let (sum, sum_sq) = (sums.sum, sums.sum_sq);
            format!("attributed {index} {key}: {units} {converters} {sum} {sum_sq}")
        });
        lines.extend(cells);
    }
}

fn dumped(batch: &Batch, lines: &mut Vec<String>) {
    for row in &batch.exposures {
        let track = &batch.tracks()[row.track as usize];
        let (unit, at, coin) = (row.unit, row.first_at, row.coin);
        lines.push(format!("exposure {track} {unit} {at} {coin:?}"));
    }
    for row in &batch.conversions {
        let goal = &batch.goals()[row.goal as usize];
        let (unit, idem, at, value) = (row.unit, row.idem[0], row.at, row.value);
        lines.push(format!("conversion {goal} {unit} {idem} {at} {value}"));
    }
    let aliases = batch.aliases.iter();
    lines.extend(aliases.map(|row| format!("alias {} {} {}", row.visitor, row.user, row.first_at)));
    let erased = batch.erased.iter();
    lines.extend(erased.map(|row| format!("erased {} {}", row.unit, row.at)));
    let raw = batch.raw_units.iter();
    lines.extend(raw.map(|row| {
        let (unit, kind, key) = (row.unit, &row.kind, String::from_utf8_lossy(&row.key));
        format!("raw {unit} {kind} {key}")
    }));
    let aside = batch.aside.iter();
    lines.extend(aside.map(|row| format!("aside {} {} {}", row.at, row.reason, row.payload)));
}

/// Everything, as `Debug` wrote it for version 1: today it leaves keys out.
fn text_of(history: &History) -> String {
    let History {
        exposures,
        conversions,
        aliases,
        raw,
        erased_at,
        ..
    } = history;
    format!(
        "History {{ exposures: {exposures:?}, conversions: {conversions:?}, aliases: {aliases:?}, \
         raw: {raw:?}, erased_at: {erased_at:?} }}"
    )
}
