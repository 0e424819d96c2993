//! Means and ratios with the larger of two standard errors.

use serde_json::Value;
use tower_tracks::stats::{Comparison, NoAnswer, Spread, Test, compare_means, compare_ratios};

use super::{
    Answer, Tally,
    answer::{Within, relative},
    count,
    means::mean,
    number,
    rates::limits,
    ratios::ratio,
};

/// Compares with the test of a case.
pub(super) type Compare<'a> = &'a dyn Fn(&Test) -> Result<Comparison, NoAnswer>;

pub(super) fn means(case: &Value, tally: &mut Tally) -> Result<(), String> {
    let input = &case["input"];
    let (control, track) = (mean(&input["control"])?, mean(&input["treatment"])?);
    let mut answer = Answer::new(&case["expect"], tally);
    let within = relative(1e-9);
    let variance = |mean: &tower_tracks::stats::Mean| (mean.units > 1).then_some(mean.variance);
    answer.number("mean_control", Some(control.mean), within)?;
    answer.number("mean_treatment", Some(track.mean), within)?;
    answer.number("var_control", variance(&control), within)?;
    answer.number("var_treatment", variance(&track), within)?;
    let same_size = control.units == track.units;
    pooled(input, answer, same_size, 1e-9, &|test| {
        compare_means(&control, &track, test)
    })
}

pub(super) fn ratios(case: &Value, tally: &mut Tally) -> Result<(), String> {
    let input = &case["input"];
    let (control, track) = (ratio(&input["control"])?, ratio(&input["treatment"])?);
    let mut answer = Answer::new(&case["expect"], tally);
    let within = relative(1e-9);
    answer.number("mean_control", control.value().ok(), within)?;
    answer.number("mean_treatment", track.value().ok(), within)?;
    answer.number("var_control", control.variance().ok(), within)?;
    answer.number("var_treatment", track.variance().ok(), within)?;
    let same_size = control.rows == track.rows;
    pooled(input, answer, same_size, 1e-9, &|test| {
        compare_ratios(&control, &track, test)
    })
}

/// Compares what depends on the standard error, judged at a fixed size and always valid.
pub(super) fn pooled(
    input: &Value,
    mut answer: Answer<'_>,
    same_size: bool,
    tolerance: f64,
    compare: Compare<'_>,
) -> Result<(), String> {
    let fixed = Test::fixed(number(&input["alpha"])?).map_err(|why| why.to_string())?;
    let always_valid = fixed.tuned_for(count(&input["n_star"])?);
    let got = compare(&fixed).ok();
    let within = relative(tolerance);
    let difference = got.map(|got| got.difference.value);
    match got {
        Some(_) => answer.number("difference", difference, within)?,
        // Without a comparison there is no difference to show, either.
        None => answer.not_offered(&["difference"]),
    }
    answer.number("se", got.map(|got| got.standard_error), within)?;
    answer.number("z", got.map(|got| got.z), within)?;
    if same_size {
        answer.seen(&["rule"]);
    } else {
        answer.word("rule", rule(got.map(|got| got.spread)))?;
    }
    // The larger of both is compared, and its parts by the interval of the lift.
    answer.not_offered(&["welch_se", "pooled_se", "squared_errors"]);
    judged(answer.inner("fixed"), got.as_ref(), None, tolerance)?;
    let always = compare(&always_valid).ok();
    judged(
        answer.inner("always_valid"),
        always.as_ref(),
        Some(&always_valid),
        tolerance,
    )?;
    answer.finish()
}

fn rule(spread: Option<Spread>) -> &'static str {
    match spread {
        None => "none",
        Some(Spread::PerTrack) => "welch",
        Some(Spread::Pooled) => "pooled",
        Some(_) => "all",
    }
}

fn judged(
    answer: Option<Answer<'_>>,
    got: Option<&Comparison>,
    always_valid: Option<&Test>,
    tolerance: f64,
) -> Result<(), String> {
    let Some(mut answer) = answer else {
        return got
            .is_none()
            .then_some(())
            .ok_or_else(|| format!("{got:?}, and not null"));
    };
    let within = relative(tolerance);
    answer.number("df", got.and_then(|got| got.degrees_of_freedom), within)?;
    answer.number("critical", got.map(|got| got.multiplier), within)?;
    answer.number("multiplier", got.map(|got| got.multiplier), relative(1e-12))?;
    let evidence = got
        .zip(always_valid)
        .and_then(|(got, test)| test.ln_e(got.z, got.units));
    let absolute = Within {
        relative: 1e-8,
        absolute: 1e-10,
    };
    answer.number("ln_e", evidence, absolute)?;
    answer.p(got.map(|got| got.p), 1e-7)?;
    let interval = got.map(|got| limits(got.difference.interval));
    answer.interval("diff_ci", interval, tolerance)?;
    match got {
        Some(got) => answer.number("lift", got.lift.ok(), within)?,
        None => answer.not_offered(&["lift"]),
    }
    let lift = got.and_then(|got| got.lift_interval.ok()).map(limits);
    answer.interval("lift_ci", lift, tolerance)?;
    answer.finish()
}
