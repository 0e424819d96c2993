//! Verdicts and their order, and every warning.

use tower_tracks::stats::{
    Counted, GoalCounts, Headcount, Look, Mean, Missing, NoAnswer, Rate, Ratio, Role, SetCounts,
    SetReadout, Test, TrackCounts, Verdict, Wanted, Warning, boundaries, read,
};

const ALPHA: f64 = 0.05;

fn rate(units: u64, converters: u64) -> TrackCounts {
    Counted::Rate(Rate { units, converters }).into()
}

fn mean(units: u64, mean: f64) -> TrackCounts {
    let variance = 1.0;
    Counted::Mean(Mean {
        units,
        mean,
        variance,
        ..Mean::default()
    })
    .into()
}

fn goal(role: Role, cells: &[TrackCounts]) -> GoalCounts {
    GoalCounts::new(role, Wanted::More, cells)
}

/// A set that ran for two weeks, whose tracks are as large as their cells and of equal weight.
fn set(goals: &[GoalCounts]) -> SetCounts {
    let headcount = |cell: &TrackCounts| Headcount {
        weight: 1.0,
        units: cell.counted.units(),
    };
    SetCounts {
        tracks: goals[0].cells.iter().map(headcount).collect(),
        days: 14.0,
        weekdays: 7,
        goals: goals.to_vec(),
        ..SetCounts::default()
    }
}

fn read_default(counts: &SetCounts) -> SetReadout {
    read(counts, &Test::always_valid(ALPHA).unwrap()).unwrap()
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
        "Better than control: 49.3% higher (97.5% interval +31.6% to +69.3%)"
    );
    let sentence = found[1].to_string();
    assert!(
        sentence.starts_with("No difference found so far: 97.5% interval -"),
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
            .starts_with("Worse than control: 49.3% higher")
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
        "Still collecting: each track needs at least 50 more units whose windows are over, of which 5 \
         convert"
    );
    // One of six converters was exposed to both.
    counts.goals[0].with_crossed = vec![rate(51, 6), rate(50, 5)];
    assert!(matches!(verdict(&counts), Verdict::Crossed { share } if share == 1.0 / 6.0));
    counts.weights_changed = true;
    assert_eq!(verdict(&counts), Verdict::WeightsChanged);
    counts.stray = 3;
    assert!(matches!(verdict(&counts), Verdict::Stray { units: 3, .. }));
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
    // One of many thousands is noticed, and does not stand in the way.
    counts.tracks[1].units = 19;
    let readout = read_default(&counts);
    assert!(matches!(
        readout.goals[0].tracks[1].verdict,
        Verdict::NotFound(_)
    ));
    assert!(readout.warnings.contains(&Warning::Stray { units: 19 }));
    counts.tracks[1].units = 21;
    assert!(matches!(
        verdicts(&counts)[1],
        Verdict::Stray { units: 21, .. }
    ));
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
    let mut goals = vec![
        goal(Role::Guardrail, &cells),
        goal(Role::Exploratory, &cells),
    ];
    // Many others that show nothing.
    let nothing = [rate(10_000, 1000), rate(10_000, 1000), rate(10_000, 1000)];
    goals.extend((0..8).map(|_| goal(Role::Exploratory, &nothing)));
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

/// If control has nothing, or next to nothing, the difference is in points or in the goal's unit.
#[test]
fn without_a_lift_the_difference_is_told() {
    let few = [rate(1000, 10), rate(1000, 300)];
    let found = verdicts(&set(&[goal(Role::Primary, &few)]));
    assert!(
        found[0].to_string().contains("points higher"),
        "{}",
        found[0]
    );
    let twice = [rate(1000, 100), rate(1000, 300)];
    let found = verdicts(&set(&[goal(Role::Primary, &twice)]));
    assert!(found[0].to_string().contains("% higher"), "{}", found[0]);
    let negative = [mean(1000, -2.0), mean(1000, -1.0)];
    let found = verdicts(&set(&[goal(Role::Primary, &negative)]));
    assert_eq!(
        found[0].to_string(),
        "Better than control: 1.00 higher (95% interval +0.850 to +1.15)"
    );
}

