//! Units that changes of the running test leave out.

use tower_tracks::{
    control::{Act, Change, Draft},
    report::{PhaseReport, Reporter},
    store::Timestamp,
};

use super::{
    shop::{DAY, Shop, day, only, plan, pricing},
    visitors::Visitors,
};

/// A shop whose 400 visitors come within eight days, fifty a day.
fn shop() -> Shop {
    let mut shop = Shop::new(pricing(plan()));
    shop.every = 8 * DAY / 400;
    shop.visit(Visitors::new(1).take(400));
    shop
}

fn change(number: u64, act: Act, at: Timestamp) -> Change {
    Draft::new("pricing", 1, act, "alice", "a test").numbered(number, at)
}

fn report(shop: &Shop, changes: &[Change], as_of: Timestamp) -> PhaseReport {
    let reporter = Reporter::new(&*shop.store, as_of).changes(changes);
    only(reporter.compute().unwrap())
}

fn sentence<'p>(phase: &'p PhaseReport, kind: &str) -> Option<&'p str> {
    let mut notices = phase.notices.iter();
    let notice = notices.find(|notice| notice.kind == kind)?;
    Some(&notice.sentence)
}

#[test]
fn a_close_ends_the_enrolment_and_not_the_conversions() {
    let shop = shop();
    let close = [change(1, Act::Close, day(2))];
    let all = report(&shop, &[], day(20));
    assert_eq!((all.units, sentence(&all, "closed")), (400, None));
    let closed = report(&shop, &close, day(20));
    assert_eq!(closed.units, 100);
    assert_eq!(
        sentence(&closed, "closed").unwrap(),
        "the enrolment was closed on 2025-03-03 00:00 UTC; 300 units that were first exposed later are \
         left out"
    );
    // A report of before the close does not know it.
    let before = report(&shop, &close, day(1));
    assert_eq!((before.units, sentence(&before, "closed")), (50, None));
    // What a report of the same units said while the test ran.
    let then = report(&shop, &[], day(2));
    let units = |phase: &PhaseReport| {
        phase
            .tracks
            .iter()
            .map(|track| track.units)
            .collect::<Vec<_>>()
    };
    assert_eq!(units(&then), units(&closed));
}

#[test]
fn a_span_is_left_out_of_every_track() {
    let shop = shop();
    let span = Act::Exclude {
        from: day(1),
        until: day(3),
    };
    let excluded = report(&shop, &[change(1, span.clone(), day(4))], day(20));
    assert_eq!(excluded.units, 300);
    assert_eq!(
        sentence(&excluded, "excluded").unwrap(),
        "100 units are left out, since they were first exposed in a span that a person excluded"
    );
    let reset = [change(1, span, day(4)), change(2, Act::Reset, day(5))];
    let phase = report(&shop, &reset, day(20));
    assert_eq!((phase.units, sentence(&phase, "excluded")), (400, None));
}

#[test]
fn changes_of_other_phases_leave_nobody_out() {
    let shop = shop();
    let other = Draft::new("pricing", 2, Act::Close, "alice", "a test").numbered(1, day(0));
    let unsigned = Draft::new("pricing", 1, Act::Close, "", "a test").numbered(2, day(0));
    assert_eq!(report(&shop, &[other, unsigned], day(20)).units, 400);
}
