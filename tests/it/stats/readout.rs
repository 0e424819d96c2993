//! Verdicts and their order, and every warning.

use tower_tracks::stats::{
    Cell, Counted, GoalCounts, Headcount, Mean, Missing, Mode, NoAnswer, Rate, Ratio, Readout,
    Role, SetCounts, Verdict, Wanted, Warning, read,
};

const ALPHA: f64 = 0.05;

fn rate(units: u64, converters: u64) -> Cell {
    Counted::Rate(Rate { units, converters }).into()
}

fn mean(units: u64, mean: f64) -> Cell {
    let variance = 1.0;
    Counted::Mean(Mean {
        units,
        mean,
        variance,
        ..Mean::default()
    })
    .into()
}

fn goal(role: Role, cells: &[Cell]) -> GoalCounts {
    GoalCounts {
        role,
        wanted: Wanted::More,
        cells: cells.to_vec(),
    }
}

/// A set that ran for two weeks, whose tracks are as large as their cells and of equal weight.
fn set(goals: &[GoalCounts]) -> SetCounts {
    let headcount = |cell: &Cell| Headcount {
        weight: 1.0,
        units: cell.counted.units(),
    };
    SetCounts {
        tracks: goals[0].cells.iter().map(headcount).collect(),
        days: 14.0,
        goals: goals.to_vec(),
        ..SetCounts::default()
    }
}

fn read_default(counts: &SetCounts) -> Readout {
    read(counts, Mode::default(), ALPHA).unwrap()
}

/// The set that everything is tried on: a clear winner and one like control.
fn pricing() -> SetCounts {
    let cells = [rate(10_000, 1000), rate(10_050, 1500), rate(9990, 1010)];
    set(&[goal(Role::Primary, &cells)])
}

#[track_caller]
fn verdicts(counts: &SetCounts) -> Vec<Verdict> {
    let goals = read_default(counts).goals;
    let tracks = goals.into_iter().flat_map(|goal| goal.tracks);
    tracks.map(|track| track.verdict).collect()
}

#[test]
fn better_and_not_known() {
    let counts = pricing();
    let found = verdicts(&counts);
    assert!(
        matches!(found[..], [Verdict::Better(_), Verdict::NotFound(_)]),
        "{found:?}"
    );
    assert_eq!(
        found[0].to_string(),
        "Better than control: 49.3 % higher; the data fit between +31.6 % and +69.3 %"
    );
    let sentence = found[1].to_string();
    assert!(
        sentence.starts_with("No difference found so far: it may be between -"),
        "{sentence}"
    );
    assert!(read_default(&counts).warnings.is_empty());
}

#[test]
fn less_can_be_better() {
    let mut counts = pricing();
    counts.goals[0].wanted = Wanted::Less;
    let found = verdicts(&counts);
    assert!(matches!(found[0], Verdict::Worse(_)), "{found:?}");
    assert!(
        found[0]
            .to_string()
            .starts_with("Worse than control: 49.3 % higher")
    );
}

/// What is graver comes first, one after the other.
#[test]
fn the_order_of_verdicts() {
    let cells = [rate(50, 5), rate(50, 5)];
    let mut counts = set(&[goal(Role::Primary, &cells)]);
    let verdict = |counts: &SetCounts| verdicts(counts)[0];
    let missing = Missing {
        units: 50,
        converters: 5,
        others: 0,
    };
    assert_eq!(verdict(&counts), Verdict::Collecting(missing));
    assert_eq!(
        verdict(&counts).to_string(),
        "Still collecting: a track lacks at least 50 units, 5 units that convert"
    );
    counts.crossed = 1;
    assert_eq!(verdict(&counts), Verdict::Collecting(missing));
    counts.crossed = 2;
    assert!(matches!(
        verdict(&counts),
        Verdict::Crossed { units: 2, .. }
    ));
    counts.stray = 3;
    assert_eq!(verdict(&counts), Verdict::Stray { units: 3 });
    counts.tracks[0].units = 1000;
    assert!(matches!(verdict(&counts), Verdict::Mismatch { p } if p <= 0.001));
}

