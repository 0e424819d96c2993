//! Small pools, so that random facts collide.

use proptest::{prelude::*, sample::select};
use tower_tracks::{
    Goal,
    store::{
        AliasRow, AsideRow, ErasedRow, PhaseName, RawUnitRow, RequestSums, Timestamp, TrackName,
        WriterRow,
    },
    unit::Unit,
};

use super::facts::{Conversion, Definition, Exposure, Fact, Loss, Plan, Sum};

pub(super) const SECOND: i64 = 1_000_000;
pub(super) const DAY: i64 = 86_400 * SECOND;

/// 2026-01-05, a Monday.
pub(super) const START: i64 = 20_458 * DAY;

/// Units whose order is that of their bytes, and of no signed number.
pub(super) fn units() -> Vec<Unit> {
    let unit = |first: u8, last: u8| {
        let mut bytes = [0; 16];
        (bytes[0], bytes[15]) = (first, last);
        Unit::from_bytes(bytes)
    };
    vec![
        unit(0, 0),
        unit(0, 1),
        unit(0x7f, 0),
        unit(0x80, 0),
        unit(0xff, 0xff),
    ]
}

pub(super) fn phase(set: &str, phase: u32, kind: &str) -> PhaseName {
    PhaseName {
        set: set.into(),
        phase,
        kind: kind.into(),
    }
}

/// Names whose order depends on who compares them.
pub(super) fn phases() -> Vec<PhaseName> {
    vec![
        phase("delay", 1, "visitor"),
        phase("delay", 2, "visitor"),
        phase("delay.x", 1, "user"),
        phase("*delay", 10, "visitor"),
    ]
}

pub(super) fn track(phase: &PhaseName, name: &str) -> TrackName {
    TrackName {
        phase: phase.clone(),
        track: name.into(),
        control: name == "control",
    }
}

pub(super) fn goals() -> Vec<Goal> {
    ["purchase", "b_1", "b-1"]
        .map(|name| Goal::new(name).unwrap())
        .into()
}

pub(super) fn writer(index: u8) -> WriterRow {
    WriterRow {
        uuid: [[0, 0x80, 0xff][usize::from(index)]; 16],
        node: ["", "a", "a"][usize::from(index)].into(),
        started_at: Timestamp::from_micros(START + i64::from(index)),
    }
}

pub(super) fn raw_unit(unit: Unit) -> RawUnitRow {
    RawUnitRow {
        unit,
        kind: "visitor".into(),
        key: unit.to_bytes()[8..].into(),
    }
}

fn tracks() -> impl Strategy<Value = TrackName> {
    (select(phases()), select(vec!["control", "B", "a_1", "a"]))
        .prop_map(|(phase, name)| track(&phase, name))
}

/// Times around those at which something ends, and some from far away.
pub(super) fn times() -> impl Strategy<Value = Timestamp> {
    let near = vec![
        -2 * SECOND - 1,
        -2 * SECOND,
        -1,
        0,
        1,
        2 * SECOND,
        DAY / 2,
        DAY - 1,
    ];
    let near = (select(vec![0, 1, 7]), select(near));
    let far = vec![-62_135_596_800 * SECOND, -1, 0, 253_402_300_799 * SECOND];
    prop_oneof![
        30 => near.prop_map(|(day, near)| START + day * DAY + near),
        1 => select(far),
    ]
    .prop_map(Timestamp::from_micros)
}

fn values() -> impl Strategy<Value = i64> {
    prop_oneof![
        40 => select(vec![0, 1, -5_000_000, 19_990_000]),
        4 => select(vec![i64::MIN, i64::MAX, 9_200_000_000_000_000_000]),
    ]
}

/// Numbers up to the most that 63 bits hold, beyond which databases do not count.
fn numbers() -> impl Strategy<Value = u64> {
    select(vec![0, 1, 2, 1000, i64::MAX as u64])
}

fn sums() -> impl Strategy<Value = RequestSums> {
    let squares = select(vec![0, 1, 0xff, 0x100, u128::from(u64::MAX) + 1, u128::MAX]);
    (numbers(), numbers(), numbers(), numbers(), squares).prop_map(
        |(requests, errors, aborted, duration_us, duration_us_sq)| RequestSums {
            requests,
            errors,
            aborted,
            duration_us,
            duration_us_sq,
        },
    )
}

fn writers() -> impl Strategy<Value = WriterRow> {
    (0..3_u8).prop_map(writer)
}

fn exposures() -> impl Strategy<Value = Fact> {
    let coin = select(vec![None, Some(false), Some(true)]);
    let segment = proptest::option::of(select(vec!["a", "B", "other"]));
    let under = (coin, proptest::option::of(0..4_u8), segment);
    (tracks(), select(units()), times(), under, writers()).prop_map(
        |(track, unit, first_at, (coin, definition, segment), writer)| {
            Fact::Exposure(Exposure {
                track,
                unit,
                first_at,
                coin,
                definition,
                segment: segment.map(Into::into),
                writer,
            })
        },
    )
}

