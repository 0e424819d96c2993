//! Plans: what is planned is what is found.

use proptest::prelude::*;
use tower_tracks::stats::{NoAnswer, Normal, PowerAnalysis};

fn plans() -> impl Strategy<Value = PowerAnalysis> {
    let plan = (0.001..0.2).prop_flat_map(|alpha| {
        prop_oneof![
            Just(PowerAnalysis::fixed(alpha)),
            Just(PowerAnalysis::always_valid(alpha, 10_000)),
            (1000_u64..1_000_000).prop_map(move |units| PowerAnalysis::always_valid(alpha, units)),
            (1_u32..8).prop_map(move |looks| PowerAnalysis::group_sequential(alpha, looks)),
        ]
    });
    let others = (0.55..0.99, 0.1..10.0, 1_u32..8);
    (plan, others).prop_map(|(plan, (power, control, comparisons))| {
        plan.power(power)
            .control_per_track(control)
            .among(comparisons)
    })
}

proptest! {
    #![proptest_config(crate::properties::config(256))]

    #[test]
    fn the_smallest_detectable_rate_needs_these_units(
        plan in plans(), baseline in 0.01..0.4, units in 500.0..1e7,
    ) {
        if let Ok(difference) = plan.detectable_rate(baseline, units) {
            let size = plan.for_rate(baseline, difference).unwrap();
            prop_assert!((size.exact / units - 1.0).abs() < 1e-6, "{size:?}");
        }
    }

    #[test]
    fn the_smallest_detectable_mean_needs_these_units(
        plan in plans(), control in 0.1..10.0, track in 0.1..10.0, units in 500.0..1e7,
    ) {
        let difference = plan.detectable_mean(control, track, units).unwrap();
        let size = plan.for_mean(control, track, difference).unwrap();
        prop_assert!((size.exact / units - 1.0).abs() < 1e-6, "{size:?}");
    }

    #[test]
    fn the_power_is_that_of_the_plan(
        power in 0.55..0.99, baseline in 0.05..0.4, difference in 0.005..0.1,
    ) {
        for plan in [
            PowerAnalysis::fixed(0.05),
            PowerAnalysis::always_valid(0.05, 10_000),
            PowerAnalysis::group_sequential(0.05, 5),
        ] {
            let plan = plan.power(power);
            let size = plan.for_rate(baseline, difference).unwrap();
            let found = plan.power_of_rate(baseline, difference, size.exact).unwrap();
            prop_assert!((found - power).abs() < 1e-3, "{found}");
        }
    }
}

#[test]
fn sixteen_variances_over_the_square_is_about_right() {
    let size = PowerAnalysis::fixed(0.05).for_mean(3.0, 3.0, 0.5).unwrap();
    assert!((size.exact / (16.0 * 9.0 / 0.25) - 1.0).abs() < 0.02);
    assert_eq!(size.track(), size.control());
}

/// The units of a single look times what the looks cost.
#[test]
fn several_looks_cost_a_few_units() {
    for (looks, power, inflation) in [
        (1, 0.8, 1.0),
        (5, 0.8, 1.0247),
        (5, 0.9, 1.0231),
        (14, 0.8, 1.0424),
        (14, 0.9, 1.0399),
        (28, 0.8, 1.0491),
        (28, 0.9, 1.0464),
    ] {
        let [fixed, planned] = [
            PowerAnalysis::fixed(0.05),
            PowerAnalysis::group_sequential(0.05, looks),
        ]
        .map(|plan| plan.power(power));
        let [one, several] = [fixed, planned].map(|plan| plan.for_rate(0.1, 0.01).unwrap().exact);
        assert!((several / one - inflation).abs() < 5e-5, "{looks} {power}");
        let [one, several] = [fixed, planned].map(|plan| plan.for_mean(3.0, 4.0, 0.5).unwrap());
        assert!(
            (several.exact / one.exact - inflation).abs() < 5e-5,
            "{looks} {power}"
        );
    }
    let none = PowerAnalysis::group_sequential(0.05, 0);
    assert_eq!(none.for_rate(0.1, 0.01), Err(NoAnswer::OutOfRange));
}

/// Requests are summed in 1,024 groups of units, but the always-valid test counts the units.
#[test]
fn the_boundary_counts_units_and_not_groups() {
    let groups = 1024.0;
    for (units, multiplier) in [
        (20_000.0, 3.127),
        (1_000_000.0, 3.657),
        (100_000_000.0, 4.239),
    ] {
        let plan = PowerAnalysis::always_valid(0.05, 10_000).units_per_row(units / groups);
        let difference = plan.detectable_mean(1.0, 1.0, groups).unwrap();
        let reach = difference / (2.0 / groups).sqrt();
        let power = Normal.inverse_sf(0.2).unwrap();
        assert!(
            (reach - power - multiplier).abs() < 5e-4,
            "{units}: {reach}"
        );
        let size = plan.for_mean(1.0, 1.0, difference).unwrap();
        assert!((size.exact / groups - 1.0).abs() < 1e-9);
    }
    let plan = PowerAnalysis::fixed(0.05).units_per_row(0.0);
    assert_eq!(plan.for_rate(0.1, 0.01), Err(NoAnswer::OutOfRange));
}

#[test]
fn days_are_whole() {
    let size = PowerAnalysis::fixed(0.05)
        .control_per_track(2.0)
        .for_rate(0.1, 0.01)
        .unwrap();
    let all = size.track() + size.control();
    assert_eq!(size.days(all), Ok(1.0));
    assert_eq!(size.days(all - 1.0), Ok(2.0));
    assert_eq!(size.days(0.0), Err(NoAnswer::Unreachable));
    assert_eq!(size.days(f64::NAN), Err(NoAnswer::Unreachable));
}

#[test]
fn impossible_plans_are_errors() {
    let plan = PowerAnalysis::fixed(0.05);
    assert_eq!(plan.for_rate(0.5, 0.6), Err(NoAnswer::Impossible));
    assert_eq!(plan.for_rate(0.5, 0.0), Err(NoAnswer::Unreachable));
    assert_eq!(plan.for_mean(1.0, 1.0, 0.0), Err(NoAnswer::Unreachable));
    assert_eq!(plan.for_mean(0.0, 1.0, 0.1), Err(NoAnswer::NoSpread));
    assert_eq!(plan.detectable_rate(0.5, 0.0), Err(NoAnswer::NoUnits));
    assert_eq!(plan.power(1.0).for_rate(0.1, 0.1), Err(NoAnswer::Level));
    assert_eq!(
        PowerAnalysis::fixed(0.9).for_rate(0.1, 0.1),
        Err(NoAnswer::Level)
    );
    assert_eq!(
        plan.control_per_track(0.0).for_rate(0.1, 0.1),
        Err(NoAnswer::OutOfRange)
    );
}
