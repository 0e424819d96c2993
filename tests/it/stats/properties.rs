//! What holds for all counts.

use proptest::prelude::*;
use tower_tracks::stats::{
    Comparison, Headcount, Interval, Mean, NoAnswer, Rate, Ratio, Test, chances, compare_means,
    compare_rates, compare_ratios, pearson, ratio_evidence, wilson,
};

/// The most units that doubles can count.
const MOST: u64 = 1 << 53;

fn tests() -> impl Strategy<Value = Test> {
    let alpha = prop_oneof![Just(0.05), Just(0.01), 1e-6..0.5];
    (alpha, any::<bool>(), 1_u64..1_000_000, 1_u32..10).prop_map(
        |(alpha, fixed, tuned_for, comparisons)| {
            let test = Test::fixed(alpha).unwrap().among(comparisons);
            if fixed {
                test
            } else {
                test.tuned_for(tuned_for)
            }
        },
    )
}

/// Units of any number of digits, and how many of them converted, the extremes too.
fn rates() -> impl Strategy<Value = Rate> {
    let units = (0_u32..10).prop_flat_map(|digits| 1..=10_u64.pow(digits).max(3));
    units.prop_flat_map(|units| {
        let few = units.min(20);
        let converters = prop_oneof![0..=units, 0..=few, (units - few)..=units];
        converters.prop_map(move |converters| Rate { units, converters })
    })
}

fn means() -> impl Strategy<Value = Mean> {
    (2_u64..1_000_000, -100.0..100.0, 0.001..1000.0).prop_map(|(units, mean, variance)| Mean {
        units,
        mean,
        variance,
        ..Mean::default()
    })
}

fn ratios() -> impl Strategy<Value = Ratio> {
    let moments = (0.1..10.0, 1.0..10.0, 0.01..10.0, 0.01..10.0, -1.0..1.0);
    (2_u64..100_000, moments).prop_map(|(rows, (numerator, denominator, n, d, correlation))| {
        let (numerator_variance, denominator_variance): (f64, f64) = (n, d);
        Ratio {
            units: rows,
            rows,
            numerator,
            denominator,
            numerator_variance,
            denominator_variance,
            covariance: correlation * (numerator_variance * denominator_variance).sqrt(),
            ..Ratio::default()
        }
    })
}

/// Test and intervals say the same, and what was seen is inside.
fn check_agreed(comparison: &Comparison) {
    let significant = comparison.p <= comparison.alpha;
    let Interval { lower, upper } = comparison.difference.interval;
    assert_eq!(lower >= 0.0 || upper <= 0.0, significant, "{comparison:?}");
    let seen = comparison.difference.value;
    let slack = 1e-9 * (upper - lower);
    assert!(
        lower <= seen + slack && seen <= upper + slack,
        "{comparison:?}"
    );
    if let Ok(Interval { lower, upper }) = comparison.lift_interval {
        assert_eq!(lower >= 0.0 || upper <= 0.0, significant, "{comparison:?}");
    }
}

#[track_caller]
fn check_near(one: f64, other: f64, within: f64) {
    assert!(
        one == other || (one - other).abs() <= within,
        "{one} {other}"
    );
}

/// With control and track exchanged, everything is mirrored.
fn check_mirrored(one: &Comparison, other: &Comparison) {
    check_near(one.difference.value, -other.difference.value, 0.0);
    check_near(one.z, -other.z, 1e-12 * one.z.abs());
    check_near(one.p, other.p, 1e-9 * one.p);
    let (this, that) = (one.difference.interval, other.difference.interval);
    check_near(this.lower, -that.upper, 1e-9 * this.width());
    check_near(this.upper, -that.lower, 1e-9 * this.width());
    if let (Ok(this), Ok(that)) = (one.lift_interval, other.lift_interval)
        && one.control.value > 0.0
        && one.track.value > 0.0
    {
        // A ratio and its reciprocal.
        for (limit, mirrored) in [(this.lower, that.upper), (this.upper, that.lower)] {
            if limit > -1.0 && mirrored.is_finite() {
                // A lift near −1 has few digits of its ratio.
                let rounded = 1e-15 / (1.0 + limit) + 1e-15 / (1.0 + mirrored);
                check_near((1.0 + limit) * (1.0 + mirrored), 1.0, 1e-9 + rounded);
            }
        }
    }
}

