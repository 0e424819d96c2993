//! What a set is to find out, and what becomes of a plan.

use std::sync::{Arc, OnceLock};

use tower_tracks::{
    Conversion, Goal, Key, Metric, Observe, Plan, SimpleTrackSet, Sum,
    record::Store,
    report::{GoalRole, GoalSource, IntentSource, PhaseReport, Reporter},
};

use super::{
    shop::{DAY, Shop, day, only, plan, pricing, start},
    visitors::Visitors,
};
use crate::record::hooked::Hooked;

fn reach(shop: &Shop, goal: &str) {
    let goal = Goal::new(goal).unwrap();
    let nobody = Conversion::new(&Key::from("nobody"), goal, start());
    shop.recorder.conversion(&nobody);
    shop.recorder.flush().wait().unwrap();
}

fn roles(phase: &PhaseReport) -> Vec<(&str, GoalRole)> {
    let goals = phase.goals.iter();
    goals.map(|goal| (&*goal.label, goal.role)).collect()
}

#[test]
fn without_a_plan_the_goals_that_are_known_are_taken() {
    use GoalRole::{Exploratory, Primary};

    let set = SimpleTrackSet::new("pricing").track("cheap", ());
    let mut shop = Shop::new(set.build().unwrap());
    shop.visit(Visitors::new(1).take(300));
    assert_eq!(
        shop.store.goals().unwrap(),
        [Goal::new("purchase").unwrap()]
    );
    let phase = shop.report();
    assert_eq!(phase.intent.source, IntentSource::Goals);
    assert_eq!(roles(&phase), [("purchase", Primary)]);
    assert!(!phase.series.is_empty());
    reach(&shop, "complaint");
    let phase = shop.report();
    assert_eq!(
        roles(&phase),
        [("complaint", Exploratory), ("purchase", Exploratory)]
    );
    assert!(phase.series.is_empty() && phase.primary().is_none());
}

#[test]
fn the_latest_plan_counts() {
    let shop = Shop::new(pricing(plan()));
    let mut shop = shop;
    shop.visit(Visitors::new(1).take(300));
    assert_eq!(shop.report().intent.source, IntentSource::Plan);
    let other = Plan::default()
        .primary(Metric::ratio(
            "purchase",
            Sum::Value,
            "purchase",
            Sum::Count,
        ))
        .guardrail(Metric::count("purchase").cap(1.0).less_is_better())
        .also(Metric::rate("purchase"))
        .also(Metric::rate("purchase").window(DAY))
        .owner("the checkout team");
    shop.plan_from(day(1), &serde_json::to_string(&other).unwrap());
    let phase = shop.report();
    let labels: Vec<&str> = phase.goals.iter().map(|goal| &*goal.label).collect();
    let expected = [
        "purchase value / purchase count",
        "purchase count",
        "purchase",
        "purchase (2)",
    ];
    assert_eq!(labels, expected);
    assert!(matches!(phase.goals[0].source, GoalSource::Ratio { .. }));
    assert!(phase.goals[1].less_is_better && phase.goals[1].cap == Some(1.0));
    assert_eq!(phase.goals[3].window_seconds, Some(86_400));
    assert_eq!(phase.intent.owner, "the checkout team");
    // What cannot be read is as if it were not there.
    shop.plan_from(day(2), "no plan");
    assert_eq!(shop.report().intent.source, IntentSource::Definition);
}

#[test]
fn values_are_those_that_were_spent() {
    let mut shop = Shop::new(pricing(plan()));
    shop.visit(Visitors::new(5).take(400));
    let phase = shop.report();
    for (index, track) in ["control", "cheap"].into_iter().enumerate() {
        let (mut units, mut buyers, mut spent) = (0, 0, 0.0);
        for visitor in Visitors::new(5).take(400) {
            let choice = shop.sets.assign(visitor.key.clone(), &());
            if choice.track() != Some(track) {
                continue;
            }
            let behaviour = [super::shop::CONTROL, super::shop::CHEAP][index];
            units += 1;
            if let Some(sum) = visitor.spends(behaviour) {
                buyers += 1;
                spent += (sum * 1e6).round() / 1e6;
            }
        }
        let [rate, value] = [0, 1].map(|goal| &phase.goals[goal].tracks[index]);
        assert_eq!((&*rate.track, rate.units), (track, units));
        assert_eq!(
            (rate.converters, value.converters),
            (Some(buyers), Some(buyers))
        );
        let of = |track: &tower_tracks::report::GoalTrack| track.value.known().unwrap().value;
        assert_eq!(of(rate), buyers as f64 / units as f64);
        assert!((value.sum - spent).abs() < 1e-5, "{} {spent}", value.sum);
        assert!((of(value) - spent / units as f64).abs() < 1e-6);
    }
    let chances = phase.goals[0]
        .tracks
        .iter()
        .map(|track| track.chance.unwrap().best);
    assert!((chances.sum::<f64>() - 1.0).abs() < 1e-9);
    let smallest = phase.goals[0].tracks[1].detectable.as_ref().unwrap();
    assert!(smallest.known().unwrap().lift.unwrap() > 0.3);
}

