//! Any counts, numbers and settings, through every function of the statistics.

use tower_tracks::stats::{
    Beta, Cap, ChiSquare, Counted, CovariateSums, Covaried, GoalCounts, GroupSequential, Headcount,
    Latencies, LiftBounds, Look, Mean, NoAnswer, Normal, PowerAnalysis, Rate, Ratio, RatioSums,
    Role, SetCounts, StudentT, Test, TrackCounts, Wanted, benjamini_hochberg, chances,
    compare_adjusted_means, compare_latencies, compare_means, compare_rates, compare_ratios,
    heterogeneity, holm, interaction, non_inferiority, pearson, percentile, ratio_evidence, read,
    relevance, spent, wilson,
};

/// Nothing panics, nothing is not a number, and test and interval say the same.
pub(crate) fn run(data: &[u8]) {
    let mut input = Input(data);
    distributions(&mut input);
    comparisons(&mut input);
    plans(&mut input);
    looks(&mut input);
    several(&mut input);
    latencies(&mut input);
    let counts = set(&mut input);
    let test = Test::always_valid(level(&mut input));
    let test = test.map(|test| test.tuned_for(input.count()));
    show(&pearson(&counts.tracks));
    show(&ratio_evidence(&counts.tracks, input.float()));
    if let Ok(readout) = test.and_then(|test| read(&counts, &test)) {
        show(&readout);
        for goal in &readout.goals {
            for track in &goal.tracks {
                sentence(&track.verdict);
                let so_far = track.so_far.iter();
                so_far
                    .filter_map(|so_far| so_far.alarm)
                    .for_each(|alarm| sentence(&alarm));
            }
        }
        readout.warnings.iter().for_each(sentence);
    }
}

/// Whatever it is, no number of it is not a number.
fn show(answer: &impl std::fmt::Debug) {
    let shown = format!("{answer:?}");
    assert!(!shown.contains("NaN"), "{shown}");
}

fn sentence(said: &impl std::fmt::Display) {
    let said = said.to_string();
    assert!(
        !said.is_empty() && !said.contains("NaN") && !said.contains("inf"),
        "{said}"
    );
}

fn distributions(input: &mut Input<'_>) {
    let (x, p) = (input.float(), input.share());
    // A point that is not a number has no tail, so that what there is is a number.
    show(&[
        Normal.cdf(x),
        Normal.sf(x),
        Normal.inverse_cdf(p),
        Normal.inverse_sf(p),
    ]);
    if let Some(t) = StudentT::new(input.float()) {
        show(&[t.cdf(x), t.sf(x), t.inverse_cdf(p), t.inverse_sf(p)]);
    }
    if let Some(chi) = ChiSquare::new(input.count() as u32 % 5000) {
        show(&[chi.cdf(x), chi.sf(x), chi.inverse_cdf(p), chi.inverse_sf(p)]);
    }
    if let Some(beta) = Beta::new(input.float(), input.float()) {
        show(&[beta.cdf(x), beta.sf(x), beta.cdf(p), beta.sf(p)]);
    }
    show(&(holm(&[x, p, 0.5]), benjamini_hochberg(&[x, p, 0.5])));
    let totals = [x, p, input.float()];
    show(&Cap::pooled(&[&totals, &[]], input.share()));
}

fn comparisons(input: &mut Input<'_>) {
    let alpha = level(input);
    let fixed = Test::fixed(alpha);
    let always = Test::always_valid(alpha).map(|test| test.tuned_for(input.count()));
    let comparisons = input.count() as u32;
    let kinds = [[rate, mean], [ratio, rate]];
    for test in [fixed, always].into_iter().flatten() {
        let test = test.among(comparisons);
        for kind in kinds.as_flattened() {
            match (kind(input), kind(input)) {
                (Counted::Rate(one), Counted::Rate(other)) => {
                    agreed(compare_rates(&one, &other, &test));
                    show(&wilson(&one, test.multiplier(one.units)));
                }
                (Counted::Mean(one), Counted::Mean(other)) => {
                    agreed(compare_means(&one, &other, &test));
                }
                (Counted::Ratio(one), Counted::Ratio(other)) => {
                    agreed(compare_ratios(&one, &other, &test));
                }
                _ => {}
            }
        }
    }
}

