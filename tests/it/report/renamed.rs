//! Reports of sets that were renamed.

use std::{sync::Arc, time::Duration};

use tower_tracks::{
    Exposure, Goal, Key, MultiTrackSet, Observe, SimpleTrackSet,
    control::{Act, Change, Draft},
    event::Conversion,
    record::Recorder,
    report::{PhaseReport, Reporter},
    store::{Memory, Sqlite, Store, Timestamp},
};

use super::{
    shop::{day, only, plan, start, units},
    visitors::Visitors,
};
use crate::sinks::Folder;

fn set(name: &str) -> SimpleTrackSet<()> {
    SimpleTrackSet::new(name).track("cheap", ()).plan(plan())
}

fn pricing() -> MultiTrackSet {
    set("pricing").build().unwrap()
}

fn renamed() -> MultiTrackSet {
    set("prices").formerly("pricing").build().unwrap()
}

/// Records the visits of some visitors on a day, an hour after which every third one buys.
fn visit<S: Store>(
    store: &Arc<S>,
    sets: &MultiTrackSet,
    visitors: std::ops::Range<usize>,
    on: u32,
) {
    let recorder = Recorder::builder(units()).queue(10_000);
    let recorder = recorder.store(Arc::clone(store)).start().unwrap();
    let all = Visitors::new(1).take(visitors.end).enumerate();
    for (number, visitor) in all.skip(visitors.start) {
        let at = start() + on * super::shop::DAY + Duration::from_secs(number as u64);
        let key = Key::from(visitor.key);
        let choice = sets.assign(key.clone(), &());
        recorder.observe(&Exposure::new(choice, key.clone(), at).unwrap());
        if number % 3 == 0 {
            let purchase = Goal::new("purchase").unwrap();
            let purchase = Conversion::new(&key, purchase, at + Duration::from_secs(3600));
            let purchase = purchase.value(20.0).unwrap().once(format!("{on}"));
            recorder.conversion(&purchase);
        }
    }
    recorder.shutdown(Duration::from_secs(60)).wait();
}

fn report(store: &dyn Store) -> PhaseReport {
    only(Reporter::new(store, day(30)).compute().unwrap())
}

fn kinds(phase: &PhaseReport) -> Vec<&str> {
    phase.notices.iter().map(|notice| &*notice.kind).collect()
}

/// The report equals that of a set which always had its present name, apart from the former name.
fn a_rename_changes_nothing<S: Store>(open: impl Fn(&str) -> S) {
    let (store, unnamed) = (Arc::new(open("renamed")), Arc::new(open("never-renamed")));
    let never_renamed = set("prices").salt("pricing").build().unwrap();
    visit(&store, &pricing(), 0..200, 0);
    visit(&store, &renamed(), 100..300, 2);
    visit(&unnamed, &never_renamed, 0..200, 0);
    visit(&unnamed, &never_renamed, 100..300, 2);

    let mut phase = report(&*store);
    assert_eq!((&*phase.set, phase.units), ("prices", 300));
    assert_eq!(phase.former_names, ["pricing"]);
    let notice = phase.notices.iter().find(|notice| notice.kind == "renamed");
    assert_eq!(
        notice.unwrap().sentence,
        "the set was named \"pricing\" before; its units under all names are counted, each by its \
         first exposure"
    );
    assert!(phase.to_text().contains("was named \"pricing\" before"));
    phase.former_names.clear();
    phase.notices.retain(|notice| notice.kind != "renamed");
    assert_eq!(phase, report(&*unnamed));
}

#[test]
fn a_rename_changes_nothing_in_memory() {
    a_rename_changes_nothing(|_| Memory::default());
}

#[test]
fn a_rename_changes_nothing_in_a_file() {
    let folder = Folder::new();
    a_rename_changes_nothing(|name| Sqlite::open(folder.join(name)).unwrap());
}

#[test]
fn a_stored_report_takes_the_place_of_that_under_the_former_name() {
    let store = Arc::new(Memory::default());
    visit(&store, &pricing(), 0..200, 0);
    Reporter::new(&*store, day(1)).refresh().unwrap();
    visit(&store, &renamed(), 200..300, 2);
    assert_eq!(only(Reporter::stored(&*store).unwrap()).set, "pricing");
    let computed = Reporter::new(&*store, day(30)).refresh().unwrap();
    let stored = Reporter::stored(&*store).unwrap();
    assert_eq!(stored, computed);
    assert_eq!(
        (&*only(stored).set, computed.phases[0].units),
        ("prices", 300)
    );
}

#[test]
fn both_names_select_the_set() {
    let store = Arc::new(Memory::default());
    visit(&store, &pricing(), 0..200, 0);
    visit(&store, &renamed(), 200..300, 2);
    for name in ["pricing", "prices"] {
        let reporter = Reporter::new(&*store, day(30)).set(name);
        assert_eq!(only(reporter.compute().unwrap()).units, 300, "{name}");
    }
    let other = Reporter::new(&*store, day(30)).set("banner");
    assert!(other.compute().unwrap().phases.is_empty());
}

