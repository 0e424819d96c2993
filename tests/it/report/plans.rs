//! What a set is to find out, and what becomes of a plan.

use serde_json::json;
use tower_tracks::{
    Goal, Key, Metric, Observe, Plan, SimpleTrackSet,
    assign::Sum,
    event::Conversion,
    report::{GoalRole, GoalSource, IntentSource, PhaseReport, Reporter},
    store::{Readout, Store},
};

use super::{
    shop::{DAY, Shop, day, only, phase_of, plan, pricing, start, units},
    visitors::Visitors,
};

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

fn kinds(phase: &PhaseReport) -> Vec<&str> {
    phase.notices.iter().map(|notice| &*notice.kind).collect()
}

#[test]
fn the_latest_plan_counts() {
    let mut shop = Shop::new(pricing(plan()));
    shop.visit(Visitors::new(1).take(300));
    let phase = shop.report();
    assert_eq!(phase.intent.source, IntentSource::Plan);
    assert_eq!(phase.goals[0].role, GoalRole::Primary);
    let other = Plan::default()
        .primary(Metric::ratio(
            "purchase",
            Sum::Value,
            "purchase",
            Sum::Count,
        ))
        .guardrail(Metric::count("purchase").cap(1.0).less_is_better())
        .exploratory(Metric::rate("purchase"))
        .exploratory(Metric::rate("purchase").window(DAY))
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
    // It was named after the first exposure.
    assert_eq!(phase.goals[0].role, GoalRole::Exploratory);
    assert!(kinds(&phase).contains(&"primary-moved"));
    // What cannot be read is as if it were not there.
    shop.plan_from(day(2), "no plan");
    assert_eq!(shop.report().goals, phase.goals);
}

/// A plan that names only an owner still shows the goals that were reached.
#[test]
fn a_plan_without_goals_takes_those_that_are_known() {
    let mut shop = Shop::new(pricing(Plan::default().owner("the checkout team")));
    shop.visit(Visitors::new(1).take(300));
    let phase = shop.report();
    assert_eq!(phase.intent.owner, "the checkout team");
    assert_eq!(roles(&phase), [("purchase", GoalRole::Primary)]);
    assert!(kinds(&phase).contains(&"no-plan"));
}

