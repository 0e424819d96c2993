use serde_json::Value;
use tower_tracks::stats::{
    Adjusted, Comparison, CovariateSums, Covaried, NoAnswer, Spread, Test, Unused,
    compare_adjusted_means, compare_means,
};

use super::{
    Answer, Tally,
    answer::{absolute, relative},
    count, number,
    pooled::{Compare, pooled},
};

fn covaried(value: &Value) -> Result<Covaried, String> {
    let units = count(&value["n"])?;
    let sums = CovariateSums {
        units,
        value: number(&value["sum"])?,
        value_squares: number(&value["sum_sq"])?,
        covariate: number(&value["pre_sum"])?,
        covariate_squares: number(&value["pre_sum_sq"])?,
        products: number(&value["cross_sum"])?,
        with_covariate: value.get("pre_nonzero").map_or(Ok(units), count)?,
    };
    sums.covaried().map_err(|why| why.to_string())
}

pub(super) fn run(case: &Value, tally: &mut Tally) -> Result<(), String> {
    let input = &case["input"];
    let (control, track) = (covaried(&input["control"])?, covaried(&input["treatment"])?);
    let test = Test::fixed(number(&input["alpha"])?).map_err(|why| why.to_string())?;
    let adjusted = |test: &Test| compare_adjusted_means(&control, &track, test);
    let got = adjusted(&test).map_err(|why| why.to_string())?;
    let mut answer = Answer::new(&case["expect"], tally);
    let within = relative(1e-8);
    answer.flag("used", got.unused.is_none())?;
    match got.unused {
        None => answer.seen(&["not_used_because"]),
        Some(Unused::Few) => answer.word("not_used_because", "few")?,
        Some(_) => answer.word("not_used_because", "constant")?,
    }
    answer.number("theta", Some(got.theta), within)?;
    answer.number("pre_mean_all", Some(got.covariate_mean), within)?;
    answer.number("variance_reduction", Some(got.variance_reduction), within)?;
    let plain =
        compare_means(&control.value, &track.value, &test).map_err(|why| why.to_string())?;
    if let Some(mut answer) = answer.inner("plain") {
        answer.number("difference", Some(plain.difference.value), within)?;
        answer.number("se", Some(plain.standard_error), within)?;
        answer.number("z", Some(plain.z), within)?;
        answer.finish()?;
    }
    let compare: Compare<'_> = &|test| adjusted(test).map(|adjusted| adjusted.comparison);
    let inner = answer.inner("adjusted").ok_or("nothing is adjusted")?;
    means(
        input,
        inner,
        &got,
        control.value.units == track.value.units,
        compare,
    )?;
    answer.finish()
}

fn means(
    input: &Value,
    mut answer: Answer<'_>,
    got: &Adjusted,
    same_size: bool,
    compare: Compare<'_>,
) -> Result<(), String> {
    let within = relative(1e-8);
    answer.number("mean_control", Some(got.comparison.control.value), within)?;
    answer.number("mean_treatment", Some(got.comparison.track.value), within)?;
    // They are inside the standard error.
    answer.not_offered(&["var_control", "var_treatment"]);
    pooled(input, answer, same_size, 1e-8, compare)
}

/// The older file takes theta from all units without their tracks, and Welch's error: what depends
/// on neither is compared.
pub(super) fn older(case: &Value, tally: &mut Tally) -> Result<(), String> {
    let input = &case["input"];
    let (control, track) = (covaried(&input["control"])?, covaried(&input["treatment"])?);
    let test = Test::fixed(0.05).map_err(|why| why.to_string())?;
    let plain: Result<Comparison, NoAnswer> = compare_means(&control.value, &track.value, &test);
    let plain = plain.map_err(|why| why.to_string())?;
    let got = compare_adjusted_means(&control, &track, &test).map_err(|why| why.to_string())?;
    let mut answer = Answer::new(&case["expect"], tally);
    let within = relative(1e-8);
    answer.number("difference_raw", Some(plain.difference.value), within)?;
    if got.unused.is_some() {
        answer.number("theta", Some(got.theta), within)?;
        answer.number(
            "difference_adjusted",
            Some(got.comparison.difference.value),
            within,
        )?;
        let rounded = absolute(1e-12);
        answer.number("variance_reduction", Some(got.variance_reduction), rounded)?;
    } else {
        answer.not_offered(&["theta", "difference_adjusted", "variance_reduction"]);
    }
    if plain.spread != Spread::PerTrack {
        answer.not_offered(&["se_raw"]);
    }
    answer.number("se_raw", Some(plain.standard_error), within)?;
    if got.unused.is_none() || got.comparison.spread != Spread::PerTrack {
        answer.not_offered(&["se_adjusted"]);
    }
    answer.number("se_adjusted", Some(got.comparison.standard_error), within)?;
    answer.finish()
}
