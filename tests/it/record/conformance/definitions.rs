//! Under which definitions and plans units were exposed.

use std::sync::Arc;

use tower_tracks::store::{Batch, DefinitionName, PlanEntry, StoreErrorKind, Timestamp};

use super::{
    Fresh, Open,
    dumped::dumped,
    facts::{Definition, Exposure, Fact, Plan, batch},
    pools::{phase, track, units, writer},
};

pub(in crate::record) fn definitions(open: Open<'_>) {
    let cases = [
        earliest,
        json_comes_later,
        only_named,
        exposures_keep_theirs,
        ties,
        plans_are_a_log,
        long_plans,
        of_another_phase,
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

fn delay() -> tower_tracks::store::PhaseName {
    phase("delay", 1, "visitor")
}

fn definition(fingerprint: u8, micros: i64, json: &str) -> Fact {
    Fact::Definition(Definition {
        phase: delay(),
        fingerprint: [fingerprint; 32],
        json: json.into(),
        first_at: at(micros),
    })
}

/// An exposure of one unit to one track: its time, the definition and the segment.
type Under = (i64, Option<u8>, Option<&'static str>);

fn exposed((micros, definition, segment): Under) -> Fact {
    Fact::Exposure(Exposure {
        track: track(&delay(), "long"),
        unit: units()[3],
        first_at: at(micros),
        coin: None,
        definition,
        segment: segment.map(Into::into),
        writer: writer(0),
    })
}

fn plan(micros: i64, json: &str) -> Fact {
    Fact::Plan(Plan {
        phase: delay(),
        first_at: at(micros),
        json: json.into(),
    })
}

fn write(store: &Fresh, facts: &[Fact]) {
    store.write(&batch(facts)).unwrap();
}

/// Returns the definitions that the store knows: a byte of the fingerprint, the time and the JSON.
fn known(store: &Fresh) -> Vec<(u8, i64, Arc<str>)> {
    let phases = store.phases().unwrap();
    let definitions = phases[0].definitions.iter();
    let known = definitions.map(|definition| {
        let (fingerprint, json) = (definition.fingerprint[0], Arc::clone(&definition.json));
        (fingerprint, definition.first_at.as_micros(), json)
    });
    known.collect()
}

/// Returns under what the unit was exposed.
fn held(store: &Fresh) -> (i64, Option<u8>, Option<Arc<str>>) {
    let mut held = Vec::new();
    let dump = store.dump(&mut |batch| {
        held.extend(batch.exposures.iter().map(|row| {
            let name = |index: u32| batch.definition_names()[index as usize].fingerprint[0];
            let segment = |index: u32| Arc::clone(&batch.segments()[index as usize]);
            let (definition, segment) = (row.definition.map(name), row.segment.map(segment));
            (row.first_at.as_micros(), definition, segment)
        }));
        Ok(())
    });
    dump.unwrap();
    assert_eq!(held.len(), 1);
    held.remove(0)
}

/// Of two definitions with one fingerprint the earliest stays, be it written later; of two of one time
/// the lesser text.
fn earliest(store: Fresh) {
    write(
        &store,
        &[
            definition(2, 20, "{\"n\":2}"),
            definition(1, 30, "{\"n\":3}"),
        ],
    );
    write(&store, &[definition(1, 10, "{\"n\":5}")]);
    write(&store, &[definition(1, 11, "{\"n\":1}")]);
    let expected = |json: &str| vec![(1, 10, json.into()), (2, 20, "{\"n\":2}".into())];
    assert_eq!(known(&store), expected("{\"n\":5}"));
    write(
        &store,
        &[
            definition(1, 10, "{\"n\":4}"),
            definition(1, 10, "{\"n\":6}"),
        ],
    );
    assert_eq!(known(&store), expected("{\"n\":4}"));
}

fn json_comes_later(store: Fresh) {
    write(&store, &[exposed((5, Some(7), None))]);
    assert!(known(&store).is_empty());
    assert_eq!(held(&store), (5, Some(7), None));
    write(&store, &[definition(7, 9, "{}")]);
    assert_eq!(known(&store), [(7, 9, "{}".into())]);
    assert_eq!(held(&store), (5, Some(7), None));
}

/// A definition that is no more than listed is handed on.
fn only_named(store: Fresh) {
    let mut batch = Batch::default();
    batch.definition(&DefinitionName {
        phase: delay(),
        fingerprint: [7; 32],
    });
    batch.segment(&"a".into());
    store.write(&batch).unwrap();
    assert!(known(&store).is_empty());
    let mut names = Vec::new();
    let dump = store.dump(&mut |batch| {
        names.extend(batch.definition_names().iter().cloned());
        names.extend(batch.segments().iter().map(|segment| DefinitionName {
            phase: phase(segment, 1, ""),
            fingerprint: [0; 32],
        }));
        Ok(())
    });
    dump.unwrap();
    assert_eq!(
        names,
        [
            DefinitionName {
                phase: delay(),
                fingerprint: [7; 32],
            },
            DefinitionName {
                phase: phase("a", 1, ""),
                fingerprint: [0; 32],
            },
        ]
    );
}

/// The earliest exposure stays with its definition and its segment, whichever come later.
fn exposures_keep_theirs(store: Fresh) {
    write(&store, &[exposed((5, Some(2), Some("b")))]);
    write(&store, &[exposed((6, Some(1), Some("a")))]);
    assert_eq!(held(&store), (5, Some(2), Some("b".into())));
    write(&store, &[exposed((4, None, None))]);
    assert_eq!(held(&store), (4, None, None));
    write(&store, &[exposed((3, Some(9), Some("z")))]);
    assert_eq!(held(&store), (3, Some(9), Some("z".into())));
}

/// At one time, the least fingerprint stays, then the least segment; what is not known comes last. It
/// is the same whether they come one by one, together, or the other way round.
fn ties(store: Fresh) {
    let order: [Under; 6] = [
        (5, Some(1), Some("B")),
        (5, Some(1), Some("a")),
        (5, Some(1), None),
        (5, Some(2), Some("a")),
        (5, None, Some("a")),
        (5, None, None),
    ];
    let mut offset = 0;
    let earlier =
        |offset: i64, (at, definition, segment): Under| (at - offset, definition, segment);
    // The fingerprint that is less has the greater id.
    write(&store, &[exposed((9, Some(2), Some("a")))]);
    for (index, first) in order.iter().enumerate() {
        for second in &order[index + 1..] {
            for batches in [
                vec![vec![first, second]],
                vec![vec![second, first]],
                vec![vec![first], vec![second]],
                vec![vec![second], vec![first]],
            ] {
                offset += 1;
                for rows in batches {
                    let rows = rows.into_iter().map(|row| exposed(earlier(offset, *row)));
                    write(&store, &rows.collect::<Vec<_>>());
                }
                let (at, definition, segment) = earlier(offset, *first);
                let expected = (at, definition, segment.map(Arc::from));
                assert_eq!(held(&store), expected, "{first:?} beside {second:?}");
            }
        }
    }
}

/// What came back is there again, and the same entry once.
fn plans_are_a_log(store: Fresh) {
    let (one, other) = ("{\"units\": 1}", "{\"units\": 2}");
    write(&store, &[plan(30, one), plan(10, one), plan(20, other)]);
    write(&store, &[plan(10, one), plan(10, other), plan(10, one)]);
    let phases = store.phases().unwrap();
    let entry = |micros, json: &str| PlanEntry {
        first_at: at(micros),
        json: json.into(),
    };
    let expected = [
        entry(10, one),
        entry(10, other),
        entry(20, other),
        entry(30, one),
    ];
    assert_eq!(phases[0].plans, expected);
    assert_eq!((phases[0].name.clone(), phases.len()), (delay(), 1));
}

/// Longer than what a page of a database holds.
fn long_plans(store: Fresh) {
    let hypotheses = ["x", "y"].map(|end| format!("{{\"h\":\"{}{end}\"}}", random(20_000)));
    let facts = hypotheses.each_ref().map(|json| plan(1, json));
    write(&store, &facts);
    write(&store, &facts);
    let plans = store.phases().unwrap().remove(0).plans;
    let texts: Vec<&str> = plans.iter().map(|plan| &*plan.json).collect();
    assert_eq!(texts, hypotheses.each_ref());
}

/// Letters that no compression makes few.
fn random(letters: u64) -> String {
    let mixed = |number: u64| (number + 1).wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 32;
    let letters = (0..letters).map(|number| char::from(b'a' + (mixed(number) % 26) as u8));
    letters.collect()
}

#[track_caller]
fn refused(store: &Fresh, batch: &Batch) {
    let error = store.write(batch).unwrap_err();
    assert_eq!(error.kind(), StoreErrorKind::Refused);
    assert!(dumped(&**store).is_empty());
}

fn of_another_phase(store: Fresh) {
    let mut torn = batch(&[exposed((5, None, None))]);
    let other = DefinitionName {
        phase: phase("delay", 2, "visitor"),
        fingerprint: [1; 32],
    };
    torn.exposures[0].definition = Some(torn.definition(&other));
    refused(&store, &torn);
}

fn far_indices(store: Fresh) {
    let whole = batch(&[exposed((5, Some(1), Some("a"))), plan(5, "{}")]);
    let mut torn = whole.clone();
    torn.exposures[0].definition = Some(1);
    refused(&store, &torn);
    let mut torn = whole.clone();
    torn.exposures[0].segment = Some(1);
    refused(&store, &torn);
    let mut torn = whole;
    torn.plans[0].phase = 1;
    refused(&store, &torn);
}
