//! Comparisons that are adjusted by what units did before their first exposure.

use std::time::Duration;

use tower_tracks::{
    Exposure, Goal, Key, Metric, MultiTrackSet, Observe, Plan, SimpleTrackSet,
    event::Conversion,
    report::{Answer, Compared, PhaseReport, Reporter},
    store::Timestamp,
    unit::Subject,
};

use super::shop::{DAY, Shop, only, start};

fn users(plan: Plan) -> MultiTrackSet {
    let set = SimpleTrackSet::new("pricing").track("cheap", ());
    set.unit_kind("user").plan(plan).build().unwrap()
}

fn plan(metric: Metric) -> Plan {
    Plan::default().primary(metric)
}

/// What user number `n` spent before and spends after, without an effect of the track.
fn spent(n: u64) -> [f64; 2] {
    let usual = (n * 7919 % 97) as f64;
    [usual, usual / 2.0 + (n * 104_729 % 23) as f64]
}

/// Lets users buy before and after their first exposure, 40 days after the start.
fn shop(sets: MultiTrackSet, before: Duration) -> PhaseReport {
    let shop = Shop::new(sets);
    let met = start() + 40 * DAY;
    for n in 0..600 {
        let key = Key::from(format!("user-{n}"));
        let choice = shop.sets.assign(key.clone(), &());
        let exposure = Exposure::new(choice, key.clone(), met).unwrap();
        shop.recorder.observe(&exposure);
        let [usual, after] = spent(n);
        for (at, value, once) in [(met - before, usual, "before"), (met + DAY, after, "after")] {
            let kind = shop.sets.sets().next().unwrap().unit_kind();
            let subject = Subject::of_key(kind, &key);
            let bought = Conversion::new(subject, Goal::new("purchase").unwrap(), at);
            let bought = bought.value(value).unwrap().once(once);
            shop.recorder.conversion(&bought);
        }
    }
    shop.recorder.flush().wait().unwrap();
    let as_of = Timestamp::from(met).plus(30 * DAY);
    only(Reporter::new(&*shop.store, as_of).compute().unwrap())
}

fn compared(phase: &PhaseReport) -> &Compared {
    let compared = phase.goals[0].tracks[1].compared.as_ref();
    compared.and_then(Answer::known).unwrap()
}

/// Least squares of the value on the track and the total before, computed anew: the coefficient of the track is the
/// difference.
fn least_squares(sets: &MultiTrackSet) -> f64 {
    let rows: Vec<(bool, [f64; 2])> = (0..600)
        .map(|n| {
            let choice = sets.assign(format!("user-{n}"), &());
            (!choice.is_control(), spent(n))
        })
        .collect();
    let mean = |is_track: bool, which: usize| {
        let of_track = rows.iter().filter(|(other, _)| *other == is_track);
        let (sum, n) = of_track.fold((0.0, 0.0), |(sum, n), (_, row)| (sum + row[which], n + 1.0));
        sum / n
    };
    let means = [false, true].map(|track| [mean(track, 0), mean(track, 1)]);
    let (mut xx, mut xy) = (0.0, 0.0);
    for (track, [x, y]) in &rows {
        let [mean_x, mean_y] = means[usize::from(*track)];
        xx += (x - mean_x) * (x - mean_x);
        xy += (x - mean_x) * (y - mean_y);
    }
    (means[1][1] - means[0][1]) - xy / xx * (means[1][0] - means[0][0])
}

#[test]
fn a_set_by_user_is_adjusted_by_the_four_weeks_before() {
    let phase = shop(users(plan(Metric::value("purchase"))), 20 * DAY);
    let goal = &phase.goals[0];
    assert_eq!(goal.lookback_seconds, Some(28 * 86_400));
    let adjusted = compared(&phase);
    let expected = least_squares(&users(Plan::default()));
    assert!(
        (adjusted.difference.value - expected).abs() < 1e-9,
        "{adjusted:?} {expected}"
    );
    let removed = adjusted.variance_removed.unwrap();
    assert!((0.7..0.9).contains(&removed), "{removed}");
    let plain = adjusted.unadjusted.as_ref().unwrap();
    // The table has the values that were seen.
    let seen = |track: usize| goal.tracks[track].sum / goal.tracks[track].by;
    let values = [0, 1].map(|track| goal.tracks[track].value.known().unwrap().value);
    assert!((values[0] - seen(0)).abs() < 1e-9 && (values[1] - seen(1)).abs() < 1e-9);
    assert!((plain.difference.value - (seen(1) - seen(0))).abs() < 1e-9);
    let width = |compared: &Compared| {
        let limits = compared.difference.interval.unwrap();
        limits.upper.unwrap() - limits.lower
    };
    assert!(((width(adjusted) / width(plain)).powi(2) - (1.0 - removed)).abs() < 0.01);
    let text = phase.to_text();
    let words = "cheap: Adjusted by the 28 days before the first exposure";
    assert!(text.contains(words), "{text}");
}

#[test]
fn without_history_nothing_changes() {
    // Before the lookback begins.
    let early = shop(users(plan(Metric::value("purchase"))), 29 * DAY);
    let off = Metric::value("purchase").lookback(Duration::ZERO);
    let off = shop(users(plan(off)), 29 * DAY);
    assert_eq!(
        (
            early.goals[0].lookback_seconds,
            off.goals[0].lookback_seconds
        ),
        (Some(28 * 86_400), None)
    );
    assert_eq!(compared(&early), compared(&off));
    assert_eq!(compared(&early).unadjusted, None);
}

#[test]
fn sets_by_visitor_look_back_only_if_they_are_asked_to() {
    let visitors = |metric: Metric| {
        let set = SimpleTrackSet::new("pricing").track("cheap", ());
        set.plan(plan(metric)).build().unwrap()
    };
    let plain = shop(visitors(Metric::value("purchase")), DAY);
    assert_eq!(compared(&plain).variance_removed, None);
    let asked = shop(visitors(Metric::value("purchase").lookback(2 * DAY)), DAY);
    assert!(
        compared(&asked)
            .variance_removed
            .is_some_and(|removed| removed > 0.7)
    );
    // A rate has no total.
    let rate = shop(users(plan(Metric::rate("purchase"))), DAY);
    assert_eq!(
        (rate.goals[0].lookback_seconds, &compared(&rate).unadjusted),
        (None, &None)
    );
}
