//! Whether the effect of one set depends on the track of another.

use std::{collections::BTreeMap, sync::Mutex, time::Duration};

use tower_tracks::{
    Exposure, Goal, Key, Metric, MultiTrackSet, Observe, Plan, SimpleTrackSet,
    event::Conversion,
    record::Recorder,
    report::{PhaseReport, Report, Reporter},
    store::{Memory, Store, Timestamp},
};

use super::shop::{DAY, start, units};
use crate::record::hooked::Hooked;

fn set(name: &str, track: &str) -> MultiTrackSet {
    let plan = Plan::default().primary(Metric::rate("purchase").window(DAY));
    let set = SimpleTrackSet::new(name).track(track, ()).plan(plan);
    set.build().unwrap()
}

/// Two sets whose tracks help each other, or do not, and a third that ended long ago.
fn store(helps: bool) -> std::sync::Arc<Memory> {
    store_where(helps, |_, _| true)
}

/// The same; a visitor comes to the second set if `comes` says so, by its number and whether the first treats it.
fn store_where(helps: bool, comes: fn(u64, bool) -> bool) -> std::sync::Arc<Memory> {
    let store = std::sync::Arc::new(Memory::default());
    let recorder = Recorder::builder(units())
        .queue(200_000)
        .store(store.clone());
    let recorder = recorder.start().unwrap();
    let sets = [
        set("delay", "short"),
        set("banner", "blue"),
        set("old", "on"),
    ];
    for visitor in 0..4000_u64 {
        let key = Key::from(format!("visitor-{visitor}"));
        let met = start() + 10 * DAY + Duration::from_secs(visitor);
        let mut treated = 0;
        for (number, set) in sets.iter().enumerate() {
            let at = if number == 2 { start() } else { met };
            let choice = set.assign(key.clone(), &());
            if number == 1 && !comes(visitor, treated == 1) {
                continue;
            }
            treated += usize::from(number < 2 && !choice.is_control());
            recorder.observe(&Exposure::new(choice, key.clone(), at).unwrap());
        }
        let chance = match (treated, helps) {
            (2, true) => 30,
            _ => 10,
        };
        if visitor * 7919 % 100 < chance {
            let bought = Conversion::new(&key, Goal::new("purchase").unwrap(), met + DAY / 2);
            recorder.conversion(&bought.once("order"));
        }
    }
    recorder.flush().wait().unwrap();
    store
}

fn later(days: u32) -> Timestamp {
    (start() + 14 * DAY + days * DAY).into()
}

fn interactions(phase: &PhaseReport) -> Vec<&str> {
    let notices = phase.notices.iter();
    let found = notices.filter(|notice| notice.kind == "interaction");
    found.map(|notice| &*notice.sentence).collect()
}

#[test]
fn an_interaction_is_noticed_in_both_sets() {
    let store = store(true);
    let report = Reporter::new(&*store, later(0)).compute().unwrap();
    let delay = interactions(report.latest("delay").unwrap());
    let banner = interactions(report.latest("banner").unwrap());
    let old = interactions(report.latest("old").unwrap());
    let [sentence] = &delay[..] else {
        panic!("{delay:?}");
    };
    let begin = "Its effect for units in blue of banner differs by +";
    assert!(sentence.starts_with(begin), "{sentence}");
    assert!(sentence.contains("percentage points"), "{sentence}");
    assert!(banner[0].starts_with("Its effect for units in short of delay differs"));
    assert_eq!((banner.len(), old.len()), (1, 0));
}

#[test]
fn without_an_interaction_there_is_no_notice() {
    let report = Reporter::new(&*store(false), later(0)).compute().unwrap();
    assert!(
        report
            .phases
            .iter()
            .all(|phase| interactions(phase).is_empty())
    );
}

#[test]
fn without_the_units_that_there_should_be_there_is_no_notice() {
    let store = store_where(true, |visitor, is_treated| !is_treated || visitor % 3 > 0);
    let report = Reporter::new(&*store, later(0)).compute().unwrap();
    // Each set by itself has the units that it should have.
    for set in ["delay", "banner"] {
        let phase = report.latest(set).unwrap();
        assert!(phase.health.sample_ratio.known().unwrap().p > 0.01, "{set}");
        assert_eq!(interactions(phase), [""; 0], "{set}");
    }
}

/// A page is refreshed every minute, and reads each pair once a day.
#[test]
fn a_refreshed_report_reads_pairs_once_a_day() {
    let calls: std::sync::Arc<Mutex<BTreeMap<String, u32>>> = Default::default();
    let counted = calls.clone();
    let store = Hooked::new(store(true), move |method| {
        *counted
            .lock()
            .unwrap()
            .entry(method.to_owned())
            .or_default() += 1;
        Ok(())
    });
    let attributions = || std::mem::take(&mut *calls.lock().unwrap()).remove("attribute");
    let refresh = |as_of: Timestamp| -> Report { Reporter::new(&store, as_of).refresh().unwrap() };
    let minute = Duration::from_secs(60);
    let first = refresh(later(0));
    assert_eq!(attributions(), Some(4));
    let second = refresh(later(0).plus(minute));
    assert_eq!(attributions(), Some(3));
    let third = refresh(later(1));
    assert_eq!(attributions(), Some(4));
    for report in [&first, &second, &third] {
        let delay = report.latest("delay").unwrap();
        assert_eq!(interactions(delay).len(), 1);
    }
    // What is stored has the notice too.
    assert_eq!(Reporter::stored(&store as &dyn Store).unwrap(), third);
}
