//! What a report says about changes of the running test.

use tower_tracks::{
    SimpleTrackSet,
    control::{Act, Change, Draft, Step},
    report::{ChangeReport, PhaseReport, Reporter},
    store::Timestamp,
};

use super::{
    shop::{DAY, Shop, day, only, plan, pricing},
    visitors::Visitors,
};

/// A shop with fifty visitors on each of eight days.
fn shop() -> Shop {
    let mut shop = Shop::new(pricing(plan()));
    shop.every = DAY / 50;
    shop.visit(Visitors::new(1).take(400));
    shop
}

fn change(number: u64, act: Act, at: Timestamp) -> Change {
    Draft::new("pricing", 1, act, "ann", "a test").numbered(number, at)
}

fn share(share: f64) -> Act {
    Act::Share { share, over: 1.0 }
}

fn report(shop: &Shop, changes: &[Change]) -> PhaseReport {
    report_as_of(shop, changes, day(20))
}

fn report_as_of(shop: &Shop, changes: &[Change], as_of: Timestamp) -> PhaseReport {
    let reporter = Reporter::new(&*shop.store, as_of).changes(changes);
    only(reporter.compute().unwrap())
}

fn notice<'p>(phase: &'p PhaseReport, kind: &str) -> Option<&'p str> {
    let mut notices = phase.notices.iter();
    let notice = notices.find(|notice| notice.kind == kind)?;
    Some(&notice.sentence)
}

/// Returns the number, the day and the sentence of each change.
fn listed<'p>(phase: &'p PhaseReport) -> Vec<(u64, String, &'p str)> {
    let listed =
        |change: &'p ChangeReport| (change.number, change.day.to_string(), &*change.sentence);
    phase.changes.iter().map(listed).collect()
}

#[test]
fn changes_are_listed_by_the_day_on_which_they_came_into_force() {
    let shop = shop();
    let steps = [(3, 0.5), (4, 1.0)].map(|(days, share)| Step {
        at: day(days),
        share,
    });
    let changes = [
        change(2, share(0.1), day(1)),
        change(
            3,
            Act::Ramp {
                steps: steps.to_vec(),
                over: 1.0,
            },
            day(2),
        ),
        change(5, Act::Pause, day(5)),
        change(6, Act::Resume, day(6)),
        change(9, Act::Close, day(7)),
        change(10, Act::Pause, day(25)),
    ];
    let phase = report(&shop, &changes);
    let expected = [
        (
            2,
            "2025-03-02",
            "the share was lowered from 100.0% to 10.0%",
        ),
        (3, "2025-03-03", "a ramp to 100.0% in 2 steps was set"),
        (
            3,
            "2025-03-04",
            "by the ramp, the share was raised from 10.0% to 50.0%",
        ),
        (
            3,
            "2025-03-05",
            "by the ramp, the share was raised from 50.0% to 100.0%",
        ),
        (5, "2025-03-06", "the set was paused"),
        (6, "2025-03-07", "the pause ended"),
        (9, "2025-03-08", "the enrolment was closed"),
    ];
    let expected = expected.map(|(number, day, what)| (number, day.to_owned(), what));
    assert_eq!(listed(&phase), expected);
    let first = &phase.changes[0];
    assert_eq!(
        (&*first.author, &*first.reason, &*first.act),
        ("ann", "a test", "share")
    );
    assert_eq!(
        (first.shares, first.without_effect.as_deref()),
        (Some([1.0, 0.1]), None)
    );
    assert!(
        phase
            .to_text()
            .contains("change 5: the set was paused, by ann: a test")
    );
    // The order in which a log returns changes does not matter, and neither do repetitions.
    let mut mixed = changes.to_vec();
    mixed.reverse();
    mixed.extend(changes);
    assert_eq!(report(&shop, &mixed), phase);
}

