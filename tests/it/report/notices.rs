//! What a reader has to know besides the verdicts: each notice in a case of its own.

use std::time::Duration;

use tower_tracks::{
    Goal, Key, Metric, Observe, Plan, SimpleTrackSet,
    assign::Sum,
    event::{Alias, Conversion},
    report::{Notice, PhaseReport, Reporter, VerdictKind},
    store::{Store, Timestamp},
};

use super::{
    shop::{CONTROL, DAY, Shop, day, only, plan, pricing, start},
    visitors::Visitors,
};

/// A shop whose visitors come within eight days.
fn shop(plan: Plan, visitors: u32) -> Shop {
    let mut shop = Shop::new(pricing(plan));
    shop.every = 8 * DAY / visitors;
    shop.visit(Visitors::new(1).take(visitors as usize));
    shop
}

#[track_caller]
fn notice<'p>(phase: &'p PhaseReport, kind: &str) -> &'p Notice {
    let found = phase.notices.iter().find(|notice| notice.kind == kind);
    found.unwrap_or_else(|| panic!("no {kind} in {:?}", phase.notices))
}

fn has(phase: &PhaseReport, kind: &str) -> bool {
    phase.notices.iter().any(|notice| notice.kind == kind)
}

/// Has a visitor reach a goal, whatever it is exposed to.
fn reach(shop: &Shop, key: String, goal: &str, at: Timestamp) {
    let since = Duration::from_micros(at.as_micros() as u64);
    let at = std::time::SystemTime::UNIX_EPOCH + since;
    let conversion = Conversion::new(&Key::from(key), Goal::new(goal).unwrap(), at);
    shop.recorder.conversion(&conversion);
}

#[test]
fn conversions_shortly_before_the_exposure_are_said() {
    let shop = shop(plan(), 400);
    assert!(!has(&shop.report(), "shortly-before"));
    let first = Visitors::new(1).next().unwrap();
    reach(
        &shop,
        first.key,
        "purchase",
        day(0).minus(Duration::from_secs(30)),
    );
    shop.recorder.flush().wait().unwrap();
    let phase = shop.report();
    let notice = notice(&phase, "shortly-before");
    assert!(
        notice
            .sentence
            .starts_with("1 conversions were recorded up to a minute")
    );
    assert_eq!(
        (notice.goal.as_deref(), notice.blocks),
        (Some("purchase"), true)
    );
}

/// Earlier versions took them.
#[test]
fn units_of_two_kinds_are_said() {
    let shop = shop(plan(), 400);
    assert!(!has(&shop.report(), "other-unit"));
    let by_user = SimpleTrackSet::new("pricing")
        .track("cheap", ())
        .unit_kind("user");
    let by_user = by_user.track_weight("control", 2).build().unwrap();
    shop.expose_under(by_user.sets().next().unwrap(), 5, day(3));
    let phase = shop.report();
    let notice = notice(&phase, "other-unit");
    let expected = "units of two kinds, \"visitor\" and \"user\", have been counted together since";
    assert!(notice.sentence.starts_with(expected), "{notice:?}");
    assert!(notice.blocks);
}

#[test]
fn conversions_of_nobody_exposed_are_said() {
    let shop = shop(plan(), 400);
    let matched = shop.report().goals[0]
        .tracks
        .iter()
        .filter_map(|track| track.converters)
        .sum();
    let strangers = |count: u64| {
        for stranger in 0..count {
            reach(&shop, format!("stranger {stranger}"), "purchase", day(9));
        }
        shop.recorder.flush().wait().unwrap();
        shop.report()
    };
    assert!(!has(&strangers(matched), "unmatched"), "a half is not most");
    let phase = strangers(3 * matched);
    let notice = notice(&phase, "unmatched");
    assert!(
        notice.sentence.contains("a sign-in without an alias"),
        "{notice:?}"
    );
    assert!(notice.blocks);
}

