use serde_json::Value;
use tower_tracks::stats::{Mean, Spread, Test, compare_means};

use super::{Answer, Tally, answer::relative, count, number, rates::limits};

/// What depends on the standard error.
const OF_THE_ERROR: [&str; 6] = ["se", "t", "p", "log10_p", "diff_ci", "lift_ci_fieller"];

pub(super) fn mean(value: &Value) -> Result<Mean, String> {
    Mean::from_sums(
        count(&value["n"])?,
        number(&value["sum"])?,
        number(&value["sum_sq"])?,
    )
    .map_err(|why| why.to_string())
}

pub(super) fn run(case: &Value, tally: &mut Tally) -> Result<(), String> {
    let input = &case["input"];
    let (control, track) = (mean(&input["control"])?, mean(&input["treatment"])?);
    let test = Test::fixed(number(&input["alpha"])?).map_err(|why| why.to_string())?;
    let got = compare_means(&control, &track, &test).ok();
    let mut answer = Answer::new(&case["expect"], tally);
    // Where sums cancel, 1e-3 is what plain sums reach. Here only the means round.
    let ill_conditioned = case["ill_conditioned"] == true;
    let tolerance = if ill_conditioned { 1e-8 } else { 1e-9 };
    let within = relative(tolerance);
    let variance = |mean: &Mean| (mean.units > 1).then_some(mean.variance);
    answer.number("mean_control", Some(control.mean), within)?;
    answer.number("mean_treatment", Some(track.mean), within)?;
    answer.number("var_control", variance(&control), within)?;
    answer.number("var_treatment", variance(&track), within)?;
    let difference = track.mean - control.mean;
    answer.number("difference", Some(difference), within)?;
    // They are those of Welch's error; `means_pooled` has those of the larger one.
    match got.map(|got| got.spread) {
        Some(Spread::Pooled) => answer.not_offered(&OF_THE_ERROR),
        Some(Spread::Common) => {
            answer.not_offered(&OF_THE_ERROR);
            answer.not_offered(&["df", "critical"]);
        }
        _ => {}
    }
    answer.number("se", got.map(|got| got.standard_error), within)?;
    answer.number("t", got.map(|got| got.z), within)?;
    answer.number("df", got.and_then(|got| got.degrees_of_freedom), within)?;
    answer.p(got.map(|got| got.p), 1e-7)?;
    answer.number("critical", got.map(|got| got.multiplier), within)?;
    let interval = got.map(|got| limits(got.difference.interval));
    answer.interval("diff_ci", interval, tolerance)?;
    match got {
        Some(got) => answer.number("lift", got.lift.ok(), within)?,
        // Without a comparison there is no lift to show either.
        None => answer.not_offered(&["lift"]),
    }
    let lift = got.and_then(|got| got.lift_interval.ok()).map(limits);
    answer.interval("lift_ci_fieller", lift, tolerance)?;
    answer.not_offered(&["fieller_g", "lift_delta_se", "lift_ci_delta"]);
    answer.finish()
}
