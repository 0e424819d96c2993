//! Days and looks in the time zone of a plan.

use std::{fmt, time::Duration};

use tower_tracks::{
    Plan,
    report::{PhaseReport, Reporter, Utc},
    store::{Memory, Store, Timestamp},
};

use super::{
    shop::{Shop, day, only, plan, pricing, report},
    visitors::Visitors,
};

/// The clocks of New York are set forward on 9 March 2025, the ninth day of these tests.
const NEW_YORK: &str = "America/New_York";

const HOUR: Duration = Duration::from_secs(3600);

fn utc(text: &str) -> Timestamp {
    text.parse::<Utc>().unwrap().0
}

/// Thirteen days, with a visitor each ten minutes.
fn visited(plan: Plan) -> Shop {
    let mut shop = Shop::new(pricing(plan));
    shop.every = HOUR / 6;
    shop.visit(Visitors::new(9).take(13 * 144));
    shop
}

fn kinds(phase: &PhaseReport) -> Vec<&str> {
    phase.notices.iter().map(|notice| &*notice.kind).collect()
}

fn days<T: fmt::Display>(phase: &PhaseReport, day: impl Fn(usize) -> T) -> Vec<String> {
    (0..phase.series.len())
        .map(|index| day(index).to_string())
        .collect()
}

/// The units of both tracks that a look is of.
fn units(phase: &PhaseReport, look: usize) -> u64 {
    phase.series[look]
        .tracks
        .iter()
        .map(|track| track.units)
        .sum()
}

/// A window of seven times 24 hours that begins before the night of 23 hours is over an hour after
/// midnight, and so counts at the next.
#[test]
fn looks_are_at_local_midnights() {
    let shop = visited(plan().units(20_000).time_zone(NEW_YORK));
    let phase = shop.report();
    assert_eq!(phase.time_zone, NEW_YORK);
    assert_eq!(phase.first_day.unwrap().to_string(), "2025-02-28");
    let looks = [
        ("2025-02-28", "2025-03-01T05:00:00Z"),
        ("2025-03-01", "2025-03-02T05:00:00Z"),
        ("2025-03-02", "2025-03-03T05:00:00Z"),
        ("2025-03-03", "2025-03-04T05:00:00Z"),
        ("2025-03-04", "2025-03-05T05:00:00Z"),
        ("2025-03-05", "2025-03-06T05:00:00Z"),
        ("2025-03-06", "2025-03-07T05:00:00Z"),
        ("2025-03-07", "2025-03-08T05:00:00Z"),
        // The windows of the eighth and of the ninth are over at one midnight, that of the 17th.
        ("2025-03-09", "2025-03-10T04:00:00Z"),
        ("2025-03-10", "2025-03-11T04:00:00Z"),
        ("2025-03-11", "2025-03-12T04:00:00Z"),
        ("2025-03-12", "2025-03-13T04:00:00Z"),
        ("2025-03-13", "2025-03-14T00:00:00Z"),
    ];
    assert_eq!(
        days(&phase, |look| phase.series[look].day),
        looks.map(|(day, _)| day)
    );
    for (look, (day, end)) in looks.into_iter().enumerate() {
        let before = utc(end).as_micros() - utc("2025-03-01T00:00:00Z").as_micros();
        // One visitor each ten minutes.
        assert_eq!(units(&phase, look), before as u64 / 600_000_000, "{day}");
    }
}

/// Each look appears at its midnight, not a moment before.
#[test]
fn a_look_is_read_from_its_midnight_on() {
    let shop = visited(plan().units(20_000).time_zone(NEW_YORK));
    let looks = |as_of: Timestamp| {
        let report = Reporter::new(&*shop.store, as_of).compute().unwrap();
        only(report).series.len()
    };
    for (midnight, before) in [
        ("2025-03-08T05:00:00Z", 0),
        ("2025-03-09T05:00:00Z", 1),
        // One midnight after the next: that of the tenth closes no day.
        ("2025-03-11T04:00:00Z", 2),
        ("2025-03-12T04:00:00Z", 3),
    ] {
        let at = utc(midnight);
        let just_before = at.minus(Duration::from_micros(1));
        assert_eq!(
            [looks(just_before), looks(at)],
            [before, before + 1],
            "{midnight}"
        );
    }
}

#[test]
fn a_plan_decides_at_a_local_midnight() {
    let phase = visited(plan().units(1000).time_zone(NEW_YORK)).report();
    let decision = phase.decision.as_ref().unwrap();
    let at = decision.decided_at.to_rfc3339();
    let day = phase.decided_on.unwrap();
    assert_eq!(at, format!("{day}T04:00:00.000000Z"));
    assert_eq!(decision.tracks[0].day, day);
    let text = phase.to_text();
    assert!(
        text.contains(&format!("decided by the plan on {day}")),
        "{text}"
    );
    assert!(
        text.contains("days begin at midnight in America/New_York"),
        "{text}"
    );
}

/// Another zone groups other units, and the clock of a look is another.
#[test]
fn without_a_zone_days_are_of_utc() {
    let phase = visited(plan().units(20_000)).report();
    assert_eq!(phase.time_zone, "UTC");
    assert_eq!(days(&phase, |look| phase.series[look].day).len(), 13);
    assert_eq!([units(&phase, 0), units(&phase, 8)], [144, 9 * 144]);
    assert!(!phase.to_text().contains("midnight in"));
    let json = serde_json::to_string(&plan()).unwrap();
    assert!(!json.contains("time_zone"), "{json}");
}

#[test]
fn the_plot_by_day_is_by_local_days() {
    let phase = visited(plan().time_zone(NEW_YORK)).report();
    assert_eq!(phase.series[0].day.to_string(), "2025-02-28");
    let nights: Vec<u64> = [0, 8, 9].map(|day| units(&phase, day)).into();
    // Five hours of the first, and 23 of the ninth of March.
    assert_eq!([nights[0], nights[2] - nights[1]], [30, 23 * 6]);
}

#[test]
fn a_zone_that_is_not_known_is_a_notice() {
    let phase = visited(plan().time_zone("America/New_Yrok")).report();
    assert_eq!(phase.time_zone, "UTC");
    assert!(
        kinds(&phase).contains(&"unknown-time-zone"),
        "{:?}",
        phase.notices
    );
}

/// Otherwise a reader could move the looks of a plan that is under way.
#[test]
fn a_phase_keeps_the_zone_that_it_began_with() {
    let shop = visited(plan().units(1000).time_zone(NEW_YORK));
    let before = shop.report();
    for zone in ["Asia/Tokyo", "Europe/Berlin"] {
        let other = plan().units(1000).time_zone(zone);
        shop.plan_from(day(2), &serde_json::to_string(&other).unwrap());
    }
    let after = shop.report();
    assert_eq!(after.decision, before.decision);
    assert_eq!(
        (after.time_zone, after.series),
        (before.time_zone.clone(), before.series.clone())
    );
    assert!(!kinds(&before).contains(&"time-zone-moved"));
    let moved = after
        .notices
        .iter()
        .find(|notice| notice.kind == "time-zone-moved");
    let sentence = "the time zone of the plan changed on 2025-03-02, after the first exposure; \
                    days stay in America/New_York until the next phase";
    assert_eq!(moved.unwrap().sentence, sentence);
}

#[test]
fn a_copy_reports_the_same_days() {
    let shop = visited(plan().units(1000).time_zone(NEW_YORK));
    let copy = Memory::default();
    copy.merge(&*shop.store).unwrap();
    assert_eq!(only(report(&copy)), shop.report());
}