#[test]
fn a_mismatch_hides_the_goals() {
    let mut counts = pricing();
    counts.tracks[0].units = 12_000;
    let readout = read_default(&counts);
    let [goal] = &readout.goals[..] else { panic!() };
    for track in &goal.tracks {
        assert_eq!(track.comparison, Err(NoAnswer::Hidden));
        assert_eq!(track.adjusted_p, None);
    }
    assert_eq!(goal.chances, [None; 3]);
    assert!(matches!(readout.warnings[..], [Warning::Mismatch { .. }]));
    assert!(readout.sample_ratio.unwrap().p <= 0.001);
}

#[test]
fn a_suspected_mismatch_warns() {
    let mut counts = pricing();
    counts.tracks.truncate(2);
    counts.goals[0].cells.truncate(2);
    counts.tracks[0].units = 9_500;
    let readout = read_default(&counts);
    assert!(
        matches!(readout.warnings[..], [Warning::SuspectedMismatch { .. }]),
        "{readout:?}"
    );
    assert!(matches!(
        readout.goals[0].tracks[0].verdict,
        Verdict::Better(_)
    ));
}

/// A track of weight 0 is not compared; units in it are stray.
#[test]
fn a_track_without_weight_is_no_track() {
    let mut counts = pricing();
    counts.tracks[1] = Headcount::default();
    let readout = read_default(&counts);
    let tracks = &readout.goals[0].tracks;
    assert_eq!(
        tracks[0].verdict,
        Verdict::Unanswered(NoAnswer::NothingToCompare)
    );
    assert!(matches!(tracks[1].verdict, Verdict::NotFound(_)));
    // Alone with control it has the whole of alpha.
    assert_eq!(tracks[1].comparison.unwrap().alpha, ALPHA);
    assert!(readout.goals[0].chances[1].is_none() && readout.goals[0].chances[2].is_some());
    counts.tracks[1].units = 1;
    assert_eq!(verdicts(&counts)[0], Verdict::Stray { units: 1 });
}

#[test]
fn the_primary_goal_shares_alpha() {
    let readout = read_default(&pricing());
    let [one, other] = &readout.goals[0].tracks[..] else {
        panic!()
    };
    let of = |track: &tower_tracks::stats::TrackReadout| track.comparison.unwrap();
    assert_eq!(of(one).alpha, ALPHA / 2.0);
    assert_eq!(one.adjusted_p.unwrap(), of(one).p * 2.0);
    assert_eq!(other.adjusted_p.unwrap(), of(other).p);
}

#[test]
fn guardrails_are_not_adjusted_and_secondary_goals_are_exploratory() {
    let cells = [rate(10_000, 1000), rate(10_000, 1170), rate(10_000, 1000)];
    let mut goals = vec![goal(Role::Guardrail, &cells), goal(Role::Secondary, &cells)];
    // Many others that show nothing.
    let nothing = [rate(10_000, 1000), rate(10_000, 1000), rate(10_000, 1000)];
    goals.extend((0..8).map(|_| goal(Role::Secondary, &nothing)));
    let readout = read_default(&set(&goals));
    let first = &readout.goals[0].tracks[0];
    assert!(matches!(first.verdict, Verdict::Better(finding) if !finding.exploratory));
    assert_eq!(first.adjusted_p, first.comparison.map(|found| found.p).ok());
    let second = &readout.goals[1].tracks[0];
    assert!(
        matches!(second.verdict, Verdict::Hint(finding) if finding.exploratory),
        "{second:?}"
    );
    assert!(second.adjusted_p.unwrap() > first.adjusted_p.unwrap());
    assert!(second.verdict.to_string().contains("perhaps chance"));
}

/// Where control has nothing, the difference is told, in points or in the goal's unit.
#[test]
fn without_a_lift_the_difference_is_told() {
    let few = [rate(1000, 10), rate(1000, 300)];
    let found = verdicts(&set(&[goal(Role::Primary, &few)]));
    assert!(found[0].to_string().contains(" % higher"), "{}", found[0]);
    let negative = [mean(1000, -2.0), mean(1000, -1.0)];
    let found = verdicts(&set(&[goal(Role::Primary, &negative)]));
    assert_eq!(
        found[0].to_string(),
        "Better than control: 1.0000 higher; the data fit between +0.8496 and +1.1504"
    );
}