/// Requests that all fail in the track and never in control: neither has any spread.
#[test]
fn constants_that_differ_are_an_answer() {
    let all = |share| {
        TrackCounts::from(Counted::Mean(Mean {
            units: 500,
            mean: share,
            ..Mean::default()
        }))
    };
    let found = verdicts(&set(&[goal(Role::Primary, &[all(0.0), all(1.0)])]));
    assert!(matches!(found[0], Verdict::Better(_)), "{found:?}");
}

#[test]
fn a_missing_answer_has_its_reason() {
    let constant = |mean| {
        let variance = 0.0;
        TrackCounts::from(Counted::Mean(Mean {
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
        "Nothing differs so far: every unit has the same value"
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
        TrackCounts::from(Counted::Ratio(rows.of_units(50_000)))
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
    counts.weekdays = 3;
    counts.weights_changed = true;
    counts.crossed = vec![500, 300, 200];
    counts.stray = 5;
    let look = look(0.5, &counts.goals[0].cells);
    counts.goals[0].plan = Some(vec![look]);
    let [
        Warning::Stray { units: 5 },
        Warning::WeightsChanged,
        Warning::Crossed { share },
        Warning::CrossedUnevenly { track: 1 },
        Warning::BeforePlan { progress },
        Warning::LessThanAWeek { days },
        ..,
    ] = read_default(&counts).warnings[..]
    else {
        panic!("{:?}", read_default(&counts).warnings)
    };
    assert_eq!((progress, days), (0.5, 3.0));
    assert!((share - 1000.0 / 31_040.0).abs() < 1e-12);
}

#[test]
fn days_of_the_week_are_those_with_exposures() {
    let mut counts = pricing();
    counts.days = 12.0;
    counts.weekdays = 1;
    let warnings = read_default(&counts).warnings;
    assert_eq!(warnings, [Warning::Weekdays { seen: 1 }]);
    assert!(
        warnings[0]
            .to_string()
            .starts_with("only one day of the week was seen")
    );
    counts.weekdays = 7;
    for days in [7.0, 7.5] {
        counts.days = days;
        assert!(read_default(&counts).warnings.is_empty(), "{days}");
    }
    counts.days = 6.9;
    let warnings = read_default(&counts).warnings;
    assert_eq!(warnings, [Warning::LessThanAWeek { days: 6.9 }]);
}

#[test]
fn warnings_of_goals() {
    let mut counts = set(&[goal(Role::Primary, &[mean(1000, 1.0), mean(1000, 1.0)])]);
    counts.goals[0].cells[0].largest_share = Some(0.05);
    assert!(read_default(&counts).warnings.is_empty());
    counts.goals[0].cells[1].largest_share = Some(0.051);
    let one_unit = Warning::OneUnit {
        goal: 0,
        track: 1,
        share: 0.051,
    };
    assert_eq!(read_default(&counts).warnings, [one_unit]);
    let many = vec![goal(Role::Guardrail, &[rate(1000, 100), rate(1000, 100)]); 21];
    let warnings = read_default(&set(&many)).warnings;
    assert_eq!(warnings, [Warning::ManyComparisons { comparisons: 21 }]);
    assert!(read_default(&set(&many[..20])).warnings.is_empty());
    let doubled = set(&[goal(Role::Primary, &[rate(5000, 500), rate(5000, 760)])]);
    let [Warning::TooGood { lift, .. }] = read_default(&doubled).warnings[..] else {
        panic!("{:?}", read_default(&doubled).warnings)
    };
    assert!((lift - 0.52).abs() < 1e-9);
}

/// Crossed units are counted by their first track, and among those that convert.
#[test]
fn crossed_units_are_said_where_they_may_bias() {
    let mut counts = pricing();
    counts.crossed = vec![20, 20, 20];
    assert!(read_default(&counts).warnings.is_empty());
    // All of them converted, where one in ten does.
    counts.goals[0].with_crossed = vec![rate(10_001, 1001), rate(10_050, 1500), rate(9990, 1010)];
    assert!(read_default(&counts).warnings.is_empty(), "too few to say");
    counts.goals[0].with_crossed = vec![rate(10_009, 1009), rate(10_064, 1514), rate(9999, 1019)];
    let warnings = read_default(&counts).warnings;
    assert_eq!(warnings, [Warning::CrossedConverters { goal: 0 }]);
    // With them there would be no difference.
    let mut counts = set(&[goal(
        Role::Primary,
        &[rate(10_000, 1000), rate(10_000, 1210)],
    )]);
    counts.goals[0].with_crossed = vec![rate(10_200, 1010), rate(10_200, 1211)];
    assert!(!has_matter(&counts));
    counts.goals[0].with_crossed = vec![rate(10_500, 1010), rate(14_000, 1220)];
    assert!(has_matter(&counts));
}

fn has_matter(counts: &SetCounts) -> bool {
    let warnings = read_default(counts).warnings;
    let matters = Warning::CrossedMatter { goal: 0, track: 1 };
    warnings.contains(&matters)
}

/// Each definition is tested by its own weights.
#[test]
fn sample_ratios_are_by_definition() {
    let headcounts = |units: [u64; 2], weights: [f64; 2]| {
        let both = units.into_iter().zip(weights);
        both.map(|(units, weight)| Headcount { weight, units })
            .collect::<Vec<_>>()
    };
    let mut counts = set(&[goal(Role::Primary, &[rate(6000, 600), rate(4000, 400)])]);
    counts.tracks = headcounts([6000, 4000], [1.0, 1.0]);
    assert!(matches!(verdicts(&counts)[0], Verdict::Mismatch { .. }));
    // Two thousand of half and half, then eight thousand of five to three.
    counts.periods = vec![
        headcounts([1000, 1000], [1.0, 1.0]),
        headcounts([5000, 3000], [5.0, 3.0]),
    ];
    assert!(matches!(verdicts(&counts)[0], Verdict::NotFound(_)));
    assert!(read_default(&counts).sample_ratio.unwrap().p > 0.5);
    counts.periods[0] = headcounts([1200, 800], [1.0, 1.0]);
    assert!(matches!(verdicts(&counts)[0], Verdict::Mismatch { .. }));
}

/// Harm is said at once, of all units so far, and is no verdict; of a guardrail it is.
#[test]
fn harm_so_far_is_an_alarm() {
    let closed = [rate(200, 20), rate(200, 22)];
    let mut counts = set(&[goal(Role::Primary, &closed), goal(Role::Guardrail, &closed)]);
    for goal in &mut counts.goals {
        goal.so_far = vec![rate(5000, 500), rate(5000, 300)];
    }
    let readout = read_default(&counts);
    let [primary, guardrail] = &readout.goals[..] else {
        panic!()
    };
    assert!(matches!(primary.tracks[0].verdict, Verdict::NotFound(_)));
    let alarm = primary.tracks[0].so_far.as_ref().unwrap().alarm.unwrap();
    assert!(
        alarm.to_string().starts_with("40.0% lower (95% interval -"),
        "{alarm}"
    );
    assert!(matches!(guardrail.tracks[0].verdict, Verdict::Worse(_)));
    for goal in &mut counts.goals {
        goal.so_far = vec![rate(5000, 300), rate(5000, 500)];
    }
    let better = read_default(&counts);
    let alarms = better.goals.iter().flat_map(|goal| &goal.tracks);
    assert!(
        alarms
            .clone()
            .all(|track| track.so_far.as_ref().unwrap().alarm.is_none())
    );
    assert!(!matches!(
        better.goals[1].tracks[0].verdict,
        Verdict::Better(_)
    ));
}

fn look(information: f64, cells: &[TrackCounts]) -> Look {
    Look {
        information,
        cells: cells.to_vec(),
        live: (1..cells.len()).collect(),
        sharing: cells.len() - 1,
    }
}

fn planned(looks: Vec<Look>) -> SetCounts {
    let last = looks
        .last()
        .map_or(vec![rate(0, 0); 2], |look| look.cells.clone());
    let mut counts = set(&[goal(Role::Primary, &last)]);
    counts.goals[0].plan = Some(looks);
    counts
}

/// The first difference beyond the boundary decides, and what comes later changes nothing.
#[test]
fn a_plan_is_decided_by_its_first_crossing() {
    let quiet = look(0.25, &[rate(1000, 100), rate(1000, 105)]);
    let crossing = look(0.5, &[rate(2000, 200), rate(2000, 300)]);
    let later = look(0.75, &[rate(3000, 300), rate(3000, 300)]);
    let last = look(1.0, &[rate(4000, 400), rate(4000, 380)]);
    let looks = [quiet, crossing, later, last];
    let before = read_default(&planned(looks[..1].to_vec()));
    let track = &before.goals[0].tracks[0];
    assert!(matches!(track.verdict, Verdict::NotFound(finding) if !finding.decided));
    assert!(track.verdict.to_string().contains("so far"));
    let decided = |count: usize| {
        let readout = read_default(&planned(looks[..count].to_vec()));
        readout.goals[0].tracks[0].clone()
    };
    let track = decided(2);
    assert!(matches!(track.verdict, Verdict::Better(finding) if finding.decided));
    let read = track.look.unwrap();
    assert_eq!((read.look, read.decided, read.early), (1, true, true));
    let boundary = boundaries(ALPHA, &[0.25, 0.5, 0.75, 1.0]).unwrap()[1];
    assert!((track.comparison.unwrap().multiplier - boundary).abs() < 1e-9);
    assert_eq!([decided(3), decided(4)], [track.clone(), track]);
}

#[test]
fn the_last_look_decides_without_a_difference() {
    let same = |information: f64| {
        let units = (information * 4000.0) as u64;
        look(
            information,
            &[rate(units, units / 10), rate(units, units / 10)],
        )
    };
    let readout = read_default(&planned(vec![same(0.5), same(1.2), same(1.5)]));
    let track = &readout.goals[0].tracks[0];
    let read = track.look.unwrap();
    assert_eq!((read.look, read.decided, read.early), (1, true, false));
    let sentence = track.verdict.to_string();
    assert!(
        sentence.starts_with("No difference found: 95"),
        "{sentence}"
    );
    assert!(!sentence.contains("so far"));
}

/// A look with too few units cannot cross, and a plan that ends with too few has that answer.
#[test]
fn a_look_below_the_gate_decides_nothing() {
    let few = [rate(60, 0), rate(60, 40)];
    let readout = read_default(&planned(vec![look(0.9, &few)]));
    assert!(matches!(
        readout.goals[0].tracks[0].verdict,
        Verdict::Collecting(_)
    ));
    let readout = read_default(&planned(vec![look(1.0, &few)]));
    let track = &readout.goals[0].tracks[0];
    assert_eq!(track.verdict, Verdict::Unanswered(NoAnswer::TooFewForPlan));
    let readout = read_default(&planned(Vec::new()));
    let track = &readout.goals[0].tracks[0];
    assert_eq!(
        track.verdict,
        Verdict::Unanswered(NoAnswer::BeforeFirstLook)
    );
    assert!(track.look.is_none());
}

/// Very early looks have no interval rather than a huge one.
#[test]
fn a_very_early_look_has_no_interval() {
    let early = look(0.01, &[rate(1000, 100), rate(1000, 110)]);
    let readout = read_default(&planned(vec![early]));
    let track = &readout.goals[0].tracks[0];
    assert_eq!(track.comparison, Err(NoAnswer::TooEarly));
    assert_eq!(track.verdict, Verdict::Unanswered(NoAnswer::TooEarly));
}

/// Each finding leaves its share of alpha to the tracks that are still open.
#[test]
fn tracks_of_a_plan_share_alpha() {
    let information = [0.5, 1.0];
    let halves = boundaries(ALPHA / 2.0, &information).unwrap();
    let whole = boundaries(ALPHA, &information).unwrap();
    // The second track is beyond the whole alpha's last boundary, and not beyond the half's.
    let at_end = [rate(10_000, 1000), rate(10_000, 1300), rate(10_000, 1091)];
    let looks = |first: &[TrackCounts]| vec![look(0.5, first), look(1.0, &at_end)];
    let first = [rate(5000, 500), rate(5000, 500), rate(5000, 500)];
    let mut counts = set(&[goal(Role::Primary, &at_end)]);
    counts.goals[0].plan = Some(looks(&first));
    let readout = read_default(&counts);
    let [one, other] = &readout.goals[0].tracks[..] else {
        panic!()
    };
    let z = other.comparison.unwrap().z;
    assert!(z > whole[1] && z < halves[1], "{z} {whole:?} {halves:?}");
    assert!((one.comparison.unwrap().multiplier - halves[1]).abs() < 1e-9);
    assert!((other.comparison.unwrap().multiplier - whole[1]).abs() < 1e-9);
    assert!(matches!(other.verdict, Verdict::Better(_)));
    // Without the first finding it has half of alpha.
    let at_end = [rate(10_000, 1000), rate(10_000, 1000), rate(10_000, 1091)];
    counts.goals[0].plan = Some(vec![look(0.5, &first), look(1.0, &at_end)]);
    let readout = read_default(&counts);
    assert!(matches!(
        readout.goals[0].tracks[1].verdict,
        Verdict::NotFound(_)
    ));
}

/// A track that is switched off before it was decided keeps nothing open, and one that was decided
/// stays so.
#[test]
fn a_track_that_is_switched_off_leaves_the_plan() {
    let first = [rate(5000, 500), rate(5000, 700), rate(5000, 500)];
    let second = [rate(7000, 700), rate(7000, 700), rate(7000, 700)];
    let mut later = look(0.75, &second);
    later.live = vec![1];
    let mut counts = set(&[goal(Role::Primary, &second)]);
    counts.goals[0].plan = Some(vec![look(0.5, &first), later]);
    // The units are those of the definition of before.
    counts.periods = vec![counts.tracks.clone()];
    counts.tracks[2].weight = 0.0;
    let readout = read_default(&counts);
    let goal = &readout.goals[0];
    assert_eq!(goal.ended, Some(1));
    assert_eq!(goal.tracks[0].look.unwrap().look, 0);
    assert!(matches!(goal.tracks[0].verdict, Verdict::Better(_)));
    assert_eq!(
        goal.tracks[1].verdict,
        Verdict::Unanswered(NoAnswer::SwitchedOff)
    );
    // The boundary is still that of two tracks.
    let alone = boundaries(ALPHA / 2.0, &[0.5, 0.75]).unwrap()[0];
    assert!((goal.tracks[0].comparison.unwrap().multiplier - alone).abs() < 1e-9);
    // Without a weight at the end, what was decided stays decided.
    counts.tracks[1].weight = 0.0;
    let later = read_default(&counts);
    assert_eq!(later.goals[0].tracks[0].decision, goal.tracks[0].decision);
    assert!(goal.tracks[0].decision.is_some());
}

/// While a goal is still collecting, no chance to be best is shown.
#[test]
fn there_is_no_chance_to_be_best_while_collecting() {
    let chances = |cells: &[TrackCounts]| {
        let readout = read_default(&set(&[goal(Role::Primary, cells)]));
        readout.goals[0].chances.clone()
    };
    assert_eq!(chances(&[rate(99, 20), rate(99, 10)]), [None, None]);
    assert!(
        chances(&[rate(100, 20), rate(100, 10)])
            .iter()
            .all(Option::is_some)
    );
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
            Test::always_valid(alpha).and_then(|test| read(&pricing(), &test)),
            Err(NoAnswer::Level)
        );
    }
    let nothing = read_default(&SetCounts::default());
    assert_eq!(nothing.sample_ratio, Err(NoAnswer::NothingToCompare));
}

/// No sentence says that there is no effect.
#[test]
fn no_verdict_claims_the_absence_of_an_effect() {
    let mut sentences: Vec<String> = verdicts(&pricing())
        .iter()
        .map(Verdict::to_string)
        .collect();
    sentences.push(Verdict::Mismatch { p: 0.0 }.to_string());
    sentences.push(Verdict::Crossed { share: 0.05 }.to_string());
    sentences.push(Verdict::WeightsChanged.to_string());
    for sentence in sentences {
        let sentence = sentence.to_lowercase();
        assert!(
            !sentence.contains("no effect") && !sentence.contains("same as"),
            "{sentence}"
        );
    }
}

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

/// The intervals of these, in percent: -1.5 to +1.5, +1.0 to +4.0, -4.0 to -0.96, -2.4 to +0.56.
#[test]
fn a_margin_has_verdicts_of_its_own() {
    let control = rate(1_000_000, 100_000);
    let [same, more, less, little] =
        [100_000, 102_500, 97_500, 99_100].map(|converters| rate(1_000_000, converters));
    let said = |role, wanted, track, margin| {
        let goal = GoalCounts {
            wanted,
            margin: Some(margin),
            ..goal(role, &[control, track])
        };
        let [verdict] = verdicts(&set(&[goal]))[..] else {
            unreachable!("one track is compared");
        };
        verdict.to_string()
    };
    let guardrail = |track, margin| said(Role::Guardrail, Wanted::More, track, margin);
    let primary = |track, margin| said(Role::Primary, Wanted::More, track, margin);
    assert!(
        guardrail(same, 0.02).starts_with("Not worse than the margin of 2.0%: 95% interval -1.")
    );
    assert!(guardrail(little, 0.02).starts_with("No difference found so far"));
    assert!(guardrail(little, 0.03).starts_with("Not worse than the margin of 3.0%"));
    // What is better is not "by less than the margin", however far.
    let better = guardrail(more, 0.02);
    assert!(
        better.starts_with("Better") && !better.contains("margin"),
        "{better}"
    );
    // It is worse, and by less than the margin: both are said.
    let worse = guardrail(less, 0.05);
    assert!(
        worse.starts_with("Worse than control: 2.5% lower"),
        "{worse}"
    );
    assert!(
        worse.ends_with(", by less than the margin of 5.0%"),
        "{worse}"
    );
    let worse = guardrail(less, 0.02);
    assert!(
        worse.starts_with("Worse") && !worse.contains("margin"),
        "{worse}"
    );
    // Of complaints, more is worse.
    let complaints = |track| said(Role::Guardrail, Wanted::Less, track, 0.02);
    assert!(complaints(little).starts_with("Not worse than the margin"));
    assert!(complaints(more).starts_with("Worse"));

    assert!(primary(same, 0.02).starts_with("Too small to matter, less than 2.0%: 95% interval"));
    assert!(primary(same, 0.01).starts_with("No difference found so far"));
    let better = primary(more, 0.005);
    assert!(
        better.starts_with("Better than control: 2.5% higher"),
        "{better}"
    );
    assert!(
        better.ends_with(", by more than the 0.50% that matter"),
        "{better}"
    );
    let better = primary(more, 0.05);
    assert!(
        better.ends_with(", by less than the margin of 5.0%"),
        "{better}"
    );
    assert!(!primary(more, 0.02).contains("matter"));
    let exploratory = said(Role::Exploratory, Wanted::More, same, 0.02);
    assert!(exploratory.starts_with("No difference found so far"));
}

/// A guardrail that keeps its margin is no harm, neither so far nor in the end.
#[test]
fn a_guardrail_within_its_margin_raises_no_alarm() {
    let cells = [rate(1_000_000, 100_000), rate(1_000_000, 97_500)];
    let alarm = |margin| {
        let goal = GoalCounts {
            so_far: cells.to_vec(),
            margin,
            ..goal(Role::Guardrail, &cells)
        };
        let track = read_default(&set(&[goal])).goals[0].tracks[0].clone();
        track.so_far.unwrap().alarm
    };
    assert!(alarm(None).is_some());
    assert!(alarm(Some(0.02)).is_some_and(|finding| finding.margin.is_none()));
    assert_eq!(alarm(Some(0.05)), None);
}
