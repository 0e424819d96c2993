//! How many units an adjustment by what is known before saves, simulated.

use tower_tracks::stats::{CovariateSums, Test, compare_adjusted_means, compare_means};

use super::generator::Generator;

/// The correlation between what returning users did before, and what they do after.
const CORRELATION: f64 = 0.7;

/// The effect, in standard deviations.
const EFFECT: f64 = 0.2;

/// The units of a track that a plain comparison needs for a power of 80%: 2 (1.96 + 0.84)² / 0.2².
const PLAIN: u64 = 393;

fn runs() -> u32 {
    match std::env::var("TRACKS_CALIBRATION").as_deref() {
        Ok("full") => 20_000,
        _ => 2_000,
    }
}

/// Draws the units of one track. Without history, all covariates are 0.
fn draw(
    generator: &mut Generator,
    (units, effect): (u64, f64),
    has_history: bool,
) -> CovariateSums<f64> {
    let mut sums = CovariateSums::default();
    for _ in 0..units {
        let before = generator.normal();
        let after = CORRELATION * before
            + (1.0 - CORRELATION * CORRELATION).sqrt() * generator.normal()
            + effect;
        let before = if has_history { before } else { 0.0 };
        sums.units += 1;
        sums.value += after;
        sums.value_squares += after * after;
        sums.covariate += before;
        sums.covariate_squares += before * before;
        sums.products += before * after;
        sums.with_covariate += u64::from(before != 0.0);
    }
    sums
}

/// Returns how often each method finds the effect.
fn found(units: u64, effect: f64, seed: u64) -> [f64; 2] {
    let (mut generator, test) = (Generator::new(seed), Test::fixed(0.05).unwrap());
    let mut found = [0_u32; 2];
    for _ in 0..runs() {
        let control = draw(&mut generator, (units, 0.0), true).covaried().unwrap();
        let track = draw(&mut generator, (units, effect), true)
            .covaried()
            .unwrap();
        let plain = compare_means(&control.value, &track.value, &test).unwrap();
        let adjusted = compare_adjusted_means(&control, &track, &test).unwrap();
        found[0] += u32::from(plain.is_significant());
        found[1] += u32::from(adjusted.comparison.is_significant());
    }
    found.map(|found| f64::from(found) / f64::from(runs()))
}

/// With half of the units, and some of the rest for the coefficient, the effect is found as often.
#[test]
fn a_correlation_of_seven_tenths_saves_nearly_half_of_the_units() {
    let fewer = (0.55 * PLAIN as f64) as u64;
    let ([plain, _], [few, adjusted]) = (found(PLAIN, EFFECT, 1), found(fewer, EFFECT, 2));
    let error = (0.8 * 0.2 / f64::from(runs())).sqrt();
    println!(
        "power: plain {plain:.3}; with 0.55 of the units plain {few:.3}, adjusted {adjusted:.3}"
    );
    assert!((plain - 0.8).abs() < 5.0 * error, "{plain}");
    assert!(
        adjusted > plain - 2.0 * error && few < plain - 5.0 * error,
        "{adjusted} {plain} {few}"
    );
}

#[test]
fn without_an_effect_both_find_one_in_twenty() {
    let rates = found(PLAIN, 0.0, 3);
    let error = (0.05 * 0.95 / f64::from(runs())).sqrt();
    println!(
        "false findings: plain {:.4}, adjusted {:.4}",
        rates[0], rates[1]
    );
    assert!(
        rates.iter().all(|rate| *rate < 0.05 + 4.0 * error),
        "{rates:?}"
    );
}

#[test]
fn without_history_nothing_changes() {
    let (mut generator, test) = (Generator::new(4), Test::always_valid(0.05).unwrap());
    for _ in 0..200 {
        let control = draw(&mut generator, (300, 0.0), false).covaried().unwrap();
        let track = draw(&mut generator, (300, EFFECT), false)
            .covaried()
            .unwrap();
        let plain = compare_means(&control.value, &track.value, &test).unwrap();
        let adjusted = compare_adjusted_means(&control, &track, &test).unwrap();
        assert_eq!(adjusted.comparison, plain);
    }
}