/// Requests that all fail in the track and never in control: neither has any spread.
#[test]
fn constants_that_differ_are_an_answer() {
    let all = |share| {
        Cell::from(Counted::Mean(Mean {
            units: 500,
            mean: share,
            ..Mean::default()
        }))
    };
    let found = verdicts(&set(&[goal(Role::Primary, &[all(0.0), all(1.0)])]));
    assert!(matches!(found[0], Verdict::Better(_)), "{found:?}");
}

#[test]
fn what_has_no_answer_says_why() {
    let constant = |mean| {
        let variance = 0.0;
        Cell::from(Counted::Mean(Mean {
            units: 500,
            mean,
            variance,
            ..Mean::default()
        }))
    };
    let found = verdicts(&set(&[goal(
        Role::Primary,
        &[constant(1.0), constant(1.0)],
    )]));
    assert_eq!(found[0], Verdict::Unanswered(NoAnswer::NoSpread));
    assert_eq!(
        found[0].to_string(),
        "No answer: all values are the same, so chance cannot be judged"
    );
    let mixed = verdicts(&set(&[goal(
        Role::Primary,
        &[rate(500, 50), mean(500, 1.0)],
    )]));
    assert_eq!(mixed[0], Verdict::Unanswered(NoAnswer::Mixed));
    let mut counts = pricing();
    counts.goals[0].cells.pop();
    assert_eq!(verdicts(&counts)[0], Verdict::Unanswered(NoAnswer::Mixed));
}

#[test]
fn a_mean_waits_for_converters_where_they_are_known() {
    let mut counts = set(&[goal(Role::Primary, &[mean(500, 1.0), mean(500, 1.1)])]);
    assert!(!matches!(verdicts(&counts)[0], Verdict::Collecting(_)));
    counts.goals[0].cells[0].converters = Some(13);
    counts.goals[0].cells[1].converters = Some(0);
    let missing = Missing {
        units: 0,
        // Six and a half are expected in each.
        converters: 4,
        others: 0,
    };
    assert_eq!(verdicts(&counts)[0], Verdict::Collecting(missing));
}

/// Groups of units count as rows, and the units behind them for the boundary.
#[test]
fn groups_are_rows() {
    let ratio = |numerator| {
        let rows = Ratio {
            units: 1024,
            rows: 1024,
            numerator,
            denominator: 100.0,
            numerator_variance: 1.0,
            denominator_variance: 10.0,
            covariance: 0.5,
            ..Ratio::default()
        };
        Cell::from(Counted::Ratio(rows.of_units(50_000)))
    };
    let counts = set(&[goal(Role::Guardrail, &[ratio(2.0), ratio(2.5)])]);
    let readout = read_default(&counts);
    let comparison = readout.goals[0].tracks[0].comparison.unwrap();
    assert_eq!(comparison.units, 100_000);
    assert!(matches!(
        readout.goals[0].tracks[0].verdict,
        Verdict::Better(_)
    ));
}

#[test]
fn warnings_of_the_set() {
    let mut counts = pricing();
    counts.days = 3.0;
    counts.changed = true;
    counts.crossed = 1000;
    counts.stray = 5;
    let readout = read(&counts, Mode::planned(60_080), ALPHA).unwrap();
    let [
        Warning::Stray { units: 5 },
        Warning::Crossed { share },
        Warning::Changed,
        Warning::BeforePlan { progress },
        Warning::LessThanAWeek { days },
    ] = readout.warnings[..]
    else {
        panic!("{:?}", readout.warnings)
    };
    assert_eq!((progress, days), (0.5, 3.0));
    assert!((share - 1000.0 / 31_040.0).abs() < 1e-12);
    // At the plan that warning is gone.
    let readout = read(&counts, Mode::planned(30_040), ALPHA).unwrap();
    assert!(
        !readout
            .warnings
            .iter()
            .any(|one| matches!(one, Warning::BeforePlan { .. }))
    );
    assert_eq!(
        readout.goals[0].tracks[0].comparison.unwrap().alpha,
        ALPHA * 0.8 / 2.0
    );
}