proptest! {
    #![proptest_config(crate::properties::config(256))]

    #[test]
    fn rates_agree(control in rates(), track in rates(), test in tests()) {
        let comparison = compare_rates(&control, &track, &test).unwrap();
        check_agreed(&comparison);
        check_mirrored(&comparison, &compare_rates(&track, &control, &test).unwrap());
    }

    /// As many units as doubles can count, of which all or none converted.
    #[test]
    fn as_many_units_as_doubles_can_count(
        control in 1_u64..=MOST, track in 1_u64..=MOST, few in 0_u64..3, test in tests(),
    ) {
        let all = |units: u64| Rate { units, converters: units.saturating_sub(few) };
        let none = |units: u64| Rate { units, converters: few.min(units) };
        for (control, track) in [
            (all(control), none(track)),
            (none(control), all(track)),
            (all(control), all(track)),
            (none(control), none(track)),
        ] {
            check_agreed(&compare_rates(&control, &track, &test).unwrap());
        }
    }

    /// A number would be wrong, so that there is none.
    #[test]
    fn more_units_than_doubles_can_count_have_no_answer(
        units in MOST + 1..=u64::MAX, track in ratios(), test in tests(), reversed in any::<bool>(),
    ) {
        fn order<T>(reversed: bool, one: T, other: T) -> [T; 2] {
            if reversed { [other, one] } else { [one, other] }
        }
        let rates = [units, 1000].map(|units| Rate { units, converters: 100 });
        let [one, other] = order(reversed, rates[0], rates[1]);
        prop_assert_eq!(compare_rates(&one, &other, &test), Err(NoAnswer::TooManyUnits));
        prop_assert_eq!(wilson(&rates[0], 2.0), Err(NoAnswer::TooManyUnits));
        let mean = |units| Mean { units, variance: 1.0, ..Mean::default() };
        let [one, other] = order(reversed, mean(units), mean(1000));
        prop_assert_eq!(compare_means(&one, &other, &test), Err(NoAnswer::TooManyUnits));
        let made = Mean::from_integers(units, 1, 1, 1.0);
        prop_assert_eq!(made, Err(NoAnswer::TooManyUnits));
        let [one, other] = order(reversed, track.of_units(units), track);
        prop_assert_eq!(compare_ratios(&one, &other, &test), Err(NoAnswer::TooManyUnits));
        let tracks = order(reversed, units, 1000).map(|units| Headcount { weight: 1.0, units });
        prop_assert_eq!(ratio_evidence(&tracks, 1000.0), Err(NoAnswer::TooManyUnits));
        prop_assert_eq!(pearson(&tracks), Err(NoAnswer::TooManyUnits));
        prop_assert!(chances(&rates).is_err());
    }

    /// A level at which the p-value is exactly alpha, and one beside it.
    #[test]
    fn rates_agree_at_the_very_limit(control in rates(), track in rates(), always in any::<bool>()) {
        let test = |alpha: f64| match always {
            true => Test::always_valid(alpha),
            false => Test::fixed(alpha),
        };
        let units = control.units + track.units;
        let z = tower_tracks::stats::pooled_z(&control, &track).unwrap();
        let p = test(0.05).unwrap().p(z, units);
        for alpha in [p.next_down(), p, p.next_up(), p * (1.0 - 1e-12), p * (1.0 + 1e-12)] {
            if let Ok(test) = test(alpha) {
                let comparison = compare_rates(&control, &track, &test).unwrap();
                check_agreed(&comparison);
                // What settles the last bit moves nothing but that. An always-valid test of
                // another alpha is tuned differently, so that there it is not at the limit.
                let interval = comparison.difference.interval;
                let nearest = interval.lower.abs().min(interval.upper.abs());
                prop_assert!(always || nearest <= 1e-6 * interval.width(), "{comparison:?}");
            }
        }
    }

    /// Rates of units that convert and of units that do not are symmetric.
    #[test]
    fn others_are_mirrored(control in rates(), track in rates(), test in tests()) {
        let others = |rate: Rate| Rate { converters: rate.others(), ..rate };
        let one = compare_rates(&control, &track, &test).unwrap();
        let other = compare_rates(&others(control), &others(track), &test).unwrap();
        let (this, that) = (one.difference.interval, other.difference.interval);
        check_near(this.lower, -that.upper, 1e-9 * this.width());
        check_near(this.upper, -that.lower, 1e-9 * this.width());
    }

    /// A stricter test has a wider interval.
    #[test]
    fn intervals_are_nested(control in rates(), track in rates(), alpha in 0.001..0.4) {
        let of = |alpha| compare_rates(&control, &track, &Test::fixed(alpha).unwrap()).unwrap();
        let (inner, outer) = (of(alpha), of(alpha / 2.0));
        for (inner, outer) in [
            (inner.difference.interval, outer.difference.interval),
            (inner.lift_interval.unwrap(), outer.lift_interval.unwrap()),
            (inner.control.interval, outer.control.interval),
        ] {
            // Of an interval that ends where a rate does, both ends are roundings of one number.
            let slack = 1e-12 * (1.0 + inner.lower.abs()).min(outer.width());
            prop_assert!(outer.lower <= inner.lower + slack);
            prop_assert!(inner.upper <= outer.upper + slack || outer.upper.is_infinite());
        }
    }

    #[test]
    fn means_agree(control in means(), track in means(), test in tests()) {
        let comparison = compare_means(&control, &track, &test).unwrap();
        check_agreed(&comparison);
        let mirrored = compare_means(&track, &control, &test).unwrap();
        // A negative mean has no lift, so that there is nothing to mirror.
        check_mirrored(&comparison, &mirrored);
    }

    #[test]
    fn ratios_agree(control in ratios(), track in ratios(), test in tests()) {
        if let Ok(comparison) = compare_ratios(&control, &track, &test) {
            check_agreed(&comparison);
            check_mirrored(&comparison, &compare_ratios(&track, &control, &test).unwrap());
        }
    }

    /// In cents or in euros: what is money scales, and what is not stays.
    #[test]
    fn money_scales(control in means(), track in means(), test in tests(), scale in 0.001..1e6) {
        let scaled = |mean: Mean| Mean {
            mean: mean.mean * scale,
            variance: mean.variance * scale * scale,
            ..mean
        };
        let one = compare_means(&control, &track, &test).unwrap();
        let other = compare_means(&scaled(control), &scaled(track), &test).unwrap();
        let (this, that) = (one.difference.interval, other.difference.interval);
        check_near(this.lower * scale, that.lower, 1e-9 * that.width());
        check_near(this.upper * scale, that.upper, 1e-9 * that.width());
        check_near(one.p, other.p, 1e-9);
        if let (Ok(this), Ok(that)) = (one.lift_interval, other.lift_interval) {
            check_near(this.lower, that.lower, 1e-6 * this.width());
            check_near(this.upper, that.upper, 1e-6 * this.width());
        }
    }

    /// The order of the tracks does not matter, nor the scale of the weights.
    #[test]
    fn sample_ratios_have_no_order(
        tracks in prop::collection::vec((1_u32..10, 0_u64..1_000_000), 2..6), scale in 0.01..100.0,
    ) {
        let of = |scale: f64| {
            let headcount = |(weight, units): &(u32, u64)| Headcount {
                weight: f64::from(*weight) * scale,
                units: *units,
            };
            tracks.iter().map(headcount).collect::<Vec<_>>()
        };
        let (plain, mut scaled) = (of(1.0), of(scale));
        scaled.reverse();
        let evidence = |tracks: &[Headcount]| ratio_evidence(tracks, 1000.0).unwrap();
        let (one, other) = (evidence(&plain), evidence(&scaled));
        check_near(one, other, 1e-9 * (1.0 + one.abs()));
        if let (Ok(one), Ok(other)) = (pearson(&plain), pearson(&scaled)) {
            check_near(one.statistic, other.statistic, 1e-9 * (1.0 + one.statistic));
        }
    }

    /// One track is best; two tracks beat each other with the whole of the probability.
    #[test]
    fn chances_add_up(tracks in prop::collection::vec(rates(), 1..6)) {
        let of = chances(&tracks).unwrap();
        let sum: f64 = of.iter().map(|chance| chance.best).sum();
        check_near(sum, 1.0, 1e-7);
        let mut reversed = tracks.clone();
        reversed.reverse();
        let mirrored = chances(&reversed).unwrap();
        for (one, other) in of.iter().zip(mirrored.iter().rev()) {
            check_near(one.best, other.best, 1e-7);
            check_near(one.expected_loss, other.expected_loss, 1e-9);
        }
        if let [control, track] = of[..] {
            check_near(track.best, track.beats_control.unwrap(), 1e-12);
            // E[p₁] − E[p₀] is the difference of the losses.
            let mean = |rate: &Rate| (rate.converters as f64 + 1.0) / (rate.units as f64 + 2.0);
            let difference = mean(&tracks[1]) - mean(&tracks[0]);
            check_near(control.expected_loss - track.expected_loss, difference, 1e-8);
        }
    }
}

/// z is −2 at no difference, and the multiplier is 2: the limit is where the search steps first.
#[test]
fn a_limit_at_the_first_step() {
    let [control, track] = [2, 0].map(|converters| Rate {
        units: 2,
        converters,
    });
    let alpha = 2.0 * tower_tracks::stats::Normal.sf(2.0).unwrap();
    let test = Test::fixed(alpha).unwrap();
    let comparison = compare_rates(&control, &track, &test).unwrap();
    check_near(comparison.difference.interval.upper, 0.0, 1e-12);
    check_near(comparison.lift_interval.unwrap().upper, 0.0, 1e-12);
}
