//! Plans: what is planned is what is found.

use proptest::prelude::*;
use tower_tracks::stats::{Mode, NoAnswer, Plan, Test};

fn plans() -> impl Strategy<Value = Plan> {
    let mode = prop_oneof![
        Just(Mode::default()),
        (1000_u64..1_000_000).prop_map(|tuned_for| Mode::AlwaysValid { tuned_for }),
        Just(Mode::planned(10_000)),
    ];
    let others = (0.001..0.2, 0.55..0.99, 0.1..10.0, 1_u32..8);
    (mode, others).prop_map(|(mode, (alpha, power, control, comparisons))| {
        Plan::of(mode, alpha)
            .power(power)
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
        for plan in [Plan::fixed(0.05), Plan::of(Mode::default(), 0.05)] {
            let plan = plan.power(power);
            let size = plan.for_rate(baseline, difference).unwrap();
            let found = plan.power_of_rate(baseline, difference, size.exact).unwrap();
            prop_assert!((found - power).abs() < 1e-3, "{found}");
        }
    }
}

#[test]
fn sixteen_variances_over_the_square_is_about_right() {
    let size = Plan::fixed(0.05).for_mean(3.0, 3.0, 0.5).unwrap();
    assert!((size.exact / (16.0 * 9.0 / 0.25) - 1.0).abs() < 0.02);
    assert_eq!(size.track(), size.control());
}

#[test]
fn days_are_whole() {
    let size = Plan::fixed(0.05)
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
fn what_cannot_be_planned_is_said() {
    let plan = Plan::fixed(0.05);
    assert_eq!(plan.for_rate(0.5, 0.6), Err(NoAnswer::Impossible));
    assert_eq!(plan.for_rate(0.5, 0.0), Err(NoAnswer::Unreachable));
    assert_eq!(plan.for_mean(1.0, 1.0, 0.0), Err(NoAnswer::Unreachable));
    assert_eq!(plan.for_mean(0.0, 1.0, 0.1), Err(NoAnswer::NoSpread));
    assert_eq!(plan.detectable_rate(0.5, 0.0), Err(NoAnswer::NoUnits));
    assert_eq!(plan.power(1.0).for_rate(0.1, 0.1), Err(NoAnswer::Level));
    assert_eq!(Plan::fixed(0.9).for_rate(0.1, 0.1), Err(NoAnswer::Level));
    assert_eq!(
        plan.control_per_track(0.0).for_rate(0.1, 0.1),
        Err(NoAnswer::OutOfRange)
    );
}

/// A plan of a set that is always looked at spends a fifth of alpha before and the rest at the
/// plan.
#[test]
fn a_planned_set_changes_its_test_at_the_plan() {
    let mode = Mode::planned(1000);
    let before = mode.test(0.05, 999).unwrap();
    assert_eq!(before, Test::always_valid(0.05 * 0.2).unwrap());
    assert_eq!(
        mode.test(0.05, 1000).unwrap(),
        Test::fixed(0.05 * 0.8).unwrap()
    );
    assert_eq!(mode.progress(250), Some(0.25));
    assert_eq!(mode.progress(5000), Some(1.0));
    assert_eq!(Mode::default().progress(5000), None);
}