/// Test and intervals say the same.
fn agreed(comparison: Result<tower_tracks::stats::Comparison, tower_tracks::stats::NoAnswer>) {
    show(&comparison);
    let Ok(comparison) = comparison else { return };
    let significant = comparison.is_significant();
    let difference = comparison.difference.interval;
    assert_eq!(difference.excludes(0.0), significant, "{comparison:?}");
    assert!(difference.lower <= difference.upper, "{comparison:?}");
    if let Ok(lift) = comparison.lift_interval {
        assert_eq!(lift.excludes(0.0), significant, "{comparison:?}");
        assert!(lift.lower <= lift.upper, "{comparison:?}");
    }
}

fn plans(input: &mut Input<'_>) {
    let (baseline, difference) = (input.share(), input.float());
    for plan in [
        PowerAnalysis::fixed(level(input)),
        PowerAnalysis::always_valid(level(input), input.count()),
        PowerAnalysis::group_sequential(level(input), input.count() as u32 % 40),
    ] {
        let plan = plan
            .power(input.share())
            .control_per_track(input.float())
            .among(input.count() as u32);
        let size = plan.for_rate(baseline, difference);
        show(&size);
        show(&size.and_then(|size| size.days(input.float())));
        show(&plan.power_of_rate(baseline, difference, input.float()));
        show(&plan.detectable_rate(baseline, input.float()));
        show(&plan.for_mean(input.float(), input.float(), difference));
        show(&plan.detectable_mean(input.float(), input.float(), input.float()));
    }
}

/// Boundaries of any information.
fn looks(input: &mut Input<'_>) {
    let (alpha, drift) = (level(input), input.float());
    let count = usize::from(input.byte() % 5);
    let mut information: Vec<f64> = (0..count).map(|_| input.share()).collect();
    if !input.one_in(4) {
        information.sort_by(f64::total_cmp);
    }
    show(&spent(alpha, input.float()));
    if let Ok(design) = GroupSequential::new(alpha, &information) {
        for boundary in design.boundaries() {
            assert!(boundary >= 0.0, "{boundary}");
            show(&Test::at_boundary(boundary));
        }
        let spent: f64 = design.exits(0.0).into_iter().flatten().sum();
        assert!(spent <= alpha * (1.0 + 1e-6), "{spent} of {alpha}");
        show(&(design.exits(drift), design.mean_information(drift)));
        let power = input.share();
        show(&(design.drift(power), design.inflation(power)));
    }
}

/// What is made of several means.
fn several(input: &mut Input<'_>) {
    let Ok(test) = Test::fixed(level(input)) else {
        return;
    };
    let mean = |input: &mut Input<'_>| match mean(input) {
        Counted::Mean(mean) => mean,
        _ => Mean::default(),
    };
    let cells = [[mean(input), mean(input)], [mean(input), mean(input)]];
    show(&interaction(&cells, &test));
    let compared = cells.map(|[one, other]| compare_means(&one, &other, &test));
    show(&heterogeneity(&compared));
    for comparison in compared.iter().flatten() {
        let lift = LiftBounds::of(comparison, Wanted::More);
        show(&(
            non_inferiority(&lift, input.float()),
            relevance(&lift, input.float()),
        ));
    }
    let made = [covaried(input), covaried(input)];
    if let [Ok(one), Ok(other)] = made {
        show(&compare_adjusted_means(&one, &other, &test));
    }
}

fn covaried(input: &mut Input<'_>) -> Result<Covaried, NoAnswer> {
    let with_covariate = input.count();
    if input.one_in(2) {
        let sums = integer_sums(input);
        return CovariateSums {
            units: sums.rows,
            value: sums.numerator,
            value_squares: sums.numerator_squares,
            covariate: sums.denominator,
            covariate_squares: sums.denominator_squares,
            products: sums.products,
            with_covariate,
        }
        .covaried(input.float(), input.float());
    }
    let sums = float_sums(input);
    CovariateSums {
        units: sums.rows,
        value: sums.numerator,
        value_squares: sums.numerator_squares,
        covariate: sums.denominator,
        covariate_squares: sums.denominator_squares,
        products: sums.products,
        with_covariate,
    }
    .covaried()
}

