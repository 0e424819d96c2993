//! Whatever is recorded, a decision is the same at any two moments after it.

use proptest::prelude::*;
use tower_tracks::{
    Goal, Metric, Plan,
    report::{PhaseReport, Reporter},
    store::{Batch, ConversionRow, ExposureRow, Memory, Store, Timestamp, TrackName, WriterRow},
    unit::Unit,
};

use super::shop::{DAY, day, only, pricing};

/// A visit of one unit: when, and what follows. Times are in hours.
#[derive(Debug, Clone)]
struct Visit {
    at: u32,
    /// When the unit is exposed to the other track, too.
    crosses: Option<u32>,
    /// When it converts; perhaps before the visit, perhaps after its window.
    converts: Option<u32>,
}

fn visits() -> impl Strategy<Value = (Vec<Visit>, [f64; 2])> {
    let visit = (0..24 * 12_u32, 0..30_u32, 0..24 * 20_u32, 0..24 * 14_u32);
    let visits = prop::collection::vec(visit, 300..900);
    let rates = [0.05..0.3_f64, 0.05..0.6_f64];
    (visits, rates, any::<u64>()).prop_map(|(drawn, rates, seed)| {
        let visits = drawn
            .into_iter()
            .zip(seed..)
            .map(|((at, crossing, when, after), seed)| {
                let share = f64::from((seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 40) as u32)
                    / f64::from(1_u32 << 24);
                let rate = rates[usize::from(track_of(seed))];
                Visit {
                    at,
                    crosses: (crossing == 0).then_some(when),
                    converts: (share < rate).then_some((at + after).saturating_sub(24)),
                }
            });
        (visits.collect(), rates)
    })
}

fn track_of(number: u64) -> bool {
    number & 1 == 1
}

fn store(visits: &[Visit], planned: u64) -> Memory {
    let sets = pricing(
        Plan::default()
            .primary(Metric::rate("purchase").window(3 * DAY))
            .exploratory(Metric::count("purchase").window(DAY))
            .units(planned),
    );
    let set = sets.sets().next().unwrap();
    let mut batch = Batch::default();
    let writer = batch.writer(&WriterRow::new([1; 16], day(0)));
    let tracks = set.tracks().iter();
    let tracks: Vec<u32> = tracks
        .map(|track| batch.track(&TrackName::of(set, track)))
        .collect();
    let goal = batch.goal(&Goal::new("purchase").unwrap());
    let at = |hours: u32| day(0).plus(DAY / 24 * hours);
    batch.definitions.push(super::shop::definition_of(set, 0));
    for (number, visit) in (0_u64..).zip(visits) {
        let mut bytes = [0; 16];
        bytes[..8].copy_from_slice(&number.wrapping_mul(0x9e37_79b9_7f4a_7c15).to_be_bytes());
        bytes[8..].copy_from_slice(&number.to_be_bytes());
        let unit = Unit::from_bytes(bytes);
        let own = usize::from(track_of(number));
        let exposed = [(own, Some(visit.at)), (1 - own, visit.crosses)];
        for (track, at_hour) in exposed {
            let row = |hour| ExposureRow::new(tracks[track], unit, at(hour), writer);
            let rows = at_hour.map(|hour| row(hour).coin(number % 4 < 2));
            batch.exposures.extend(rows);
        }
        let row = |hour| ConversionRow::new(goal, unit, [2; 16], at(hour), writer);
        let rows = visit.converts.map(|hour| row(hour).value(1_000_000));
        batch.conversions.extend(rows);
    }
    let store = Memory::default();
    store.write(&batch).unwrap();
    store
}

fn report(store: &Memory, at: Timestamp) -> PhaseReport {
    only(Reporter::new(store, at).compute().unwrap())
}

/// The decision, and the goals that it decides.
fn decided(phase: &PhaseReport) -> String {
    let mut goals = phase.goals.clone();
    for goal in &mut goals {
        (goal.open, goal.open_until) = (0, None);
        for track in &mut goal.tracks {
            // What is wrong with the set as a whole may come to light later.
            track.verdict = None;
        }
    }
    format!("{:?} {goals:?}", phase.decision)
}

proptest! {
    #![proptest_config(crate::properties::config(48))]

    #[test]
    fn a_decision_is_the_same_at_any_two_moments(
        (visits, _) in visits(), planned in 150_u64..700,
        hours in prop::collection::vec(0_u32..24 * 40, 2),
    ) {
        let store = store(&visits, planned);
        let last = report(&store, day(60));
        let Some(decision) = &last.decision else { return Ok(()) };
        // At the very moment, and at two others after it.
        let decided_at = decision.decided_at.0;
        let before = report(&store, Timestamp::from_micros(decided_at.as_micros() - 1));
        prop_assert_eq!(before.decision, None);
        let expected = decided(&report(&store, decided_at));
        for hours in hours {
            let later = report(&store, decided_at.plus(DAY / 24 * hours));
            prop_assert_eq!(&later.decision, &last.decision);
            if later.covered.is_none() {
                prop_assert_eq!(decided(&later), expected.clone());
            }
        }
    }

    /// Any number of reports and refreshes of unchanged facts at one moment are equal, guardrails,
    /// notices and all.
    #[test]
    fn refreshes_of_unchanged_facts_are_equal(
        (visits, _) in visits(), planned in 150_u64..700, hours in 0_u32..24 * 40,
    ) {
        let store = store(&visits, planned);
        let reporter = Reporter::new(&store, day(0).plus(DAY / 24 * hours));
        let first = reporter.compute().unwrap();
        for _ in 0..2 {
            prop_assert_eq!(&reporter.refresh().unwrap(), &first);
            prop_assert_eq!(&Reporter::stored(&store).unwrap(), &first);
            prop_assert_eq!(&reporter.compute().unwrap(), &first);
        }
    }
}