/// The definition of the fingerprint is stored already, without the former name.
#[test]
fn a_former_name_can_be_added_after_the_rename() {
    for plan in [plan(), tower_tracks::Plan::default()] {
        let store = Arc::new(Memory::default());
        let named = |name: &str| set(name).plan(plan.clone());
        visit(&store, &named("pricing").build().unwrap(), 0..200, 0);
        let by_salt = named("prices").salt("pricing").build().unwrap();
        visit(&store, &by_salt, 200..300, 2);
        let apart = Reporter::new(&*store, day(30)).compute().unwrap();
        assert_eq!(apart.phases.len(), 2);
        let renamed = named("prices").formerly("pricing").build().unwrap();
        visit(&store, &renamed, 300..400, 3);
        assert_eq!(report(&*store).units, 400);
    }
}

#[test]
fn a_set_without_a_plan_has_none_after_its_rename() {
    let store = Arc::new(Memory::default());
    let bare = |name: &str| SimpleTrackSet::new(name).track("cheap", ());
    visit(&store, &bare("pricing").build().unwrap(), 0..200, 0);
    let before = report(&*store);
    let renamed = bare("prices").formerly("pricing").build().unwrap();
    visit(&store, &renamed, 200..300, 2);
    let after = report(&*store);
    assert_eq!((after.units, &after.intent), (300, &before.intent));
    assert_eq!(after.goals.len(), before.goals.len());
}

#[test]
fn a_set_can_get_an_earlier_name_back() {
    let store = Arc::new(Memory::default());
    visit(&store, &pricing(), 0..100, 0);
    visit(&store, &renamed(), 100..200, 2);
    let back = set("pricing").salt("pricing").formerly("prices");
    visit(&store, &back.build().unwrap(), 200..300, 4);
    let phase = report(&*store);
    assert_eq!((&*phase.set, phase.units), ("pricing", 300));
    assert_eq!(phase.former_names, ["prices"]);
}

#[test]
fn several_renames_lead_to_the_present_name() {
    let store = Arc::new(Memory::default());
    visit(&store, &pricing(), 0..100, 0);
    visit(&store, &renamed(), 100..200, 2);
    let again = set("cost").formerly("pricing").formerly("prices");
    visit(&store, &again.build().unwrap(), 200..300, 4);
    let phase = report(&*store);
    assert_eq!((&*phase.set, phase.units), ("cost", 300));
    assert_eq!(phase.former_names, ["prices", "pricing"]);
}

/// A definition need not list all former names: each lists its own.
#[test]
fn a_later_definition_may_have_the_last_name_alone() {
    let store = Arc::new(Memory::default());
    visit(&store, &pricing(), 0..100, 0);
    visit(&store, &renamed(), 100..200, 2);
    let again = set("cost").salt("pricing").formerly("prices");
    visit(&store, &again.build().unwrap(), 200..300, 4);
    assert_eq!(report(&*store).units, 300);
}

#[test]
fn a_new_phase_may_begin_with_the_new_name() {
    let store = Arc::new(Memory::default());
    visit(&store, &pricing(), 0..100, 0);
    let next = set("prices").formerly("pricing").phase(2).build().unwrap();
    visit(&store, &next, 50..150, 2);
    let report = Reporter::new(&*store, day(30)).compute().unwrap();
    let [first, second] = &report.phases[..] else {
        panic!("{report:?}");
    };
    assert_eq!((&*first.set, first.phase, first.units), ("prices", 1, 100));
    assert_eq!(
        (&*second.set, second.phase, second.units),
        ("prices", 2, 100)
    );
    // Half of the units were also units of the first phase, within the window of the goal.
    assert!(
        kinds(second).contains(&"previous-phase"),
        "{:?}",
        kinds(second)
    );
    assert!(second.former_names.is_empty());
}

#[test]
fn another_set_may_get_the_free_name_later() {
    let store = Arc::new(Memory::default());
    visit(&store, &pricing(), 0..100, 0);
    visit(&store, &renamed(), 100..200, 2);
    let other = set("pricing").phase(2).build().unwrap();
    visit(&store, &other, 0..50, 10);
    let report = Reporter::new(&*store, day(30)).compute().unwrap();
    let names = report
        .phases
        .iter()
        .map(|phase| (&*phase.set, phase.phase, phase.units));
    assert_eq!(
        names.collect::<Vec<_>>(),
        [("prices", 1, 200), ("pricing", 2, 50)]
    );
}

#[test]
fn changes_under_both_names_leave_units_out() {
    let store = Arc::new(Memory::default());
    visit(&store, &pricing(), 0..100, 0);
    visit(&store, &renamed(), 100..200, 2);
    let change = |number, set: &str, act, at: Timestamp| -> Change {
        Draft::new(set, 1, act, "alice", "a test").numbered(number, at)
    };
    let changes = [
        change(
            1,
            "pricing",
            Act::Exclude {
                from: day(0),
                until: day(1),
            },
            day(1),
        ),
        change(2, "banner", Act::Close, day(1)),
        change(
            3,
            "prices",
            Act::Close,
            day(2).plus(Duration::from_secs(150)),
        ),
    ];
    let reporter = |changes: &[Change]| {
        let reporter = Reporter::new(&*store, day(30)).changes(changes);
        only(reporter.compute().unwrap()).units
    };
    assert_eq!(reporter(&changes), 50);
    assert_eq!(reporter(&changes[..2]), 100);
    // Before anything was recorded under the present name.
    let former = Arc::new(Memory::default());
    visit(&former, &pricing(), 0..100, 0);
    let left = Reporter::new(&*former, day(30)).changes(&changes[..]);
    assert_eq!(only(left.compute().unwrap()).units, 0);
}
