//! What becomes of what is written.

use std::sync::Arc;

use tower_tracks::{
    store::{AliasRow, AsideRow, Batch, RequestSums, Rows, StoreErrorKind, Timestamp, TrackName},
    unit::Unit,
};

use super::{
    Fresh, Open,
    dumped::dumped,
    facts::{Conversion, Exposure, Fact, Loss, Sum, batch},
    pools::{goals, phase, phases, track, units, writer},
};

pub(in crate::record) fn writing(open: Open<'_>) {
    let cases = [
        claims,
        nothing,
        counts,
        earliest,
        least,
        sums,
        lost,
        aside,
        listed,
        mistaken,
        far_indices,
    ];
    for case in cases {
        if let Some(store) = open() {
            case(store);
        }
    }
}

fn at(micros: i64) -> Timestamp {
    Timestamp::from_micros(micros)
}

fn long() -> TrackName {
    track(&phase("delay", 1, "visitor"), "long")
}

fn exposed(unit: Unit, micros: i64, coin: Option<bool>) -> Fact {
    Fact::Exposure(Exposure {
        track: long(),
        unit,
        first_at: at(micros),
        coin,
        definition: None,
        segment: None,
        writer: writer(0),
    })
}

fn reached(unit: Unit, micros: i64, value: i64) -> Fact {
    Fact::Conversion(Conversion {
        goal: goals().swap_remove(0),
        unit,
        idem: [1; 16],
        at: at(micros),
        value,
        writer: writer(1),
    })
}

fn alias(visitor: Unit, user: Unit, micros: i64) -> Fact {
    Fact::Alias(AliasRow {
        visitor,
        user,
        first_at: at(micros),
    })
}

fn rows(new: u64, known: u64) -> Rows {
    Rows {
        new,
        known,
        erased: 0,
    }
}

fn claims(store: Fresh) {
    store.claim("pseudonyms 1234").unwrap();
    store.claim("pseudonyms 1234").unwrap();
    let error = store.claim("raw").unwrap_err();
    assert_eq!(error.kind(), StoreErrorKind::OtherUnits);
    assert!(!error.is_transient());
}

fn nothing(store: Fresh) {
    assert_eq!(store.write(&Batch::default()).unwrap(), Default::default());
    assert!(store.phases().unwrap().is_empty() && store.losses().unwrap().is_empty());
    assert!(store.readouts("results").unwrap().is_empty() && dumped(&*store).is_empty());
}

/// Repetitions are known, within a batch and across.
fn counts(store: Fresh) {
    let [one, two, ..] = units()[..] else { return };
    let facts = [
        exposed(one, 5, None),
        exposed(one, 4, None),
        exposed(two, 5, None),
        reached(one, 5, 1),
        alias(one, two, 5),
        alias(one, two, 5),
        alias(two, one, 5),
    ];
    let written = store.write(&batch(&facts)).unwrap();
    assert_eq!(written.exposures, rows(2, 1));
    assert_eq!(written.conversions, rows(1, 0));
    assert_eq!(written.aliases, rows(2, 1));
    let again = store.write(&batch(&facts)).unwrap();
    assert_eq!((again.total(), again.exposures), (rows(0, 7), rows(0, 3)));
}

/// The earliest exposure stays; of two at one time the one with the lesser coin.
fn earliest(store: Fresh) {
    let unit = units()[0];
    let held = |facts: &[Fact]| {
        store.write(&batch(facts)).unwrap();
        let (at, _, coin) = store.history(unit).unwrap().exposures.remove(0);
        (at.as_micros(), coin)
    };
    assert_eq!(held(&[exposed(unit, 5, Some(true))]), (5, Some(true)));
    assert_eq!(held(&[exposed(unit, 6, None)]), (5, Some(true)));
    assert_eq!(held(&[exposed(unit, 5, Some(false))]), (5, Some(false)));
    assert_eq!(held(&[exposed(unit, 5, None)]), (5, None));
    assert_eq!(held(&[exposed(unit, 5, Some(true))]), (5, None));
    assert_eq!(held(&[exposed(unit, -1, Some(true))]), (-1, Some(true)));
}

/// Of two conversions with one key the earlier stays, then that of the lesser value.
fn least(store: Fresh) {
    let unit = units()[4];
    let held = |facts: &[Fact]| {
        store.write(&batch(facts)).unwrap();
        let (at, _, value) = store.history(unit).unwrap().conversions.remove(0);
        (at.as_micros(), value)
    };
    assert_eq!(held(&[reached(unit, 5, 1), reached(unit, 5, 2)]), (5, 1));
    assert_eq!(held(&[reached(unit, 5, i64::MIN)]), (5, i64::MIN));
    assert_eq!(held(&[reached(unit, 4, i64::MAX)]), (4, i64::MAX));
    assert_eq!(held(&[reached(unit, 5, 0)]), (4, i64::MAX));
}