/// A share of a tenth leaves nine of ten conversions to others.
#[test]
fn a_small_share_expects_few_conversions_to_match() {
    let set = SimpleTrackSet::new("pricing")
        .track("cheap", ())
        .share(0.1)
        .plan(plan());
    let mut shop = Shop::new(set.build().unwrap());
    let mut exposed = 0;
    for visitor in Visitors::new(1) {
        if shop.sets.assign(visitor.key.clone(), &()).track().is_some() {
            exposed += 1;
            shop.visit([visitor]);
        } else {
            let spends = visitor.spends(CONTROL);
            spends
                .iter()
                .for_each(|_| reach(&shop, visitor.key.clone(), "purchase", day(1)));
        }
        if exposed == 400 {
            break;
        }
    }
    shop.recorder.flush().wait().unwrap();
    let others = shop.store.conversions_by_day(day(30)).unwrap();
    assert!(others.values().sum::<u64>() > 500);
    assert!(!has(&shop.report(), "unmatched"));
}

#[test]
fn units_of_the_previous_phase_are_said() {
    let mut shop = shop(plan(), 400);
    let next = SimpleTrackSet::new("pricing")
        .track("cheap", ())
        .phase(2)
        .plan(plan());
    shop.sets = next.build().unwrap();
    // The last fifty of the first phase come again, two days after it.
    shop.skip_to(9 * DAY);
    shop.visit(Visitors::new(1).take(400).skip(350));
    let report = Reporter::new(&*shop.store, day(60)).compute().unwrap();
    let [first, second] = &report.phases[..] else {
        panic!()
    };
    assert!(!has(first, "previous-phase"));
    let notice = notice(second, "previous-phase");
    assert!(
        notice
            .sentence
            .starts_with("50 units were in the previous phase"),
        "{notice:?}"
    );
}

#[test]
fn users_that_saw_two_tracks_are_said() {
    let shop = shop(plan(), 400);
    let track = |key: &str| {
        shop.sets
            .assign(key.to_owned(), &())
            .track()
            .unwrap()
            .to_owned()
    };
    let visitors: Vec<String> = Visitors::new(1)
        .take(400)
        .map(|visitor| visitor.key)
        .collect();
    let (one, other) = (
        &visitors[0],
        visitors
            .iter()
            .find(|key| track(key) != track(&visitors[0])),
    );
    let same = visitors.iter().skip(1).find(|key| track(key) == track(one));
    let sign_in = |visitor: &str, user: &str| {
        let alias = Alias::new(Key::from(visitor), "user", Key::from(user), start() + DAY);
        shop.recorder.alias(&alias);
        shop.recorder.flush().wait().unwrap();
    };
    sign_in(one, "ann");
    sign_in(same.unwrap(), "ann");
    assert!(!has(&shop.report(), "users-in-several-tracks"));
    sign_in(other.unwrap(), "ann");
    let phase = shop.report();
    let notice = notice(&phase, "users-in-several-tracks");
    assert!(
        notice.sentence.starts_with("1 users saw two tracks"),
        "{notice:?}"
    );
}

#[test]
fn days_without_exposures_are_said() {
    let mut shop = shop(plan(), 400);
    shop.skip_to(12 * DAY);
    shop.visit(Visitors::new(2).take(50));
    let phase = shop.report();
    let notice = notice(&phase, "silent-days");
    assert!(
        notice.sentence.contains("on 4 days in between"),
        "{notice:?}"
    );
}

/// A huge refund is noticed like a huge order; a cap does not cut below.
#[test]
fn one_unit_with_a_large_share_is_said_whatever_its_sign() {
    for value in [3000.0, -3000.0] {
        let shop = shop(Plan::default().primary(Metric::value("purchase")), 3000);
        assert!(!has(&shop.report(), "one-unit"));
        let first = Visitors::new(1).next().unwrap();
        let refund = Conversion::new(
            &Key::from(first.key),
            Goal::new("purchase").unwrap(),
            start(),
        );
        shop.recorder.conversion(&refund.value(value).unwrap());
        shop.recorder.flush().wait().unwrap();
        let phase = shop.report();
        let notice = notice(&phase, "one-unit");
        assert!(
            notice.sentence.contains("of the absolute sum"),
            "{notice:?}"
        );
    }
}