fn histogram(input: &mut Input<'_>) -> Latencies {
    let mut latencies = Latencies::new(input.count());
    for _ in 0..input.byte() % 16 {
        latencies.record(input.count(), input.float());
        latencies.add(input.count(), usize::from(input.byte()), input.count());
    }
    latencies
}

fn latencies(input: &mut Input<'_>) {
    let (mut one, other) = (histogram(input), histogram(input));
    if let Ok(test) = Test::fixed(level(input)) {
        show(&percentile(&one, input.float(), &test));
        show(&compare_latencies(&one, &other, &test));
        one.merge(&other);
        show(&compare_latencies(
            &other,
            &one,
            &test.tuned_for(input.count()),
        ));
    }
}

fn set(input: &mut Input<'_>) -> SetCounts {
    let tracks = usize::from(input.byte() % 5);
    let goals = usize::from(input.byte() % 4);
    let headcount = |input: &mut Input<'_>| Headcount {
        weight: if !input.one_in(4) { 1.0 } else { input.float() },
        units: input.count(),
    };
    SetCounts {
        tracks: (0..tracks).map(|_| headcount(input)).collect(),
        periods: match input.one_in(2) {
            true => Vec::new(),
            false => vec![(0..tracks).map(|_| headcount(input)).collect(); 2],
        },
        crossed: (0..tracks).map(|_| input.count() % 1000).collect(),
        stray: input.count(),
        weights_changed: input.one_in(4),
        days: input.float(),
        weekdays: input.byte() % 8,
        goals: (0..goals).map(|_| goal(input, tracks)).collect(),
    }
}

fn goal(input: &mut Input<'_>, tracks: usize) -> GoalCounts {
    let roles = [Role::Primary, Role::Exploratory, Role::Guardrail];
    let kind = [rate, mean, ratio, any][usize::from(input.byte() % 4)];
    // One in eight has another number of tracks than the set.
    let cells = tracks + usize::from(input.one_in(8));
    let cells: Vec<TrackCounts> = (0..cells).map(|_| cell(input, kind)).collect();
    let rates = cells.iter().filter_map(|cell| match cell.counted {
        Counted::Rate(rate) => Some(rate),
        _ => None,
    });
    show(&chances(&rates.collect::<Vec<_>>()));
    GoalCounts {
        role: roles[usize::from(input.byte() % 3)],
        wanted: if input.one_in(2) {
            Wanted::More
        } else {
            Wanted::Less
        },
        so_far: match input.one_in(2) {
            true => Vec::new(),
            false => cells.iter().map(|_| cell(input, kind)).collect(),
        },
        with_crossed: match input.one_in(2) {
            true => Vec::new(),
            false => cells.iter().map(|_| cell(input, kind)).collect(),
        },
        plan: (!input.one_in(3)).then(|| plan_looks(input, &cells)),
        margin: input.one_in(2).then(|| input.float()),
        latencies: input
            .one_in(4)
            .then(|| cells.iter().map(|_| histogram(input)).collect()),
        cells,
    }
}

/// Looks of a plan, in order or not.
fn plan_looks(input: &mut Input<'_>, cells: &[TrackCounts]) -> Vec<Look> {
    let count = input.byte() % 5;
    let mut information = 0.0;
    let looks = (0..count).map(|_| {
        information = match input.one_in(8) {
            true => input.float(),
            false => information + f64::from(input.byte()) / 512.0,
        };
        Look {
            information,
            cells: cells.to_vec(),
            live: (1..4).filter(|_| !input.one_in(4)).collect(),
            sharing: usize::from(input.byte() % 4),
        }
    });
    looks.collect()
}

fn cell(input: &mut Input<'_>, kind: fn(&mut Input<'_>) -> Counted) -> TrackCounts {
    let some = |input: &mut Input<'_>| input.one_in(2);
    TrackCounts {
        counted: kind(input),
        halves: some(input).then(|| [kind(input), kind(input)]),
        converters: some(input).then(|| input.count()),
        largest_share: some(input).then(|| input.share()),
    }
}

fn any(input: &mut Input<'_>) -> Counted {
    [rate, mean, ratio][usize::from(input.byte() % 3)](input)
}

