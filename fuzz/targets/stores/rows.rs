//! A batch with rows of every table.

use tower_tracks::{
    Goal,
    store::{
        AliasRow, AsideRow, Batch, ConversionRow, DefinitionName, DefinitionRow, ErasedRow,
        ExposureRow, LossRow, PhaseName, PlanRow, RawUnitRow, RequestSums, SumRow, TrackName,
        WriterRow,
    },
    unit::Unit,
};

use super::{input::Input, json};

/// Names of goals that plans and conversions have.
pub(super) const GOALS: [&str; 3] = ["purchase", "visit", "refund"];

pub(super) const TRACKS: [&str; 4] = ["control", "b", "c", "<script>"];

/// So few that they meet several rows.
const UNITS: u8 = 16;

pub(super) fn phases() -> [PhaseName; 4] {
    [("a", 1), ("a", 2), ("b", u32::MAX), ("b", 0)].map(|(set, phase)| PhaseName {
        set: set.into(),
        phase,
        kind: if set == "a" { "visitor" } else { "user" }.into(),
    })
}

pub(super) fn unit(number: u8) -> Unit {
    Unit::from_bytes([number; 16])
}

pub(super) fn batch(input: &mut Input<'_>) -> Batch {
    let mut batch = Batch::default();
    define(input, &mut batch);
    for _ in 0..input.byte() % 64 {
        let row = exposure(input, &mut batch);
        batch.exposures.push(row);
    }
    for _ in 0..input.byte() % 64 {
        let row = conversion(input, &mut batch);
        batch.conversions.push(row);
    }
    for _ in 0..input.byte() % 8 {
        sums_and_losses(input, &mut batch);
    }
    for _ in 0..input.byte() % 4 {
        others(input, &mut batch);
    }
    batch
}

fn define(input: &mut Input<'_>, batch: &mut Batch) {
    for _ in 0..input.byte() % 5 {
        let phase = input.pick(&phases()).clone();
        let phase = batch.phase(&phase);
        let (fingerprint, first_at) = ([input.byte() % 3; 32], input.time());
        let json = json::definition(input).into();
        let row = DefinitionRow::new(phase, fingerprint, json, first_at);
        batch.definitions.push(row);
    }
    for _ in 0..input.byte() % 4 {
        let phase = input.pick(&phases()).clone();
        let phase = batch.phase(&phase);
        let (first_at, json) = (input.time(), json::plan(input));
        batch.plans.push(PlanRow::new(phase, first_at, json.into()));
    }
}

fn track(input: &mut Input<'_>) -> TrackName {
    let phases = phases();
    // Mostly one phase and two tracks, so that they have units.
    let phase = match input.one_in(4) {
        true => input.pick(&phases),
        false => &phases[0],
    };
    let name = match input.one_in(8) {
        true => *input.pick(&TRACKS),
        false => *input.pick(&TRACKS[..2]),
    };
    TrackName {
        phase: phase.clone(),
        track: name.into(),
        control: name == "control",
    }
}

fn writer(input: &mut Input<'_>) -> WriterRow {
    WriterRow::new([input.byte() % 3; 16], input.time())
}

fn exposure(input: &mut Input<'_>, batch: &mut Batch) -> ExposureRow {
    let track = track(input);
    let definition = DefinitionName {
        phase: track.phase.clone(),
        fingerprint: [input.byte() % 3; 32],
    };
    let definition = (!input.one_in(4)).then(|| batch.definition(&definition));
    let (unit, first_at) = (unit(input.byte() % UNITS), input.time());
    let coin = *input.pick(&[None, Some(false), Some(true)]);
    let (track, writer) = (batch.track(&track), batch.writer(&writer(input)));
    ExposureRow::new(track, unit, first_at, writer)
        .coin(coin)
        .definition(definition)
}

fn goal(input: &mut Input<'_>) -> Goal {
    let name = *input.pick(&GOALS);
    Goal::new(name).unwrap()
}

fn conversion(input: &mut Input<'_>, batch: &mut Batch) -> ConversionRow {
    let (goal, unit) = (batch.goal(&goal(input)), unit(input.byte() % UNITS));
    let (idem, at) = ([input.byte(); 16], input.time_within(1..8));
    let (value, writer) = (input.value(), batch.writer(&writer(input)));
    ConversionRow::new(goal, unit, idem, at, writer).value(value)
}

fn sums_and_losses(input: &mut Input<'_>, batch: &mut Batch) {
    let (of, by, what) = (track(input), writer(input), goal(input));
    let track = batch.track(&of);
    let (writer, goal) = (batch.writer(&by), batch.goal(&what));
    let bucket = *input.pick(&[0, 1, 2, 1023, u16::MAX]);
    let mut sums = RequestSums::default();
    sums.requests = input.count();
    sums.errors = input.count();
    sums.aborted = input.count();
    sums.duration_us = input.count();
    sums.duration_us_sq = u128::from(input.count()) * u128::from(input.count());
    batch.sums.push(SumRow::new(track, bucket, writer, sums));
    let track = input.one_in(2).then_some(track);
    let goal = input.one_in(2).then_some(goal);
    let sink = *input.pick(&["store", "file"]);
    let reason = *input.pick(&["full", "other-unit"]);
    let loss = LossRow::new(writer, sink.into(), reason.into(), input.count());
    batch.losses.push(loss.track(track).goal(goal));
}

fn others(input: &mut Input<'_>, batch: &mut Batch) {
    let (visitor, user) = (unit(input.byte() % UNITS), unit(input.byte() % UNITS));
    let alias = AliasRow::new(visitor, user, input.time());
    batch.aliases.push(alias);
    let raw_unit = RawUnitRow::new(visitor, "visitor".into(), [input.byte()].into());
    batch.raw_units.push(raw_unit);
    let payload = user.to_string().into();
    let aside = AsideRow::new(input.time(), "refused".into(), payload);
    batch.aside.push(aside);
    if input.one_in(8) {
        batch.erased.push(ErasedRow::new(user, input.time()));
    }
}
