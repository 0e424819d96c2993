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
        batch.definitions.push(DefinitionRow {
            phase,
            fingerprint,
            json: json::definition(input).into(),
            first_at,
        });
    }
    for _ in 0..input.byte() % 4 {
        let phase = input.pick(&phases()).clone();
        let phase = batch.phase(&phase);
        batch.plans.push(PlanRow {
            phase,
            first_at: input.time(),
            json: json::plan(input).into(),
        });
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
    WriterRow {
        uuid: [input.byte() % 3; 16],
        node: "".into(),
        started_at: input.time(),
    }
}

fn exposure(input: &mut Input<'_>, batch: &mut Batch) -> ExposureRow {
    let track = track(input);
    let definition = DefinitionName {
        phase: track.phase.clone(),
        fingerprint: [input.byte() % 3; 32],
    };
    let definition = (!input.one_in(4)).then(|| batch.definition(&definition));
    ExposureRow {
        track: batch.track(&track),
        unit: unit(input.byte() % UNITS),
        first_at: input.time(),
        coin: *input.pick(&[None, Some(false), Some(true)]),
        definition,
        segment: None,
        writer: batch.writer(&writer(input)),
    }
}

fn goal(input: &mut Input<'_>) -> Goal {
    let name = *input.pick(&GOALS);
    Goal::new(name).unwrap()
}

fn conversion(input: &mut Input<'_>, batch: &mut Batch) -> ConversionRow {
    ConversionRow {
        goal: batch.goal(&goal(input)),
        unit: unit(input.byte() % UNITS),
        idem: [input.byte(); 16],
        at: input.time_within(1..8),
        value: input.value(),
        writer: batch.writer(&writer(input)),
    }
}

fn sums_and_losses(input: &mut Input<'_>, batch: &mut Batch) {
    let (of, by, what) = (track(input), writer(input), goal(input));
    let track = batch.track(&of);
    let (writer, goal) = (batch.writer(&by), batch.goal(&what));
    batch.sums.push(SumRow {
        track,
        bucket: *input.pick(&[0, 1, 2, 1023, u16::MAX]),
        writer,
        sums: RequestSums {
            requests: input.count(),
            errors: input.count(),
            aborted: input.count(),
            duration_us: input.count(),
            duration_us_sq: u128::from(input.count()) * u128::from(input.count()),
        },
    });
    batch.losses.push(LossRow {
        writer,
        track: input.one_in(2).then_some(track),
        goal: input.one_in(2).then_some(goal),
        sink: (*input.pick(&["store", "file"])).into(),
        reason: (*input.pick(&["full", "other-unit"])).into(),
        n: input.count(),
    });
}

fn others(input: &mut Input<'_>, batch: &mut Batch) {
    let (visitor, user) = (unit(input.byte() % UNITS), unit(input.byte() % UNITS));
    batch.aliases.push(AliasRow {
        visitor,
        user,
        first_at: input.time(),
    });
    batch.raw_units.push(RawUnitRow {
        unit: visitor,
        kind: "visitor".into(),
        key: [input.byte()].into(),
    });
    batch.aside.push(AsideRow {
        at: input.time(),
        reason: "refused".into(),
        payload: user.to_string().into(),
    });
    if input.one_in(8) {
        let (unit, at) = (user, input.time());
        batch.erased.push(ErasedRow { unit, at });
    }
}