/// Another number of units after the first exposure is another test, which is read without a plan.
#[test]
fn a_plan_that_moved_loses_its_looks() {
    let mut shop = Shop::new(pricing(plan().units(1000)));
    shop.visit(Visitors::new(3).take(1100));
    let planned = shop.report();
    assert!(planned.decision.is_some());
    let moved = serde_json::to_string(&plan().units(2000)).unwrap();
    shop.plan_from(day(0), &moved);
    // At the first exposure itself both plans were in force, and the latest of them counts.
    assert!(!kinds(&shop.report()).contains(&"plan-moved"));
    // The next day, before any window is over.
    shop.plan_from(day(1), &moved.replace("2000", "3000"));
    let phase = shop.report();
    assert!(kinds(&phase).contains(&"plan-moved"), "{:?}", phase.notices);
    assert!(phase.decision.is_none() && phase.intent.progress.is_none());
    let compared = phase.goals[0].tracks[1].compared.as_ref().unwrap();
    assert!(compared.known().unwrap().always_valid);
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

/// Reports at any time after the decision give the same decision, however often the plan
/// was read before.
#[test]
fn a_plan_is_decided_by_its_facts() {
    let mut shop = Shop::new(pricing(plan().units(1000)));
    shop.every = DAY / 100;
    let mut visitors = Visitors::new(3);
    let at = |shop: &Shop, days| only(Reporter::new(&*shop.store, day(days)).compute().unwrap());
    shop.visit(visitors.by_ref().take(900));
    let early = at(&shop, 30);
    assert_eq!(early.decision, None);
    assert!(kinds(&early).contains(&"before-plan"));
    let look = early.goals[0].tracks[1].look.unwrap();
    assert_eq!((look.information, look.decided), (0.9, false));
    shop.visit(visitors.by_ref().take(1000));
    // The thousandth came on the tenth day, and had a week.
    assert_eq!(at(&shop, 16).decision, None);
    let decided = at(&shop, 17);
    let decision = decided.decision.clone().unwrap();
    assert_eq!(decision.decided_at.0, day(17));
    let units: u64 = decision.tracks[0].units.iter().sum();
    assert_eq!(units, 1000);
    let compared = decided.goals[0].tracks[1].compared.as_ref().unwrap();
    assert!(!compared.known().unwrap().always_valid);
    assert!(decided.goals[0].tracks[1].so_far.is_none());
    for days in [18, 26, 400] {
        for refreshed in [false, true] {
            let reporter = Reporter::new(&*shop.store, day(days));
            let later = only(match refreshed {
                true => reporter.refresh().unwrap(),
                false => reporter.compute().unwrap(),
            });
            let without_open = |phase: &PhaseReport| {
                let mut goals = phase.goals.clone();
                for goal in &mut goals {
                    (goal.open, goal.open_until) = (0, None);
                }
                (phase.decision.clone(), goals)
            };
            assert_eq!(without_open(&later), without_open(&decided), "{days}");
        }
    }
}

/// What happens to weights and plans after a decision changes nothing of it.
#[test]
fn later_definitions_and_plans_do_not_change_a_decision() {
    let weighted = |dear: u64| {
        let set = SimpleTrackSet::new("pricing")
            .track("cheap", ())
            .track("dear", ());
        let plan = Plan::default()
            .primary(Metric::rate("purchase"))
            .units(1200);
        set.track_weight("dear", dear).plan(plan).build().unwrap()
    };
    let mut shop = Shop::new(weighted(1));
    shop.every = DAY / 200;
    let mut visitors = Visitors::new(3);
    shop.visit(visitors.by_ref().take(1400));
    let before = only(Reporter::new(&*shop.store, day(16)).compute().unwrap());
    let decision = before.decision.unwrap();
    assert_eq!(decision.tracks.len(), 2);
    // Ten days later one track is switched off.
    shop.sets = weighted(0);
    shop.skip_to(17 * DAY);
    shop.visit(visitors.take(1000));
    let after = only(Reporter::new(&*shop.store, day(30)).compute().unwrap());
    assert!(
        after
            .tracks
            .iter()
            .any(|track| track.switched_off_on.is_some())
    );
    assert_eq!(after.decision, Some(decision.clone()));
    // Then the plan gets more units.
    let more = Plan::default()
        .primary(Metric::rate("purchase"))
        .units(9000);
    shop.plan_from(day(20), &serde_json::to_string(&more).unwrap());
    let after = only(Reporter::new(&*shop.store, day(30)).compute().unwrap());
    assert_eq!(after.decision, Some(decision));
    let moved = after
        .notices
        .iter()
        .find(|notice| notice.kind == "plan-moved");
    assert!(
        moved.unwrap().sentence.ends_with("which changes nothing"),
        "{moved:?}"
    );
}

/// A unit that is exposed to another track after the look that decided was not crossed then.
#[test]
fn later_exposures_do_not_change_a_decision() {
    let mut shop = Shop::new(pricing(plan().units(400)));
    shop.visit(Visitors::new(3).take(420));
    let before = shop.report();
    assert!(before.decision.is_some() && before.health.crossed == 0);
    for visitor in Visitors::new(3).take(200) {
        let key = Key::from(visitor.key.clone());
        let track = shop
            .sets
            .assign(key.clone(), &())
            .track()
            .unwrap()
            .to_owned();
        let other = if track == "control" {
            "cheap"
        } else {
            "control"
        };
        shop.expose(other, [units().unit("visitor", &key)], day(20));
    }
    let after = shop.report();
    assert_eq!(after.health.crossed, 200);
    assert_eq!(after.decision, before.decision);
}

/// What was decided is kept to be compared: facts that change it later are said.
#[test]
fn facts_that_change_a_decision_are_said() {
    let mut shop = Shop::new(pricing(plan().units(400)));
    shop.visit(Visitors::new(3).take(420));
    let reporter = Reporter::new(&*shop.store, day(30));
    let first = only(reporter.refresh().unwrap());
    assert!(!kinds(&first).contains(&"facts-changed"));
    assert_eq!(only(reporter.refresh().unwrap()), first);
    // A log that was imported later.
    for visitor in Visitors::new(3).take(60) {
        let key = Key::from(visitor.key.clone());
        shop.buy(&key, start() + DAY, 12.0);
    }
    shop.recorder.flush().wait().unwrap();
    let changed = only(reporter.refresh().unwrap());
    assert_ne!(changed.decision, first.decision);
    let notice = changed
        .notices
        .iter()
        .find(|notice| notice.kind == "facts-changed");
    let was = &first.decision.unwrap().tracks[0].sentence;
    assert!(notice.unwrap().sentence.contains(was), "{notice:?}");
}

/// A version that words the same decision otherwise reports no changed facts.
#[test]
fn only_the_figures_of_a_stored_sentence_are_compared() {
    let mut shop = Shop::new(pricing(plan().units(400)));
    shop.visit(Visitors::new(3).take(420));
    let decision = shop.report().decision.unwrap();
    let has_changed = |sentence: &str| {
        let mut stored = decision.clone();
        sentence.clone_into(&mut stored.tracks[0].sentence);
        let json = serde_json::to_string(&stored).unwrap().into();
        let readout = Readout::new(phase_of(&shop.sets), "decided".into(), day(9), json);
        shop.store.put_readout(&readout).unwrap();
        kinds(&shop.report()).contains(&"facts-changed")
    };
    let sentence = &decision.tracks[0].sentence;
    let figures = sentence.split(|c: char| c.is_alphabetic() || "():%+".contains(c));
    let figures: Vec<&str> = figures.flat_map(str::split_whitespace).rev().collect();
    assert!(figures.len() >= 3, "{sentence}");
    assert!(!has_changed(sentence));
    assert!(!has_changed(&format!(
        "In other words: {}.",
        figures.join(" and ")
    )));
    assert!(has_changed(&format!(
        "In other words: {}.",
        figures[1..].join(" and ")
    )));
    assert!(has_changed(&sentence.replacen(figures[0], "1234.5", 1)));
}

/// What version 1 stored when a plan was reached is shown as what it was.
#[test]
fn a_recorded_decision_stays_shown() {
    let mut shop = Shop::new(pricing(plan().units(400)));
    shop.visit(Visitors::new(3).take(420));
    let recorded = json!({
        "set": "pricing", "phase": 1, "as-of": "2026-01-09T12:00:00.000000Z", "series": [],
        "goals": [{"label": "purchase", "role": "primary", "tracks": [
            {"track": "control", "verdict": null},
            {"track": "cheap", "verdict": {"kind": "worse", "sentence": "Worse than control"}},
        ]}],
    });
    let json = recorded.to_string().into();
    let readout = Readout::new(phase_of(&shop.sets), "decision".into(), day(9), json);
    shop.store.put_readout(&readout).unwrap();
    let phase = shop.report();
    assert!(kinds(&phase).contains(&"recorded-decision"));
    let text = phase.to_text();
    assert!(
        text.contains("read then: purchase, cheap: Worse than control"),
        "{text}"
    );
    assert!(phase.decision.is_some());
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
    // On the ninth day 900 have come, 100 on each full day; a week passes before they count.
    let on_ninth = progress(9);
    assert_eq!((on_ninth.units, on_ninth.planned), (200, 2000));
    assert_eq!(on_ninth.days_left.known(), Some(&(11.0 + 7.0)));
    let first = progress(0);
    assert!(first.days_left.known().is_none());
    let late = progress(25);
    assert_eq!(
        late.days_left.why(),
        Some("no new unit came in the last full days")
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