/// The larger of each number of a writer, and the sum over writers.
fn sums(store: Fresh) {
    let sum = |writer_index, requests, errors, duration_us_sq| {
        Fact::Sum(Sum {
            track: long(),
            bucket: 1023,
            writer: writer(writer_index),
            sums: RequestSums {
                requests,
                errors,
                duration_us_sq,
                ..RequestSums::default()
            },
        })
    };
    let squares = u128::from(u64::MAX) + 5;
    let facts = [sum(0, 5, 1, 255), sum(0, 4, 2, 256), sum(1, 10, 0, squares)];
    store.write(&batch(&facts)).unwrap();
    let held = store.sums(&long().phase).unwrap();
    let expected = RequestSums {
        requests: 15,
        errors: 2,
        duration_us_sq: squares + 256,
        ..RequestSums::default()
    };
    assert_eq!(held, [((long(), 1023), expected)].into());
    assert!(
        store
            .sums(&phase("delay", 2, "visitor"))
            .unwrap()
            .is_empty()
    );
}

fn lost(store: Fresh) {
    let loss = |writer_index, track: Option<TrackName>, reason: &str, n| {
        Fact::Loss(Loss {
            writer: writer(writer_index),
            track,
            goal: None,
            sink: "lines".into(),
            reason: reason.into(),
            n,
        })
    };
    let facts = [
        loss(0, None, "full", 5),
        loss(0, None, "full", 4),
        loss(1, None, "full", 10),
        loss(0, Some(long()), "full", 1),
        loss(0, None, "closed", 1),
    ];
    store.write(&batch(&facts)).unwrap();
    store.write(&batch(&facts)).unwrap();
    let losses = store.losses().unwrap();
    let held = losses
        .iter()
        .map(|loss| (&*loss.reason, loss.track.is_some(), loss.n));
    let expected = [("closed", false, 1), ("full", false, 15), ("full", true, 1)];
    assert_eq!(held.collect::<Vec<_>>(), expected);
}

/// The same event, set aside by a repetition, is kept once.
fn aside(store: Fresh) {
    let row = |micros| AsideRow {
        at: at(micros),
        reason: "late".into(),
        payload: "{}".into(),
    };
    let facts = [1, 2, 1].map(|micros| Fact::Aside(row(micros)));
    store.write(&batch(&facts)).unwrap();
    store.write(&batch(&facts)).unwrap();
    assert_eq!(dumped(&*store).len(), 2);
}

/// What is listed without a row is known, in the order of bytes, control first.
fn listed(store: Fresh) {
    let names = ["a", "B", "control", "a_1"];
    let facts = phases()
        .into_iter()
        .rev()
        .flat_map(|phase| names.map(|name| Fact::Track(track(&phase, name))));
    store.write(&batch(&facts.collect::<Vec<_>>())).unwrap();
    let known = store.phases().unwrap();
    let phases: Vec<String> = known.iter().map(|phase| phase.name.to_string()).collect();
    assert_eq!(phases, ["*delay@10", "delay", "delay@2", "delay.x"]);
    let tracks: Vec<Arc<str>> = known[0]
        .tracks
        .iter()
        .map(|name| name.track.clone())
        .collect();
    assert_eq!(tracks.concat(), "controlBaa_1");
}

/// The first kind of a phase and the first word on its control stay.
fn mistaken(store: Fresh) {
    let fact = exposed(units()[0], 5, None);
    store.write(&batch(std::slice::from_ref(&fact))).unwrap();
    store.write(&batch(&[fact.mistaken()])).unwrap();
    let phases = store.phases().unwrap();
    assert_eq!((phases.len(), &phases[0].name), (1, &long().phase));
    assert_eq!(phases[0].tracks, [long()]);
    assert_eq!(store.history(units()[0]).unwrap().exposures.len(), 1);
}

/// A row that refers to what is not listed is refused, and the rest of its batch with it.
fn far_indices(store: Fresh) {
    let mut torn = batch(&[exposed(units()[0], 5, None), reached(units()[0], 5, 1)]);
    torn.conversions[0].goal = 1;
    let error = store.write(&torn).unwrap_err();
    assert_eq!(error.kind(), StoreErrorKind::Refused);
    assert!(dumped(&*store).is_empty());
}
