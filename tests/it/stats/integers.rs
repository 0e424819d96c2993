//! Sums of integers, as stores have them, lose nothing.

use proptest::{collection::vec, prelude::*};
use tower_tracks::stats::{Mean, NoAnswer, RatioSums, Test, compare_means, compare_ratios};

/// The variance by the definition, of values around their first.
fn variance(values: &[i64]) -> f64 {
    let first = values[0];
    let centred: Vec<f64> = values.iter().map(|value| (value - first) as f64).collect();
    let mean = centred.iter().sum::<f64>() / centred.len() as f64;
    let squares = centred.iter().map(|value| (value - mean).powi(2));
    squares.sum::<f64>() / (centred.len() - 1) as f64
}

fn sums(values: &[i64]) -> (u64, i128, i128) {
    let values = || values.iter().map(|value| i128::from(*value));
    (
        values().count() as u64,
        values().sum(),
        values().map(|value| value * value).sum(),
    )
}

proptest! {
    #![proptest_config(crate::properties::config(256))]

    #[test]
    fn far_from_zero_as_near_it(
        values in vec(-1000_i64..1000, 2..50),
        offset in -4_000_000_000_000_000_i64..4_000_000_000_000_000,
    ) {
        let moved: Vec<i64> = values.iter().map(|value| value + offset).collect();
        let (units, sum, squares) = sums(&moved);
        let mean = Mean::from_integers(units, sum, squares, 1.0).unwrap();
        let expected = variance(&values);
        prop_assert!((mean.variance - expected).abs() <= 1e-12 * expected);
        let far: i128 = i128::from(offset) * i128::from(units);
        let other = Mean::from_integers(units, far, far * i128::from(offset), 1.0).unwrap();
        let difference = (mean.mean - other.mean) + (mean.rest - other.rest);
        let expected = values.iter().sum::<i64>() as f64 / units as f64;
        prop_assert!((difference - expected).abs() <= 1e-14 * expected.abs());
        prop_assert!((mean.mean - sum as f64 / units as f64).abs() <= 1e-15 * mean.mean.abs());
    }

    #[test]
    fn micro_units_are_units(values in vec(0_i64..1_000_000_000, 2..50)) {
        let (units, sum, squares) = sums(&values);
        let micro = Mean::from_integers(units, sum, squares, 1e6).unwrap();
        let plain = Mean::from_integers(units, sum, squares, 1.0).unwrap();
        prop_assert!((micro.mean * 1e6 - plain.mean).abs() <= 1e-12 * plain.mean);
        prop_assert!((micro.variance * 1e12 - plain.variance).abs() <= 1e-12 * plain.variance);
    }

    #[test]
    fn ratios_of_integers_and_of_doubles_agree(
        rows in vec((-1000_i64..1000, 1_i64..100), 2..50),
    ) {
        let sum = |value: fn(&(i64, i64)) -> i64| rows.iter().map(value).sum::<i64>();
        let integers = RatioSums {
            rows: rows.len() as u64,
            numerator: i128::from(sum(|(n, _)| *n)),
            numerator_squares: i128::from(sum(|(n, _)| n * n)),
            denominator: i128::from(sum(|(_, d)| *d)),
            denominator_squares: i128::from(sum(|(_, d)| d * d)),
            products: i128::from(sum(|(n, d)| n * d)),
        };
        let doubles = RatioSums {
            rows: integers.rows,
            numerator: integers.numerator as f64,
            numerator_squares: integers.numerator_squares as f64,
            denominator: integers.denominator as f64,
            denominator_squares: integers.denominator_squares as f64,
            products: integers.products as f64,
        };
        let (one, other) = (integers.ratio(1.0, 1.0).unwrap(), doubles.ratio().unwrap());
        prop_assert!((one.covariance - other.covariance).abs() <= 1e-9);
        prop_assert_eq!(one.value(), other.value());
        let (one, other) = (one.variance().unwrap(), other.variance().unwrap());
        prop_assert!((one - other).abs() <= 1e-9 * (1.0 + one));
    }
}

/// Means that are large beside their difference: doubles of the means lose half of its digits.
#[test]
fn differences_of_large_means_keep_their_digits() {
    let control = [3, 2_999_999_999_971, 2_999_999_999_942_000_000_000_313];
    let track = [5, 4_999_999_999_971, 4_999_999_999_942_000_000_000_169];
    let mean = |[units, sum, squares]: [i128; 3]| {
        Mean::from_integers(units as u64, sum, squares, 1.0).unwrap()
    };
    let test = Test::fixed(0.05).unwrap();
    let got = compare_means(&mean(control), &mean(track), &test).unwrap();
    assert!(
        (got.z / 1.651_088_732_697_758_8 - 1.0).abs() < 1e-12,
        "{}",
        got.z
    );
    let freedom = got.degrees_of_freedom.unwrap();
    assert!(
        (freedom / 2.029_440_938_037_157_4 - 1.0).abs() < 1e-12,
        "{freedom}"
    );
    // The same as a ratio to one unit each.
    let ratio = |[units, sum, squares]: [i128; 3]| RatioSums {
        rows: units as u64,
        numerator: sum,
        numerator_squares: squares,
        denominator: units,
        denominator_squares: units,
        products: sum,
    };
    let [control, track] = [control, track].map(|sums| ratio(sums).ratio(1.0, 1.0).unwrap());
    let got = compare_ratios(&control, &track, &test).unwrap();
    assert!(
        (got.z / 1.651_088_732_697_758_8 - 1.0).abs() < 1e-12,
        "{}",
        got.z
    );
}

#[test]
fn overflows_and_impossible_counts_are_errors() {
    let of = |units, sum, squares| Mean::from_integers(units, sum, squares, 1e6);
    assert_eq!(of(0, 0, 0), Err(NoAnswer::NoUnits));
    assert_eq!(of(2, 10, 49), Err(NoAnswer::Impossible));
    assert!(of(u64::MAX, i128::MAX, i128::MAX).is_err());
    let mean = of(2, 2_000_000, 4_000_000_000_000).unwrap();
    assert_eq!((mean.mean, mean.variance), (1.0, 2.0));
    assert_eq!(
        Mean::from_sums(3, f64::MAX, f64::MAX),
        Err(NoAnswer::OutOfRange)
    );
    assert_eq!(Mean::from_sums(3, f64::NAN, 1.0), Err(NoAnswer::OutOfRange));
}