#[test]
fn a_window_without_end_is_said_once() {
    let shop = shop(plan().window(Duration::MAX), 400);
    let phase = shop.report();
    let endless = phase
        .notices
        .iter()
        .filter(|notice| notice.kind == "endless-window");
    // Once for each goal.
    assert_eq!(endless.count(), phase.goals.len());
    assert!(!has(&phase, "open-windows"));
    assert!(
        !phase.goals[0].tracks[1]
            .verdict
            .as_ref()
            .unwrap()
            .kind
            .is_read()
    );
}

#[test]
fn open_windows_are_said_with_their_end() {
    let shop = shop(plan(), 400);
    let phase = only(Reporter::new(&*shop.store, day(9)).compute().unwrap());
    let notice = notice(&phase, "open-windows");
    let goal = &phase.goals[0];
    assert!(
        notice
            .sentence
            .starts_with(&format!("{} units still have time", goal.open))
    );
    assert!(
        notice.sentence.contains("until 2025-03-15 23:31 UTC"),
        "{notice:?}"
    );
    let so_far = goal.tracks[1].so_far.as_ref().unwrap();
    assert!(so_far.units > goal.tracks[1].units);
    let sums = goal.tracks.iter().map(|track| track.units).sum::<u64>() + goal.open;
    assert_eq!(sums, 400);
    let text = phase.to_text();
    assert!(
        text.contains("so far") && text.contains("until 2025-03-15"),
        "{text}"
    );
    assert!(!has(&shop.report(), "open-windows"));
}

#[test]
fn uneven_shares_are_said_of_sums() {
    let weighted = |weight| {
        let set = SimpleTrackSet::new("pricing")
            .track("cheap", ())
            .plan(plan());
        let mut shop = Shop::new(set.track_weight("control", weight).build().unwrap());
        shop.visit(Visitors::new(1).take(400));
        shop.report()
    };
    assert!(!has(&weighted(1), "uneven-shares"));
    let phase = weighted(9);
    assert_eq!(
        notice(&phase, "uneven-shares").goal.as_deref(),
        Some("purchase value")
    );
}

/// A goal without conversions has no number, and contradicts nothing.
#[test]
fn a_goal_without_conversions_says_that_there_are_none() {
    use tower_tracks::assign::Sum::{Count, Value};

    let plan = Plan::default()
        .primary(Metric::ratio("refund", Value, "visit", Count))
        .exploratory(Metric::value("refund"))
        .exploratory(Metric::rate("refund"));
    let phase = shop(plan, 400).report();
    for goal in &phase.goals {
        let track = &goal.tracks[1];
        let sentence = &track.verdict.as_ref().unwrap().sentence;
        assert!(
            !sentence.contains("contradict"),
            "{}: {sentence}",
            goal.label
        );
        let why = track.compared.as_ref().unwrap().why();
        assert!(why.is_none_or(|why| !why.contains("contradict")), "{why:?}");
        assert!(
            track
                .value
                .why()
                .is_none_or(|why| !why.contains("contradict"))
        );
    }
}