fn rate(input: &mut Input<'_>) -> Counted {
    Counted::Rate(Rate {
        units: input.count(),
        converters: input.count(),
    })
}

fn mean(input: &mut Input<'_>) -> Counted {
    let made = match input.byte() % 3 {
        0 => Mean::from_integers(
            input.count(),
            input.integer(),
            input.integer(),
            input.float(),
        ),
        1 => Mean::from_sums(input.count(), input.float(), input.float()),
        _ => Ok(Mean {
            units: input.count(),
            mean: input.float(),
            variance: input.float(),
            rest: input.float(),
        }),
    };
    Counted::Mean(made.unwrap_or_default())
}

fn ratio(input: &mut Input<'_>) -> Counted {
    let made = match input.byte() % 3 {
        0 => integer_sums(input).ratio(input.float(), input.float()),
        1 => float_sums(input).ratio(),
        _ => Ok(Ratio {
            units: input.count(),
            rows: input.count(),
            numerator: input.float(),
            denominator: input.float(),
            numerator_variance: input.float(),
            denominator_variance: input.float(),
            covariance: input.float(),
            numerator_rest: input.float(),
            denominator_rest: input.float(),
        }),
    };
    let ratio = made.unwrap_or_default();
    Counted::Ratio(if input.one_in(2) {
        ratio.of_units(input.count())
    } else {
        ratio
    })
}

fn integer_sums(input: &mut Input<'_>) -> RatioSums<i128> {
    RatioSums {
        rows: input.count(),
        numerator: input.integer(),
        numerator_squares: input.integer(),
        denominator: input.integer(),
        denominator_squares: input.integer(),
        products: input.integer(),
    }
}

fn float_sums(input: &mut Input<'_>) -> RatioSums<f64> {
    RatioSums {
        rows: input.count(),
        numerator: input.float(),
        numerator_squares: input.float(),
        denominator: input.float(),
        denominator_squares: input.float(),
        products: input.float(),
    }
}

fn level(input: &mut Input<'_>) -> f64 {
    match input.byte() % 4 {
        0 => input.float(),
        1 => input.share(),
        2 => 0.01,
        _ => 0.05,
    }
}

/// Numbers made of bytes; zeros when they run out. Their first byte says of which size they are.
struct Input<'a>(&'a [u8]);

impl Input<'_> {
    fn byte(&mut self) -> u8 {
        let Some((first, rest)) = self.0.split_first() else {
            return 0;
        };
        self.0 = rest;
        *first
    }

    fn one_in(&mut self, count: u8) -> bool {
        self.byte().is_multiple_of(count)
    }

    fn bits(&mut self) -> u64 {
        u64::from_le_bytes(std::array::from_fn(|_| self.byte()))
    }

    fn count(&mut self) -> u64 {
        match self.byte() % 6 {
            0 => u64::from(self.byte()),
            1 | 2 => self.bits() % 100_000,
            3 => self.bits() % 4_000_000_000,
            4 => u64::MAX - u64::from(self.byte()),
            _ => self.bits(),
        }
    }

    fn integer(&mut self) -> i128 {
        let sign = if self.one_in(2) { -1 } else { 1 };
        match self.byte() % 4 {
            0 => i128::from(self.count()),
            1 => sign * i128::from(self.count()),
            2 => i128::MAX - i128::from(self.byte()),
            _ => i128::from_le_bytes(std::array::from_fn(|_| self.byte())),
        }
    }

    fn share(&mut self) -> f64 {
        match self.byte() % 4 {
            0 => self.float(),
            _ => self.bits() as f64 / u64::MAX as f64,
        }
    }

    fn float(&mut self) -> f64 {
        const EXTREMES: [f64; 12] = [
            0.0,
            -0.0,
            1.0,
            -1.0,
            f64::MIN_POSITIVE,
            5e-324,
            f64::MAX,
            f64::MIN,
            f64::INFINITY,
            f64::NEG_INFINITY,
            f64::NAN,
            f64::EPSILON,
        ];
        match self.byte() % 4 {
            0 => EXTREMES[usize::from(self.byte()) % EXTREMES.len()],
            1 => self.bits() as f64 / 1e15,
            2 => (self.bits() as i64) as f64 / 1e12,
            _ => f64::from_bits(self.bits()),
        }
    }
}