fn conversions() -> impl Strategy<Value = Fact> {
    let idem = select(vec![[0; 16], [0x7f; 16], [0x80; 16]]);
    let of = (select(goals()), select(units()), idem);
    (of, times(), values(), writers()).prop_map(|((goal, unit, idem), at, value, writer)| {
        Fact::Conversion(Conversion {
            goal,
            unit,
            idem,
            at,
            value,
            writer,
        })
    })
}

fn aliases() -> impl Strategy<Value = Fact> {
    (select(units()), select(units()), times()).prop_map(|(visitor, user, first_at)| {
        Fact::Alias(AliasRow {
            visitor,
            user,
            first_at,
        })
    })
}

fn request_sums() -> impl Strategy<Value = Fact> {
    (tracks(), select(vec![0, 5, 1023]), writers(), sums()).prop_map(
        |(track, bucket, writer, sums)| {
            Fact::Sum(Sum {
                track,
                bucket,
                writer,
                sums,
            })
        },
    )
}

fn losses() -> impl Strategy<Value = Fact> {
    let of = (
        proptest::option::of(tracks()),
        proptest::option::of(select(goals())),
    );
    let words = (select(vec!["store", "lines"]), select(vec!["full", "late"]));
    (writers(), of, words, numbers()).prop_map(|(writer, (track, goal), (sink, reason), n)| {
        Fact::Loss(Loss {
            writer,
            track,
            goal,
            sink: sink.into(),
            reason: reason.into(),
            n,
        })
    })
}

/// Fewer than exposures name, so that some are never known. Of one time there may be two that differ.
fn definitions() -> impl Strategy<Value = Fact> {
    let of = (select(phases()), 0..3_u8, 0..2_u8);
    (of, times()).prop_map(|((phase, fingerprint, share), first_at)| {
        Fact::Definition(Definition {
            phase,
            fingerprint: [fingerprint; 32],
            json: format!(r#"{{"n":{fingerprint},"share":{share}}}"#).into(),
            first_at,
        })
    })
}

fn plans() -> impl Strategy<Value = Fact> {
    (select(phases()), times(), 0..3_u8).prop_map(|(phase, first_at, units)| {
        Fact::Plan(Plan {
            phase,
            first_at,
            json: format!(r#"{{"units": {units}}}"#).into(),
        })
    })
}

/// Their payload names one unit, two, or none.
fn asides() -> impl Strategy<Value = Fact> {
    let units = proptest::sample::subsequence(units(), 0..3);
    (times(), select(vec!["late", "refused"]), units).prop_map(|(at, reason, units)| {
        let units: Vec<_> = units.iter().map(ToString::to_string).collect();
        Fact::Aside(AsideRow {
            at,
            reason: reason.into(),
            payload: serde_json::json!({ "units": units }).to_string().into(),
        })
    })
}

pub(super) fn erasures() -> impl Strategy<Value = ErasedRow> {
    (select(units()), times()).prop_map(|(unit, at)| ErasedRow { unit, at })
}

/// Returns definitions as those of sets are written.
fn definitions_of_sets() -> impl Strategy<Value = Fact> {
    (select(phases()), 0..3_u8, times()).prop_map(|(phase, fingerprint, first_at)| {
        let json = serde_json::json!({
            "name": phase.set,
            "phase": phase.phase,
            "unit": phase.kind,
            "tracks": [{ "name": "control", "control": true }],
            "fingerprint": format!("{fingerprint:02x}").repeat(32),
        });
        Fact::Definition(Definition {
            phase,
            fingerprint: [fingerprint; 32],
            json: json.to_string().into(),
            first_at,
        })
    })
}

/// What lines of JSON have.
pub(super) fn exportable() -> impl Strategy<Value = Fact> {
    prop_oneof![
        6 => exposures(),
        3 => conversions(),
        2 => aliases(),
        1 => losses(),
        2 => definitions_of_sets(),
        2 => plans(),
    ]
}

/// Anything but an erasure.
pub(super) fn facts() -> impl Strategy<Value = Fact> {
    prop_oneof![
        12 => exposures(),
        12 => conversions(),
        4 => aliases(),
        2 => request_sums(),
        2 => losses(),
        2 => definitions(),
        2 => plans(),
        1 => select(units()).prop_map(|unit| Fact::Raw(raw_unit(unit))),
        1 => asides(),
        1 => tracks().prop_map(Fact::Track),
        1 => select(goals()).prop_map(Fact::Goal),
    ]
}