#[test]
fn a_plan_is_read_once() {
    let mut shop = Shop::new(pricing(plan().units(1000)));
    let mut visitors = Visitors::new(3);
    let refresh =
        |shop: &Shop, days| only(Reporter::new(&*shop.store, day(days)).refresh().unwrap());
    shop.visit(visitors.by_ref().take(900));
    let early = refresh(&shop, 30);
    assert_eq!(early.decided_at, None);
    assert!(
        early
            .notices
            .iter()
            .any(|notice| notice.kind == "before-plan")
    );
    shop.visit(visitors.by_ref().take(200));
    let read = refresh(&shop, 31);
    assert_eq!(read.decided_at, Some(read.as_of));
    let compared = read.goals[0].tracks[1].compared.as_ref().unwrap();
    assert!(!compared.known().unwrap().always_valid);
    shop.visit(visitors.by_ref().take(1000));
    let later = refresh(&shop, 32);
    assert_eq!(
        (later.decided_at, &later.goals),
        (read.decided_at, &read.goals)
    );
    assert_eq!((read.units, later.units), (1100, 2100));
    assert_eq!(later.as_of.0, day(32));
    // Another plan is another test.
    shop.sets = pricing(plan().units(2000));
    shop.visit(visitors.by_ref().take(10));
    let again = refresh(&shop, 33);
    assert_eq!(again.decided_at, Some(again.as_of));
}

/// Two servers with one store, of which each found that nobody had read the plan yet. Which of
/// them began first does not matter.
#[test]
fn what_a_plan_came_to_is_told_by_who_read_it_first() {
    read_at_once(31, 32);
    read_at_once(32, 31);
}

fn read_at_once(first_day: u32, second_day: u32) {
    let mut shop = Shop::new(pricing(plan().units(1000)));
    shop.visit(Visitors::new(3).take(1100));
    let store: Arc<dyn Store> = shop.store.clone();
    let refresh = |days| only(Reporter::new(&*shop.store, day(days)).refresh().unwrap());
    let (first, store) = {
        let first = Arc::new(OnceLock::new());
        let (other, told) = (Arc::clone(&store), Arc::clone(&first));
        let hooked = Hooked::new(store, move |question| {
            // Once the second has asked for decisions, and found none.
            if question == "attribute" {
                told.get_or_init(|| {
                    only(Reporter::new(&*other, day(first_day)).refresh().unwrap())
                });
            }
            Ok(())
        });
        (first, hooked)
    };
    let second = only(Reporter::new(&store, day(second_day)).refresh().unwrap());
    let first = first.get().unwrap();
    assert_eq!(first.decided_at, Some(first.as_of));
    for report in [second, refresh(33)] {
        assert_eq!(
            (report.decided_at, &report.goals),
            (first.decided_at, &first.goals)
        );
    }
}

#[test]
fn the_days_to_a_plan_are_told() {
    let mut shop = Shop::new(pricing(plan().units(2000)));
    shop.every = DAY / 100;
    shop.visit(Visitors::new(1).take(950));
    let progress = |days| {
        let phase = only(Reporter::new(&*shop.store, day(days)).compute().unwrap());
        phase.intent.progress.unwrap()
    };
    // On the ninth day 900 have come, 100 on each full day.
    let on_ninth = progress(9);
    assert_eq!((on_ninth.units, on_ninth.planned), (900, 2000));
    assert_eq!(on_ninth.days_left.known(), Some(&11.0));
    let first = progress(0);
    assert!(first.days_left.known().is_none());
    let late = progress(25);
    assert_eq!(
        late.days_left.why(),
        Some("nobody new came in the last full days")
    );
}

#[test]
fn the_series_adds_up_and_is_not_long() {
    let mut shop = Shop::new(pricing(plan()));
    shop.every = DAY / 2;
    shop.visit(Visitors::new(1).take(400));
    let phase = only(Reporter::new(&*shop.store, day(300)).compute().unwrap());
    assert!(
        (60..=92).contains(&phase.series.len()),
        "{}",
        phase.series.len()
    );
    let last = phase.series.last().unwrap();
    assert_eq!(last.day.0, day(199).day());
    let units: Vec<u64> = last.tracks.iter().map(|point| point.units).collect();
    let all: Vec<u64> = phase.tracks.iter().map(|track| track.units).collect();
    assert_eq!(units, all);
    let compared = phase.goals[0].tracks[1]
        .compared
        .as_ref()
        .unwrap()
        .known()
        .unwrap();
    assert_eq!(last.tracks[1].lift, compared.lift.known().copied());
    assert_eq!(last.tracks[1].band.as_ref(), compared.lift_interval.known());
    for pair in phase.series.windows(2) {
        assert!(pair[0].day < pair[1].day && pair[0].tracks[0].units <= pair[1].tracks[0].units);
    }
}