#[test]
fn warnings_of_goals() {
    let mut counts = set(&[goal(Role::Primary, &[mean(1000, 1.0), mean(1000, 1.0)])]);
    counts.goals[0].cells[0].unfinished = 200;
    counts.goals[0].cells[0].largest = Some(50.0);
    assert!(read_default(&counts).warnings.is_empty());
    counts.goals[0].cells[1].unfinished = 201;
    counts.goals[0].cells[1].largest = Some(51.0);
    assert_eq!(
        read_default(&counts).warnings,
        [
            Warning::Unfinished {
                goal: 0,
                track: 1,
                share: 0.201
            },
            Warning::OneUnit {
                goal: 0,
                track: 1,
                share: 0.051
            },
        ]
    );
    let many = vec![goal(Role::Guardrail, &[rate(1000, 100), rate(1000, 100)]); 21];
    let warnings = read_default(&set(&many)).warnings;
    assert_eq!(warnings, [Warning::ManyComparisons { comparisons: 21 }]);
    assert!(read_default(&set(&many[..20])).warnings.is_empty());
}

/// The halves of a track differ: nothing but a broken recording does that.
#[test]
fn the_coin_notices_what_is_broken() {
    let half = |converters| {
        Counted::Rate(Rate {
            units: 5000,
            converters,
        })
    };
    let mut counts = pricing();
    counts.goals[0].cells[0].halves = Some([half(500), half(510)]);
    counts.goals[0].cells[1].halves = Some([half(700), half(730)]);
    assert!(read_default(&counts).warnings.is_empty());
    counts.goals[0].cells[2].halves = Some([half(300), half(900)]);
    let [
        Warning::Coin {
            goal: 0,
            track: 2,
            p,
        },
    ] = read_default(&counts).warnings[..]
    else {
        panic!("{:?}", read_default(&counts).warnings)
    };
    assert!(p < 0.01 / 3.0);
    let sentence = read_default(&counts).warnings[0].to_string();
    assert!(
        sentence.contains("recording or the goal is broken"),
        "{sentence}"
    );
}

#[test]
fn a_level_out_of_range_is_refused() {
    for alpha in [0.0, -1.0, 0.6, f64::NAN] {
        assert_eq!(
            read(&pricing(), Mode::default(), alpha),
            Err(NoAnswer::Level)
        );
    }
    let nothing = read(&SetCounts::default(), Mode::default(), ALPHA).unwrap();
    assert_eq!(nothing.sample_ratio, Err(NoAnswer::NothingToCompare));
}

/// No sentence says that there is no effect.
#[test]
fn nothing_is_said_to_have_no_effect() {
    let mut sentences: Vec<String> = verdicts(&pricing())
        .iter()
        .map(Verdict::to_string)
        .collect();
    sentences.push(Verdict::Mismatch { p: 0.0 }.to_string());
    sentences.push(
        Verdict::Crossed {
            units: 5,
            share: 0.05,
        }
        .to_string(),
    );
    for sentence in sentences {
        let sentence = sentence.to_lowercase();
        assert!(
            !sentence.contains("no effect") && !sentence.contains("same as"),
            "{sentence}"
        );
    }
}

#[cfg(feature = "serde")]
#[test]
fn a_readout_is_json() {
    let json = serde_json::to_value(read_default(&pricing())).unwrap();
    let track = &json["goals"][0]["tracks"][0];
    assert_eq!(track["comparison"]["method"], "score");
    assert!(track["verdict"]["better"]["effect"]["estimate"]["interval"]["lower"].is_f64());
    let mut counts = pricing();
    counts.tracks[0].units = 12_000;
    let json = serde_json::to_value(read_default(&counts)).unwrap();
    assert_eq!(
        json["goals"][0]["tracks"][0]["comparison"]["no_answer"],
        "hidden"
    );
}