#[test]
fn a_change_without_effect_is_listed_with_the_reason() {
    let shop = shop();
    let mut pending = change(1, share(0.5), day(1));
    pending.needs_approval = true;
    let unknown = Act::Ship {
        track: "cheep".into(),
    };
    let changes = [pending.clone(), change(2, unknown, day(2))];
    let phase = report(&shop, &changes);
    let why: Vec<&str> = phase
        .changes
        .iter()
        .map(|change| change.without_effect.as_deref().unwrap())
        .collect();
    assert_eq!(
        why,
        [
            "it waits for the approval of another person",
            "the set has no track of that name"
        ]
    );
    assert_eq!(
        (phase.shipped.as_ref(), notice(&phase, "share-lowered")),
        (None, None)
    );

    // An approval puts the change in force, and the change has its time.
    let mut approval = change(3, Act::Approve { change: 1 }, day(4));
    approval.author = "bob".to_owned();
    let phase = report(&shop, &[pending, approval]);
    let expected = [
        (
            1,
            "2025-03-05",
            "the share was lowered from 100.0% to 50.0%",
        ),
        (3, "2025-03-05", "change 1 was approved"),
    ];
    let expected = expected.map(|(number, day, what)| (number, day.to_owned(), what));
    assert_eq!(listed(&phase), expected);
    assert!(
        phase
            .changes
            .iter()
            .all(|change| change.without_effect.is_none())
    );
}

/// A store keeps the share of the first definition, since a fingerprint does not cover it.
#[test]
fn a_share_is_over_the_share_in_code_that_it_names() {
    let set = SimpleTrackSet::new("pricing").track("cheap", ());
    let mut shop = Shop::new(set.share(0.999).plan(plan()).build().unwrap());
    shop.every = DAY / 50;
    let visitors = Visitors::new(1).filter(|visitor| {
        let choice = shop.sets.assign(visitor.key.clone(), &());
        choice.track().is_some()
    });
    let visitors: Vec<_> = visitors.take(400).collect();
    shop.visit(visitors);
    // A deploy has set the share in code to 0.2, over which it was raised.
    let raise = Act::Share {
        share: 0.4,
        over: 0.2,
    };
    let phase = report(&shop, &[change(1, raise, day(3))]);
    let raised = &phase.changes[0];
    assert_eq!(
        (raised.shares, raised.without_effect.as_deref()),
        (Some([0.2, 0.4]), None)
    );
    assert_eq!(raised.sentence, "the share was raised from 20.0% to 40.0%");
}

#[test]
fn a_lowered_share_is_said_and_a_raised_one_is_not() {
    let shop = shop();
    let lowered = [change(1, share(0.5), day(3)), change(2, share(0.7), day(5))];
    assert_eq!(
        notice(&report(&shop, &lowered), "share-lowered").unwrap(),
        "the share was lowered from 100.0% to 50.0% on 2025-03-04 00:00 UTC; units that left the set \
         still count, so differences look smaller than they are; to end the enrolment, close it instead"
    );
    // Before the first exposure, no unit leaves.
    let before = [change(1, share(0.5), day(0)), change(2, share(0.7), day(5))];
    let phase = report(&shop, &before);
    assert_eq!(notice(&phase, "share-lowered"), None);
    // A raise changes no result.
    assert_eq!(phase.notices, report(&shop, &[]).notices);
    // A reset may lower it as well.
    let mut set = SimpleTrackSet::new("pricing").track("cheap", ());
    set = set.plan(plan()).share(0.5);
    let mut small = Shop::new(set.build().unwrap());
    let enrolled = Visitors::new(1).filter(|visitor| {
        let choice = small.sets.assign(visitor.key.clone(), &());
        choice.track().is_some()
    });
    let enrolled: Vec<_> = enrolled.take(100).collect();
    small.visit(enrolled);
    let raise = Act::Share {
        share: 1.0,
        over: 0.5,
    };
    let reset = [change(1, raise, day(1)), change(2, Act::Reset, day(2))];
    let phase = report(&small, &reset);
    assert!(notice(&phase, "share-lowered").is_some());
    assert_eq!(
        phase.changes[1].sentence,
        "all changes were undone; the share was lowered from 100.0% to 50.0%"
    );
}

#[test]
fn pauses_are_said_with_their_spans() {
    let shop = shop();
    let once = [
        change(1, Act::Pause, day(2)),
        change(2, Act::Resume, day(3)),
    ];
    assert_eq!(
        notice(&report(&shop, &once), "paused").unwrap(),
        "the set was paused from 2025-03-03 00:00 UTC to 2025-03-04 00:00 UTC; in a pause no unit is \
         added, and all units get control, so differences look smaller than they are"
    );
    let again = [
        once[0].clone(),
        once[1].clone(),
        change(3, Act::Pause, day(9)),
    ];
    let sentence = report(&shop, &again);
    let sentence = notice(&sentence, "paused").unwrap();
    assert!(
        sentence.starts_with("the set is paused since 2025-03-10 00:00 UTC, and once before; "),
        "{sentence}"
    );
    // A pause before the first exposure affects no unit.
    let before = [
        change(1, Act::Pause, day(0)),
        change(2, Act::Resume, day(0)),
    ];
    assert_eq!(notice(&report(&shop, &before), "paused"), None);
}

