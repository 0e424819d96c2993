//! Plans of several looks spend alpha, and no more.

use proptest::{collection::vec, prelude::*};
use tower_tracks::stats::{GroupSequential, NoAnswer, Normal, Test, boundaries, spent};

proptest! {
    #![proptest_config(crate::properties::config(32))]

    /// Steps of any size, some of them far too small to find anything out.
    #[test]
    fn all_of_alpha_is_spent_at_the_end(
        steps in vec(prop_oneof![4 => 0.001..0.3, 1 => 1e-9..1e-4], 1..16), alpha in 0.001..0.2,
    ) {
        let mut information: Vec<f64> = Vec::new();
        for step in steps {
            let next = information.last().map_or(step, |last| last + step);
            if next < 1.0 {
                information.push(next);
            }
        }
        information.push(1.0);
        let design = GroupSequential::new(alpha, &information).unwrap();
        let exits = design.exits(0.0).unwrap();
        let total: f64 = exits.iter().sum();
        prop_assert!(total <= alpha * (1.0 + 1e-9), "{total}");
        let is_close = information.windows(2).any(|two| two[1] - two[0] < 1e-5);
        // A look that finds nothing out spends less than it may.
        prop_assert!(is_close || total >= alpha * (1.0 - 1e-9), "{total}");
        let spent: Vec<f64> = information.iter().map(|t| spent(alpha, *t).unwrap()).collect();
        for (exit, may) in exits.iter().scan(0.0, |sum, exit| { *sum += exit; Some(*sum) }).zip(spent) {
            prop_assert!(exit <= may * (1.0 + 1e-9) + 1e-18, "{exit} {may}");
        }
    }

    #[test]
    fn larger_effects_are_found_more_often_and_earlier(looks in 1_u32..20, power in 0.55..0.99) {
        let design = GroupSequential::equally_spaced(0.05, looks).unwrap();
        let drift = design.drift(power).unwrap();
        let found = |drift: f64| design.exits(drift).unwrap().iter().sum::<f64>();
        prop_assert!((found(drift) - power).abs() < 1e-9);
        prop_assert!((found(-drift) - power).abs() < 1e-9);
        prop_assert!(found(drift + 0.1) > power);
        let information = |drift| design.mean_information(drift).unwrap();
        prop_assert!(information(drift + 0.1) <= information(drift));
        // That of one look counts one side alone.
        prop_assert!(design.inflation(power).unwrap() >= 0.999);
    }
}

#[test]
fn a_single_look_is_the_fixed_test() {
    let found = boundaries(0.05, &[1.0]).unwrap();
    assert!(
        (found[0] - 1.959_963_984_540_054).abs() < 1e-12,
        "{found:?}"
    );
    // However late it is.
    for information in [3.0, 1e18] {
        let late = boundaries(0.05, &[information]).unwrap();
        assert!((late[0] - found[0]).abs() < 1e-12, "{late:?}");
    }
    assert_eq!(boundaries(0.05, &[]), Ok(Vec::new()));
}

/// At a millionth of the plan no z is large enough.
#[test]
fn a_look_without_alpha_has_no_boundary() {
    let found = boundaries(0.05, &[1e-6, 1.0]).unwrap();
    assert_eq!(found[0], f64::INFINITY);
    assert!((found[1] - 1.959_963_984_540_054).abs() < 1e-9, "{found:?}");
    assert_eq!(Test::at_boundary(found[0]), Err(NoAnswer::Level));
}

#[test]
fn information_has_to_increase_up_to_the_plan() {
    for information in [
        &[0.5, 0.5][..],
        &[0.5, 0.4],
        &[0.0, 1.0],
        &[-1.0],
        &[f64::NAN],
        &[f64::INFINITY],
        &[0.5, 1.0, 1.1],
        &[1.2, 1.3],
    ] {
        let found = boundaries(0.05, information);
        assert_eq!(found, Err(NoAnswer::Impossible), "{information:?}");
    }
    assert_eq!(boundaries(0.6, &[1.0]), Err(NoAnswer::Level));
    assert_eq!(boundaries(0.0, &[1.0]), Err(NoAnswer::Level));
    assert_eq!(
        GroupSequential::equally_spaced(0.05, 0),
        Err(NoAnswer::OutOfRange)
    );
    assert_eq!(spent(0.05, 0.0), Err(NoAnswer::Impossible));
    let design = GroupSequential::equally_spaced(0.05, 2).unwrap();
    assert_eq!(design.exits(20.1), Err(NoAnswer::OutOfRange));
    assert_eq!(design.mean_information(f64::NAN), Err(NoAnswer::OutOfRange));
    assert_eq!(design.drift(0.01), Err(NoAnswer::Level));
}

#[test]
fn a_look_is_tested_at_its_boundary() {
    for boundary in [0.7, 2.031, 4.877, 8.0, 20.0] {
        let test = Test::at_boundary(boundary).unwrap();
        assert!((test.multiplier(10) / boundary - 1.0).abs() < 1e-12);
        assert!((test.alpha() / (2.0 * Normal.sf(boundary).unwrap()) - 1.0).abs() < 1e-12);
        assert!(!test.is_always_valid());
    }
    assert_eq!(Test::at_boundary(0.5), Err(NoAnswer::Level));
    assert_eq!(Test::at_boundary(f64::NAN), Err(NoAnswer::Level));
}