/// Before anything is measured in vain: the name may be misspelt on either side.
#[test]
fn a_goal_on_one_side_alone_is_named() {
    let visits = Metric::ratio("purchase", Sum::Value, "visit", Sum::Count);
    let plan = Plan::default()
        .primary(Metric::rate("purchase"))
        .exploratory(visits)
        .guardrail(Metric::rate("complaint"));
    let shop = shop(plan, 400);
    let never = |phase: &PhaseReport| {
        let never = phase.notices.iter();
        let never = never.filter(|notice| notice.kind == "never-recorded");
        let named = never.map(|notice| (notice.goal.clone().unwrap(), notice.sentence.clone()));
        named.collect::<Vec<_>>()
    };
    let sentence = |name: &str| {
        format!(
            "no conversion of \"{name}\" was ever recorded; check that the program records it, \
             under this name"
        )
    };
    let phase = shop.report();
    let expected = [
        ("complaint".to_owned(), sentence("complaint")),
        ("purchase value / visit count".to_owned(), sentence("visit")),
    ];
    assert_eq!(never(&phase), expected);
    assert!(!has(&phase, "unplanned-goals"));
    // Any program may record it.
    let record = |goal: &str| {
        let goal = Goal::new(goal).unwrap();
        let stranger = Conversion::new(&Key::from("a stranger"), goal, start() + 2 * DAY);
        shop.recorder.conversion(&stranger);
    };
    ["visit", "complaint", "complain"]
        .into_iter()
        .for_each(record);
    shop.recorder.flush().wait().unwrap();
    let phase = shop.report();
    assert_eq!(never(&phase), []);
    assert_eq!(
        notice(&phase, "unplanned-goals").sentence,
        "the goal \"complain\" is recorded but is in no plan; add it to a plan, or correct the name \
         where it is recorded"
    );
    ["a", "b", "c", "d", "e", "f"].into_iter().for_each(record);
    shop.recorder.flush().wait().unwrap();
    let sentence = notice(&shop.report(), "unplanned-goals").sentence.clone();
    let expected = "the goals \"a\", \"b\", \"c\", \"complain\", \"d\" and 2 more are recorded but are in \
                    no plan; add them to a plan, or correct their names where they are recorded";
    assert_eq!(sentence, expected);
}

/// Without a plan, all goals are reported; and what was recorded before a test is not of it.
#[test]
fn goals_of_before_and_of_sets_without_a_plan_are_not_missed() {
    let set = SimpleTrackSet::new("pricing").track("cheap", ());
    let mut unplanned = Shop::new(set.build().unwrap());
    unplanned.visit(Visitors::new(1).take(20));
    let planned = shop(Plan::default().primary(Metric::rate("purchase")), 20);
    for shop in [&unplanned, &planned] {
        let goal = Goal::new("signup").unwrap();
        let early = Conversion::new(&Key::from("a stranger"), goal, start() - 2 * DAY);
        shop.recorder.conversion(&early);
        shop.recorder.flush().wait().unwrap();
        let phase = shop.report();
        assert!(!has(&phase, "unplanned-goals") && !has(&phase, "never-recorded"));
    }
}

/// A track that only delays conversions is worse so far, which is an alarm, and no verdict.
#[test]
fn a_delay_is_an_alarm_and_no_verdict() {
    let mut shop = Shop::new(pricing(Plan::default().primary(Metric::rate("order"))));
    shop.every = DAY / 1000;
    shop.visit(Visitors::new(1).take(6000));
    for (index, visitor) in (0_u32..).zip(Visitors::new(1).take(6000)) {
        let track = shop
            .sets
            .assign(visitor.key.clone(), &())
            .track()
            .unwrap()
            .to_owned();
        // One in five orders: at once, or five days later.
        let after = if track == "control" {
            DAY / 24
        } else {
            5 * DAY
        };
        if index % 5 == 0 {
            reach(
                &shop,
                visitor.key,
                "order",
                day(0).plus(index * shop.every + after),
            );
        }
    }
    shop.recorder.flush().wait().unwrap();
    let at = |days| only(Reporter::new(&*shop.store, day(days)).compute().unwrap());
    let early = at(6);
    let track = &early.goals[0].tracks[1];
    assert_eq!(
        track.verdict.as_ref().unwrap().kind,
        VerdictKind::Collecting
    );
    let alarm = track.so_far.as_ref().unwrap().alarm.as_ref().unwrap();
    assert!(alarm.starts_with("Worse so far: "), "{alarm}");
    assert!(
        alarm.ends_with("; 6,000 units still have time to convert"),
        "{alarm}"
    );
    let (goal, of, sentence) = early.alarms().next().unwrap();
    assert_eq!((&*goal.label, of, sentence), ("order", "cheap", &**alarm));
    let late = at(30);
    let verdict = late.goals[0].tracks[1].verdict.as_ref().unwrap();
    assert_eq!(verdict.kind, VerdictKind::NotFound, "{verdict:?}");
    assert!(late.alarms().next().is_none());
}