#[test]
fn a_shipped_track_ends_the_test_until_a_reset() {
    let shop = shop();
    let track = "cheap".into();
    let ship = change(4, Act::Ship { track }, day(9));
    let phase = report(&shop, std::slice::from_ref(&ship));
    let shipped = phase.shipped.as_ref().unwrap();
    assert_eq!(
        (&*shipped.track, shipped.at.0, shipped.change),
        ("cheap", day(9), 4)
    );
    assert_eq!((&*shipped.author, &*shipped.reason), ("ann", "a test"));
    assert_eq!(
        notice(&phase, "shipped").unwrap(),
        "the track cheap was shipped on 2025-03-10 00:00 UTC, so the test is over; the units are those \
         first exposed until then, and what they did since makes differences smaller"
    );
    let before = report_as_of(&shop, std::slice::from_ref(&ship), day(8));
    assert_eq!(
        (before.shipped, notice(&phase, "silent-days")),
        (None, None)
    );
    let reset = [ship, change(5, Act::Reset, day(10))];
    let phase = report(&shop, &reset);
    assert_eq!(
        (phase.shipped.as_ref(), notice(&phase, "shipped")),
        (None, None)
    );
}

/// Four hundred visitors, four days without any, and fifty more.
fn with_a_gap() -> Shop {
    let mut shop = shop();
    shop.skip_to(12 * DAY);
    shop.visit(Visitors::new(2).take(50));
    shop
}

#[test]
fn days_that_a_change_explains_are_not_silent() {
    let shop = with_a_gap();
    let silent = |changes: &[Change]| {
        let phase = report(&shop, changes);
        notice(&phase, "silent-days").map(|sentence| {
            let days = sentence
                .strip_prefix("no unit was first exposed on ")
                .unwrap();
            days.split(" in between").next().unwrap().to_owned()
        })
    };
    let span =
        |act: Act, until: Act, (from, to)| [change(1, act, day(from)), change(2, until, day(to))];
    assert_eq!(silent(&[]).as_deref(), Some("4 days"));
    assert_eq!(silent(&span(Act::Pause, Act::Resume, (8, 12))), None);
    assert_eq!(
        silent(&span(Act::Pause, Act::Resume, (8, 10))).as_deref(),
        Some("2 days")
    );
    let ship = Act::Ship {
        track: "cheap".into(),
    };
    assert_eq!(silent(&span(ship, Act::Reset, (8, 12))), None);
    assert_eq!(
        silent(&span(share(0.0), share(1.0), (8, 11))).as_deref(),
        Some("1 day")
    );
    let excluded = |from, until| {
        let (from, until) = (day(from), day(until));
        [change(1, Act::Exclude { from, until }, day(15))]
    };
    // Days of which all units were left out are not silent either.
    assert_eq!(silent(&excluded(6, 12)), None);
    assert_eq!(silent(&excluded(2, 4)).as_deref(), Some("4 days"));
    // A pause on another day explains nothing.
    assert_eq!(
        silent(&span(Act::Pause, Act::Resume, (2, 3))).as_deref(),
        Some("4 days")
    );
    // A pause of an hour does not explain a day.
    let hour = [
        change(1, Act::Pause, day(9)),
        change(2, Act::Resume, day(9).plus(DAY / 24)),
    ];
    assert_eq!(silent(&hour).as_deref(), Some("4 days"));
}

/// A log is input: none of its times may cost a computation over all days.
#[test]
fn extreme_times_are_read() {
    let shop = with_a_gap();
    let ends = [Timestamp::MIN, Timestamp::MAX];
    let steps = ends.map(|at| Step {
        at,
        share: if at == Timestamp::MIN { 0.1 } else { 0.2 },
    });
    let exclude = Act::Exclude {
        from: Timestamp::MIN,
        until: Timestamp::MAX,
    };
    let ramp = Act::Ramp {
        steps: steps.to_vec(),
        over: 1.0,
    };
    let changes = [
        change(1, Act::Pause, Timestamp::MIN),
        change(2, ramp, day(1)),
        change(3, exclude, day(2)),
        change(u64::MAX, Act::Reset, Timestamp::MAX),
    ];
    let phase = report(&shop, &changes);
    assert_eq!((phase.units, phase.changes.len()), (0, 3));
    assert_eq!(notice(&phase, "silent-days"), None);
}
